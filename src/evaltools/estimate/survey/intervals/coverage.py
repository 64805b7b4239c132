"""How often an interval for a share holds the truth: by listing every sample count, or by simulation in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.survey.intervals import finite
from evaltools.estimate.survey.intervals.interval import Interval, Shares


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """One entry per true count 0..N: the probability that the interval holds it, and the mean width as a share."""

    n: int
    population: int
    probability: Floats
    width: Floats

    @property
    def least(self) -> float:
        """The worst coverage over all true counts."""
        return float(self.probability.min())


def coverage(interval: Interval, n: int, population: int, level: float = 0.95) -> Coverage:
    """Exact coverage when n of the population answer at random (each set of n equally likely).

    >>> from evaltools.estimate.survey import interval as named
    >>> coverage(named.exact(), 60, 98).least >= 0.95
    True
    """
    low, high = _all_limits(interval, n, population, level)
    truth = np.arange(population + 1)
    inside = (low[:, None] <= truth / population + 1e-9) & (truth / population - 1e-9 <= high[:, None])
    chance = _chances(n, population)
    return Coverage(n, population, (chance * inside).sum(axis=0), (chance * (high - low)[:, None]).sum(axis=0))


def coverage_in_cells(
    answered: Sequence[int], asked: Sequence[int], truth: int, rng: np.random.Generator, *, samples: int = 2000
) -> tuple[float, float]:
    """Coverage and mean width (as a share) of the predictive interval at 95 pct., simulated.

    answered, asked : units by response cell; those silent are a random part of the cell. truth : how many of all
    have the trait, spread over the cells at random.

    >>> coverage_in_cells((20, 10), (20, 10), 7, np.random.default_rng(1), samples=10)
    (1.0, 0.0)
    """
    sizes, population = np.array(answered), np.array(asked)
    having = rng.multivariate_hypergeometric(population, truth, size=samples)
    counts = rng.hypergeometric(having, population - having, sizes).astype(float)
    shape = np.broadcast_to(sizes.astype(float), counts.shape)
    low, high = finite.predictive_counts(counts, shape, population - shape, 0.95)
    return float(((low <= truth) & (truth <= high)).mean()), float((high - low).mean() / population.sum())


def _all_limits(interval: Interval, n: int, population: int, level: float) -> tuple[Floats, Floats]:
    """The interval for each count 0..n, cut to [0, 1]."""
    count = np.arange(n + 1, dtype=float)
    share = count / n
    variance = (1 - n / population) * share * (1 - share) / (n - 1)
    size = np.full(n + 1, float(n))
    shares = Shares(
        estimate=share,
        se=np.sqrt(variance),
        df=np.full(n + 1, n - 1.0),
        count=count,
        n=size,
        counts=count[:, None],
        sizes=size[:, None],
        outside=np.zeros((n + 1, 1)),
        unseen=np.full((n + 1, 1), float(population - n)),
        closed=True,
        even=True,
        elements=True,
    )
    low, high = interval.limits(shares, level)
    return np.maximum(np.minimum(low, share), 0), np.minimum(np.maximum(high, share), 1)


def _chances(n: int, population: int) -> Floats:
    """P(count | true count): counts 0..n down, true counts 0..N across."""
    count, truth = np.arange(n + 1)[:, None], np.arange(population + 1)
    possible = (count <= truth) & (n - count <= population - truth)
    log = log_choose(truth, count) + log_choose(population - truth, n - count)
    log = log - log_choose(population, n)
    return np.where(possible, np.exp(np.where(possible, log, 0.0)), 0.0)
