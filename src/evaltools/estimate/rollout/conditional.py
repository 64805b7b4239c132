"""Which effects are possible when trends after adoption break at most so many times as much as before: a test of each.

The largest break before adoption is not known, only estimated, so that an interval cannot just be widened by it.
Andrews, Roth and Pakes (2023), Review of Economic Studies 90, test each value of the effect by moment inequalities;
Rambachan and Roth (2023), Review of Economic Studies 90, take the union over which break was the largest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from evaltools.estimate.arrays import Floats, Mask

_GRID: Final = 2001
_DRAWS: Final = 20_000
_SEED: Final = 20150101
_HYBRID: Final = 0.1
"""Share of the test's size that goes to its first stage (least favourable), as in Rambachan and Roth."""


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Inequalities for one largest break. points : vertices x moments, non-negative weights that nuisance cancels in.

    A moment is at most 0 in truth: `level - slope * effect`. covariance : of the moments.
    """

    points: Floats
    level: Floats
    slope: Floats
    covariance: Floats


def relative_limits(
    effects: Floats, covariance: Floats, before: int, weights: Floats, bound: float, level: float
) -> tuple[float, float]:
    """The least and greatest average effect (by `weights`) that is not refused.

    effects : before adoption, then after, as differences from the period before it. covariance : joint.
    before : how many lie before. bound : how many times the largest break before the breaks after may be.
    """
    breaks = np.abs(np.diff([*effects[:before], 0.0])).max()
    spread = float(np.sqrt(weights @ covariance[before:, before:] @ weights))
    centre = float(weights @ effects[before:])
    reach = 20 * spread + bound * (float(breaks) + 10 * spread) * float(np.abs(_sums(weights)).sum())
    grid = np.linspace(centre - reach, centre + reach, _GRID)
    tests = [
        _test(_moments(effects, covariance, before, weights, (bound, which, sign)), 1 - level)
        for which in range(before)
        for sign in (1.0, -1.0)
    ]
    kept = np.logical_or.reduce([test(grid) for test in tests])
    if not kept.any():
        return centre, centre
    first, last = int(kept.argmax()), int(len(kept) - 1 - kept[::-1].argmax())
    step = float(grid[1] - grid[0])
    return _edge(tests, float(grid[first]), -step), _edge(tests, float(grid[last]), step)


def _edge(tests: list[Callable[[Floats], Mask]], inside: float, step: float) -> float:
    """Where the values that are kept end, between one that is and the next one of the grid."""
    outside = inside + step
    for _ in range(40):
        middle = (inside + outside) / 2
        if any(bool(test(np.array([middle]))[0]) for test in tests):
            inside = middle
        else:
            outside = middle
    return inside


def _sums(weights: Floats) -> Floats:
    """How often each break after adoption counts in the average effect: breaks add up from the first period on."""
    return np.asarray(weights[::-1].cumsum()[::-1])


def _moments(
    effects: Floats, covariance: Floats, before: int, weights: Floats, largest: tuple[float, int, float]
) -> _Moments:
    """Every break after adoption, up or down, is at most `bound` times one break before (times its sign)."""
    bound, which, sign = largest
    after = len(effects) - before
    steps = np.diff(np.insert(np.eye(len(effects)), before, 0.0, axis=0), axis=0)
    limit = bound * sign * steps[which]
    rows = np.concatenate([steps[before:] - limit, -steps[before:] - limit])
    joint = rows @ covariance @ rows.T
    spread = np.sqrt(np.clip(np.diag(joint), 1e-300, None))
    counts = _sums(weights)
    up, down = np.clip(counts, 0, None), np.clip(-counts, 0, None)
    pairs = np.concatenate([np.eye(after), np.eye(after)], axis=1)
    rays = np.vstack([np.concatenate([up, down]), np.concatenate([down, up]), pairs])
    direction = np.zeros(len(effects))
    direction[before:] = weights / float(weights @ weights)
    return _Moments(rays / (rays @ spread)[:, None], rows @ effects, rows @ direction, joint)


def _test(moments: _Moments, size: float) -> Callable[[Floats], Mask]:
    """Which values of the effect are kept: the hybrid of the least favourable and the conditional test."""
    points = moments.points
    joint = points @ moments.covariance @ points.T
    first = _HYBRID * size
    highest = _least_favourable(joint, first)
    second = (size - first) / (1 - first)

    def keeps(grid: Floats) -> Mask:
        values = (points @ moments.level)[:, None] - np.outer(points @ moments.slope, grid)
        best = values.argmax(axis=0)
        top = values.max(axis=0)
        variance = np.diag(joint)[best]
        share = joint[:, best] / variance
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = (values - share * top) / (1 - share)
        low = np.where(share < 1 - 1e-12, ends, -np.inf).max(axis=0)
        high = np.minimum(np.where(share > 1 + 1e-12, ends, np.inf).min(axis=0), highest)
        limit = np.maximum(0.0, _truncated(1 - second, low, high, np.sqrt(variance)))
        return np.asarray((top <= highest) & (top <= limit))

    return keeps


def _least_favourable(joint: Floats, size: float) -> float:
    """What the largest of the weighted moments stays below with probability 1 - size, when all are exactly 0."""
    values, vectors = np.linalg.eigh((joint + joint.T) / 2)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    draws = np.random.default_rng(_SEED).standard_normal((_DRAWS, len(joint))) @ root.T
    return max(0.0, float(np.quantile(draws.max(axis=1), 1 - size)))


def _truncated(share: float, low: Floats, high: Floats, spread: Floats) -> Floats:
    """The quantile of a normal variable with mean 0 between two limits."""
    a, b = low / spread, high / spread
    upper = a > 0
    near, far = np.where(upper, -b, a), np.where(upper, -a, b)
    part = np.where(upper, 1 - share, share)
    inner = ndtr(near) + part * (ndtr(far) - ndtr(near))
    found = ndtri(np.clip(inner, 0.0, 1.0))
    found = np.where(upper, -found, found)
    return np.asarray(np.clip(found, a, np.maximum(a, b)) * spread)
