"""Average marginal effects: how much the expected outcome differs, on average over the units, when one variable does.

The standard error counts both that the coefficients are estimated and that the covariates, over which is averaged, are
those of a sample. With p_i the effect of unit i, a = Σ w p / Σ w has the linearised value of a unit
w_i (p_i - a) / Σ w + (∂a/∂b)' z_i, with z_i the linearised values of the coefficients b.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.result import NO_R, Estimate
from evaltools.estimate.survey import words
from evaltools.estimate.survey.answers import Answers, Column
from evaltools.estimate.survey.cells import one_cell
from evaltools.estimate.survey.linear import Linear, joined, ratios
from evaltools.estimate.survey.regression import effects_in_r
from evaltools.estimate.survey.regression.columns import substituted
from evaltools.estimate.survey.regression.model import Model
from evaltools.estimate.survey.regression.uncertain import Told, uncertain
from evaltools.estimate.survey.selection import names_of
from evaltools.estimate.survey.silence import item_weights
from evaltools.estimate.survey.soundness import check_level

IMAGINARY = 1e-30
"""The step of complex-step derivatives (Squire and Trapp 1998), which are exact but for rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class _Effect:
    """One effect over the rows of the base, and what a change of each coefficient does to it (rows x k).

    inside : the rows that have the category, all for a number. r : R's call for it.
    """

    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    method: str
    inside: Mask
    r: str
    effect: Floats
    by_coefficient: Floats


def average_marginal_effects(model: Model, variable: str | Sequence[str], *, level: float = 0.95) -> Estimate:
    """Average marginal effects of variables on the expected outcome: on shares in a logistic model, not on odds.

    model : from `glm`. variable : a variable of its formula, or several. For a number it is the mean slope of the
    expected outcome; for categories, and for numbers that are 0 or 1 only, the mean difference from the reference if
    all were in the category. The mean is over the units of the population that the rows stand for.

    Returns rows with coordinates `variable` and, for differences, `category`; measure `difference` for shares, else
    `coefficient`. Standard errors count the sampling of the coefficients and of the covariates alike.
    Raises `DesignError` NO_SUCH_TERM, LEVEL_NOT_A_SHARE. Source: Bartus (2005), Stata Journal 5; linearisation with
    covariates by Korn and Graubard (1999), Analysis of Health Surveys, section 3.6. level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": [1, 0, 1, 0, 0, 0], "small": [1, 1, 0, 0, 1, 1]})
    >>> model = ev.glm(ev.survey_design(frame, population=98), "uses ~ small", family="binomial")
    >>> round(average_marginal_effects(model, "small").rows[0].estimate, 3)
    -0.25
    """
    check_level(level)
    effects = [effect for name in names_of(variable) for effect in _effects(model, _column(model, name))]
    linear = joined([_linear(model, effect) for effect in effects])
    known = uncertain(model.design, linear, model.uncertain.df, model.uncertain.settled)
    told = [_told(model, effect, level) for effect in effects]
    rows = tuple(
        known.row(place, effect.coordinates, effect.labels, each)
        for place, (effect, each) in enumerate(zip(effects, told, strict=True))
    )
    return Estimate(
        measure="difference" if model.family.name == "binomial" else "coefficient",
        rows=rows,
        source=replace(
            model.source,
            code=words.call("average_marginal_effects", model.source.code, {"level": level}, variable),
        ),
        notes=(*model.notes, words.say(model.design, "regression.marginal_effects")),
        covariance=known.covariance,
        influence=linear.influence,
        r=_r(model, effects),
    )


def _r(model: Model, effects: Sequence[_Effect]) -> str:
    if model.r.startswith(NO_R):
        return model.r
    *lines, call = model.r.split("\n")
    calls = ", ".join(each.r for each in effects)
    return "\n".join([*lines, effects_in_r.PROGRAM.format(model=call, calls=calls)])


def _told(model: Model, effect: _Effect, level: float) -> Told:
    method = words.say(model.design, "method.census" if model.uncertain.settled else effect.method)
    return Told(int(effect.inside.sum()), float(_weights(model) @ effect.inside), level, method)


def _column(model: Model, name: str) -> Column:
    spec = model.specification
    known = {column.name: column for factor in spec.factors for column in factor.columns}
    if name not in known:
        problem = f'"{name}" is not among the variables that explain the outcome'
        raise DesignError(Fault("NO_SUCH_TERM", model.source.question, problem, near(name, known)))
    return known[name]


