"""A snapshot made into a labelled frame in which every missing value has its kind."""
