"""Writes a sheet as CSV with codes, and a second file that says what each column and code means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evaltools.document.neutral import CsvValue, runs, write_rows
from evaltools.exchange.coding import collides, numbers, plain_texts, with_codes
from evaltools.exchange.model import Column, Note, Sheet

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


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[CsvValue]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, [header])
        write_rows(file, rows)


def _cells(column: Column) -> list[CsvValue]:
    if column.kind in ("number", "option"):
        values = numbers(column)
        return [_plain(value) for value in (values if _collides(column) else with_codes(column, values))]
    texts = plain_texts(column)
    return [text if kind == 0 else int(kind) for text, kind in zip(texts, column.kinds, strict=True)]


def _plain(value: float) -> CsvValue:
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else float(value)


def _has_formula(column: Column) -> bool:
    return column.kind not in ("number", "option") and any(runs(str(text)) for text in column.values.dropna())


def _collides(column: Column) -> bool:
    return column.kind == "number" and collides(column, numbers(column))


def _code_rows(column: Column) -> Iterator[Sequence[CsvValue]]:
    about = (column.name, column.label, column.kind, column.measure)
    yield (*about, "", "", "", column.question, column.universe, column.concept, column.family, column.confidentiality)
    for code, label in column.labels.items():
        yield (*about, code if isinstance(code, str) else _plain(code), label, 0, "", "", "", "", "")
    for kind, label in column.missing.items():
        yield (*about, int(kind), label, 1, "", "", "", "", "")
