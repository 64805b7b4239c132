"""What we ask: surveys, waves, modules, items, code lists, rules and the data dictionary."""
