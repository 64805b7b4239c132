"""Quantiles of counts: binomial, also interpolated between counts, and negative binomial (cases between events)."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import bdtr, bdtrik, nbdtr

from evaltools.estimate.arrays import Floats

_NEARLY: Final = 1e-13


def binomial_quantile(probability: float, n: Floats, share: float) -> Floats:
    """The smallest counts whose cumulative chance is at least `probability`, by size of the base. R `qbinom`.

    >>> binomial_quantile(0.05, np.array([23.0, 0.0]), 0.5).tolist()
    [8.0, 0.0]
    """
    if share in (0.0, 1.0):
        return n * share
    whole = n.astype(np.int64)
    with np.errstate(invalid="ignore"):
        guess = np.nan_to_num(np.ceil(bdtrik(probability, n, share)), nan=0.0)
    count = np.clip(guess, 0, n)
    enough = probability * (1 - _NEARLY)
    for step in (-1.0, -1.0, 1.0, 1.0, 1.0):
        there = bdtr(count, whole, share) >= enough
        below = (count > 0) & (bdtr(np.maximum(count - 1, 0), whole, share) >= enough)
        move = below if step < 0 else ~there & (count < n)
        count = np.where(move, count + step, count)
    return np.asarray(count, dtype=float)


def interpolated_limit(probability: float, n: Floats, share: float) -> Floats:
    """The share below which a count of that base lies with that chance, between counts by their chances; 0 to 1.

    Spiegelhalter (2005), Statistics in Medicine 24, appendix A.1.1.

    >>> [round(float(interpolated_limit(p, np.array([57.0]), 0.14)[0]), 6) for p in (0.025, 0.975)]
    [0.046595, 0.2269]
    """
    if share in (0.0, 1.0):
        return np.full(len(n), share)
    whole = n.astype(np.int64)
    count = binomial_quantile(probability, n, share)
    upto = bdtr(count, whole, share)
    before = np.where(count > 0, bdtr(np.maximum(count - 1, 0), whole, share), 0.0)
    return np.asarray(np.clip((count - (upto - probability) / (upto - before)) / n, 0.0, 1.0))


def waiting_quantile(probability: float, events: float, share: float) -> float:
    """The smallest number of cases without an event before the `events`-th, whose cumulative chance is enough.

    Negative binomial, R `qnbinom`; geometric for one event.

    >>> waiting_quantile(0.5, 1, 1 / 38)
    25.0
    """
    if share >= 1:
        return 0.0
    low, high = -1, 1
    while nbdtr(high, events, share) < probability:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if nbdtr(middle, events, share) < probability else (low, middle)
    return float(max(high, 0))
