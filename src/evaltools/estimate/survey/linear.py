"""Linearisation: every estimator hands on (value, linearised column) pairs; `stages` holds what the variance needs.

Särndal, Swensson and Wretman (1992), sections 5.5 to 5.7 and 4.3; several stages as in R survey's `svyrecvar`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.adjusting import residuals
from evaltools.estimate.survey.model import Design
from evaltools.estimate.survey.silence import covariance_by_item, weight_steps
from evaltools.estimate.survey.stages import plans, unit_sums


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Values, and for each the linearised value of every unit drawn (units x values): sum of influence = change.

    known : rows x values, 1 where the row settles the value.
    """

    values: Floats
    influence: Floats
    known: Floats


def totals(design: Design, columns: Floats, known: Mask) -> Linear:
    """Weighted totals of columns (rows x k) that are 0 outside their base. known : rows that settle them.

    What known totals fix of a column (`adjusting.residuals`) does not vary, so that its influence is left out here.
    """
    steps = weight_steps(design, known)
    weighted = steps[-1][:, None] * columns
    values = weighted.sum(axis=0)
    for step, before, after in zip(design.adjustments, steps, steps[1:], strict=False):
        weighted = residuals(step, weighted, before, after)
    sums = unit_sums(design.unit_of_row, design.units, weighted)
    return Linear(values, sums, np.repeat(known[:, None], columns.shape[1], axis=1).astype(float))


def ratios(design: Design, numerators: Floats, denominators: Floats, known: Mask) -> Linear:
    """Ratios of two totals, column by column; both are 0 outside their base. A mean is a ratio to a count."""
    above, below = totals(design, numerators, known), totals(design, denominators, known)
    values = above.values / below.values
    parts = values * below.influence
    difference = above.influence - parts
    rounding = np.abs(difference) <= 1e-14 * (np.abs(above.influence) + np.abs(parts))
    return Linear(values, np.where(rounding, 0.0, difference) / below.values, above.known)


def joined(parts: list[Linear]) -> Linear:
    """Several results side by side, so that their covariance is known."""
    return Linear(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.influence for part in parts], axis=1),
        np.concatenate([part.known for part in parts], axis=1),
    )


def covariance(design: Design, linear: Linear) -> Floats:
    """Design covariance of values: all stages, each with its own finite population correction."""
    influence = linear.influence
    if design.by_item and not linear.known.all():
        return covariance_by_item(design, influence, linear.known)
    result = np.zeros((influence.shape[1],) * 2)
    for plan in plans(design):
        result += plan.part(influence)
    return result


def standard_errors(matrix: Floats, influence: Floats) -> Floats:
    """Roots of the diagonal; what rounding alone leaves of a variance that is 0 by design is 0."""
    variance = np.diag(matrix)
    noise = 1e-26 * (influence**2).sum(axis=0)
    return np.sqrt(np.where(variance > noise, variance, 0.0))


def degrees_of_freedom(design: Design, inside: Floats) -> Floats:
    """First-stage units minus strata, counted where a domain (rows x k, 0/1) has rows; at least 1.

    Infinite where units were drawn with unequal probabilities: no number of degrees of freedom is known then.
    """
    if design.unequal:
        return np.full(inside.shape[1], np.inf)
    plan = plans(design)[0]
    present = unit_sums(design.unit_of_row, design.units, inside)
    in_unit = (unit_sums(plan.unit, plan.units, present) > 0).astype(float)
    in_stratum = unit_sums(plan.stratum, len(plan.size), in_unit) > 0
    return np.asarray(np.maximum(in_unit.sum(axis=0) - in_stratum.sum(axis=0), 1.0))
