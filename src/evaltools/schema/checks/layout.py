"""Readable files: an item takes at most eight lines, a line at most 120 signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.errors import Fault
from evaltools.schema.resolve import Resolved

MOST_LINES: Final = 8
LONGEST_LINE: Final = 120
LAYOUT: Final = ("LINE_TOO_LONG", "ITEM_TOO_LONG")
"""The codes of faults that concern readers of the file only; the questionnaire can be used all the same."""


def layout_faults(resolved: Resolved) -> Iterator[Fault]:
    """Items and lines that are too long, in the questionnaire and the modules it uses."""
    for document in resolved.expanded.documents:
        for number, line in enumerate(document.text.splitlines(), start=1):
            if len(line) > LONGEST_LINE:
                problem = f"the line has {len(line)} signs; at most {LONGEST_LINE} are allowed"
                yield Fault("LINE_TOO_LONG", f"{document.name}:{number}", problem, "Break it after a comma.")
    for draft in resolved.drafts:
        first, last = draft.place.document.span(draft.place.path)
        if not draft.inner and last - first + 1 > MOST_LINES:
            problem = f'item "{draft.item.name}" takes {last - first + 1} lines; at most {MOST_LINES} are allowed'
            remedy = "Move code lists to data_dictionary/codelists, or put short keys on one line."
            yield Fault("ITEM_TOO_LONG", draft.place.at(), problem, remedy)
