"""Shares of one choice and of several, and which should not be shown."""
