"""What is asked of a fitted model: Wald tests of its terms, odds ratios and rate ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import chdtrc, fdtrc

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row, Test
from evaltools.estimate.survey.designs.selection import names_of
from evaltools.estimate.survey.regression.columns import CONSTANT, Term
from evaltools.estimate.survey.regression.factors import written_for_r
from evaltools.estimate.survey.regression.model import Model
from evaltools.estimate.survey.regression.uncertain import Told
from evaltools.estimate.survey.writing import words

RATIOS: Final = {"binomial": "odds", "poisson": "rates"}


def term_test(model: Model, term: str | Sequence[str]) -> Test:
    """Wald test of no effect of a term of a model, or of several together.

    model : from `glm`. term : as the formula writes it, such as `size`, `C(year)` or `size:year`; or several.
    Returns a `Test`: F with the number of coefficients and the residual degrees of freedom of the model.
    Raises `DesignError` NO_SUCH_TERM, and NO_TEST where nothing varies by chance.
    Source: Wald (1943), Transactions of the American Mathematical Society 54; R `regTermTest`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"hours": [2.0, 5, 3, 8, 9, 4], "size": list("aabbcc"), "old": [1, 0, 1, 0, 0, 0]})
    >>> test = term_test(ev.glm(ev.survey_design(frame, population=98), "hours ~ size + old"), "size")
    >>> round(test.statistic, 3), test.df
    (7.101, (2.0, 2.0))
    """
    names = names_of(term)
    terms = [_term(model, name) for name in names]
    places = _places(model, terms)
    values, matrix = model.uncertain.values[places], model.uncertain.covariance[np.ix_(places, places)]
    scale = np.sqrt(np.diag(matrix))
    if not scale.all() or np.linalg.cond(matrix / np.outer(scale, scale)) > 1e13:
        problem = f"the coefficients of {', '.join(names)} do not vary by chance in this design, or not freely"
        raise DesignError(Fault("NO_TEST", model.source.question, problem, "Describe them instead."))
    df = (float(len(places)), model.uncertain.df)
    statistic = float(values @ np.linalg.solve(matrix, values)) / df[0]
    return Test(
        name=" + ".join(names),
        statistic=statistic,
        p_value=float(chdtrc(df[0], df[0] * statistic) if math.isinf(df[1]) else fdtrc(*df, statistic)),
        method=words.say(model.design, "regression.wald_test"),
        source=replace(model.source, code=words.call("term_test", model.source.code, {}, term)),
        df=df,
        notes=model.notes,
        r=_r_test(model, terms),
    )


def effect_ratios(model: Model, *, level: float = 0.95) -> Estimate:
    """Odds ratios of a logistic model, or rate ratios of a Poisson model: the exponentials of its coefficients.

    model : from `glm` with family `binomial` or `poisson`. level : 0.95 for 95 pct. The constant is left out.
    Returns rows as those of the model, with limits that are the exponentials of its limits, and standard errors and
    joint covariance by linearisation. Raises `DesignError` NO_RATIOS for a linear model, LEVEL_NOT_A_SHARE.
    Source: McCullagh and Nelder (1989), section 4.3; limits as R's `exp(confint(svyglm(...)))`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": [1, 0, 1, 0, 0, 0], "small": [1, 1, 0, 0, 1, 1]})
    >>> model = ev.glm(ev.survey_design(frame, population=98), "uses ~ small", family="binomial")
    >>> round(effect_ratios(model).rows[0].estimate, 3)
    0.333
    """
    check_level(level)
    kind = RATIOS.get(model.family.name)
    if kind is None:
        remedy = "Read the coefficients: they are differences already."
        problem = "a linear model has neither odds nor rates"
        raise DesignError(Fault("NO_RATIOS", model.source.question, problem, remedy))
    places = np.array([place for place, name in enumerate(model.specification.names) if name != CONSTANT], dtype=int)
    ratios = np.exp(model.uncertain.values[places])
    method = words.say(model.design, f"regression.ratio_of_{kind}")
    return Estimate(
        measure="coefficient",
        rows=tuple(_ratio(model, place, level, method) for place in places.tolist()),
        source=replace(model.source, code=words.call("effect_ratios", model.source.code, {"level": level})),
        notes=model.notes,
        covariance=model.uncertain.covariance[np.ix_(places, places)] * np.outer(ratios, ratios),
        influence=model.coefficients.influence[:, places] * ratios,
        r=_r_ratios(model, places, level),
    )


def _term(model: Model, name: str) -> Term:
    known = {term.name: term for term in model.specification.terms if term.factors}
    if name not in known:
        problem = f'the model has no term "{name}"'
        raise DesignError(Fault("NO_SUCH_TERM", model.source.question, problem, near(name, known)))
    return known[name]


def _places(model: Model, terms: Sequence[Term]) -> Codes:
    """Where the coefficients of the terms stand."""
    owners = [term for term in model.specification.terms for _ in term.names]
    return np.array([place for place, owner in enumerate(owners) if owner in terms], dtype=int)


def _ratio(model: Model, place: int, level: float, method: str) -> Row:
    """The exponential of a coefficient; limits follow, and the standard error by linearisation."""
    row = model.rows[place]
    row = model.uncertain.row(place, row.coordinates, row.labels, Told(row.n, row.base, level, method))
    ratio = math.exp(row.estimate)
    return replace(
        row,
        estimate=ratio,
        se=ratio * (row.se or 0.0),
        low=None if row.low is None else math.exp(row.low),
        high=None if row.high is None else math.exp(row.high),
    )


def _r_test(model: Model, terms: Sequence[Term]) -> str:
    """R's test of the same terms."""
    if model.r.startswith(NO_R):
        return model.r
    *lines, call = model.r.split("\n")
    formula = " + ".join(":".join(map(written_for_r, term.factors)) for term in terms)
    return "\n".join([*lines, f"regTermTest({call}, ~{formula})"])


def _r_ratios(model: Model, places: Codes, level: float) -> str:
    if model.r.startswith(NO_R):
        return model.r
    *lines, call = model.r.split("\n")
    kept = ", ".join(str(place + 1) for place in places.tolist())
    return "\n".join([*lines, f"m <- {call}", f"exp(cbind(coef(m), confint(m, level = {level:g}))[c({kept}), ])"])
