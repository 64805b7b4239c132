"""Writes a sheet as an SPSS file: the kinds of missing are the user-missing range -9 to -2."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyreadstat

from evaltools.exchange.coding import HIGHEST, LOWEST, collides, days_since, numbers, texts_with_codes, with_codes
from evaltools.exchange.labelling import Fitted, FormatLimits, fit_labels
from evaltools.exchange.limits import Limit
from evaltools.exchange.model import Column, Note, Sheet
from evaltools.exchange.sav_records import add_dictionary
from evaltools.schema.missing import Missing

LIMITS: Final = FormatLimits(
    format="spss",
    name=Limit(64, "bytes"),
    variable_label=Limit(256, "bytes"),
    value_label=Limit(120, "bytes"),
    text=Limit(32767, "bytes"),
    reserved=frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]),
)
FILE_LABEL: Final = Limit(64, "bytes")
NOTE_LINE: Final = Limit(80, "bytes")
TIME_FORMATS: Final[Mapping[str, str]] = {"date": "EDATE10", "month": "MOYR8"}
ZERO_DAY: Final = dt.date(1582, 10, 14)
TEXT_KINDS: Final = 3
"""How many discrete user-missing texts SPSS takes for one variable; ranges are for numbers only."""


def write_spss(sheet: Sheet, path: Path) -> tuple[Note, ...]:
    """Write the sheet as `.sav` and return what had to change."""
    fitted = fit_labels(sheet, LIMITS)
    names = fitted.names
    collided = [column.name for column in sheet.columns if _collides(column)]
    crowded = [column.name for column in sheet.columns if len(_text_kinds(column)) > TEXT_KINDS]
    pyreadstat.write_sav(
        _frame(sheet, fitted),
        path,
        file_label=FILE_LABEL.fit(sheet.title),
        note=[line for note in sheet.notes for line in _note_lines(note)],
        column_labels={names[name]: label for name, label in fitted.labels.items()},
        variable_value_labels={names[each.name]: _value_labels(each) for each in sheet.columns if _value_labels(each)},
        missing_ranges={names[each.name]: _missing(each) for each in sheet.columns if _missing(each)},
        variable_measure={names[each.name]: each.measure for each in sheet.columns},
        variable_format={names[each.name]: _format(each) for each in sheet.columns if not _is_text(each)},
    )
    add_dictionary(path, sheet, names)
    notes = [
        *fitted.notes,
        Note("spss", "file_label", "cut_bytes", _cut_title(sheet), str(FILE_LABEL.size)),
        Note("spss", "missing_kinds", "negative_values", tuple(collided)),
        Note("spss", "missing_kinds", "three_text_kinds", tuple(crowded)),
    ]
    return tuple(note for note in notes if note.columns)


def _note_lines(note: str) -> list[str]:
    """The note on lines of at most 80 bytes, however its letters that fill more than one byte are spread."""
    extra_bytes = len(note.encode()) - len(note)
    return textwrap.wrap(note, max(NOTE_LINE.size - extra_bytes, NOTE_LINE.size // 4))


def _cut_title(sheet: Sheet) -> tuple[str, ...]:
    return () if FILE_LABEL.holds(sheet.title) else (sheet.title,)


def _frame(sheet: Sheet, fitted: Fitted) -> pd.DataFrame:
    columns = {fitted.names[each.name]: _values(each) for each in sheet.columns}
    return pd.DataFrame(columns)


def _values(column: Column) -> pd.Series:
    if _is_text(column):
        return pd.Series([LIMITS.text.fit(text) for text in texts_with_codes(column)], dtype="str")
    values = _numbers(column)
    return pd.Series(values if _collides(column) else with_codes(column, values))


def _numbers(column: Column) -> np.ndarray:
    is_time = column.kind in ("date", "month")
    return days_since(column, ZERO_DAY) * 86400 if is_time else numbers(column)


def _is_text(column: Column) -> bool:
    return column.kind == "text" or (column.kind == "code" and not column.coded_as_number)


def _collides(column: Column) -> bool:
    return column.kind == "number" and collides(column, numbers(column))


def _value_labels(column: Column) -> dict[str | float, str]:
    labels: dict[str | float, str] = {}
    for value, label in [*column.labels.items(), *column.missing.items()]:
        key = str(int(value)) if isinstance(value, Missing) else value
        labels[str(key) if _is_text(column) else float(key)] = LIMITS.value_label.fit(label)
    if _collides(column):
        return {}
    return labels if column.labels or not _is_text(column) else _only(labels, _text_kinds(column))


def _only(labels: Mapping[str | float, str], codes: list[str]) -> dict[str | float, str]:
    return {code: labels[code] for code in codes}


def _missing(column: Column) -> list[object]:
    if not column.missing or _collides(column):
        return []
    return list(_text_kinds(column)[:TEXT_KINDS]) if _is_text(column) else [{"lo": int(LOWEST), "hi": int(HIGHEST)}]


def _text_kinds(column: Column) -> list[str]:
    """The kinds that occur in a column of text, the most frequent first."""
    counts = Counter(int(kind) for kind in column.kinds if kind != 0) if _is_text(column) else Counter[int]()
    return [str(kind) for kind, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def _format(column: Column) -> str:
    if column.kind in TIME_FORMATS:
        return TIME_FORMATS[column.kind]
    decimals = column.decimals if column.kind == "number" else 0
    largest = np.nanmax(np.abs(numbers(column)), initial=9.0) if len(column.values) else 9.0
    digits = len(f"{largest:.0f}")
    return f"F{max(8, digits + decimals + 2)}.{decimals}"
