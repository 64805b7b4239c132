"""Run as a program of its own: reads a workbook from standard input and writes what stands in it as JSON.

A stranger's file is parsed here and nowhere else, with a limit on memory and on time, so that a hostile one ends
this process and not the one that took it in. It imports nothing of evaltools, and openpyxl without its helpers.

    python -I child.py ROWS COLUMNS MEMORY_BYTES CPU_SECONDS < FILE.xlsx
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, Final

try:
    import resource
except ImportError:  # not on Windows, where the time limit of the caller remains
    resource = None  # type: ignore[assignment]

if __name__ == "__main__" and resource is not None:
    memory, seconds = int(sys.argv[3]), int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.modules.update(dict.fromkeys(("numpy", "PIL", "lxml")))  # type: ignore[arg-type]  # openpyxl does without

import openpyxl

MOST_CELLS: Final = 100_000
MOST_SHEETS: Final = 80
BESIDE: Final = ("xl/comments", "xl/threadedComments", "xl/media", "xl/drawings/drawing", "xl/charts")
"""Parts with what lies over the cells: comments, pictures, text boxes and charts."""
UNREADABLE: Final = 3
"""The exit code of a file that is no workbook, or holds more than any of ours."""


def contents(file: bytes, rows: int, columns: int) -> dict[str, Any]:
    """What stands in a workbook: names of ranges, properties, the cells of each sheet, and parts that lie over them.

    A cell is `[row, column, kind, value, has_formula]`, counted from 1; kinds: `number`, `percent`, `text`, `date`,
    `truth`, `error`, and `formula` for one whose result nobody has worked out.
    """
    with_results = _opened(file, results=True)
    with_formulas = _opened(file, results=False)
    sheets = []
    for sheet, formulas in zip(with_results.worksheets, with_formulas.worksheets, strict=True):
        has_formula = {(cell.row, cell.column) for cell in _cells(formulas, rows, columns) if cell.data_type == "f"}
        found = [_told(cell, (cell.row, cell.column) in has_formula) for cell in _cells(sheet, rows, columns)]
        known = {(row, column) for row, column, *_ in found}
        found += [[row, column, "formula", "", True] for row, column in sorted(has_formula - known)]
        sheets.append({"name": sheet.title, "cells": found})
    if len(sheets) > MOST_SHEETS or sum(len(sheet["cells"]) for sheet in sheets) > MOST_CELLS:
        raise ValueError("more than any of our workbooks holds")
    names = {name: str(defined.value) for name, defined in with_results.defined_names.items()}
    properties = {str(each.name): str(each.value or "") for each in with_results.custom_doc_props.props}
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        beside = [part for part in archive.namelist() if part.startswith(BESIDE)]
    return {"sheets": sheets, "names": names, "properties": properties, "beside": beside}


def _opened(file: bytes, *, results: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file), read_only=True, data_only=results, keep_links=False)


def _cells(sheet: Any, rows: int, columns: int) -> Iterator[Any]:
    for row in sheet.iter_rows(max_row=rows, max_col=columns):
        yield from (cell for cell in row if cell.value is not None)


def _told(cell: Any, has_formula: bool) -> list[Any]:
    kind, value = _kind_and_value(cell)
    return [cell.row, cell.column, kind, value, has_formula]


def _kind_and_value(cell: Any) -> tuple[str, Any]:
    value = cell.value
    if cell.data_type == "e":
        return "error", str(value)
    if isinstance(value, bool):
        return "truth", value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return "date", value.date().isoformat()
    if isinstance(value, int | float):
        return ("percent" if "%" in str(cell.number_format) else "number"), value
    return ("date" if isinstance(value, dt.date) else "text"), str(value)


def main() -> int:
    """Read standard input, write standard output; the exit code tells how it went."""
    warnings.simplefilter("ignore")
    try:
        told = json.dumps(contents(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])))
    except Exception:  # a stranger's file can make a parser raise anything; all of it means the same
        return UNREADABLE
    sys.stdout.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
