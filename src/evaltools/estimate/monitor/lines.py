"""Centre lines and limits of control charts, from counts and bases of the baseline. Formulas with their source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.monitor.quantiles import waiting_quantile

_SIGMAS: Final = 3.0
_OUTSIDE: Final = 0.00135
"""The chance of a point beyond one limit that three standard deviations have where points are normal."""
_RANGE_TO_SIGMA: Final = 1.128
"""The expected range of two normal values, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Counts and bases of the rows of a phase that have cases; `first` of them are the baseline. every : events."""

    count: Floats
    base: Floats
    first: int


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A centre, and limits for each row; None where the chart has none. extra : numbers behind them."""

    centre: float
    low: Floats | None = None
    high: Floats | None = None
    extra: Mapping[str, float] = field(default_factory=dict)


Rule = Callable[[Observed], Lines]


def pooled(seen: Observed) -> float:
    """Everything counted in the baseline over all of its bases."""
    return float(seen.count[: seen.first].sum() / seen.base[: seen.first].sum())


def binomial(seen: Observed) -> Lines:
    """p-chart: pooled share, three binomial standard deviations. Shewhart (1931); Montgomery (2012), chapter 7."""
    centre = pooled(seen)
    return _around(centre, _SIGMAS * np.sqrt(centre * (1 - centre) / seen.base), 1.0)


def laney(seen: Observed) -> Lines:
    """p'-chart: the binomial limits widened by how much standardised points vary from one to the next. Laney (2002)."""
    centre = pooled(seen)
    spread = np.sqrt(centre * (1 - centre) / seen.base)
    if centre in (0.0, 1.0):
        return _around(centre, spread, 1.0)
    z = ((seen.count / seen.base - centre) / spread)[: seen.first]
    sigma = float(np.abs(np.diff(z)).mean() / _RANGE_TO_SIGMA)
    lines = _around(centre, _SIGMAS * sigma * spread, 1.0)
    return Lines(lines.centre, lines.low, lines.high, {"sigma_z": sigma})


def poisson(seen: Observed) -> Lines:
    """u-chart: pooled rate, three Poisson standard deviations. Montgomery (2012), chapter 7."""
    centre = pooled(seen)
    return _around(centre, _SIGMAS * np.sqrt(centre / seen.base), np.inf)


def median(seen: Observed) -> Lines:
    """Run chart: the median of the baseline, no limits."""
    return Lines(float(np.median((seen.count / seen.base)[: seen.first])))


def waiting(seen: Observed) -> Lines:
    """g-chart: the median and the exact limits of the cases before an event, negative binomial. Benneyan (2001).

    `base` holds how many events each row counts to. The limits have the chances that three standard deviations have
    where points are normal; three standard deviations themselves would never give a lower limit here.
    """
    gaps, events = seen.count[: seen.first], seen.base[: seen.first]
    share = float(events.sum() / (events.sum() + gaps.sum()))
    every = float(events[0])
    least, most = (waiting_quantile(chance, every, share) for chance in (_OUTSIDE, 1 - _OUTSIDE))
    low, high = (np.full(len(seen.count), limit) for limit in (least, most))
    return Lines(waiting_quantile(0.5, every, share), low, high, {"share": share})


def _around(centre: float, width: Floats, most: float) -> Lines:
    return Lines(centre, np.maximum(centre - width, 0.0), np.minimum(centre + width, most))
