"""The release plan and its gate, then tables, charts and sentences made from released results only."""
