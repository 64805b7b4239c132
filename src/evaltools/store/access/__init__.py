"""Who may do what: links, sessions and operators."""
