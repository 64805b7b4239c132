"""Average marginal effects: how much the expected outcome differs on average when one variable does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Measured
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.selection import names_of
from evaltools.estimate.survey.regression import effects_in_r
from evaltools.estimate.survey.regression.averages import (
    Average,
    averaged,
    expected,
    explaining,
    is_zero_or_one,
    places_in_use,
)
from evaltools.estimate.survey.regression.columns import substituted
from evaltools.estimate.survey.regression.model import Model

IMAGINARY = 1e-30
"""The step of complex-step derivatives (Squire and Trapp 1998), which are exact but for rounding."""


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
    effects = [effect for name in names_of(variable) for effect in _effects(model, explaining(model, name))]
    measure: Measured = "difference" if model.family.name == "binomial" else "coefficient"
    return averaged(model, effects, measure, ("average_marginal_effects", variable), level)


def _effects(model: Model, column: Column) -> list[Average]:
    """One effect per category but the reference, or one for a number."""
    places = places_in_use(model, column)
    if places:
        here = expected(model, substituted(model.design.answers, column, place=places[0]))
        return [_difference(model, column, place, places[0], here) for place in places[1:]]
    assert column.numbers is not None
    if is_zero_or_one(model, column):
        zero, one = (np.full(len(column.numbers), number) for number in (0.0, 1.0))
        here = expected(model, substituted(model.design.answers, column, numbers=zero))
        there = expected(model, substituted(model.design.answers, column, numbers=one))
        inside = column.numbers[model.specification.base] == 1
        return [_moved(column, (), inside, effects_in_r.difference(column, 1, 0), here, there)]
    return [_slope(model, column, column.numbers)]


def _difference(model: Model, column: Column, place: int, reference: int, here: tuple[Floats, Floats]) -> Average:
    there = expected(model, substituted(model.design.answers, column, place=place))
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
) -> Average:
    return Average(
        coordinates=(("variable", column.name), *(("category", code) for code, _ in category)),
        labels=(": ".join([column.label, *(label for _, label in category)]),),
        method="regression.marginal_difference",
        inside=inside,
        r=r,
        values=there[0] - here[0],
        by_coefficient=there[1] - here[1],
    )


def _slope(model: Model, column: Column, numbers: Floats) -> Average:
    """The slope of the expected outcome in a number, wherever the formula uses it."""
    spec, answers = model.specification, model.design.answers
    step: Any = numbers + 1j * IMAGINARY
    moved = substituted(answers, column, numbers=step)
    matrix, change = spec.matrix(answers), np.imag(spec.matrix(moved)) / IMAGINARY
    of_offset = np.imag(spec.offset(moved)) / IMAGINARY
    mean = model.family.mean(matrix @ model.uncertain.values + spec.offset(answers))
    slope, bend = model.family.slope(mean), model.family.bend(mean)
    predictor = change @ model.uncertain.values + of_offset
    return Average(
        coordinates=(("variable", column.name),),
        labels=(column.label,),
        method="regression.marginal_slope",
        inside=np.ones(len(mean), dtype=bool),
        r=effects_in_r.slope(column, 1e-4 * float(np.std(numbers[spec.base]))),
        values=slope * predictor,
        by_coefficient=(bend * predictor)[:, None] * matrix + slope[:, None] * change,
    )
