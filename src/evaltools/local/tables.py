"""Opens a file as a table of texts: CSV of any usual kind, or the fullest sheet of a workbook."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.collect import Problem
from evaltools.collect.workbook import open_workbook
from evaltools.document.neutral import as_written
from evaltools.errors import DataError, Fault
from evaltools.language import Language

LARGEST: Final = 20_000_000
"""Bytes of the largest CSV file that is read."""
_DELIMITERS: Final = (";", ",", "\t", "|")
_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Table:
    """The cells that hold something, by line (counted from 1, as a spreadsheet does) and column (from 0)."""

    lines: Mapping[int, Mapping[int, object]]
    sha256: str


def open_table(path: Path, language: Language) -> Table:
    """The table in a file.

    path : `.csv`, `.txt` or `.tsv` in UTF-8, UTF-16 or Windows' encoding with any usual separator; or `.xlsx`, which is
    opened in a process of its own. language : of what is said about a workbook that is refused.
    Raises `DataError`: NO_LOCAL_FILE, NOT_A_TABLE, TABLE_TOO_LARGE.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        remedy = "Name a .csv or .xlsx file that you may read."
        raise DataError(
            Fault("NO_LOCAL_FILE", str(path), f"the file cannot be read ({error.strerror})", remedy)
        ) from error
    sha256 = hashlib.sha256(content).hexdigest()
    if path.suffix.lower() == ".xlsx" or content.startswith(b"PK\x03\x04"):
        return Table(_workbook_lines(content, path, language), sha256)
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        problem = f'a "{path.suffix or path.name}" file is not read'
        raise DataError(Fault("NOT_A_TABLE", str(path), problem, "Save it as .xlsx or as .csv (UTF-8)."))
    if len(content) > LARGEST:
        problem = f"the file is larger than {LARGEST // 1_000_000} MB"
        raise DataError(Fault("TABLE_TOO_LARGE", str(path), problem, "Split it by municipality or year."))
    return Table(_csv_lines(_decoded(content, path)), sha256)


def _decoded(content: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise DataError(
            Fault("NOT_A_TABLE", str(path), "the file holds no text", "Save it as .xlsx or as .csv (UTF-8).")
        )
    return content.decode("cp1252", errors="replace")


def _csv_lines(text: str) -> dict[int, dict[int, object]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: dict[int, dict[int, object]] = {}
    before = 0
    for row in reader:
        lines[before + 1] = {place: as_written(cell) for place, cell in enumerate(row) if cell.strip()}
        before = reader.line_num
    return {line: cells for line, cells in lines.items() if cells}


def _workbook_lines(content: bytes, path: Path, language: Language) -> dict[int, dict[int, object]]:
    opened = open_workbook(content, language)
    if isinstance(opened, Problem):
        raise DataError(Fault("NOT_A_TABLE", str(path), opened.message.rstrip("."), opened.remedy))
    lines: dict[int, dict[int, object]] = {}
    for cell in max(opened.sheets.values(), key=len, default=()):
        if cell.value not in ("", None):
            lines.setdefault(cell.row, {})[cell.column - 1] = cell.value
    return dict(sorted(lines.items()))
