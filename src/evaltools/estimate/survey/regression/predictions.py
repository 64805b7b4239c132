"""Predicted means: what share, or what mean, a model expects in each group if all units were of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Mask
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.designs.answers import Answers, Column
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


def predicted_means(model: Model, variable: str | Sequence[str], *, level: float = 0.95) -> Estimate:
    """The mean outcome that a model expects if all units were in one category: a share in a logistic model.

    The groups are thus compared with the same make-up in everything else of the model (predictive margins, marginal
    standardisation). model : from `glm`. variable : one of its categories or numbers that are 0 or 1, or several.
    The mean is over the units of the population that the rows stand for. level : 0.95 for 95 pct.

    Returns rows with coordinates `variable` and `category`; measure `share` in a logistic model, else `mean`; `n`
    counts who has the category. Standard errors count the sampling of the coefficients and of the covariates alike, and
    how they go together; a difference of two rows by `contrast` is that of `average_marginal_effects`.
    Raises `DesignError` NO_SUCH_TERM, NOT_CATEGORIES, LEVEL_NOT_A_SHARE.
    Source: Lane and Nelder (1982), Biometrics 38; Graubard and Korn (1999), Biometrics 55.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": [1, 0, 1, 0, 0, 0], "small": [1, 1, 0, 0, 1, 1]})
    >>> model = ev.glm(ev.survey_design(frame, population=98), "uses ~ small", family="binomial")
    >>> [round(row.estimate, 3) for row in predicted_means(model, "small").rows]
    [0.5, 0.25]
    """
    check_level(level)
    averages = [each for name in names_of(variable) for each in _predictions(model, explaining(model, name))]
    shares = model.family.name == "binomial"
    found = averaged(model, averages, "share" if shares else "mean", ("predicted_means", variable), level)
    return replace(found, rows=tuple(map(_with_limits, found.rows))) if shares else found


def _with_limits(row: Row) -> Row:
    """A share with limits on the scale of log-odds, so that they lie between 0 and 1."""
    if row.low is None or not 0 < row.estimate < 1 or not row.se:
        return row
    half = (row.estimate - row.low) / (row.estimate * (1 - row.estimate))
    low, high = expit(logit(row.estimate) + np.array([-half, half]))
    return replace(row, low=float(low), high=float(high))


def _predictions(model: Model, column: Column) -> list[Average]:
    """One for each category in use, in the order of the questionnaire, or for 0 and 1."""
    answers, base = model.design.answers, model.specification.base
    if is_zero_or_one(model, column) and column.numbers is not None:
        everybody = [(value, np.full(len(column.numbers), value)) for value in (0.0, 1.0)]
        return [
            _Group(column, f"{value:g}", f"{value:g}", value, column.numbers[base] == value).predicted(
                model, substituted(answers, column, numbers=numbers)
            )
            for value, numbers in everybody
        ]
    places = sorted(places_in_use(model, column))
    if not places:
        problem = f'"{column.name}" is a number, which has no categories to predict for'
        remedy = f"Write C({column.name}) in the formula, or use `average_marginal_effects` for its slope."
        raise DesignError(Fault("NOT_CATEGORIES", model.source.question, problem, remedy))
    return [
        _Group(column, code, column.labels[place], code, column.codes[base] == place).predicted(
            model, substituted(answers, column, place=place)
        )
        for place in places
        for code in [column.categories[place]]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """A category with its words. value : as R writes it. inside : the rows of the base that have it."""

    column: Column
    code: str
    label: str
    value: object
    inside: Mask

    def predicted(self, model: Model, there: Answers) -> Average:
        """What the model expects where all are of the group."""
        values, by_coefficient = expected(model, there)
        share = model.family.name == "binomial"
        return Average(
            coordinates=(("variable", self.column.name), ("category", self.code)),
            labels=(self.column.label, self.label),
            method=f"regression.predicted_{'share' if share else 'mean'}",
            inside=self.inside,
            r=effects_in_r.prediction(self.column, self.value),
            values=values,
            by_coefficient=by_coefficient,
        )
