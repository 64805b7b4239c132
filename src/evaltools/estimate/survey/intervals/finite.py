"""What a count among some of a finite population says about the count among all of it: exact and predictive."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.special import betaln, gammaln

from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.combinatorics import log_choose

AT_ONCE = 128
"""Shares whose two-way tables are held in memory together."""

MOST_UNSEEN_TWO_WAY = 400
"""Above so many silent units the two-way convolution is not worth its memory; Korn-Graubard serves as well there."""

NEXT_TO_NOTHING = 1e-9
"""A prior weight of zero, as far as the beta function can take it."""


def hypergeometric_counts(count: int, n: int, population: int, level: float) -> tuple[int, int]:
    """Smallest and largest number of units in the population that the count does not contradict (equal tails).

    Test inversion: smallest M with P(X >= count | M) > (1 - level) / 2, largest M with P(X <= count | M) above it;
    Katz (1953), Buonaccorsi (1987).

    >>> hypergeometric_counts(3, 10, 50, 0.95)
    (5, 31)
    """
    low, high = _hypergeometric_limits(n, population, level)
    return int(low[count]), int(high[count])


@lru_cache(maxsize=4096)
def _hypergeometric_limits(n: int, population: int, level: float) -> tuple[Codes, Codes]:
    """Both limits for every count 0..n. The upper limit mirrors the lower: high(x) = N - low(n - x)."""
    tail = (1 - level) / 2
    low = np.empty(n + 1, dtype=np.int64)
    for count in range(n + 1):
        start = count if count == 0 else max(count, int(low[count - 1]))
        low[count] = _lowest(count, n, population, tail, start)
    return low, population - low[::-1]


def _lowest(count: int, n: int, population: int, tail: float, start: int) -> int:
    """Smallest M from `start` on whose upper tail exceeds `tail`, by bisection (the tail grows with M)."""
    first, last = start, population - n + count
    while first < last:
        middle = (first + last) // 2
        if _upper_tail(count, n, population, middle) > tail:
            last = middle
        else:
            first = middle + 1
    return first


def _upper_tail(count: int, n: int, population: int, members: int) -> float:
    """P(X >= count) when n of the population are drawn and `members` of the population have the trait."""
    x = np.arange(count, min(n, members) + 1)
    if count <= max(0, n - (population - members)):
        return 1.0
    log = log_choose(members, x) + log_choose(population - members, n - x) - log_choose(population, n)
    return float(np.exp(log).sum())


def predictive_counts(counts: Floats, sizes: Floats, unseen: Floats, level: float) -> tuple[Floats, Floats]:
    """Limits of the population count (rows), from counts, sizes and unseen units by cell (rows x cells).

    In each cell the unseen count is beta-binomial; cells add by convolution. Ericson (1969), Ghosh and Meeden (1997).
    The prior weighs one unit in all, shared by the cells after their size: for the lower limit a unit without the
    trait, for the upper limit one with it. With one cell these are the limits of the hypergeometric test inversion.
    """
    population = sizes.sum(axis=1) + unseen.sum(axis=1)
    tail = (1 - level) / 2
    return _least(counts, sizes, unseen, tail), population - _least(sizes - counts, sizes, unseen, tail)


def _least(counts: Floats, sizes: Floats, unseen: Floats, tail: float) -> Floats:
    """Lower limit of the population count; the upper limit is that of those without the trait."""
    width = int(unseen.sum(axis=1).max()) + 1
    k = np.arange(int(unseen.max()) + 1)
    mass = _beta_binomial(counts, sizes, unseen, k)
    spectrum = fft.rfft(mass, n=fft.next_fast_len(width), axis=2).prod(axis=1)
    total = fft.irfft(spectrum, n=fft.next_fast_len(width), axis=1)[:, :width]
    return np.asarray(counts.sum(axis=1) + _quantile(np.cumsum(np.maximum(total, 0), axis=1), tail))


def _beta_binomial(counts: Floats, sizes: Floats, unseen: Floats, k: Codes) -> Floats:
    """P(k of the unseen have the trait | counts of sizes have it), prior of the lower limit; 0 above `unseen`."""
    a, b = (counts + NEXT_TO_NOTHING)[..., None], (sizes - counts + _shared(sizes + unseen))[..., None]
    silent = unseen[..., None]
    rest = np.maximum(silent - k, 0)
    log = log_choose(silent, k) + betaln(a + k, b + rest) - betaln(a, b)
    return np.where(k <= silent, np.exp(log), 0.0)


def _shared(units: Floats) -> Floats:
    """One unit, shared by the cells of a row after their size (rows x cells)."""
    return np.asarray(np.maximum(units / np.maximum(units.sum(axis=1, keepdims=True), 1), NEXT_TO_NOTHING))


def _quantile(cumulative: Floats, probability: float) -> Codes:
    """First place in each row where the cumulative mass reaches the probability; the last if rounding hides it."""
    reached = cumulative >= probability - 1e-12
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), cumulative.shape[1] - 1))


def predictive_shares(
    counts: Floats, sizes: Floats, outside: Floats, unseen: Floats, level: float
) -> tuple[Floats, Floats]:
    """Limits of shares whose base is itself unknown among the unseen (arrays: shares x cells).

    counts of sizes have the trait, `outside` lie outside the base; each unseen unit has it, lacks it, or lies
    outside: Dirichlet-multinomial, cells added by two-way convolution. The prior is that of `predictive_counts`, and
    half a unit outside.
    """
    tail = (1 - level) / 2
    low, high = np.empty(len(counts)), np.empty(len(counts))
    for start in range(0, len(counts), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        known = sizes[rows], outside[rows], unseen[rows]
        low[rows] = _least_share(counts[rows], *known, tail)
        high[rows] = 1 - _least_share(sizes[rows] - counts[rows], *known, tail)
    return low, high


def _least_share(counts: Floats, sizes: Floats, outside: Floats, unseen: Floats, tail: float) -> Floats:
    """Lower limit of the share; the upper limit is that of those without the trait."""
    width = int(unseen.sum(axis=1).max()) + 1
    size = fft.next_fast_len(width, real=True)
    prior = _shared(sizes + outside + unseen)
    cells = np.stack([counts, sizes - counts, outside, unseen, prior], axis=2).reshape(-1, 5)
    kinds, place = np.unique(cells, axis=0, return_inverse=True)
    had = kinds[:, :3] + np.stack([np.full(len(kinds), NEXT_TO_NOTHING), kinds[:, 4], kinds[:, 4] / 2], axis=1)
    spectrum = fft.rfft2(_dirichlet_multinomial(had, kinds[:, 3]), s=(size, size))
    together = spectrum[place.reshape(counts.shape)].prod(axis=1)
    mass = np.maximum(fft.irfft2(together, s=(size, size))[:, :width, :width], 0).reshape(len(counts), -1)
    yes, no = np.ogrid[:width, :width]
    base = sizes.sum(axis=1)[:, None, None] + yes + no
    share = ((counts.sum(axis=1)[:, None, None] + yes) / np.maximum(base, 1)).reshape(len(counts), -1)
    order = np.argsort(share, axis=1, kind="stable")
    cumulative = np.cumsum(np.take_along_axis(mass, order, axis=1), axis=1)
    ranked = np.take_along_axis(share, order, axis=1)
    return np.asarray(ranked[np.arange(len(counts)), _quantile(cumulative, tail)])


def _dirichlet_multinomial(had: Floats, unseen: Floats) -> Floats:
    """P(yes, no of the unseen | seen and prior together) for each cell (cells x yes x no); the rest lies outside."""
    k = np.arange(int(unseen.max()) + 1)
    yes, no, out = np.moveaxis(gammaln(k + had[:, :, None]) - gammaln(had)[:, :, None] - gammaln(k + 1), 1, 0)
    rest = (unseen[:, None, None] - k[:, None] - k).astype(np.int64)
    total = had.sum(axis=1)
    constant = gammaln(unseen + 1) + gammaln(total) - gammaln(total + unseen)
    left = np.take_along_axis(out[:, None, :], np.maximum(rest, 0).reshape(len(had), 1, -1), axis=2).reshape(rest.shape)
    log = yes[:, :, None] + no[:, None, :] + left + constant[:, None, None]
    return np.where(rest >= 0, np.exp(log), 0.0)
