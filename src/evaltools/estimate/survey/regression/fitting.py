"""Newton's method for a generalised linear model, on columns that are centred and scaled for accuracy."""

from __future__ import annotations

from collections.abc import Iterator
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

BLOCK: Final = 8_192
"""Rows that are taken at a time."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What coefficients are sought for: by row an outcome, the columns that explain it, a weight and an offset."""

    family: Family
    outcome: Floats
    columns: Floats
    weights: Floats
    offset: Floats

    def blocks(self) -> Iterator[Problem]:
        """The rows, so few at a time that what is made of them stays in the processor's own memory."""
        for rows in _blocks(len(self.outcome)):
            parts = (each[rows] for each in (self.outcome, self.columns, self.weights, self.offset))
            yield Problem(self.family, *parts)

    def eta(self, place: Floats) -> Floats:
        """The linear predictor."""
        return np.asarray(self.columns @ place + self.offset)

    def residual(self, place: Floats) -> Floats:
        """The outcome less its mean."""
        parts = [each.outcome - self.family.mean(each.eta(place)) for each in self.blocks()]
        return np.concatenate(parts)


def scaled(matrix: Floats, weights: Floats, has_constant: bool) -> Scaled:
    """The matrix (rows x k, the constant first where there is one) with columns of mean 0 and weighted spread 1.

    The matrix is used up: its own memory holds the scaled columns.
    """
    size = weights.sum()
    back = np.eye(matrix.shape[1])
    for place in range(int(has_constant), matrix.shape[1]):
        column = matrix[:, place]
        centre = float(weights @ column / size) if has_constant else 0.0
        np.subtract(column, centre, out=column)
        spread = float(np.sqrt(crossed(column[:, None], weights)[0, 0] / size))
        if spread <= SAME * abs(centre):
            column[:], spread = 0.0, 1.0
        np.divide(column, spread, out=column)
        back[place, place] = 1 / spread
        if has_constant:
            back[0, place] = -centre / spread
    return Scaled(matrix, back)


def fit(problem: Problem) -> Fit:
    """The coefficients that solve the weighted score equations. McCullagh and Nelder (1989), section 2.5."""
    place = _start(problem)
    step: Floats = np.full(len(place), np.inf)
    bread: Floats = np.zeros((len(place),) * 2)
    size = problem.weights.sum()
    for number in range(1, MOST_STEPS + 1):
        information, score = _slopes(problem, place)
        if not _solvable(information):
            return Fit(place, problem.residual(place), bread, number, step, converged=False)
        bread = np.asarray(np.linalg.inv(information), dtype=float)
        step = bread @ score
        if np.abs(step).max() <= CLOSE * max(1.0, np.abs(place).max()):
            return Fit(place + step, problem.residual(place), bread, number, step)
        if score @ step > HALVED * size:
            step = _rising(problem, place, step)
        place = place + step
    return Fit(place, problem.residual(place), bread, MOST_STEPS, step, converged=False)


def crossed(columns: Floats, weights: Floats) -> Floats:
    """Weighted sums of products of each two columns (k x k)."""
    parts = ((columns[rows], weights[rows]) for rows in _blocks(len(weights)))
    return np.asarray(sum(part.T @ (weight[:, None] * part) for part, weight in parts))


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))


def _start(problem: Problem) -> Floats:
    """One step of weighted least squares from means near the outcome."""
    family, width = problem.family, problem.columns.shape[1]
    information, pulled = np.zeros((width, width)), np.zeros(width)
    for each in problem.blocks():
        mean = family.start(each.outcome)
        slope = family.slope(mean)
        pull = each.weights * slope
        information += crossed(each.columns, pull)
        pulled += each.columns.T @ (pull * (family.link(mean) - each.offset + (each.outcome - mean) / slope))
    return np.asarray(np.linalg.lstsq(information, pulled, rcond=None)[0], dtype=float)


def _slopes(problem: Problem, place: Floats) -> tuple[Floats, Floats]:
    """The weighted information and score at a place."""
    width = len(place)
    information, score = np.zeros((width, width)), np.zeros(width)
    with np.errstate(over="ignore", invalid="ignore"):
        for each in problem.blocks():
            mean = problem.family.mean(each.eta(place))
            information += crossed(each.columns, each.weights * problem.family.slope(mean))
            score += each.columns.T @ (each.weights * (each.outcome - mean))
    return information, score


def _solvable(information: Floats) -> bool:
    """Whether the information is finite and far from singular once its scale is taken out."""
    spread = np.sqrt(np.diag(information))
    if not np.isfinite(information).all() or (spread <= 1e-8 * spread.max()).any():
        return False
    return bool(np.linalg.cond(information / np.outer(spread, spread)) < 1e13)


def _rising(problem: Problem, place: Floats, step: Floats) -> Floats:
    """The step, halved until the likelihood does not fall."""
    with np.errstate(over="ignore", invalid="ignore"):
        before = _fitness(problem, place)
        for _ in range(30):
            if _fitness(problem, place + step) >= before:
                break
            step = step / 2
    return step


def _fitness(problem: Problem, place: Floats) -> float:
    return float(sum(each.weights @ problem.family.fitness(each.outcome, each.eta(place)) for each in problem.blocks()))
