"""Weights made to meet known totals, and what that leaves of the variance: the residuals of a regression on them.

Deville and Särndal (1992), Journal of the American Statistical Association 87; raking, Deming and Stephan (1940).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.model import Adjustment, Auxiliaries, Bounds
from evaltools.estimate.survey.designs.stages import unit_sums

CLOSE: Final = 1e-10
"""Totals are met when no one is further off than this share of the size of its column."""
MOST_ROUNDS: Final = 1_000
MOST_STEPS: Final = 60
NOISE: Final = 1e-12
"""A residual this small beside the largest value of its column is rounding."""


def remade(step: Adjustment, weights: Floats) -> Floats:
    """The step taken from other weights: of the rows that answered a question, or of a replicate; 0 stays 0.

    Raises `DesignError`: EMPTY_CATEGORY, TOTALS_NOT_MET, TRIMMING_FAILED.
    """
    return fitted_weights(step, weights).weights


def residuals(step: Adjustment, weighted: Floats, before: Floats, after: Floats) -> Floats:
    """Linearised values (rows x k, weights included) less what the known totals fix of them.

    before, after : the weights between which the step led. Source: Särndal, Swensson and Wretman (1992), section 6.6;
    the regression is weighted with the weights before, as in R `calibrate`.
    """
    known = step.auxiliaries
    if known is None:
        return weighted
    share = np.divide(before, after, out=np.zeros(len(before)), where=after > 0)
    cross = known.table.T @ unit_sums(known.cell, len(known.table), share[:, None] * weighted)
    explained = after[:, None] * (known.table @ _solved(known.table, cell_sums(known, before), cross))[known.cell]
    rest = weighted - explained
    return np.where(np.abs(rest) <= NOISE * np.abs(weighted).max(axis=0, initial=0), 0.0, rest)


def cell_sums(known: Auxiliaries, weights: Floats) -> Floats:
    """Weighted number of rows in each cell."""
    return np.bincount(known.cell, weights, len(known.table)).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Weights after a step, by what rows were multiplied at least and at most, and how the step converged."""

    weights: Floats
    least: float
    most: float
    iterations: int = 0
    deviation: float = 0.0


def fitted_weights(step: Adjustment, weights: Floats) -> Fitted:
    """Weights after a step, with the iterations that it took and the largest deviation that is left."""
    if step.auxiliaries is None:
        cut = trimmed(weights, step.bounds, step.strict)
        factors = cut[weights > 0] / weights[weights > 0]
        return Fitted(cut, float(factors.min()), float(factors.max()))
    sums = cell_sums(step.auxiliaries, weights)
    _check_not_empty(step.auxiliaries, sums)
    find = _raked if step.method == "raking" else _calibrated
    factors, iterations, deviation = find(step, sums)
    after = weights * factors[step.auxiliaries.cell]
    used = factors[sums > 0]
    if (used <= 0).any():
        problem = f"{int(((after <= 0) & (weights > 0)).sum())} rows would stand for less than no unit"
        remedy = 'Use method="logit" with bounds such as (0.3, 3), or fewer totals.'
        raise DesignError(Fault("NEGATIVE_WEIGHTS", "calibrate", problem, remedy))
    return Fitted(after, float(used.min()), float(used.max()), iterations, deviation)


def trimmed(weights: Floats, bounds: Bounds, strict: bool) -> Floats:
    """Weights cut at the bounds, what was cut shared evenly by the others; as R `trimWeights` (survey 4.5).

    >>> trimmed(np.array([1.0, 1.0, 4.0]), (-np.inf, 3.0), strict=False).tolist()
    [1.5, 1.5, 3.0]
    """
    done = weights <= 0
    while (outside := ~(weights <= 0) & ((weights < bounds[0]) | (weights > bounds[1]))).any():
        takers = ~outside & ~done
        if not takers.any():
            problem = f"no weights from {bounds[0]:g} to {bounds[1]:g} add up to {weights.sum():g}"
            raise DesignError(Fault("TRIMMING_FAILED", "trim", problem, "Widen the bounds."))
        cut = np.where(outside, np.clip(weights, *bounds), weights)
        weights = cut + takers * (weights - cut).sum() / takers.sum()
        done = done | outside
        if not strict:
            break
    return weights


