"""Columns of dates, months or numbers read as points in time, and the time between two of them in a named unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from evaltools.collect.moments import read_date, read_month
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask, check_columns

Unit = Literal["days", "weeks", "months", "years"]
Scale = Literal["number", "day", "month"]

_IN_DAYS: Final[Mapping[str, float]] = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
_IN_MONTHS: Final[Mapping[str, float]] = {"months": 1.0, "years": 12.0}
_NAMED: Final = 3
"""So many rows are named in a message."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Points in time: days or months since 1970, or plain numbers; NaN where there is none. name : of the column."""

    name: str
    values: Floats
    scale: Scale

    @property
    def known(self) -> Mask:
        """Where there is one."""
        return ~np.isnan(self.values)


def check_unit(unit: str) -> None:
    """`DesignError` NO_SUCH_UNIT for a word that is no unit of time."""
    if unit not in get_args(Unit):
        raise DesignError(Fault("NO_SUCH_UNIT", "unit", f'there is no unit "{unit}"', near(unit, get_args(Unit))))


def column_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column by its name; `DesignError` NO_SUCH_VARIABLE, COLUMN_TWICE."""
    check_columns(frame, [name], "frame")
    return frame[name]


def moments_of(values: pd.Series, name: str) -> Moments:
    """Numbers as they are; dates and months as people write them, a day or a month long.

    Raises `DesignError` NOT_A_TIME, with the rows that cannot be read.

    >>> moments_of(pd.Series(["2018-03", None]), "start").scale
    'month'
    """
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return Moments(name, _finite(values, name), "number")
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.mask(values.map(lambda value: isinstance(value, str) and not value.strip()).astype(bool))
    place, distinct = pd.factorize(values)
    read = [_read(value) for value in distinct]
    unread = np.array([each is None for each in read], dtype=bool)
    if unread.any():
        first = str(distinct[int(unread.argmax())])
        rows = rows_named(values.index[np.append(unread, False)[place]])
        problem = f'"{first}" in "{name}" is no date, month or number ({rows})'
        raise DesignError(Fault("NOT_A_TIME", name, problem, "Write 2018-03-15, 15.3.2018 or 2018-03."))
    found = [each for each in read if each is not None]
    scale: Scale = "month" if any(each[1] == "month" for each in found) else "day"
    numbers = np.array([*(_number(day, scale) for day, _ in found), np.nan])
    return Moments(name, numbers[place], scale)


def moment_of(value: object, name: str) -> Moments:
    """One point in time for all rows, such as the end of the follow-up."""
    return moments_of(pd.Series([value]), name)


def alike(columns: Sequence[Moments]) -> tuple[Moments, ...]:
    """The columns on one scale: months where one of them has months only.

    Raises `DesignError` MIXED_TIMES for numbers beside dates.
    """
    scales = {each.scale for each in columns if each.known.any()}
    if len(scales) > 1 and "number" in scales:
        numbers = next(each.name for each in columns if each.scale == "number")
        dates = next(each.name for each in columns if each.scale != "number")
        problem = f'"{numbers}" holds numbers and "{dates}" dates'
        raise DesignError(Fault("MIXED_TIMES", "times", problem, "Give all of them as dates, or all as numbers."))
    scale: Scale = "month" if "month" in scales else next(iter(scales), "day")
    return tuple(_on(each, scale) for each in columns)


def length_of(unit: Unit, scale: Scale, name: str) -> float:
    """How many steps of the scale one unit has. Raises `DesignError` MONTHS_ONLY where months shall give days."""
    if scale == "number":
        return 1.0
    if scale == "day":
        return _IN_DAYS[unit]
    if unit not in _IN_MONTHS:
        problem = f'"{name}" holds months, from which no {unit} can be told'
        raise DesignError(Fault("MONTHS_ONLY", name, problem, 'Say unit="months" or "years", or give dates.'))
    return _IN_MONTHS[unit]


def months_of(column: Moments) -> Floats:
    """The months of calendar columns, counted from January 1970; NaN where there is none."""
    return _on(column, "month").values


def month_named(month: int) -> str:
    """A month by its number since January 1970.

    >>> month_named(578)
    '2018-03'
    """
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def rows_named(index: pd.Index) -> str:
    """The first rows of an index in words, and how many there are.

    >>> rows_named(pd.Index([4, 7, 9, 12]))
    'rows 4, 7, 9 and 1 more'
    """
    named = ", ".join(_row(each) for each in index[:_NAMED])
    more = f" and {len(index) - _NAMED} more" if len(index) > _NAMED else ""
    return f"row{'s' if len(index) > 1 else ''} {named}{more}"


def _row(label: object) -> str:
    return "/".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _finite(values: pd.Series, name: str) -> Floats:
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(numbers).any():
        problem = f'"{name}" is without end ({rows_named(values.index[np.isinf(numbers)])})'
        remedy = "Leave the cell empty where the end is not known."
        raise DesignError(Fault("NOT_A_TIME", name, problem, remedy))
    return numbers


def _read(value: object) -> tuple[dt.date, Scale] | None:
    if isinstance(value, pd.Period):
        return value.start_time.date(), "month"
    if isinstance(value, dt.datetime):
        return value.date(), "day"
    if isinstance(value, dt.date):
        return value, "day"
    for read, scale in ((read_date, "day"), (read_month, "month")):
        found = read(value)
        if isinstance(found, str):
            return dt.date.fromisoformat(
                found if scale == "day" else f"{found}-01"
            ), "month" if scale != "day" else "day"
    return None


def _number(day: dt.date, scale: Scale) -> float:
    if scale == "month":
        return float((day.year - 1970) * 12 + day.month - 1)
    return float((day - dt.date(1970, 1, 1)).days)


def _on(column: Moments, scale: Scale) -> Moments:
    """Days as months; everything else as it is."""
    if column.scale != "day" or scale != "month":
        return Moments(column.name, column.values, scale)
    days = column.values[column.known].astype("int64").astype("datetime64[D]")
    values = column.values.copy()
    values[column.known] = days.astype("datetime64[M]").astype("int64")
    return Moments(column.name, values, scale)
