"""The design of a survey: what rows answered, in which strata, stages and groups, with one pass over rows."""
