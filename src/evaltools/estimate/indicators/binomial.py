"""Intervals and tests for one counted share, when the cases are no finite list: 1 breakdown of 38 placements."""

from __future__ import annotations

import math
import operator

import numpy as np
from scipy.special import betaincinv, ndtri, xlogy

from evaltools.errors import DesignError, Fault
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.levels import check_level
from evaltools.estimate.survey.intervals.interval import binomial_limits

Limits = tuple[float, float]

TIES = 1e-7
"""Outcomes whose chances differ by less than this share count as equally likely, as in R."""


def check_counts(count: int, n: int) -> None:
    """`DesignError` COUNT_NOT_WHOLE, NO_CASES_COUNTED or COUNT_ABOVE_BASE unless 0 <= count <= n and n > 0."""
    for value in (count, n):
        try:
            operator.index(value)
        except TypeError:
            problem = f"{value!r} is not a whole number"
            raise DesignError(Fault("COUNT_NOT_WHOLE", "counts", problem, "Give the counts, not a share.")) from None
    if n <= 0:
        raise DesignError(Fault("NO_CASES_COUNTED", "counts", f"the base is {n}", "There is nothing to divide by."))
    if not 0 <= count <= n:
        problem = f"{count} of {n} cannot be: a part is not above its whole"
        raise DesignError(Fault("COUNT_ABOVE_BASE", "counts", problem, "See whether the two were swapped."))


def wilson(count: int, n: int, level: float = 0.95) -> Limits:
    """Wilson's score interval for a share. Wilson (1927), JASA 22.

    >>> [round(limit, 4) for limit in wilson(22, 98)]
    [0.1532, 0.3166]
    """
    check_counts(count, n)
    check_level(level)
    z, share = float(ndtri((1 + level) / 2)), count / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (0.0 if count == 0 else centre - half, 1.0 if count == n else centre + half)


def clopper_pearson(count: int, n: int, level: float = 0.95) -> Limits:
    """Exact interval for a share, equal tails. Clopper and Pearson (1934), Biometrika 26.

    >>> [round(limit, 4) for limit in clopper_pearson(1, 38)]
    [0.0007, 0.1381]
    """
    check_counts(count, n)
    check_level(level)
    low, high = binomial_limits(np.array([float(count)]), np.array([float(n)]), level)
    return float(low[0]), float(high[0])


def jeffreys(count: int, n: int, level: float = 0.95) -> Limits:
    """Jeffreys' interval: equal tails of Beta(count + 1/2, n - count + 1/2). Brown, Cai and DasGupta (2001).

    >>> [round(limit, 4) for limit in jeffreys(1, 38)]
    [0.0029, 0.1165]
    """
    check_counts(count, n)
    check_level(level)
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = (float(betaincinv(count + 0.5, n - count + 0.5, tail)) for tail in tails)
    return (0.0 if count == 0 else low, 1.0 if count == n else high)


def binomial_test(count: int, n: int, share: float) -> float:
    """Two-sided exact p-value for a true share; outcomes no likelier than the one seen count. R `binom.test`.

    >>> round(binomial_test(22, 98, 0.33), 4)
    0.031
    """
    check_counts(count, n)
    if not 0 <= share <= 1:
        problem = f"the target {share:g} is not a share between 0 and 1"
        raise DesignError(Fault("TARGET_NOT_A_SHARE", "target", problem, "Write 0.33 for 33 pct."))
    outcomes = np.arange(n + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = log_choose(n, outcomes) + xlogy(outcomes, share) + xlogy(n - outcomes, 1 - share)
    chance = np.exp(log)
    return min(1.0, float(chance[chance <= chance[count] * (1 + TIES)].sum()))
