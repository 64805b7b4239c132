"""The porch of a chapter: what a notebook cell calls to load data, release results and show exhibits."""

from evaltools.notebook.annexes import item_tables, question_table, sections
from evaltools.notebook.loading import load, open_snapshot, plan_of_build, published
from evaltools.notebook.releasing import release
from evaltools.notebook.showing import show
from evaltools.notebook.submitting import submit

__all__ = [
    "item_tables",
    "load",
    "open_snapshot",
    "plan_of_build",
    "published",
    "question_table",
    "release",
    "sections",
    "show",
    "submit",
]
