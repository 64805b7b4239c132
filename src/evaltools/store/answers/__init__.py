"""Answers on their way in, as they stand, and as they ever were."""
