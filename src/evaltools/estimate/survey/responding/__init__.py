"""Who answered, what was left open and why, and whether late answers differ."""
