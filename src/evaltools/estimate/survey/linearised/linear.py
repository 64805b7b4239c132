"""Linearisation: every estimator hands on (value, linearised column) pairs; `stages` holds what the variance needs.

Särndal, Swensson and Wretman (1992), sections 5.5 to 5.7 and 4.3; several stages as in R survey's `svyrecvar`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate import known as settled
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.known import Known
from evaltools.estimate.survey.designs.cells import Cells, one_cell
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.replicates import Replicates
from evaltools.estimate.survey.designs.stages import plans, unit_sums
from evaltools.estimate.survey.linearised.adjusting import residuals
from evaltools.estimate.survey.linearised.silence import covariance_by_item, item_weights, weight_steps


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Values, and for each the linearised value of every unit drawn (units x values): sum of influence = change.

    known : the rows that settle each value. replicated : replicates x values, in a design that has replicates; without
    it, an estimator's values are replicated to first order, by their influence. present : units x values, those with
    rows in the base; only where the design averages lonely strata, else None.
    """

    values: Floats
    influence: Floats
    known: Known
    replicated: Floats | None = None
    present: Mask | None = None

    def varying(self, where: Mask) -> Linear:
        """The same values, of which only those of the mask vary by chance."""
        replicated = None if self.replicated is None else np.where(where, self.replicated, self.values)
        return replace(self, influence=self.influence * where, replicated=replicated)


def totals(design: Design, cells: Cells, known: Mask, base: Cells | None = None) -> Linear:
    """Weighted totals of columns that are 0 outside their base. known : rows that settle them.

    base : of the columns, where it is wider than the rows in which they are not 0; without it, all rows of the cells.

    What known totals fix of a column (`adjusting.residuals`) does not vary, so that its influence is left out here.
    """
    steps = weight_steps(design, known)
    sums = cells.by_unit(steps[-1], design.unit_of_row, design.units)
    values = sums.sum(axis=0)
    if design.adjustments:
        sums = np.hstack([_unexplained(design, part, steps) for part in cells.in_parts()])
    replicated = None if design.replicates is None else design.replicates.totals(values, sums)
    return Linear(values, sums, settled.of_all(known, cells.width), replicated, _present(design, cells, base))


def _present(design: Design, cells: Cells, base: Cells | None) -> Mask | None:
    if all(plan.scale == 1 for plan in plans(design)):
        return None
    whole = one_cell(cells.anywhere) if base is None else Cells(base.codes, base.size)
    rows = whole.by_unit(None, design.unit_of_row, design.units) > 0
    return np.repeat(rows, cells.width // whole.width, axis=1)


def _unexplained(design: Design, cells: Cells, steps: tuple[Floats, ...]) -> Floats:
    """What no step of the weights fixes of the columns, by unit."""
    weighted = steps[-1][:, None] * cells.dense()
    for step, before, after in zip(design.adjustments, steps, steps[1:], strict=False):
        weighted = residuals(step, weighted, before, after)
    return unit_sums(design.unit_of_row, design.units, weighted)


def base_sizes(design: Design, base: Cells, known: Mask) -> Floats:
    """Units that the rows of each column stand for; the rows themselves in a design without weights."""
    if design.weighting == "none":
        return base.counts.astype(float)
    return np.asarray(base.by_unit(item_weights(design, known), design.unit_of_row, design.units).sum(axis=0))


def ratios(design: Design, numerators: Cells, denominators: Cells, known: Mask) -> Linear:
    """Ratios of two totals, both 0 outside their base. A mean is a ratio to a count.

    Where there are fewer denominators, each belongs to as many numerators in a row.
    """
    each = numerators.width // denominators.width
    return _quotients(
        totals(design, numerators, known), _repeated(totals(design, denominators, known, denominators), each)
    )


def shares_of_all(design: Design, cells: Cells, known: Mask) -> Linear:
    """The share of each column in the total of all."""
    above = totals(design, cells, known)
    values, influence = above.values.sum(keepdims=True), above.influence.sum(axis=1, keepdims=True)
    replicated = None if above.replicated is None else above.replicated.sum(axis=1, keepdims=True)
    present = None if above.present is None else np.asarray(above.present.any(axis=1, keepdims=True))
    whole = Linear(values, influence, settled.of_all(known, 1), replicated, present)
    return _quotients(above, _repeated(whole, cells.width))


def _quotients(above: Linear, below: Linear) -> Linear:
    values = above.values / below.values
    parts = values * below.influence
    difference = above.influence - parts
    rounding = np.abs(difference) <= 1e-14 * (np.abs(above.influence) + np.abs(parts))
    influence = np.where(rounding, 0.0, difference) / below.values
    return Linear(values, influence, above.known, _replicated_ratios(above, below), below.present)


def _repeated(linear: Linear, times: int) -> Linear:
    """Each value so many times in a row."""
    if times == 1:
        return linear
    return Linear(
        np.repeat(linear.values, times),
        np.repeat(linear.influence, times, axis=1),
        linear.known.at(np.repeat(np.arange(len(linear.values)), times).tolist()),
        None if linear.replicated is None else np.repeat(linear.replicated, times, axis=1),
        None if linear.present is None else np.repeat(linear.present, times, axis=1),
    )


def _replicated_ratios(above: Linear, below: Linear) -> Floats | None:
    if above.replicated is None or below.replicated is None:
        return None
    empty = (below.replicated == 0).any(axis=1)
    if empty.any():
        problem = f"in {int(empty.sum())} of {len(empty)} replicates a group has nobody or nothing to divide by"
        remedy = "Merge the group with another, or estimate from the design without replicates."
        raise DesignError(Fault("REPLICATE_EMPTY", "replicates", problem, remedy))
    return np.asarray(above.replicated / below.replicated)


def joined(parts: list[Linear]) -> Linear:
    """Several results side by side, so that their covariance is known."""
    replicated = [part.replicated for part in parts if part.replicated is not None]
    present = [part.present for part in parts if part.present is not None]
    return Linear(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.influence for part in parts], axis=1),
        settled.joined([part.known for part in parts]),
        np.concatenate(replicated, axis=1) if len(replicated) == len(parts) else None,
        np.concatenate(present, axis=1) if len(present) == len(parts) else None,
    )


