"""Writes a sheet as a Stata file: the kinds of missing are the extended missing values .a to .h."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyreadstat

from evaltools.exchange.coding import LOWEST, days_since, months_since, numbers
from evaltools.exchange.labelling import FormatLimits, fit_labels
from evaltools.exchange.limits import Limit
from evaltools.exchange.model import Column, Note, Sheet
from evaltools.schema.missing import Missing

RESERVED: Final = frozenset(
    {
        "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi", "_pred",
        "_rc", "_skip", "strl", "using", "with",
    }
)  # fmt: skip

LIMITS: Final = FormatLimits(
    format="stata",
    name=Limit(32, "characters"),
    variable_label=Limit(80, "characters"),
    value_label=Limit(32000, "bytes"),
    text=Limit(2_000_000, "bytes"),
    reserved=RESERVED,
)
FILE_LABEL: Final = Limit(80, "characters")
TIME_FORMATS: Final[Mapping[str, str]] = {"date": "%td", "month": "%tm"}
ZERO_DAY: Final = dt.date(1960, 1, 1)


def letter(kind: Missing) -> str:
    """The letter of the extended missing value: `.a` for refused to `.h` for no cases.

    >>> letter(Missing.REFUSED), letter(Missing.NO_CASES)
    ('a', 'h')
    """
    return chr(ord("a") + kind - LOWEST)


def write_stata(sheet: Sheet, path: Path) -> tuple[Note, ...]:
    """Write the sheet as `.dta` and return what had to change or is lost."""
    fitted = fit_labels(sheet, LIMITS)
    names = fitted.names
    numbered = [each.name for each in sheet.columns if each.kind == "code" and not each.coded_as_number]
    unkept = [each.name for each in sheet.columns if each.kind == "text" and bool(np.any(each.kinds != 0))]
    pyreadstat.write_dta(
        pd.DataFrame({names[each.name]: _values(each) for each in sheet.columns}),
        path,
        file_label=FILE_LABEL.fit(sheet.title),
        column_labels={names[name]: label for name, label in fitted.labels.items()},
        variable_value_labels={names[each.name]: _value_labels(each) for each in sheet.columns if _value_labels(each)},
        missing_user_values={names[each.name]: _letters(each) for each in sheet.columns if each.kind != "text"},
        variable_format={
            names[each.name]: TIME_FORMATS[each.kind] for each in sheet.columns if each.kind in TIME_FORMATS
        },
    )
    notes = [
        *fitted.notes,
        Note("stata", "values", "codes_numbered", tuple(numbered)),
        Note("stata", "missing_kinds", "text_without_kind", tuple(unkept)),
    ]
    return tuple(note for note in notes if note.columns)


def _values(column: Column) -> pd.Series:
    if column.kind == "text":
        return pd.Series(["" if pd.isna(value) else str(value) for value in column.values], dtype="str")
    values = _numbers(column)
    if not np.any(column.kinds != 0):
        return pd.Series(values, dtype="float64")
    cells = zip(values, column.kinds, strict=True)
    return pd.Series(
        [float(value) if kind == 0 else letter(Missing(int(kind))) for value, kind in cells], dtype="object"
    )


def _numbers(column: Column) -> np.ndarray:
    if column.kind == "date":
        return days_since(column, ZERO_DAY)
    if column.kind == "month":
        return months_since(column, ZERO_DAY)
    if column.kind == "code" and not column.coded_as_number:
        return column.values.map(_positions(column)).to_numpy(dtype=np.float64)
    return numbers(column)


def _positions(column: Column) -> dict[str | float, int]:
    return {code: position for position, code in enumerate(column.labels, start=1)}


def _value_labels(column: Column) -> dict[int | str, str]:
    if column.kind == "text":
        return {}
    numbered = column.kind == "code" and not column.coded_as_number
    positions = _positions(column)
    labels: dict[int | str, str] = {
        positions[code] if numbered else int(code): label for code, label in column.labels.items()
    }
    return labels | {letter(kind): label for kind, label in column.missing.items()}


def _letters(column: Column) -> list[str]:
    return [letter(kind) for kind in column.missing]
