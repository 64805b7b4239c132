"""Names for the arrays that estimators work on, what codes without gaps tell in one pass, and whether columns exist."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from evaltools.errors import DesignError, Fault, near

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def check_columns(frame: pd.DataFrame, names: Iterable[str], where: str) -> None:
    """`DesignError` NO_SUCH_VARIABLE or COLUMN_TWICE, a fault for each name, unless each is one column of the frame.

    >>> check_columns(pd.DataFrame({"unit": [1]}), ["unit"], "panel")
    """
    columns = frame.columns.tolist()
    known = [str(column) for column in columns]
    faults = []
    for name in names:
        if name not in columns:
            faults.append(Fault("NO_SUCH_VARIABLE", where, f'there is no column "{name}"', near(str(name), known)))
        elif columns.count(name) > 1:
            remedy = "Rename all of them but one."
            faults.append(Fault("COLUMN_TWICE", where, f'{columns.count(name)} columns are called "{name}"', remedy))
    if faults:
        raise DesignError(*faults)


def first_places(codes: Codes) -> Codes:
    """Where each code stands first; codes count from 0 without gaps.

    >>> first_places(np.array([0, 0, 1, 0, 2, 1])).tolist()
    [0, 2, 4]
    """
    first = np.zeros(codes.max() + 1, dtype=np.int64)
    backwards = np.arange(len(codes))[::-1]
    first[codes[backwards]] = backwards
    return first
