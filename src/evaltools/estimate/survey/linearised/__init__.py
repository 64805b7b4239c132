"""One variance for all estimators: linearised values, silence and weights that fit known totals."""
