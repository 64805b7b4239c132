"""Two counted shares: interval for the difference, exact tests, ratio. Small counts, so no Wald."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, ndtri, xlogy

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.indicators.binomial import TIES, Limits, check_counts, wilson
from evaltools.estimate.levels import check_level

MOST_TABLES: Final = 4_000_000
"""Boschloo's test goes through every pair of counts."""

Pair = tuple[int, int]
"""Count and base of one share."""


def miettinen_nurminen(later: Pair, earlier: Pair, level: float = 0.95) -> Limits:
    """Score interval for the difference later - earlier of two shares.

    Inverts the score test with the restricted maximum likelihood variance and the factor N / (N - 1): Miettinen and
    Nurminen (1985), Statistics in Medicine 4. Swapping the groups mirrors it. (statsmodels 0.15 has another interval
    under the name `score`, which does not mirror.)

    >>> [round(limit, 4) for limit in miettinen_nurminen((56, 70), (48, 80))]
    [0.0528, 0.3382]
    """
    _check(later, earlier, level)
    critical = float(ndtri((1 + level) / 2))
    observed = later[0] / later[1] - earlier[0] / earlier[1]

    def excess(difference: float) -> float:
        return _score(later, earlier, difference) - critical

    def shortfall(difference: float) -> float:
        return _score(later, earlier, difference) + critical

    edge = 1 - 1e-12
    low = -1.0 if excess(-edge) <= 0 else _root(excess, -edge, min(observed, edge))
    high = 1.0 if shortfall(edge) >= 0 else _root(shortfall, max(observed, -edge), edge)
    return low, high


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0, by bisection down to the last bit."""
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if falling(middle) > 0:
            low = middle
        else:
            high = middle


def _score(later: Pair, earlier: Pair, difference: float) -> float:
    """The score statistic for a given true difference: falls as the difference grows."""
    (x1, n1), (x2, n2) = later, earlier
    second = _restricted(later, earlier, difference)
    first = min(max(second + difference, 0.0), 1.0)
    total = n1 + n2
    variance = (first * (1 - first) / n1 + second * (1 - second) / n2) * total / (total - 1)
    distance = x1 / n1 - x2 / n2 - difference
    if variance <= 1e-300:
        return 0.0 if abs(distance) < 1e-12 else math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)


def _restricted(later: Pair, earlier: Pair, difference: float) -> float:
    """Maximum likelihood share of the earlier group when later - earlier is `difference`: root of a cubic."""
    (x1, n1), (x2, n2) = later, earlier
    total = n1 + n2
    b = (n1 + 2 * n2) * difference - total - x1 - x2
    c = (n2 * difference - total - 2 * x2) * difference + x1 + x2
    d = x2 * difference * (1 - difference)
    q = b**3 / (27 * total**3) - b * c / (6 * total**2) + d / (2 * total)
    p = math.copysign(math.sqrt(max(b**2 / (9 * total**2) - c / (3 * total), 0.0)), q)
    angle = (math.pi + math.acos(min(max(q / p**3, -1.0), 1.0))) / 3 if p else math.pi / 2
    share = 2 * p * math.cos(angle) - b / (3 * total)
    return min(max(share, 0.0, -difference), 1.0, 1 - difference)


def newcombe(later: Pair, earlier: Pair, level: float = 0.95) -> Limits:
    """Newcombe's hybrid score interval (method 10) for later - earlier. Newcombe (1998), Statistics in Medicine 17.

    >>> [round(limit, 4) for limit in newcombe((56, 70), (48, 80))]
    [0.0524, 0.3339]
    """
    _check(later, earlier, level)
    first, second = later[0] / later[1], earlier[0] / earlier[1]
    low1, high1 = wilson(*later, level)
    low2, high2 = wilson(*earlier, level)
    difference = first - second
    return (
        difference - math.hypot(first - low1, high2 - second),
        difference + math.hypot(high1 - first, second - low2),
    )


def risk_ratio(later: Pair, earlier: Pair, level: float = 0.95) -> tuple[float, float, float] | None:
    """Ratio of two shares with the log interval of Katz et al. (1978); None where a count is 0."""
    _check(later, earlier, level)
    (x1, n1), (x2, n2) = later, earlier
    if x1 == 0 or x2 == 0:
        return None
    ratio = (x1 / n1) / (x2 / n2)
    half = float(ndtri((1 + level) / 2)) * math.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def fisher(later: Pair, earlier: Pair) -> float:
    """Fisher's exact two-sided p-value: tables no likelier than the one seen. Fisher (1934); R `fisher.test`.

    >>> round(fisher((22, 98), (8, 57)), 2)
    0.29
    """
    _check(later, earlier, 0.95)
    chance = _hypergeometric(later[1], earlier[1], later[0] + earlier[0])
    seen = chance[later[0]]
    return min(1.0, float(chance[chance <= seen * (1 + TIES)].sum()))


def boschloo(later: Pair, earlier: Pair) -> float:
    """Boschloo's exact two-sided p-value, more powerful than Fisher's. Boschloo (1970), Statistica Neerlandica 24.

    Twice the smaller of the one-sided p-values: Fisher's one-sided p is the statistic, and its tail is taken at the
    common share that makes it greatest.

    Raises `DesignError`: BASE_TOO_LARGE, and those of counts.

    >>> round(boschloo((22, 98), (8, 57)), 4)
    0.2216
    """
    _check(later, earlier, 0.95)
    if later[1] * earlier[1] > MOST_TABLES:
        problem = f"groups of {later[1]} and {earlier[1]} make too many tables to go through"
        raise DesignError(Fault("BASE_TOO_LARGE", "boschloo", problem, "Take `fisher`; so many need no better test."))
    less = _fisher_less(later[1], earlier[1])
    greater = _fisher_less(earlier[1], later[1]).T
    one_sided = [
        _largest_tail(statistic <= statistic[later[0], earlier[0]] * (1 + 1e-12), later[1], earlier[1])
        for statistic in (less, greater)
    ]
    return min(1.0, 2 * min(one_sided))


def _hypergeometric(n1: int, n2: int, total: int) -> Floats:
    """P(count of the first group = 0..n1) given the total count of both; 0 where it cannot be."""
    count = np.arange(n1 + 1)
    possible = (total - count >= 0) & (total - count <= n2)
    rest = np.clip(total - count, 0, n2)
    log = log_choose(n1, count) + log_choose(n2, rest) - log_choose(n1 + n2, total)
    return np.where(possible, np.exp(log), 0.0)


def _fisher_less(n1: int, n2: int) -> Floats:
    """Fisher's one-sided p (the first share is less) for every pair of counts."""
    table = np.empty((n1 + 1, n2 + 1))
    for total in range(n1 + n2 + 1):
        tail = np.cumsum(_hypergeometric(n1, n2, total))
        first = np.arange(max(0, total - n2), min(n1, total) + 1)
        table[first, total - first] = tail[first]
    return table


