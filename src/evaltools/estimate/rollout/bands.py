"""Bands that hold for all points at once: how many standard errors wide they must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout.unlike import reach

DRAWS: Final = 10_000
SEED: Final = 20150101
"""Fixed, so that the same numbers give the same band."""


def least(df: Sequence[float | None]) -> float:
    """The fewest degrees of freedom of several intervals; infinite where all are normal."""
    return min((each for each in df if each is not None), default=np.inf)


def critical_value(covariance: Floats, level: float, df: float = np.inf) -> float:
    """The sup-t critical value: the largest of several normal statistics stays below it with probability `level`.

    Drawn from the normal distribution with this covariance (points x points), or from the t distribution where the
    errors have so few degrees of freedom. Source: Montiel Olea and Plagborg-Møller
    (2019), Journal of Applied Econometrics 34.

    >>> round(critical_value(np.eye(1), 0.95), 2)
    1.96
    """
    spread = np.sqrt(np.diag(covariance))
    moving = spread > 0
    if moving.sum() <= 1:
        return float(reach(level, df))
    correlation = covariance[np.ix_(moving, moving)] / np.outer(spread[moving], spread[moving])
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    chance = np.random.default_rng(SEED)
    furthest = np.abs(chance.standard_normal((DRAWS, int(moving.sum()))) @ root.T).max(axis=1)
    if np.isfinite(df):
        furthest /= np.sqrt(chance.chisquare(df, DRAWS) / df)
    return float(np.quantile(furthest, level))
