"""Profile likelihood limits of a share, scaled by the design effect of Rao and Scott, read off a spline as R does."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtr, stdtrit
from scipy.special import logit as log_odds

from evaltools.estimate.arrays import Floats

MOST_STEPS = 9
"""Points of the profile on each side of the estimate, at most."""

OF_DISTANCE = 0.2
"""Distance of two points, as a part of the distance at which the profile may end."""

FIRST = 2.431945622001443
"""Log-odds of an answer after R's first step, which starts from chances of a quarter and three quarters."""

ENOUGH = 1e-8
"""Change of the deviance, as a part of it, at which R stops."""

MOST_ROUNDS = 25
"""Steps after which R stops in any case."""

BETWEEN = 3
"""Points of the spline for each of the profile, between which R goes straight."""


def likelihood_limits(share: float, se: float, n: float, t: float) -> tuple[float, float]:
    """Limits of a share strictly between 0 and 1, by R's `svyciprop(method = "likelihood")`.

    The deviance of n equally weighted answers is scaled by the design effect. R finds where it reaches t squared by a
    spline through some points of its root, which for rare traits is up to 1 per cent of the limit beside the
    place itself; these are R's limits. n : rows in the base. t : quantile of Student's t.

    >>> [round(limit, 4) for limit in likelihood_limits(0.25, 0.05, 80, 1.99)]
    [0.1598, 0.3578]
    """
    slope = share * (1 - share)
    reach = t * se / slope * np.sqrt(n * _slope_before_last(share))
    end = -float(stdtrit(n - 1, ndtr(-reach) / 4))
    step = OF_DISTANCE * end * se / slope
    centre = float(log_odds(share))
    below, above = (_side(centre, sign * step, n, end) for sign in (-1, 1))
    odds = np.array([*(odds for odds, _ in reversed(below)), centre, *(odds for odds, _ in above)])
    root = np.array([*(root for _, root in reversed(below)), 0.0, *(root for _, root in above)])
    fine = np.linspace(odds[0], odds[-1], BETWEEN * len(odds))
    low, high = np.interp([-reach, reach], spline(odds, root, fine), fine)
    return float(expit(low)), float(expit(high))


def _slope_before_last(share: float) -> float:
    """The product p (1 - p) at the last but one of R's steps, which is where R takes the design effect from."""
    odds, deviance, slope = (2 * share - 1) * FIRST, np.inf, share * (1 - share)
    for _ in range(MOST_ROUNDS):
        other = float(expit(odds))
        now = -2 * (share * np.log(other) + (1 - share) * np.log(1 - other))
        if abs(now - deviance) < ENOUGH * now:
            break
        slope = other * (1 - other)
        odds, deviance = odds + (share - other) / slope, now
    return slope


def _side(centre: float, step: float, n: float, end: float) -> list[tuple[float, float]]:
    """Log-odds and signed root of the deviance, away from the estimate until the root passes the end."""
    found: list[tuple[float, float]] = []
    share = float(expit(centre))
    while len(found) < MOST_STEPS and (not found or abs(found[-1][1]) < end):
        odds = centre + (len(found) + 1) * step
        other = float(expit(odds))
        apart = share * np.log(share / other) + (1 - share) * np.log((1 - share) / (1 - other))
        found.append((odds, float(np.sign(step) * np.sqrt(2 * (n - 1) * max(apart, 0.0)))))
    return found


def spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """Cubic spline whose third derivative at either end is that of the cubic through the four points there.

    Forsythe, Malcolm and Moler (1977), the default of R's `spline`. At least four points.

    >>> x = np.arange(5.0)
    >>> spline(x, x**3, np.array([1.5])).tolist()
    [3.375]
    """
    width, slope = np.diff(x), np.diff(y) / np.diff(x)
    size = len(x)
    left, right = np.zeros((size, size)), np.zeros(size)
    inner = np.arange(1, size - 1)
    left[inner, inner - 1], left[inner, inner + 1] = width[:-1], width[1:]
    left[inner, inner] = 2 * (width[:-1] + width[1:])
    right[inner] = 6 * np.diff(slope)
    left[0, :2], left[-1, -2:] = (-1, 1), (-1, 1)
    right[0], right[-1] = 6 * width[0] * _third(x[:4], y[:4]), 6 * width[-1] * _third(x[-4:], y[-4:])
    second = np.linalg.solve(left, right)
    place = np.clip(np.searchsorted(x, at, side="right") - 1, 0, size - 2)
    h, after = width[place], at - x[place]
    bend = (second[place + 1] - second[place]) / h
    first = slope[place] - h * (2 * second[place] + second[place + 1]) / 6
    return np.asarray(y[place] + after * (first + after * (second[place] / 2 + after * bend / 6)))


def _third(x: Floats, y: Floats) -> float:
    """Divided difference of third order."""
    for order in range(1, 4):
        y = np.diff(y) / (x[order:] - x[:-order])
    return float(y[0])
