"""The porch of a chapter: what a notebook cell calls to load data and show exhibits."""

from evaltools.notebook.loading import load, open_snapshot, plan_of_build, published
from evaltools.notebook.showing import show

__all__ = ["load", "open_snapshot", "plan_of_build", "published", "show"]
