"""Checks of what a plan is told, each with a message in the user's own names and a remedy."""

from __future__ import annotations

import math
import operator

from evaltools.errors import DesignError, Fault


def check_inside(name: str, share: float) -> None:
    """`DesignError` NOT_BETWEEN_0_AND_1 unless 0 < share < 1."""
    if not 0 < share < 1:
        remedy = f"Write {share / 100:g} for {share:g} pct." if 1 < share < 100 else "Write a share, such as 0.08."
        raise DesignError(Fault("NOT_BETWEEN_ZERO_AND_ONE", name, f"{share:g} is not between 0 and 1", remedy))


def check_whole(name: str, value: int, least: int) -> None:
    """`DesignError` NOT_A_WHOLE_NUMBER unless it is a whole number from `least` on."""
    try:
        enough = operator.index(value) >= least and not isinstance(value, bool)
    except TypeError:
        enough = False
    if not enough:
        problem = f"{value!r} is not a whole number from {least}"
        raise DesignError(Fault("NOT_A_WHOLE_NUMBER", name, problem, f"Give a number, such as {max(least, 24)}."))


def check_deviation(name: str, value: float) -> None:
    """`DesignError` DEVIATION_NEGATIVE unless it is 0 or more and finite."""
    if not (value >= 0 and math.isfinite(value)):
        problem = f"{value:g} is no standard deviation"
        raise DesignError(
            Fault("DEVIATION_NEGATIVE", name, problem, "Give 0 or more, as a share: 0.03 for 3 pct. points.")
        )
