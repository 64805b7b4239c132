"""Other programs formats: SPSS, Stata, parquet, CSV."""
