"""Names for the arrays that estimators work on, and what codes without gaps tell in one pass."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def first_places(codes: Codes) -> Codes:
    """Where each code stands first; codes count from 0 without gaps.

    >>> first_places(np.array([0, 0, 1, 0, 2, 1])).tolist()
    [0, 2, 4]
    """
    first = np.zeros(codes.max() + 1, dtype=np.int64)
    backwards = np.arange(len(codes))[::-1]
    first[codes[backwards]] = backwards
    return first
