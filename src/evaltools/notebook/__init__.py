"""The porch of a chapter: what a notebook cell calls to load data, release results and show exhibits."""

from evaltools.notebook.annexes import question_table, section_tables, sections
from evaltools.notebook.loading import indicator, load, load_panel, open_snapshot, plan_of_build, published, story
from evaltools.notebook.local_reports import local_report
from evaltools.notebook.releasing import release, release_rounded
from evaltools.notebook.showing import show
from evaltools.notebook.submitting import submit

__all__ = [
    "indicator",
    "load",
    "load_panel",
    "local_report",
    "open_snapshot",
    "plan_of_build",
    "published",
    "question_table",
    "release",
    "release_rounded",
    "section_tables",
    "sections",
    "show",
    "story",
    "submit",
]
