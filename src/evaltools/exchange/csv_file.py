"""Writes a sheet as CSV with codes, and a second file that says what each column and code means."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evaltools.exchange.coding import collides, numbers, texts_with_codes, with_codes
from evaltools.exchange.model import Column, Note, Sheet

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these as a formula."""

ORIGIN_COLUMN: Final = "origin"
CODES_HEADER: Final = (
    "column", "label", "kind", "measure", "code", "code_label", "is_missing", "question", "universe", "concept",
    "family", "confidentiality",
)  # fmt: skip


def write_csv(sheet: Sheet, path: Path) -> tuple[Note, ...]:
    """Write the data as `.csv` with codes in the cells, kinds of missing as -9 to -2; return what changed."""
    columns = [_cells(column) for column in sheet.columns]
    names = [column.name for column in sheet.columns]
    if sheet.mark:
        names.append(ORIGIN_COLUMN)
        columns.append([sheet.mark] * len(sheet.columns[0].values))
    _write(path, names, zip(*columns, strict=True))
    notes = [
        Note("csv", "values", "formula_sign", tuple(each.name for each in sheet.columns if _has_formula(each))),
        Note("csv", "missing_kinds", "negative_values", tuple(each.name for each in sheet.columns if _collides(each))),
        Note("csv", "values", "origin_column", (ORIGIN_COLUMN,) if sheet.mark else ()),
    ]
    return tuple(note for note in notes if note.columns)


def write_codes(sheet: Sheet, path: Path) -> tuple[Note, ...]:
    """Write the second file: one row per column, then one per code of it."""
    _write(path, CODES_HEADER, (row for column in sheet.columns for row in _code_rows(column)))
    return ()


def neutral(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula.

    >>> neutral("=1+1"), neutral("a=1")
    ("'=1+1", 'a=1')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def _cells(column: Column) -> list[str]:
    if column.kind in ("number", "option"):
        values = numbers(column)
        return [_plain(value) for value in (values if _collides(column) else with_codes(column, values))]
    cells = zip(texts_with_codes(column), column.kinds, strict=True)
    return [text if kind != 0 else neutral(text) for text, kind in cells]


def _plain(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def _has_formula(column: Column) -> bool:
    return column.kind not in ("number", "option") and any(
        str(text).startswith(FORMULA_SIGNS) for text in column.values.dropna()
    )


def _collides(column: Column) -> bool:
    return column.kind == "number" and collides(column, numbers(column))


def _code_rows(column: Column) -> Iterator[Sequence[str]]:
    about = (column.name, neutral(column.label), column.kind, column.measure)
    tail = (neutral(column.question), neutral(column.universe), column.concept, column.family, column.confidentiality)
    yield (*about, "", "", "", *tail)
    for code, label in column.labels.items():
        shown = neutral(code) if isinstance(code, str) else _plain(code)
        yield (*about, shown, neutral(label), "0", "", "", "", "", "")
    for kind, label in column.missing.items():
        yield (*about, str(int(kind)), neutral(label), "1", "", "", "", "", "")
