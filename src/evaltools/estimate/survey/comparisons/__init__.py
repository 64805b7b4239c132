"""Numbers set against one another: contrasts, pairs, waves, several tests at once."""
