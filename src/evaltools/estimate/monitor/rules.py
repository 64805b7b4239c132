"""What rules see in points around a centre line: long runs, few crossings, points beyond limits. Values with words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.curve import Signal
from evaltools.estimate.monitor.quantiles import binomial_quantile
from evaltools.language import Language, listed, texts

FEW_POINTS: Final = 12
"""With fewer useful points the rules seldom see even a large shift."""
_MOST_NAMED: Final = 6
_CLOSE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs on one side of a line, without the points on the line.

    useful : points off the line. longest : points in the longest run, and the most that chance makes usual.
    crossings : how often the line is crossed, and the fewest that chance makes usual. places : of the longest run.
    above : the side it lies on.
    """

    useful: int
    longest: int
    longest_limit: int
    crossings: int
    crossings_limit: int
    places: tuple[int, ...]
    above: bool

    @property
    def is_long(self) -> bool:
        """Whether the longest run is longer than chance makes usual."""
        return self.longest > self.longest_limit

    @property
    def crosses_seldom(self) -> bool:
        """Whether the line is crossed less often than chance makes usual."""
        return self.crossings < self.crossings_limit


def runs_of(values: Floats, centre: float) -> Runs:
    """The runs of values around a line, with the limits of Anhøj and Olesen (2014), PLoS ONE 9(11).

    The longest run is usual up to log2(n) + 3, rounded; crossings from the 5 per cent quantile of a binomial
    distribution with n - 1 trials and chance 1/2.

    >>> runs = runs_of(np.array([1.0, 2, 1, 5, 6, 7, 6, 8, 3]), 3.0)
    >>> runs.longest, runs.longest_limit, runs.crossings, runs.crossings_limit
    (5, 6, 1, 1)
    """
    far = np.abs(values - centre) > _CLOSE * max(1.0, abs(centre))
    places = np.flatnonzero(far).tolist()
    sides = [(place, bool(values[place] > centre)) for place in places]
    groups = [list(group) for _, group in groupby(sides, key=lambda each: each[1])]
    longest = max(groups, key=len, default=[])
    useful = len(places)
    return Runs(
        useful=useful,
        longest=len(longest),
        longest_limit=round(math.log2(useful) + 3) if useful else 0,
        crossings=max(len(groups) - 1, 0),
        crossings_limit=int(binomial_quantile(0.05, np.array([float(max(useful - 1, 0))]), 0.5)[0]),
        places=tuple(place for place, _ in longest),
        above=bool(longest and longest[0][1]),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What one phase shows: names and values of its points, the line, and which points lie beyond the limits."""

    names: Sequence[str]
    values: Floats
    centre: float
    line: str
    beyond: tuple[int, ...] = ()


def signals_of(seen: Seen, language: Language, phase: tuple[tuple[str, str], ...] = ()) -> list[Signal]:
    """The signals of one phase: points beyond limits, a long run, few crossings; none where there is nothing."""
    return [
        Signal(rule, words, tuple(seen.names[place] for place in places), phase)
        for rule, words, places in _found(seen, language)
    ]


def _found(seen: Seen, language: Language) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    say = texts(language).say
    if seen.beyond:
        key = "one" if len(seen.beyond) == 1 else "many"
        named = named_some([seen.names[place] for place in seen.beyond], language)
        yield "beyond", say(f"monitor.signal.beyond_{key}", count=len(seen.beyond), named=named), seen.beyond
    runs = runs_of(seen.values, seen.centre)
    line = say(f"monitor.line.{seen.line}")
    if runs.is_long:
        side = say(f"monitor.side.{'above' if runs.above else 'below'}")
        ends = {"first": seen.names[runs.places[0]], "last": seen.names[runs.places[-1]]}
        words = {"count": runs.longest, "side": side, "line": line, "limit": runs.longest_limit, **ends}
        yield "long_run", say("monitor.signal.long_run", **words), runs.places
    if runs.crosses_seldom:
        words = {"count": runs.crossings, "line": line, "limit": runs.crossings_limit}
        yield "few_crossings", say("monitor.signal.few_crossings", **words), ()


def named_some(names: Sequence[str], language: Language) -> str:
    """The names in a sentence; of very many only the first, and how many more."""
    if len(names) <= _MOST_NAMED:
        return listed(list(names), language)
    more = texts(language).say("monitor.more", count=len(names) - _MOST_NAMED)
    return listed([*names[:_MOST_NAMED], more], language)