def joint(design: Design, parts: list[Linear]) -> tuple[Linear, Floats, Floats]:
    """Several results side by side, with their covariance and standard errors."""
    linear = joined(parts)
    matrix = covariance(design, linear)
    return linear, matrix, standard_errors(matrix, linear.influence)


def covariance(design: Design, linear: Linear) -> Floats:
    """Design covariance of values: from replicates where the design has them, else by linearisation.

    All stages count, each with its own finite population correction.
    """
    influence = linear.influence
    if design.replicates is not None:
        return _covariance_of_replicates(design, design.replicates, linear)
    if design.by_item and not linear.known.complete:
        return covariance_by_item(design, influence, linear.known.columns)
    result = np.zeros((influence.shape[1],) * 2)
    for plan in plans(design):
        result += plan.part(influence, linear.present)
    return result


def _covariance_of_replicates(design: Design, replicates: Replicates, linear: Linear) -> Floats:
    if design.by_item and not linear.known.complete:
        problem = "some left the question open, and the replicates were made for all who answered at all"
        remedy = "Estimate from the design without replicates, which treats silence on one question as such."
        raise DesignError(Fault("REPLICATES_AND_SILENCE", design.answers.survey or "data", problem, remedy))
    replicated = linear.replicated
    if replicated is None:
        replicated = replicates.totals(linear.values, linear.influence)
    return replicates.covariance(linear.values, replicated)


def standard_errors(matrix: Floats, influence: Floats) -> Floats:
    """Roots of the diagonal; what rounding alone leaves of a variance that is 0 by design is 0."""
    variance = np.diag(matrix)
    noise = 1e-26 * (influence**2).sum(axis=0)
    return np.sqrt(np.where(variance > noise, variance, 0.0))


def degrees_of_freedom(design: Design, base: Cells) -> Floats:
    """First-stage units minus strata, counted where each column has rows; at least 1."""
    return _degrees_of_freedom(design, _weight_by_unit(design, base))


def degrees_of_freedom_of_all(design: Design, base: Cells) -> float:
    """The same, counted where any column has rows."""
    return float(_degrees_of_freedom(design, _weight_by_unit(design, base).sum(axis=1, keepdims=True))[0])


def _weight_by_unit(design: Design, base: Cells) -> Floats:
    """What is above 0 where a unit has rows: weights are, and their sums are at hand."""
    return base.by_unit(design.weights, design.unit_of_row, design.units)


def _degrees_of_freedom(design: Design, present: Floats) -> Floats:
    plan = plans(design)[0]
    in_unit = (unit_sums(plan.unit, plan.units, present) > 0).astype(float)
    in_stratum = unit_sums(plan.stratum, len(plan.size), in_unit) > 0
    found = np.asarray(np.maximum(in_unit.sum(axis=0) - in_stratum.sum(axis=0), 1.0))
    if design.replicates is None:
        return found
    rank = design.replicates.degrees_of_freedom
    return np.array([rank(units > 0, df) for units, df in zip(present.T, found.tolist(), strict=True)])
