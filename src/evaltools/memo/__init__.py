"""Executed chapters made into one document with a register of numbers; refresh and verify."""
