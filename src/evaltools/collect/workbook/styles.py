"""How a workbook looks: a few formats, made once each, and the widths of its columns."""

from __future__ import annotations

import math
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format

INK: Final = "#1F2328"
FAINT: Final = "#59636E"
BLUE: Final = "#113A63"
RULE: Final = "#B9C4CE"
BAND: Final = "#EEF3F8"
ANSWER: Final = "#FFFBE6"
GREY: Final = "#DDE1E5"
RED: Final = "#8C2F1B"

NUMBER_FORMATS: Final = {"integer": "#,##0", "count": "#,##0", "year": "0", "date": "dd\\.mm\\.yyyy"}
"""Kinds whose answers are numbers to a spreadsheet; the rest is text, which no program may turn into anything."""


class Styles:
    """The formats of one workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **properties: object) -> Format:
        """A format with these properties, made once."""
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top", "font_color": INK, "text_wrap": True}
        key = tuple(sorted({**base, **properties}.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(key))
        return self._made[key]

    def title(self) -> Format:
        """The title of a sheet."""
        return self.style(bold=True, font_size=16, font_color=BLUE, text_wrap=False)

    def group(self) -> Format:
        """The heading of a group of questions."""
        return self.style(bold=True, font_size=12, font_color=BLUE, valign="bottom")

    def head(self) -> Format:
        """The name of a column."""
        return self.style(bold=True, font_color=BLUE, bg_color=BAND, bottom=1, bottom_color=BLUE, valign="bottom")

    def question(self, indent: int = 0, *, is_bold: bool = False) -> Format:
        """The text of a question or of one of its rows."""
        return self.style(bold=is_bold, **_moved_in(indent))

    def hint(self, indent: int = 0) -> Format:
        """What is said about a question in small print."""
        return self.style(font_size=9, italic=True, font_color=FAINT, **_moved_in(indent))

    def beside(self, number_format: str = "General") -> Format:
        """A figure that stands beside an answer: last time's, or the register's."""
        return self.style(font_color=FAINT, align="left", num_format=number_format)

    def answer(self, number_format: str) -> Format:
        """A cell to answer in."""
        return self.style(
            locked=False, bg_color=ANSWER, border=1, border_color=RULE, align="left", num_format=number_format
        )

    def computed(self, number_format: str = "General") -> Format:
        """A cell that the program fills in."""
        return self.style(bg_color=BAND, border=4, border_color=RULE, align="left", num_format=number_format)

    def stamp(self) -> Format:
        """A word that every sheet must bear."""
        return self.style(bold=True, font_color=RED, text_wrap=False)

    def greyed(self) -> Format:
        """Laid over what is not asked."""
        return self._workbook.add_format({"bg_color": GREY, "font_color": "#8A9299"})


def _moved_in(indent: int) -> dict[str, object]:
    """An indent; it only shows beside an alignment to the left."""
    return {"indent": indent, "align": "left"} if indent else {}


def height(text: str, width: float, *, is_small: bool = False) -> float:
    """The height in points of a row whose text is wrapped in a column of that many characters.

    Excel would find it by itself, other programs do not.

    >>> height("kort", 60), height("ord " * 30, 60)
    (15.5, 46.5)
    """
    room = max(width * (1.1 if is_small else 0.9), 1)
    count = sum(max(math.ceil(len(line) / room), 1) for line in text.split("\n"))
    return count * (12.5 if is_small else 15.5)


def number_format(kind: str, decimals: int = 0) -> str:
    """The spreadsheet's format of an answer of that kind.

    >>> number_format("decimal", 1), number_format("text")
    ('#,##0.0', '@')
    """
    if kind == "decimal":
        return "#,##0" + ("." + "0" * decimals if decimals else "")
    return NUMBER_FORMATS.get(kind, "@")
