"""Values and kinds of missing in one column, for formats that keep both in the same cell."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaltools.exchange.model import Column
from evaltools.schema.missing import Missing

LOWEST: Final = min(Missing)
HIGHEST: Final = max(Missing)

Floats = npt.NDArray[np.float64]


def numbers(column: Column) -> Floats:
    """A column of numbers, options or plain whole codes as floats; NaN where a value is absent."""
    return np.asarray(pd.to_numeric(column.values), dtype=np.float64)


def days_since(column: Column, zero: dt.date) -> Floats:
    """A column of dates or months (their first day) as days after a date; NaN where a value is absent."""
    days = (_times(column) - pd.Timestamp(zero)).dt.days
    return np.asarray(days, dtype=np.float64)


def months_since(column: Column, zero: dt.date) -> Floats:
    """A column of months as months after that of a date; NaN where a value is absent."""
    times = _times(column)
    return np.asarray((times.dt.year - zero.year) * 12 + times.dt.month - zero.month, dtype=np.float64)


def _times(column: Column) -> pd.Series:
    return pd.to_datetime(column.values, format="%Y-%m" if column.kind == "month" else "%Y-%m-%d")


def collides(column: Column, values: Floats) -> bool:
    """Whether a real value looks like the code of a kind of missing (-9 to -2)."""
    return bool(column.missing) and bool(((values >= LOWEST) & (values <= HIGHEST)).any())


def with_codes(column: Column, values: Floats) -> Floats:
    """The values, with the code of the kind where one is absent."""
    return np.where(column.kinds == 0, values, column.kinds)


def plain_texts(column: Column) -> list[str]:
    """The texts, "" where there is none."""
    return ["" if pd.isna(value) else str(value) for value in column.values]


def texts_with_codes(column: Column) -> list[str]:
    """The texts, with the code of the kind as text where one is absent, "" where there is no kind either.

    A text that is itself such a code gets an apostrophe in front.
    """
    codes = {str(int(kind)) for kind in Missing}
    marked = [f"'{text}" if column.missing and text in codes else text for text in plain_texts(column)]
    return [text if kind == 0 else str(kind) for text, kind in zip(marked, column.kinds, strict=True)]
