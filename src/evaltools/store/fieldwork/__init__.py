"""Waves: opened for a population, run by settings, and the one definition of who has answered."""
