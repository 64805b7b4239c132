"""Rules for reading a quantile off weighted values: that of mathematics, of school, and Hyndman and Fan's nine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Codes, Floats

ROUNDING = 1e-12
"""Part of all weight within which a sum of weights is taken to be the share asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Values in order, each with its weight; `sums` add the weights up, the last is all of it."""

    values: Floats
    weights: Floats
    sums: Floats

    @classmethod
    def of(cls, values: Floats, weights: Floats, order: Codes) -> Steps:
        """From unordered values and the order of them; those with weight 0 do not count."""
        placed, ordered = weights[order], values[order]
        if not placed.all():
            placed, ordered = placed[placed != 0], ordered[placed != 0]
        return cls(ordered, placed, np.cumsum(placed))

    def place(self, chance: float) -> tuple[int, bool]:
        """The first value at which the weight reaches the share, and whether it does so exactly."""
        all_of_it = self.sums[-1]
        place = int(np.searchsorted(self.sums, chance * all_of_it - ROUNDING * all_of_it))
        place = min(place, len(self.sums) - 1)
        return place, bool(abs(self.sums[place] - chance * all_of_it) <= ROUNDING * all_of_it)


Rule = Callable[[Steps, float], float]


def _lower(steps: Steps, chance: float) -> float:
    """Hyndman and Fan's 1: the least value that has at least the share at or below it."""
    return float(steps.values[steps.place(chance)[0]])


def _middle(steps: Steps, chance: float) -> float:
    """2: as 1, but the mean of the two values between which the share falls."""
    place, exact = steps.place(chance)
    following = min(place + 1, len(steps.values) - 1)
    return float((steps.values[place] + steps.values[following]) / 2 if exact else steps.values[place])


def _even(steps: Steps, chance: float) -> float:
    """3: as 1, but where the share falls between two different values, the one with an even place among them."""
    values, first = np.unique(steps.values, return_index=True)
    sums = np.append(steps.sums[first[1:] - 1], steps.sums[-1])
    distinct = Steps(values, np.diff(sums, prepend=0.0), sums)
    place, exact = distinct.place(chance)
    odd = exact and (place + 1) % 2 == 1 and place + 1 < len(values)
    return float(values[place + odd])


def _between(part: float, ends: float) -> Rule:
    """A straight line through the values, each at (sum before + part of its own weight) / (all + ends x last)."""

    def rule(steps: Steps, chance: float) -> float:
        if len(steps.values) == 1:
            return float(steps.values[0])
        at = steps.sums - (1 - part) * steps.weights
        return float(np.interp(chance, at / (steps.sums[-1] + ends * steps.weights[-1]), steps.values))

    return rule


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "math": _lower,
        "school": _middle,
        "hf1": _lower,
        "hf2": _middle,
        "hf3": _even,
        "hf4": _between(1.0, 0.0),
        "hf5": _between(0.5, 0.0),
        "hf6": _between(1.0, 1.0),
        "hf7": _between(0.0, -1.0),
        "hf8": _between(2 / 3, 1 / 3),
        "hf9": _between(5 / 8, 1 / 4),
    }
)
"""Hyndman and Fan (1996), The American Statistician 50, with weights as R `svyquantile` has them."""
