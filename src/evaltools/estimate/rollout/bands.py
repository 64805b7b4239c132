"""Bands that hold for all points at once: how many standard errors wide they must be."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import ndtri

from evaltools.estimate.arrays import Floats

DRAWS: Final = 10_000
SEED: Final = 20150101
"""Fixed, so that the same numbers give the same band."""


def critical_value(covariance: Floats, level: float) -> float:
    """The sup-t critical value: the largest of several normal statistics stays below it with probability `level`.

    Drawn from the normal distribution with this covariance (points x points). Source: Montiel Olea and Plagborg-Møller
    (2019), Journal of Applied Econometrics 34.

    >>> round(critical_value(np.eye(1), 0.95), 2)
    1.96
    """
    spread = np.sqrt(np.diag(covariance))
    moving = spread > 0
    if moving.sum() <= 1:
        return float(ndtri((1 + level) / 2))
    correlation = covariance[np.ix_(moving, moving)] / np.outer(spread[moving], spread[moving])
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    draws = np.random.default_rng(SEED).standard_normal((DRAWS, int(moving.sum()))) @ root.T
    return float(np.quantile(np.abs(draws).max(axis=1), level))
