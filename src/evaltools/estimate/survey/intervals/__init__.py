"""Intervals for shares, and how often they hold."""
