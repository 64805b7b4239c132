"""Newton's method for a generalised linear model, on columns that are centred and scaled for accuracy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.regression.families import Family

CLOSE: Final = 1e-10
"""A step so small, in standard deviations of the columns, is the last: convergence is quadratic; no digit is lost."""

SAME: Final = 1e-13
"""A column that spreads less than this part of its mean is constant but for rounding."""

MOST_STEPS: Final = 60
HALVED: Final = 1e-3
"""While a step promises more than this by row, it is halved until the likelihood rises."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Columns less their mean (where there is a constant) and over their spread; `back` gives old coefficients."""

    columns: Floats
    back: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Where Newton's method ended, in scaled columns. bread : inverse of the weighted information.

    steps : how many it took. last : the last step, by coefficient. converged : whether it was small enough.
    """

    coefficients: Floats
    residual: Floats
    bread: Floats
    steps: int
    last: Floats
    converged: bool = field(default=True)


def scaled(matrix: Floats, weights: Floats, has_constant: bool) -> Scaled:
    """The matrix (rows x k, the constant first where there is one) with columns of mean 0 and weighted spread 1.

    The matrix is used up: its own memory holds the scaled columns.
    """
    share = weights / weights.sum()
    back = np.eye(matrix.shape[1])
    for place, column in enumerate(matrix.T):
        if has_constant and place == 0:
            continue
        centre = float(share @ column) if has_constant else 0.0
        centred = column - centre
        spread = float(np.sqrt(share @ centred**2))
        if spread <= SAME * abs(centre):
            centred, spread = np.zeros_like(column), 1.0
        matrix[:, place] = centred / spread
        back[place, place] = 1 / spread
        if has_constant:
            back[0, place] = -centre / spread
    return Scaled(matrix, back)


def fit(family: Family, outcome: Floats, columns: Floats, weights: Floats, offset: Floats) -> Fit:
    """The coefficients that solve the weighted score equations. McCullagh and Nelder (1989), section 2.5."""
    mean = family.start(outcome)
    slope = family.slope(mean)
    pull = weights * slope
    target = family.link(mean) - offset + (outcome - mean) / slope
    place: Floats = np.linalg.lstsq(_crossed(columns, pull), columns.T @ (pull * target), rcond=None)[0].astype(float)
    step: Floats = np.full(len(place), np.inf)
    bread: Floats = np.zeros((len(place),) * 2)
    residual = outcome
    for number in range(1, MOST_STEPS + 1):
        with np.errstate(over="ignore", invalid="ignore"):
            eta = columns @ place + offset
            mean = family.mean(eta)
            residual = outcome - mean
            information = _crossed(columns, weights * family.slope(mean))
        if not _solvable(information):
            return Fit(place, residual, bread, number, step, converged=False)
        bread = np.asarray(np.linalg.inv(information), dtype=float)
        score = columns.T @ (weights * residual)
        step = bread @ score
        if np.abs(step).max() <= CLOSE * max(1.0, np.abs(place).max()):
            return Fit(place + step, residual, bread, number, step)
        if score @ step > HALVED * weights.sum():
            step = _rising(family, outcome, columns, weights, eta, step)
        place = place + step
    return Fit(place, residual, bread, MOST_STEPS, step, converged=False)


def _crossed(columns: Floats, weights: Floats) -> Floats:
    return np.asarray(columns.T @ (weights[:, None] * columns))


def _solvable(information: Floats) -> bool:
    """Whether the information is finite and far from singular once its scale is taken out."""
    spread = np.sqrt(np.diag(information))
    if not np.isfinite(information).all() or (spread <= 1e-8 * spread.max()).any():
        return False
    return bool(np.linalg.cond(information / np.outer(spread, spread)) < 1e13)


def _rising(family: Family, outcome: Floats, columns: Floats, weights: Floats, eta: Floats, step: Floats) -> Floats:
    """The step, halved until the likelihood does not fall."""
    move = columns @ step
    with np.errstate(over="ignore", invalid="ignore"):
        before = weights @ family.fitness(outcome, eta)
        for _ in range(30):
            after = weights @ family.fitness(outcome, eta + move)
            if after >= before:
                break
            move, step = move / 2, step / 2
    return step
