"""How much each predictor counts when a mixture is chosen: so much that the mixture comes closest before the start.

The problem has several valleys: programs that go down from one starting point end in different mixtures. Many points
are looked at first, drawn with a fixed seed, and the best few followed down. Source: Abadie, Diamond and Hainmueller
(2010), JASA 105, section 2.3; the published mixture for California is found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import minimize, nnls

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout.outcomes import Measured
from evaltools.estimate.rollout.planning.orders import Period
from evaltools.estimate.rollout.planning.periods import written

Predictor = tuple[str, Period, Period]
"""A column, and the first and last of the periods whose mean counts."""

_LOOKED_AT: Final = 100
_FOLLOWED: Final = 3
_STEPS: Final = 200
_SEED: Final = 2010


def predicted_by(known: Measured, predictors: Sequence[Predictor], start: int) -> Floats:
    """Units x predictors, each with standard deviation 1.

    Raises `DesignError`: NO_SUCH_VARIABLE, NOT_A_NUMBER, NOT_A_PERIOD, PREDICTOR_AFTER_START, PREDICTOR_EMPTY.
    """
    panel, columns = known.panel, []
    for column, first, last in predictors:
        places = [_place(panel.periods, each) for each in (first, last)]
        if not places[0] <= places[1] < start:
            problem = f'"{column}" is taken from {written(first)} to {written(last)}, and {panel.periods[start]} begins'
            remedy = "Take periods before the start, the first of them first."
            raise DesignError(Fault("PREDICTOR_AFTER_START", "predictors", problem, remedy))
        means = panel.matrix(column)[:, places[0] : places[1] + 1].mean(axis=1)
        if not np.isfinite(means).all() or not np.ptp(means):
            problem = f'"{column}" from {written(first)} to {written(last)} is missing somewhere, or the same for all'
            raise DesignError(Fault("PREDICTOR_EMPTY", "predictors", problem, "Take periods in which it is known."))
        columns.append((means - means.mean()) / means.std(ddof=1))
    return np.column_stack(columns)


def _place(periods: Sequence[str], period: Period) -> int:
    if written(period) not in periods:
        problem = f"there is no period {written(period)}"
        raise DesignError(Fault("NOT_A_PERIOD", "predictors", problem, near(written(period), periods)))
    return periods.index(written(period))


def closest(away: Floats) -> Floats:
    """Weights from 0 that add up to 1 and bring a mixture closest. away : rows x others, less the unit itself.

    Least squares of the differences with the sum of weights as one more row: whatever the sum it finds, the weights
    divided by it are those of the problem with the sum held at 1, since both rank mixtures by their distance alone.
    """
    scale = float(np.abs(away).mean()) or 1.0
    rows = np.vstack([away / scale, np.ones(away.shape[1])])
    weights, _ = nnls(rows, np.append(np.zeros(len(away)), 1.0), maxiter=50 * rows.shape[1])
    return np.asarray(weights / weights.sum())


def by_predictors(away: Floats, apart: Floats) -> Floats:
    """The weights of the others whose mixture by predictors comes closest before the start.

    away : periods before x others, the outcome less that of the unit. apart : predictors x others, likewise.
    """

    def mixed(logs: Floats) -> Floats:
        return closest(np.exp((logs - logs.max()) / 2)[:, None] * apart)

    def off(logs: Floats) -> float:
        return float(((away @ mixed(logs)) ** 2).mean())

    count = len(apart)
    drawn = np.random.default_rng(_SEED).normal(0.0, 3.0, (_LOOKED_AT, count))
    points = np.vstack([np.zeros(count), 4 * np.eye(count), drawn])
    best = np.argsort([off(point) for point in points], kind="stable")[:_FOLLOWED]
    found = [minimize(off, points[place], method="Nelder-Mead", options={"maxfev": _STEPS}) for place in best]
    return mixed(min(found, key=lambda each: float(each.fun)).x)
