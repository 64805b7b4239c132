"""Tail probabilities of weighted sums of chi-squared variables, by the saddlepoint approximation."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import fdtrc, log_ndtr, ndtr

from evaltools.estimate.arrays import Floats

_STEPS = 200
_FLAT = 1e-4
"""Nearer to its mean than this, the saddlepoint divides by next to nothing."""


def mixture_tail(statistic: float, weights: Floats, df: float) -> float:
    """P(sum of weight x chi-squared(1) > statistic x chi-squared(df) / df): 0 to 1.

    weights : positive. df : of the denominator, cut to a whole number as R does; infinite for a chi-squared sum alone.
    Near the middle of the distribution, Satterthwaite's F takes over. Source: Kuonen (1999), Biometrika 86; R `pFsum`.

    >>> round(mixture_tail(6.0, np.array([1.0, 1.0]), math.inf), 2)
    0.05
    """
    point, terms = statistic, weights
    if math.isfinite(df):
        point, terms = 0.0, np.concatenate([weights, np.full(max(int(df + 1e-9), 1), -statistic / df)])
    found = _saddlepoint(point, terms)
    return _satterthwaite(statistic, weights, df) if found is None else found


def _satterthwaite(statistic: float, weights: Floats, df: float) -> float:
    first = float(weights.sum() ** 2 / (weights**2).sum())
    value = statistic / float(weights.sum())
    return float(fdtrc(first, min(df, 1e12), value))


def _saddlepoint(point: float, weights: Floats) -> float | None:
    scale = float(weights.max())
    terms, x = weights / scale, point / scale
    root = _root(x, terms)
    if abs(root) < _FLAT:
        return None
    rest = 1 - 2 * root * terms
    generating = -float(np.log(rest).sum()) / 2
    w = math.copysign(math.sqrt(2 * (root * x - generating)), root)
    v = root * math.sqrt(2 * float((terms**2 / rest**2).sum()))
    deviate = w + math.log(v / w) / w
    return float(np.exp(log_ndtr(-deviate))) if deviate > 0 else float(ndtr(-deviate))


def _root(x: float, terms: Floats) -> float:
    """Where the derivative of the cumulant generating function is x: it rises between its two poles."""
    negative = terms[terms < 0]
    low = float((1 / (2 * negative)).max()) if len(negative) else -len(terms) / (2 * x)
    high = float((1 / (2 * terms[terms > 0])).min())
    low, high = low * (1 - 1e-12) if len(negative) else low, high * (1 - 1e-12)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if float((terms / (1 - 2 * middle * terms)).sum()) < x:
            low = middle
        else:
            high = middle
    return (low + high) / 2