def _largest_tail(region: npt.NDArray[np.bool_], n1: int, n2: int) -> float:
    """Probability of the region at the common share that makes it greatest, found on ever finer grids."""
    low, high = 0.0, 1.0
    for _ in range(6):
        share = np.linspace(low, high, 201)
        tail = np.einsum("pi,ij,pj->p", _binomial(n1, share), region.astype(float), _binomial(n2, share), optimize=True)
        best = int(tail.argmax())
        low, high = share[max(best - 1, 0)], share[min(best + 1, 200)]
    return float(tail[best])


def _binomial(n: int, share: Floats) -> Floats:
    """P(count = 0..n) for each share (shares x counts)."""
    count = np.arange(n + 1)
    log = log_choose(n, count) + xlogy(count, share[:, None]) + xlogy(n - count, 1 - share[:, None])
    return np.asarray(np.exp(log))


def probability_of_increase(later: Pair, earlier: Pair) -> float:
    """Posterior probability that the later share is the higher one, Jeffreys' prior for each."""
    _check(later, earlier, 0.95)
    (x1, n1), (x2, n2) = later, earlier
    nodes, weights = np.polynomial.legendre.leggauss(400)
    angle = (nodes + 1) * math.pi / 4
    share = np.sin(angle) ** 2
    log = (2 * x1) * np.log(np.sin(angle)) + (2 * (n1 - x1)) * np.log(np.cos(angle))
    density = np.exp(log - log.max()) * weights
    return float((density * betainc(x2 + 0.5, n2 - x2 + 0.5, share)).sum() / density.sum())


def _check(later: Pair, earlier: Pair, level: float) -> None:
    check_counts(*later)
    check_counts(*earlier)
    check_level(level)
