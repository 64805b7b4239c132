"""Keeps every answer: append-only events, current state, snapshots. Loses nothing."""
