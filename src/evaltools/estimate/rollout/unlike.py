"""Intervals where units count unlike: a large unit bends the mean that its own residual is taken from.

A residual from a weighted mean varies less than the unit itself, the less the more the unit weighs. Each is divided by
the root of what is left of its variance (HC2), and the limits are those of a t distribution with as many degrees of
freedom as the variance then has (Satterthwaite), by cohort and put together as Welch does. Both as if the outcomes of
all units varied alike. Source: Bell and McCaffrey (2002), Survey Methodology 28; Imbens and Kolesár (2016), Review of
Economics and Statistics 98; Welch (1947), Biometrika 34. `benchmarks/rollout_simulation.py` shows what they hold.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtrit

from evaltools.estimate.arrays import Codes, Floats


def widened(weights: Floats) -> Floats:
    """What residuals from the mean by these weights (on the last axis) are multiplied with; 1 for one that is alone.

    >>> widened(np.array([1.0, 1.0])).round(3).tolist()
    [1.414, 1.414]
    """
    share = weights / weights.sum(axis=-1, keepdims=True)
    others = np.maximum((share**2).sum(axis=-1, keepdims=True) - share**2, 0.0)
    left = (1 - share) ** 2 + others
    return np.asarray(1 / np.sqrt(np.where(left > 1e-24, left, 1.0)))


def degrees(influence: Floats, weights: Floats, starts: Codes) -> Floats:
    """The degrees of freedom of the sum of squares over units (the last axis of all), by result.

    starts : by unit, its cohort; the mean of each costs it something. Infinite where nothing varies.

    >>> degrees(np.ones((1, 4)), np.ones((1, 4)), np.array([1, 1, 2, 2])).round(6).tolist()
    [2.0]
    """
    variance = np.zeros(influence.shape[:-1])
    uncertain = np.zeros(influence.shape[:-1])
    for start in np.unique(starts):
        mine = starts == start
        part = (influence[..., mine] ** 2).sum(axis=-1)
        variance += part
        uncertain += part**2 / _of_cohort(weights[..., mine])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(uncertain > 0, variance**2 / uncertain, np.inf))


def _of_cohort(weights: Floats) -> Floats:
    """Satterthwaite's degrees of freedom of a sum of squared, widened, weighted residuals from the mean of a cohort.

    (sum of G_ii)^2 / sum of G_ij^2, with G the covariance of those residuals when all units vary alike: one expression
    of sums over units, as G_ij is a product of s_i, s_j and (q - k_i - k_j), with 1 added inside where i is j.
    """
    if weights.shape[-1] == 1:
        return np.ones(weights.shape[:-1])
    share = weights / weights.sum(axis=-1, keepdims=True)
    q = (share**2).sum(axis=-1, keepdims=True)
    square = (share * widened(share)) ** 2
    one, two, three = (np.asarray((square * share**power).sum(axis=-1)) for power in (0, 1, 2))
    q_all = q[..., 0]
    everywhere = q_all**2 * one**2 + 2 * three * one + 2 * two**2 - 4 * q_all * two * one
    diagonal = (share**4 - square**2 * (q - 2 * share) ** 2).sum(axis=-1)
    # the squares of the diagonal are the least that it can be: what rounding leaves where one unit is nearly all
    whole = np.maximum(everywhere + diagonal, (share**4).sum(axis=-1))
    return np.asarray(np.clip(q_all**2 / whole, 1.0, weights.shape[-1] - 1))


def reach(level: float, df: Floats | float) -> Floats:
    """How many standard errors an interval goes to each side; normal where the degrees of freedom are infinite."""
    known = np.asarray(df, dtype=float)
    return np.asarray(np.where(np.isfinite(known), stdtrit(known, (1 + level) / 2), ndtri((1 + level) / 2)))