def _weights(model: Model) -> Floats:
    """The units that each row of the base stands for."""
    return item_weights(model.design, model.specification.known)[model.specification.base]


def _effects(model: Model, column: Column) -> list[_Effect]:
    """One effect per category but the reference, or one for a number."""
    places = _places(model, column)
    if places:
        here = _expected(model, substituted(model.design.answers, column, place=places[0]))
        return [_difference(model, column, place, places[0], here) for place in places[1:]]
    assert column.numbers is not None
    if np.isin(column.numbers[model.specification.base], (0.0, 1.0)).all():
        zero, one = (np.full(len(column.numbers), number) for number in (0.0, 1.0))
        here = _expected(model, substituted(model.design.answers, column, numbers=zero))
        there = _expected(model, substituted(model.design.answers, column, numbers=one))
        inside = column.numbers[model.specification.base] == 1
        return [_moved(column, (), inside, effects_in_r.difference(column, 1, 0), here, there)]
    return [_slope(model, column, column.numbers)]


def _places(model: Model, column: Column) -> tuple[int, ...]:
    """The categories in use, reference first; none where the variable enters as a number."""
    for factor in model.specification.factors:
        if factor.places and factor.columns[0].name == column.name:
            return factor.places
    used = np.unique(column.codes[model.specification.base])
    return tuple(used.tolist()) if column.numbers is None else ()


def _expected(model: Model, answers: Answers) -> tuple[Floats, Floats]:
    """The expected outcome of each row of the base, and its change with each coefficient (rows x k)."""
    matrix = model.specification.matrix(answers)
    mean = model.family.mean(matrix @ model.uncertain.values + model.specification.offset(answers))
    return mean, model.family.slope(mean)[:, None] * matrix


def _difference(model: Model, column: Column, place: int, reference: int, here: tuple[Floats, Floats]) -> _Effect:
    there = _expected(model, substituted(model.design.answers, column, place=place))
    inside = column.codes[model.specification.base] == place
    r = effects_in_r.difference(column, column.categories[place], column.categories[reference])
    return _moved(column, ((column.categories[place], column.labels[place]),), inside, r, here, there)


def _moved(
    column: Column,
    category: tuple[tuple[str, str], ...],
    inside: Mask,
    r: str,
    here: tuple[Floats, Floats],
    there: tuple[Floats, Floats],
) -> _Effect:
    return _Effect(
        coordinates=(("variable", column.name), *(("category", code) for code, _ in category)),
        labels=(": ".join([column.label, *(label for _, label in category)]),),
        method="regression.marginal_difference",
        inside=inside,
        r=r,
        effect=there[0] - here[0],
        by_coefficient=there[1] - here[1],
    )


def _slope(model: Model, column: Column, numbers: Floats) -> _Effect:
    """The slope of the expected outcome in a number, wherever the formula uses it."""
    spec, answers = model.specification, model.design.answers
    step: Any = numbers + 1j * IMAGINARY
    moved = substituted(answers, column, numbers=step)
    matrix, change = spec.matrix(answers), np.imag(spec.matrix(moved)) / IMAGINARY
    of_offset = np.imag(spec.offset(moved)) / IMAGINARY
    mean = model.family.mean(matrix @ model.uncertain.values + spec.offset(answers))
    slope, bend = model.family.slope(mean), model.family.bend(mean)
    predictor = change @ model.uncertain.values + of_offset
    return _Effect(
        coordinates=(("variable", column.name),),
        labels=(column.label,),
        method="regression.marginal_slope",
        inside=np.ones(len(mean), dtype=bool),
        r=effects_in_r.slope(column, 1e-4 * float(np.std(numbers[spec.base]))),
        effect=slope * predictor,
        by_coefficient=(bend * predictor)[:, None] * matrix + slope[:, None] * change,
    )


def _linear(model: Model, effect: _Effect) -> Linear:
    """The mean effect, with the sampling of covariates and of coefficients in its linearised values."""
    spec, weights = model.specification, _weights(model)
    values = np.zeros(len(spec.base))
    values[spec.base] = effect.effect
    base = one_cell(spec.base)
    covariates = ratios(model.design, base.with_values(values), base, spec.known)
    by_coefficient = weights @ effect.by_coefficient / weights.sum()
    return replace(
        covariates,
        influence=covariates.influence + (model.coefficients.influence @ by_coefficient)[:, None],
        replicated=None,
    )
