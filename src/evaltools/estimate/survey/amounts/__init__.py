"""Means, totals, ratios, quantiles and variances of numbers."""
