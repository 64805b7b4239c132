"""Cells that no spreadsheet takes for a formula: how every CSV file and workbook of the house writes its texts.

A text is made neutral; a number stays a number, a negative one too. Reading back is exact: `as_written`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final, TextIO

QUOTE: Final = "'"
_FORMULA: Final = re.compile(r"[\s\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")
"""What a spreadsheet may run: a sign, also a wide one or after blanks; a tab or line end moves what follows."""

CsvValue = str | int | float | None

WORKBOOK_OPTIONS: Final = MappingProxyType(
    {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
)
"""For every `xlsxwriter.Workbook`: a text is a text, never a formula, a link or a number."""


def runs(text: str) -> bool:
    """Whether a spreadsheet might run the text as a formula.

    >>> runs("=1+1"), runs(" @SUM(A1)"), runs("a=1"), runs("12 - 4")
    (True, True, False, False)
    """
    return _FORMULA.match(text) is not None


def neutral(text: str) -> str:
    r"""The text for a CSV cell: an apostrophe stands before one that might run as a formula.

    One that begins with apostrophes and such a sign gets another, so that `as_written` always gives the text again.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("a=1"), neutral("'tis")
    ("'=1+1", "''=1+1", 'a=1', "'tis")
    """
    return QUOTE + text if runs(text.lstrip(QUOTE)) else text


def as_written(cell: str) -> str:
    """The text that `neutral` was given: the way to read our CSV files back.

    >>> as_written(neutral("'=1+1"))
    "'=1+1"
    """
    return cell[1:] if cell.startswith(QUOTE) and runs(cell.lstrip(QUOTE)) else cell


def write_rows(file: TextIO, rows: Iterable[Iterable[CsvValue]], *, delimiter: str = ",") -> None:
    r"""Write rows as CSV with texts made neutral; None is an empty cell. Open the file with `newline=""`.

    >>> import io
    >>> file = io.StringIO()
    >>> write_rows(file, [["name", "change"], ["=A1", -4], ["-", 0.5]])
    >>> file.getvalue()
    "name,change\r\n'=A1,-4\r\n'-,0.5\r\n"
    """
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
