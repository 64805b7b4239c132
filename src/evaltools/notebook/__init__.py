"""The porch of a chapter: what a notebook cell calls to load data and show exhibits."""
