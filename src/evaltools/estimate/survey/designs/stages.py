"""The stages of a design made ready for variances, once: codes, sampling fractions and factors of each stratum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.model import Design, Lonely, Stage

SMALL = 200_000
"""Up to so many entries a table of who belongs where is quicker than counting column by column."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One stage: `unit` of each lowest unit, and by unit drawn its `stratum` and `factor` in the variance.

    grand : units that are not centred (lonely strata under the rule `adjust`). In a mean or ratio the units add to
    zero, so that this is the deviation from the mean of all; a total takes the unit itself, as R survey does.
    scale : what the rule `average` multiplies by where all strata have rows in the base.
    pairs : 1 - p_i p_j / p_ij of any two units (units x units), where their joint probabilities are known: Horvitz and
    Thompson's variance (1952) takes the place of all else.
    """

    unit: Codes
    units: int
    stratum: Codes
    size: Floats
    factor: Floats
    grand: Mask
    scale: float
    pairs: Floats | None = None

    def part(self, influence: Floats, present: Mask | None = None) -> Floats:
        """The stage's share of the covariance of the values with this influence (lowest units x k).

        present : the lowest units with rows in the base of each value; without it, all.
        """
        sums = unit_sums(self.unit, self.units, influence)
        if self.pairs is not None:
            return _of_pairs(self.pairs, sums)
        centre = unit_sums(self.stratum, len(self.size), sums) / self.size[:, None]
        deviation = sums - centre[self.stratum]
        if self.grand.any():
            deviation = np.where(self.grand[:, None], sums, deviation)
        matrix = np.asarray(deviation.T @ (self.factor[:, None] * deviation))
        if self.scale == 1 or present is None:
            return self.scale * matrix
        return np.asarray(matrix * np.sqrt(np.outer(*[self._averaged(present)] * 2)))

    def _averaged(self, present: Mask) -> Floats:
        """What lonely strata multiply by, by value: a stratum without rows in the base adds nothing to be averaged."""
        drawn = unit_sums(self.unit, self.units, present.astype(float)) > 0
        strata = unit_sums(self.stratum, len(self.size), drawn.astype(float)) > 0
        reached, averaged = strata.sum(axis=0), strata[self.size > 1].sum(axis=0)
        if (averaged < np.minimum(reached, 1)).any():
            raise _nothing_averaged("a group lies wholly in strata with one unit drawn each")
        return np.asarray(reached / np.maximum(averaged, 1))


def unit_sums(codes: Codes, size: int, columns: Floats) -> Floats:
    """Sums of the columns (units x k) over units of the same code (size x k)."""
    if size == len(codes) and np.array_equal(codes, np.arange(size)):
        return columns
    if size * len(codes) <= SMALL:
        return np.asarray((codes == np.arange(size)[:, None]).astype(float) @ columns)
    return np.stack([np.bincount(codes, column, size) for column in columns.T], axis=1)


def plans(design: Design) -> tuple[Plan, ...]:
    """The stages that add to the variance, each with its factors."""
    if "plans" not in design.memo:
        design.memo["plans"] = _plans(design)
    found = design.memo["plans"]
    assert isinstance(found, tuple)
    return found


def _plans(design: Design) -> tuple[Plan, ...]:
    found = []
    multiplier = np.ones(design.units)
    for number, stage in enumerate(design.stages):
        finite = design.target == "finite" and stage.population is not None
        if (number and not finite) or not multiplier.any():
            break
        plan, fraction = _plan(stage, multiplier, finite, design.lonely)
        found.append(plan)
        multiplier = multiplier * fraction
    return tuple(found)


def _plan(stage: Stage, multiplier: Floats, finite: bool, lonely: Lonely) -> tuple[Plan, Floats]:
    """The plan of a stage, and the sampling fraction of each lowest unit's stratum."""
    drawn, first, unit = np.unique(stage.unit, return_index=True, return_inverse=True)
    _, stratum = np.unique(stage.stratum[first], return_inverse=True)
    size = np.bincount(stratum).astype(float)
    population = stage.population[first] if finite and stage.population is not None else np.full(len(drawn), np.inf)
    fraction = size[stratum] / population
    alone = (size[stratum] == 1) & (fraction < 1)
    plan = Plan(
        unit=unit.astype(np.int64),
        units=len(drawn),
        stratum=stratum.astype(np.int64),
        size=size,
        factor=multiplier[first] * (1 - fraction) * size[stratum] / np.maximum(size[stratum] - 1, 1),
        grand=alone if lonely == "adjust" else np.zeros(len(drawn), dtype=bool),
        scale=_average_of(size) if lonely == "average" and alone.any() else 1.0,
        pairs=None if stage.joint is None or not finite else _pairs(stage.joint),
    )
    return plan, fraction[unit]


def _average_of(size: Floats) -> float:
    """Strata, over those whose variance is known; `DesignError` LONELY_STRATUM where no stratum has two units."""
    others = int((size > 1).sum())
    if not others:
        raise _nothing_averaged("every stratum has one unit drawn only")
    return len(size) / others


def _nothing_averaged(what: str) -> DesignError:
    problem = f"{what}, so that there is nothing to be averaged"
    return DesignError(Fault("LONELY_STRATUM", "strata", problem, "Merge strata, or say lonely='adjust'."))


def _pairs(joint: Floats) -> Floats:
    """What each product of two weighted values counts for in the variance."""
    single = np.diag(joint)
    return np.asarray(1 - np.outer(single, single) / joint)


def _of_pairs(pairs: Floats, sums: Floats) -> Floats:
    """Horvitz and Thompson's variance; `DesignError` NEGATIVE_VARIANCE where these probabilities make it negative."""
    result = np.asarray(sums.T @ (pairs @ sums))
    if (np.diag(result) < -1e-9 * (sums**2).sum(axis=0)).any():
        problem = "with these joint probabilities the Horvitz-Thompson variance is below 0"
        remedy = "Check them (each row should add up to n times its diagonal), or use pps='brewer'."
        raise DesignError(Fault("NEGATIVE_VARIANCE", "pps", problem, remedy))
    return result
