"""Weights that fit what is known, and replicates of them."""
