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
    """Equal-tail limits of the population count (rows), from counts, sizes and unseen units by cell (rows x cells).

    In each cell the unseen count is beta-binomial with Jeffreys' prior; cells add by convolution. Ericson (1969),
    Ghosh and Meeden (1997). A cell with nobody seen is uniform under the same prior: anything may be there.
    """
    width = int(unseen.sum(axis=1).max()) + 1
    k = np.arange(int(unseen.max()) + 1)
    mass = _beta_binomial(counts[..., None], sizes[..., None], unseen[..., None], k)
    spectrum = fft.rfft(mass, n=fft.next_fast_len(width), axis=2).prod(axis=1)
    total = fft.irfft(spectrum, n=fft.next_fast_len(width), axis=1)[:, :width]
    cumulative = np.cumsum(np.maximum(total, 0), axis=1)
    seen = counts.sum(axis=1)
    return seen + _quantile(cumulative, (1 - level) / 2), seen + _quantile(cumulative, (1 + level) / 2)


def _beta_binomial(counts: Floats, sizes: Floats, unseen: Floats, k: Codes) -> Floats:
    """P(k of the unseen have the trait | counts of sizes have it), Jeffreys' prior; 0 above `unseen`."""
    a, b = counts + 0.5, sizes - counts + 0.5
    rest = np.maximum(unseen - k, 0)
    log = log_choose(unseen, k) + betaln(a + k, b + rest) - betaln(a, b)
    return np.where(k <= unseen, np.exp(log), 0.0)


def _quantile(cumulative: Floats, probability: float) -> Codes:
    """First place in each row where the cumulative mass reaches the probability; the last if rounding hides it."""
    reached = cumulative >= probability - 1e-12
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), cumulative.shape[1] - 1))


def predictive_shares(
    counts: Floats, sizes: Floats, outside: Floats, unseen: Floats, level: float
) -> tuple[Floats, Floats]:
    """Limits of shares whose base is itself unknown among the unseen (arrays: shares x cells).

    counts of sizes have the trait, `outside` lie outside the base; each unseen unit has it, lacks it, or lies
    outside: Dirichlet-multinomial with prior 1/2 each, cells added by two-way convolution.
    """
    low, high = np.empty(len(counts)), np.empty(len(counts))
    for start in range(0, len(counts), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        low[rows], high[rows] = _open_limits(counts[rows], sizes[rows], outside[rows], unseen[rows], level)
    return low, high


def _open_limits(counts: Floats, sizes: Floats, outside: Floats, unseen: Floats, level: float) -> tuple[Floats, Floats]:
    width = int(unseen.sum(axis=1).max()) + 1
    size = fft.next_fast_len(width, real=True)
    cells = np.stack([counts, sizes - counts, outside, unseen], axis=2).reshape(-1, 4)
    kinds, place = np.unique(cells, axis=0, return_inverse=True)
    spectrum = fft.rfft2(_dirichlet_multinomial(kinds[:, :3], kinds[:, 3]), s=(size, size))
    together = spectrum[place.reshape(counts.shape)].prod(axis=1)
    mass = np.maximum(fft.irfft2(together, s=(size, size))[:, :width, :width], 0).reshape(len(counts), -1)
    yes, no = np.ogrid[:width, :width]
    base = sizes.sum(axis=1)[:, None, None] + yes + no
    share = ((counts.sum(axis=1)[:, None, None] + yes) / np.maximum(base, 1)).reshape(len(counts), -1)
    order = np.argsort(share, axis=1, kind="stable")
    cumulative = np.cumsum(np.take_along_axis(mass, order, axis=1), axis=1)
    ranked = np.take_along_axis(share, order, axis=1)
    row = np.arange(len(counts))
    return ranked[row, _quantile(cumulative, (1 - level) / 2)], ranked[row, _quantile(cumulative, (1 + level) / 2)]


def _dirichlet_multinomial(seen: Floats, unseen: Floats) -> Floats:
    """P(yes, no of the unseen) for each cell (cells x yes x no); what is left lies outside."""
    k = np.arange(int(unseen.max()) + 1)
    had = seen[:, :, None] + 0.5
    yes, no, out = np.moveaxis(gammaln(k + had) - gammaln(had) - gammaln(k + 1), 1, 0)
    rest = (unseen[:, None, None] - k[:, None] - k).astype(np.int64)
    total = seen.sum(axis=1) + 1.5
    constant = gammaln(unseen + 1) + gammaln(total) - gammaln(total + unseen)
    left = np.take_along_axis(out[:, None, :], np.maximum(rest, 0).reshape(len(seen), 1, -1), axis=2).reshape(
        rest.shape
    )
    log = yes[:, :, None] + no[:, None, :] + left + constant[:, None, None]
    return np.where(rest >= 0, np.exp(log), 0.0)
