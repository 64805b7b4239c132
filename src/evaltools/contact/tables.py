"""Reads a table that somebody has kept in a spreadsheet, whichever signs part its cells and bytes are its letters."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.errors import ContactError, Fault

_BETWEEN_CELLS: Final = (";", ",", "\t")
_EXCEL_SAYS: Final = "sep="
_LAYOUT: Final = "Save it as CSV (UTF-8), with the names of the columns in the first line."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: where it stands (`file:line`) and its cells by column, without blanks around them."""

    where: str
    cells: Mapping[str, str]


def read_table(path: Path, columns: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    """The lines of a CSV file under our names of its columns; empty lines are passed over.

    UTF-8 with or without byte order mark, UTF-16 and Windows-1252; cells parted by comma, semicolon or tab.
    columns : our name -> what the column may be called, whatever the capital letters, best first. A column that is
    not there gives empty cells.
    Raises: `ContactError` TABLE_NOT_READ, TABLE_LINE.
    """
    text = _decoded(path)
    if text[: len(_EXCEL_SAYS)].casefold() == _EXCEL_SAYS:
        between, _, text = text[len(_EXCEL_SAYS) :].partition("\n")
        return _lines(path, csv.reader(io.StringIO(text), delimiter=between.strip() or "\t"), columns, 1)
    first = text.partition("\n")[0]
    between = max(_BETWEEN_CELLS, key=first.count)
    return _lines(path, csv.reader(io.StringIO(text), delimiter=between), columns, 0)


def _decoded(path: Path) -> str:
    if not path.is_file():
        raise ContactError(Fault("TABLE_NOT_READ", str(path), "there is no such file", "Check the path."))
    content = path.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and text.strip():
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise ContactError(Fault("TABLE_NOT_READ", str(path), "this is not a table in a text file", _LAYOUT))


def _lines(
    path: Path, reader: Iterator[list[str]], columns: Mapping[str, Sequence[str]], skipped: int
) -> Iterator[Line]:
    header = [cell.strip().casefold() for cell in next(reader, [])]
    places = {
        name: next((header.index(each) for each in called if each in header), None) for name, called in columns.items()
    }
    last = 1 + skipped
    for cells in reader:
        first, last = last + 1, getattr(reader, "line_num", 0) + skipped
        where = f"{path}:{first}"
        if any(cell.strip() for cell in cells[len(header) :]):
            problem = f"the line has {len(cells)} cells under {len(header)} headings"
            raise ContactError(Fault("TABLE_LINE", where, problem, 'Put cells that hold the parting sign in "...".'))
        filled = [*cells, *[""] * len(header)]
        if any(cell.strip() for cell in cells):
            yield Line(where, {name: "" if at is None else filled[at].strip() for name, at in places.items()})
