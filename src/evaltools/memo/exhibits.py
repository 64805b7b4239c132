"""Exhibits that a cell showed, as figures and tables of the document whose numbers lead to the register."""

from __future__ import annotations

from typing import Final

from evaltools.document.model import Cell, Figure, NumberRun, Table, TextRun
from evaltools.errors import Fault
from evaltools.language import Texts
from evaltools.memo.model import Shown
from evaltools.memo.register import numbers_of
from evaltools.present.model import FigureExhibit, Number, TableExhibit

_MIN_ALT: Final = 40


def figure_of(shown: Shown, exhibit: FigureExhibit, texts: Texts) -> Figure:
    """The figure; where its alternative text says nothing (see `figure_faults`), a sentence says so."""
    alt = texts.say("memo.no_alt", title=exhibit.title) if _says_nothing(exhibit) else exhibit.alt
    ids = tuple(number_id for number_id, _ in numbers_of(shown))
    return Figure(
        shown.id, exhibit.title, exhibit.svg, exhibit.png, alt, exhibit.note, exhibit.header, exhibit.rows,
        ids, exhibit.width_cm,
    )  # fmt: skip


def figure_faults(shown: Shown, exhibit: FigureExhibit, place: str) -> tuple[Fault, ...]:
    """NO_ALT_TEXT and NO_DATA: a figure must tell in words and in numbers what it shows."""
    found = []
    if _says_nothing(exhibit):
        remedy = "Leave alt empty when you make the chart: it writes its own."
        found.append(Fault("NO_ALT_TEXT", place, f"{shown.id} has no alternative text", remedy))
    if not exhibit.rows:
        remedy = "Make it with a chart of evaltools: they carry their data."
        found.append(Fault("NO_DATA", place, f"{shown.id} carries no data", remedy))
    return tuple(found)


def _says_nothing(exhibit: FigureExhibit) -> bool:
    alt = exhibit.alt.strip()
    return len(alt) < _MIN_ALT or alt == exhibit.title.strip()


def table_of(shown: Shown, exhibit: TableExhibit) -> Table:
    """The table; a share stands in its cell as a number, other forms of a number as they are shown."""
    ids = [(number, number_id) for number_id, number in numbers_of(shown)]

    def cell(content: str, number: Number | None, form: str) -> Cell:
        if number is None:
            return Cell((TextRun(content),), content or None)
        number_id = next(found for known, found in ids if known == number)
        value = number.value if form in ("", "share", "bare") else number.shown[form]
        return Cell((NumberRun(number_id, form, number.shown[form]),), value)

    rows = tuple(tuple(cell(entry.text, entry.number, entry.form) for entry in row) for row in exhibit.rows)
    return Table(
        shown.id, exhibit.title, exhibit.header, rows, exhibit.note, exhibit.landscape, exhibit.group_rows,
        exhibit.widths,
    )  # fmt: skip
