"""A model fitted anew under the weights of each replicate, as R's `svyglm` does."""

from __future__ import annotations

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.regression.columns import Specification
from evaltools.estimate.survey.regression.families import Family
from evaltools.estimate.survey.regression.fitting import Problem, Scaled, fit
from evaltools.estimate.survey.regression.outcomes import outcome_values


def refitted(design: Design, spec: Specification, family: Family, weights: Floats, ready: Scaled) -> Floats | None:
    """Coefficients under each replicate (replicates x k); weights, ready : those of the base, and its scaled columns.

    None without replicates, and where weights were made to fit totals: those replicates are of first order.
    `DesignError` NOT_CONVERGED where a replicate leaves too little to fit the model to.
    """
    replicates = design.replicates
    if replicates is None or design.adjustments:
        return None
    outcome, offset = outcome_values(spec, design.answers, family), spec.offset(design.answers)
    unit = replicates.unit[design.unit_of_row[spec.base]]
    fits = [
        fit(Problem(family, outcome, ready.columns, weights * factor[unit], offset)) for factor in replicates.factors.T
    ]
    failed = sum(not each.converged for each in fits)
    if failed:
        problem = f"in {failed} of {len(fits)} replicates too little is left to fit the model to"
        remedy = "Use fewer variables, or estimate from the design without replicates."
        raise DesignError(Fault("NOT_CONVERGED", f'formula "{spec.formula.text}"', problem, remedy))
    return np.stack([ready.back @ each.coefficients for each in fits])