def _raked(step: Adjustment, sums: Floats) -> tuple[Floats, int, float]:
    """Iterative proportional fitting over the cells."""
    known = step.auxiliaries
    assert known is not None
    ends = np.cumsum(known.blocks)
    logs = np.zeros(len(known.table))
    for iteration in range(MOST_ROUNDS + 1):
        off = _deviations(known, sums * np.exp(logs))
        if off.max() <= CLOSE:
            return np.exp(logs), iteration, float(off.max())
        for start, end in zip(ends - known.blocks, ends, strict=True):
            margin = known.table[:, start:end]
            logs = logs + margin @ np.log(known.totals[start:end] / (margin.T @ (sums * np.exp(logs))))
    raise _not_met(step, off, MOST_ROUNDS)


def _calibrated(step: Adjustment, sums: Floats) -> tuple[Floats, int, float]:
    """Newton's method, with shorter steps where a whole one leads away."""
    known = step.auxiliaries
    assert known is not None
    factor, slope = _logit(step.bounds) if step.method == "logit" else _linear(step.bounds)
    place = np.zeros(known.table.shape[1])
    off = _deviations(known, sums * factor(known.table @ place))
    for iteration in range(MOST_STEPS + 1):
        along = known.table @ place
        if off.max() <= CLOSE:
            return factor(along), iteration, float(off.max())
        missing = known.totals - known.table.T @ (sums * factor(along))
        move = _solved(known.table, sums * slope(along), missing[:, None])[:, 0]
        for _ in range(20):
            new = _deviations(known, sums * factor(known.table @ (place + move)))
            if new.max() < off.max():
                break
            move = move / 2
        else:
            break
        place, off = place + move, new
    raise _not_met(step, off, iteration)


def _linear(bounds: Bounds) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    low, high = bounds
    return (
        lambda u: np.clip(1 + u, low, high),
        lambda u: ((1 + u > low) & (1 + u < high)).astype(float),
    )


def _logit(bounds: Bounds) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """Deville and Särndal's factor between two bounds, and its slope."""
    low, high = bounds
    steep = (high - low) / ((1 - low) * (high - 1))

    def factor(u: Floats) -> Floats:
        grown = np.exp(np.clip(steep * u, -500, 500))
        return np.asarray((low * (high - 1) + high * (1 - low) * grown) / (high - 1 + (1 - low) * grown))

    def slope(u: Floats) -> Floats:
        value = factor(u)
        return np.asarray((value - low) * (high - value) / ((1 - low) * (high - 1)))

    return factor, slope


def _solved(table: Floats, sums: Floats, right: Floats) -> Floats:
    """Coefficients of the weighted regression on the table; columns that repeat others are no harm."""
    gram = table.T @ (sums[:, None] * table)
    size = np.sqrt(np.diag(gram))
    size = np.where(size > 0, size, 1.0)[:, None]
    inverse = np.linalg.pinv(gram / size / size.T, rcond=1e-12, hermitian=True)
    return np.asarray(inverse @ (right / size) / size)


def _deviations(known: Auxiliaries, sums: Floats) -> Floats:
    """How far each total is off, as a share of the size of its column."""
    size = np.maximum(np.abs(known.totals), np.abs(known.table).T @ np.abs(sums))
    return np.asarray(np.abs(known.table.T @ sums - known.totals) / np.where(size > 0, size, 1.0))


def _check_not_empty(known: Auxiliaries, sums: Floats) -> None:
    """`DesignError` EMPTY_CATEGORY for a category that is to be counted where no row has it."""
    held = np.abs(known.table).T @ sums
    empty: Mask = (held <= 0) & (known.totals != 0)
    if empty.any():
        name, count = known.names[int(np.argmax(empty))], known.totals[np.argmax(empty)]
        problem = f"there are {count:g} units of {name}, and none of those who answered is one"
        remedy = "Merge the category with another one, in the answers and in the known counts."
        raise DesignError(Fault("EMPTY_CATEGORY", "margins", problem, remedy))


def _not_met(step: Adjustment, off: Floats, iterations: int) -> DesignError:
    known = step.auxiliaries
    assert known is not None
    worst = int(np.argmax(off))
    problem = (
        f"after {iterations} iterations the total of {known.names[worst]} ({known.totals[worst]:g}) "
        f"is still missed by {100 * off[worst]:.3g} per cent"
    )
    remedy = "Merge small categories, leave a margin out, or give wider bounds: no such weights fit all totals at once."
    return DesignError(Fault("TOTALS_NOT_MET", "margins", problem, remedy))
