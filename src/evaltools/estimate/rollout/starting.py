"""When each unit began: read from its first period, or from periods with the method and without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats


def period_text(value: object) -> str:
    """A period or unit as it is written: whole numbers without a point.

    >>> period_text(2015.0), period_text("2016-Q3")
    ('2015', '2016-Q3')
    """
    return str(int(value)) if isinstance(value, (float, np.floating)) and float(value).is_integer() else str(value)


def starts_of(column: pd.Series, name: str, unit: Codes, units: Sequence[str], periods: Sequence[str]) -> Codes:
    """By unit, the place of its first period: the first measured one that is not before it."""
    numeric = all(_is_number(each) for each in periods)
    distinct, values = pd.factorize(column, use_na_sentinel=True)
    places = np.array([_place(value, name, periods, numeric=numeric) for value in values] + [len(periods)])
    by_row = places[distinct]
    starts = np.full(len(units), -1, dtype=np.int64)
    starts[unit] = by_row
    if (starts[unit] != by_row).any():
        which = units[int(unit[(starts[unit] != by_row).argmax()])]
        problem = f'{which} has several values in "{name}"'
        remedy = "Give each unit one first period in all its rows, or use `treated` with 0 and 1."
        raise DesignError(Fault("FIRST_PERIOD_VARIES", name, problem, remedy))
    return starts


def _place(value: object, name: str, periods: Sequence[str], *, numeric: bool) -> int:
    text = period_text(value).strip()
    if text in ("", "0", "inf"):
        return len(periods)
    if numeric and not _is_number(text):
        problem = f'"{text}" in "{name}" is not a period such as {periods[0]}'
        raise DesignError(
            Fault("NOT_A_PERIOD", name, problem, "Write it as in the column of periods, or leave it empty.")
        )
    if not numeric:
        return sum(each < text for each in periods)
    return sum(float(each) < float(text) for each in periods)


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def states_of(column: pd.Series, name: str, codes: Sequence[str], periods: int) -> Floats:
    """Units x periods: 1 with the method, 0 without, nothing where it is not known. codes : those that mean "with"."""
    if codes:
        with_it = column.astype(object).map(period_text, na_action="ignore").isin(codes).astype(float)
        return np.asarray(with_it.where(column.notna()), dtype=np.float64).reshape(-1, periods)
    state = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float).reshape(-1, periods)
    if column.notna().to_numpy().sum() != np.isin(state, (0.0, 1.0)).sum():
        problem = f'"{name}" has other values than 0 and 1'
        remedy = "Write 1 in periods with the method, else 0; or name the codes that mean with it: `codes`."
        raise DesignError(Fault("NOT_TREATED_OR_NOT", name, problem, remedy))
    return state


def starts_of_treated(state: Floats, units: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """The first period with 1 by unit (as many as there are periods: never), and the units that had 1 and later 0."""
    on, periods = state == 1.0, state.shape[1]
    starts = np.where(on.any(axis=1), on.argmax(axis=1), periods).astype(np.int64)
    after = np.arange(periods)[None, :] >= starts[:, None]
    back = (after & (state == 0.0)).any(axis=1)
    return starts, tuple(name for name, is_back in zip(units, back.tolist(), strict=True) if is_back)
