"""Linearisation: every estimator hands on (value, linearised column) pairs, and the variance is made here alone.

Särndal, Swensson and Wretman (1992), sections 5.5 to 5.7 and 4.3; several stages as in R survey's `svyrecvar`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaltools.estimate.survey.model import Codes, Design, Floats, Lonely, Stage


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Values, and for each the linearised value of every unit drawn (units x values): sum of influence = change."""

    values: Floats
    influence: Floats


def unit_sums(codes: Codes, size: int, columns: Floats) -> Floats:
    """Sums of the columns (rows x k) over rows of the same code (size x k): the only pass over rows there is."""
    if size == len(codes) and np.array_equal(codes, np.arange(size)):
        return columns
    return np.stack([np.bincount(codes, column, size) for column in columns.T], axis=1)


def totals(design: Design, columns: Floats) -> Linear:
    """Weighted totals of columns (rows x k) that are 0 outside their base."""
    sums = unit_sums(design.unit_of_row, design.units, design.weights[:, None] * columns)
    return Linear(sums.sum(axis=0), sums)


def ratios(design: Design, numerators: Floats, denominators: Floats) -> Linear:
    """Ratios of two totals, column by column; both are 0 outside their base. A mean is a ratio to a count."""
    above, below = totals(design, numerators), totals(design, denominators)
    values = above.values / below.values
    parts = values * below.influence
    difference = above.influence - parts
    rounding = np.abs(difference) <= 1e-14 * (np.abs(above.influence) + np.abs(parts))
    return Linear(values, np.where(rounding, 0.0, difference) / below.values)


def joined(parts: list[Linear]) -> Linear:
    """Several results side by side, so that their covariance is known."""
    return Linear(
        np.concatenate([part.values for part in parts]), np.concatenate([part.influence for part in parts], axis=1)
    )


def covariance(design: Design, influence: Floats) -> Floats:
    """Design covariance of the values whose influence (units x k) is given: all stages, each with its own FPC."""
    result = np.zeros((influence.shape[1],) * 2)
    multiplier = np.ones(design.units)
    for stage in design.stages:
        finite = design.target == "finite" and stage.population is not None
        if stage is not design.stages[0] and not finite:
            break
        part, fraction = _stage_covariance(stage, influence, multiplier, finite, design.lonely)
        result += part
        multiplier = multiplier * fraction
        if not multiplier.any():
            break
    return result


def _stage_covariance(
    stage: Stage, influence: Floats, multiplier: Floats, finite: bool, lonely: Lonely
) -> tuple[Floats, Floats]:
    """The stage's share of the covariance, and the sampling fraction of each lowest unit's stratum."""
    drawn, first = np.unique(stage.unit, return_index=True)
    sums = unit_sums(np.searchsorted(drawn, stage.unit), len(drawn), influence)
    names, stratum = np.unique(stage.stratum[first], return_inverse=True)
    size = np.bincount(stratum, minlength=len(names)).astype(float)
    population = stage.population[first] if finite and stage.population is not None else np.full(len(drawn), np.inf)
    fraction = size[stratum] / population
    centre = unit_sums(stratum, len(names), sums) / size[:, None]
    deviation = sums - centre[stratum]
    alone = size[stratum] == 1
    factor = multiplier[first] * (1 - fraction) * size[stratum] / np.maximum(size[stratum] - 1, 1)
    scale = 1.0
    if (alone & (fraction < 1)).any():
        if lonely == "adjust":
            deviation = np.where(alone[:, None], sums - sums.mean(axis=0), deviation)
        elif lonely == "average":
            scale = len(names) / (size > 1).sum()
    part = deviation.T @ (factor[:, None] * deviation)
    return scale * part, fraction[np.searchsorted(drawn, stage.unit)]


def standard_errors(matrix: Floats, influence: Floats) -> Floats:
    """Roots of the diagonal; what rounding alone leaves of a variance that is 0 by design is 0."""
    variance = np.diag(matrix)
    noise = 1e-26 * (influence**2).sum(axis=0)
    return np.sqrt(np.where(variance > noise, variance, 0.0))


def degrees_of_freedom(design: Design, inside: Floats) -> Floats:
    """First-stage units minus strata, counted where a domain (rows x k, 0/1) has rows; at least 1."""
    stage = design.stages[0]
    present = unit_sums(design.unit_of_row, design.units, inside) > 0
    drawn, units = np.unique(stage.unit, return_inverse=True)
    names, strata = np.unique(stage.stratum, return_inverse=True)
    in_unit = unit_sums(units, len(drawn), present.astype(float)) > 0
    in_stratum = unit_sums(strata, len(names), present.astype(float)) > 0
    return np.asarray(np.maximum(in_unit.sum(axis=0) - in_stratum.sum(axis=0), 1), dtype=float)
