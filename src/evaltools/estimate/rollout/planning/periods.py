"""Periods as a file writes them, and their order: 2014, 2014-Q4, 2014-12."""

from __future__ import annotations

import re

import numpy as np

from evaltools.errors import DesignError, Fault


def following(period: str) -> str:
    """The period after: the next year, quarter or month.

    >>> following("2014"), following("2014-Q4"), following("2014-12")
    ('2015', '2015-Q1', '2015-01')
    """
    parts = re.fullmatch(r"(\d{4})-(Q?)(\d{1,2})", period)
    if parts is None:
        if not period.isdigit():
            problem = f'nobody knows which period comes after "{period}"'
            remedy = "Write periods as 2014, 2014-Q4 or 2014-12."
            raise DesignError(Fault("NOT_A_PERIOD", "period", problem, remedy))
        return str(int(period) + 1)
    year, letter, place = int(parts[1]), parts[2], int(parts[3])
    last = place >= (4 if letter else 12)
    following_place = 1 if last else place + 1
    return f"{year + last}-{letter}{following_place:0{len(parts[3])}d}"


def in_order(period: str) -> tuple[int, ...]:
    """What periods sort by."""
    return tuple(int(part) for part in re.findall(r"\d+", period))


def written(value: object) -> str:
    """A unit or period as it is written: whole numbers without a point."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()
