"""Averages over the units of what a model expects of them: the effect of a variable, or the outcome in a group.

The standard error counts both that the coefficients are estimated and that the covariates, over which is averaged, are
those of a sample. With p_i the value of unit i, a = Σ w p / Σ w has the linearised value of a unit
w_i (p_i - a) / Σ w + (∂a/∂b)' z_i, with z_i the linearised values of the coefficients b.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.result import NO_R, Estimate, Measured
from evaltools.estimate.survey.designs.answers import Answers, Column
from evaltools.estimate.survey.designs.cells import one_cell
from evaltools.estimate.survey.linearised.linear import Linear, joined, ratios
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.estimate.survey.regression import effects_in_r
from evaltools.estimate.survey.regression.model import Model
from evaltools.estimate.survey.regression.uncertain import Told, uncertain
from evaltools.estimate.survey.writing import words


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """What is averaged over the rows of the base, and what a change of each coefficient does to it (rows x k).

    inside : the rows that have the category, all for a number. r : R's call for it.
    """

    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    method: str
    inside: Mask
    r: str
    values: Floats
    by_coefficient: Floats


def averaged(
    model: Model, averages: Sequence[Average], measure: Measured, call: tuple[str, object], level: float
) -> Estimate:
    """The averages as an estimate with joint covariance. call : the verb and what it was asked for."""
    linear = joined([_linearised(model, each) for each in averages])
    known = uncertain(model.design, linear, model.uncertain.df, model.uncertain.settled)
    verb, variable = call
    return Estimate(
        measure=measure,
        rows=tuple(
            known.row(place, each.coordinates, each.labels, _told(model, each, level))
            for place, each in enumerate(averages)
        ),
        source=replace(model.source, code=words.call(verb, model.source.code, {"level": level}, variable)),
        notes=(*model.notes, words.say(model.design, "regression.marginal_effects")),
        covariance=known.covariance,
        influence=linear.influence,
        r=_in_r(model, averages),
    )


def explaining(model: Model, name: str) -> Column:
    """The variable among those that explain the outcome; `DesignError` NO_SUCH_TERM."""
    spec = model.specification
    known: Mapping[str, Column] = {column.name: column for factor in spec.factors for column in factor.columns}
    if name not in known:
        problem = f'"{name}" is not among the variables that explain the outcome'
        raise DesignError(Fault("NO_SUCH_TERM", model.source.question, problem, near(name, known)))
    return known[name]


def places_in_use(model: Model, column: Column) -> tuple[int, ...]:
    """The categories in use, reference first; none where the variable enters as a number."""
    for factor in model.specification.factors:
        if factor.places and factor.columns[0].name == column.name:
            return factor.places
    used = np.unique(column.codes[model.specification.base])
    return tuple(used.tolist()) if column.numbers is None else ()


def is_zero_or_one(model: Model, column: Column) -> bool:
    """Whether a number is 0 or 1 in all rows of the model."""
    return column.numbers is not None and bool(np.isin(column.numbers[model.specification.base], (0.0, 1.0)).all())


def expected(model: Model, answers: Answers) -> tuple[Floats, Floats]:
    """The expected outcome of each row of the base, and its change with each coefficient (rows x k)."""
    matrix = model.specification.matrix(answers)
    mean = model.family.mean(matrix @ model.uncertain.values + model.specification.offset(answers))
    return mean, model.family.slope(mean)[:, None] * matrix


def _linearised(model: Model, average: Average) -> Linear:
    """The mean, with the sampling of covariates and of coefficients in its linearised values."""
    spec, weights = model.specification, _weights(model)
    values = np.zeros(len(spec.base))
    values[spec.base] = average.values
    base = one_cell(spec.base)
    covariates = ratios(model.design, base.with_values(values), base, spec.known)
    by_coefficient = weights @ average.by_coefficient / weights.sum()
    return replace(
        covariates,
        influence=covariates.influence + (model.coefficients.influence @ by_coefficient)[:, None],
        replicated=None,  # theirs would lack the coefficients: the influence is replicated instead
    )


def _told(model: Model, average: Average, level: float) -> Told:
    method = words.say(model.design, "method.census" if model.uncertain.settled else average.method)
    return Told(int(average.inside.sum()), float(_weights(model) @ average.inside), level, method)


def _weights(model: Model) -> Floats:
    """The units that each row of the base stands for."""
    return item_weights(model.design, model.specification.known)[model.specification.base]


def _in_r(model: Model, averages: Sequence[Average]) -> str:
    if model.r.startswith(NO_R):
        return model.r
    *lines, call = model.r.split("\n")
    calls = ", ".join(each.r for each in averages)
    return "\n".join([*lines, effects_in_r.PROGRAM.format(model=call, calls=calls)])
