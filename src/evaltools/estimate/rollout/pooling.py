"""Local projects pooled: the mean of their effects, how much they differ, and what a next place may expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call, literal
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Measured, Row, Source
from evaltools.language import Language, number, percent_sign, texts

Between = Literal["reml", "paule_mandel", "dersimonian_laird", "paule_mandel_as_in_r"]
"""How the variance between projects is found; the last one stops as early as R's `metafor` does."""
Uncertainty = Literal["knapp_hartung", "normal"]

_R_NAME: Final = {"reml": "REML", "paule_mandel": "PM", "dersimonian_laird": "DL", "paule_mandel_as_in_r": "PM"}
FEW: Final = 5
"""With fewer projects than this, how much they differ is hardly known."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """effects, variances : of the projects. tau2 : variance between them. mean, se : of the pooled effect."""

    effects: Floats
    variances: Floats
    tau2: float
    mean: float
    se: float
    degrees: float
    between: Between

    def quantile(self, level: float) -> float:
        """Of t with these degrees of freedom, or of the normal distribution where they are infinite."""
        tail = (1 + level) / 2
        return float(ndtri(tail) if math.isinf(self.degrees) else stdtrit(self.degrees, tail))


def pool_effects(
    projects: Sequence[Estimate],
    *,
    between: Between = "reml",
    uncertainty: Uncertainty = "knapp_hartung",
    level: float = 0.95,
) -> Estimate:
    """The effects of local projects pooled over what they have in common, allowing for real differences.

    projects : results with one row each and its standard error, measured alike. between : how the variance between
    projects is found. uncertainty : `knapp_hartung` (t, right also with few projects) or `normal`. level : 0.95.

    Returns a row for each project, one for the mean of all (`pooled`) and one for the next place (`next`): the same
    number with a prediction interval. `extra` has `tau2`, `tau`, `i2` (per cent of the variation that is real
    difference), `q`, `q_df`.
    Raises `DesignError`: TOO_FEW_PROJECTS, NOT_ONE_ROW, UNLIKE_EFFECTS, STANDARD_ERROR_NOT_POSITIVE, NO_SUCH_RULE,
    LEVEL_NOT_A_SHARE.
    Source: DerSimonian and Laird (1986); Paule and Mandel (1982); Viechtbauer (2005) for REML; Knapp and Hartung
    (2003); Higgins, Thompson and Spiegelhalter (2009) for prediction. Given the same, R `metafor` gives the same.

    >>> one = pool_numbers([0.02, 0.05], [0.01, 0.02]).only(project="1")
    >>> other = pool_numbers([0.03, 0.05], [0.01, 0.02]).only(project="1")
    >>> round(pool_effects([one, other]).row(project="pooled").estimate, 3)
    0.025
    """
    _check_number(len(projects))
    rows = [_only_row(each) for each in projects]
    first = projects[0]
    for each in projects[1:]:
        if (each.measure, each.unit) != (first.measure, first.unit):
            problem = f'"{each.source.question}" is a {each.measure}, "{first.source.question}" a {first.measure}'
            raise DesignError(Fault("UNLIKE_EFFECTS", "projects", problem, "Pool effects that are measured alike."))
    pool = _pooled([row.estimate for row in rows], [row.se or 0.0 for row in rows], between, uncertainty)
    names = [_name(place, each) for place, each in enumerate(projects, 1)]
    arguments = {"between": between, "uncertainty": uncertainty, "level": level}
    inner = f"[{', '.join(each.source.code for each in projects)}]"
    source = replace(first.source, code=call("rollout.pool_effects", inner, _said(arguments)))
    made = _result(pool, names, source, first.measure, level)
    told = tuple(replace(row, n=each.n) for row, each in zip(made.rows, rows, strict=False))
    everybody = sum(row.n for row in rows)
    return replace(made, rows=(*told, *(replace(row, n=everybody) for row in made.rows[-2:])), unit=first.unit)


def pool_numbers(
    effects: Sequence[float],
    errors: Sequence[float],
    *,
    between: Between = "reml",
    uncertainty: Uncertainty = "knapp_hartung",
    level: float = 0.95,
    language: Language = "da",
) -> Estimate:
    """As `pool_effects`, from plain numbers: the effect of each project and its standard error.

    effects, errors : in the same order. between, uncertainty, level : as in `pool_effects`. language : of the words.
    Returns and raises as there; `DesignError` LENGTHS_DIFFER besides. Ratios are pooled as logarithms.

    >>> pooled = pool_numbers([0.02, 0.05, -0.01, 0.03], [0.01, 0.02, 0.02, 0.015], language="en")
    >>> [round(each, 4) for each in (pooled.row(project="pooled").low, pooled.row(project="pooled").high)]
    [-0.0081, 0.053]
    """
    _check_number(len(effects))
    if len(effects) != len(errors):
        problem = f"there are {len(effects)} effects and {len(errors)} standard errors"
        raise DesignError(Fault("LENGTHS_DIFFER", "errors", problem, "Give one standard error for each effect."))
    pool = _pooled(effects, errors, between, uncertainty)
    say = texts(language).say
    names = [say("planning.label.project", number=place) for place in range(1, len(effects) + 1)]
    arguments = {"between": between, "uncertainty": uncertainty, "level": level, "language": language}
    positional = literal([float(each) for each in effects]), [float(each) for each in errors]
    source = Source(
        origin="collected",
        survey=say("planning.label.projects"),
        question=say("planning.label.effects"),
        universe=say("planning.universe.projects"),
        weight=say("planning.weight.pooled"),
        confidentiality="practice",
        code=call("rollout.pool_numbers", positional[0], _said(arguments), positional[1]),
        language=language,
    )
    return _result(pool, names, source, "coefficient", level)


def _said(arguments: Mapping[str, object]) -> dict[str, object]:
    usual = {"between": "reml", "uncertainty": "knapp_hartung"}
    return {name: value for name, value in arguments.items() if usual.get(name) != value}


def _result(pool: _Pool, names: Sequence[str], source: Source, measure: Measured, level: float) -> Estimate:
    check_level(level)
    say = texts(source.language).say
    way = "normal" if math.isinf(pool.degrees) else "knapp_hartung"
    method = say(
        "planning.method.pooled", between=say(f"planning.between.{pool.between}"), way=say(f"planning.way.{way}")
    )
    normal = float(ndtri((1 + level) / 2))
    rows = [
        _row((str(place), name), (effect, math.sqrt(variance)), normal, level, say("planning.method.own"))
        for place, (name, effect, variance) in enumerate(zip(names, pool.effects, pool.variances, strict=True), 1)
    ]
    quantile = pool.quantile(level)
    ahead = math.hypot(pool.se, math.sqrt(pool.tau2))
    rows.append(_row(("pooled", say("planning.label.pooled")), (pool.mean, pool.se), quantile, level, method))
    rows.append(
        _row(("next", say("planning.label.next")), (pool.mean, ahead), quantile, level, say("planning.method.next"))
    )
    rows[-2:] = [replace(row, n=len(names), df=None if math.isinf(pool.degrees) else pool.degrees) for row in rows[-2:]]
    extra = _heterogeneity(pool)
    return Estimate(measure, tuple(rows), source, _notes(pool, extra, source.language), extra=extra, r=_r(pool, level))


def _row(name: tuple[str, str], told: tuple[float, float], quantile: float, level: float, method: str) -> Row:
    value, se = told
    return Row(
        coordinates=(("project", name[0]),),
        labels=(name[1],),
        estimate=float(value),
        n=0,
        base=0.0,
        method=method,
        se=float(se),
        low=float(value - quantile * se),
        high=float(value + quantile * se),
        level=level,
    )


def _notes(pool: _Pool, extra: dict[str, float], language: Language) -> tuple[str, ...]:
    say = texts(language).say
    told = {"i2": percent_sign(extra["i2"] / 100, 0, language), "tau": number(extra["tau"], 4, language)}
    few = [say("planning.note.few_projects", limit=FEW)] if len(pool.effects) < FEW else []
    return (say("planning.note.heterogeneity", **told), say("planning.note.prediction"), *few)


def _heterogeneity(pool: _Pool) -> dict[str, float]:
    """Cochran's Q, and I2 as the share of tau2 in it and a typical variance within (Higgins and Thompson 2002)."""
    weights = 1 / pool.variances
    count = len(weights)
    typical = (count - 1) * weights.sum() / (weights.sum() ** 2 - (weights**2).sum())
    fixed = float((weights * pool.effects).sum() / weights.sum())
    return {
        "tau2": pool.tau2,
        "tau": math.sqrt(pool.tau2),
        "i2": 100 * pool.tau2 / (pool.tau2 + float(typical)),
        "q": float((weights * (pool.effects - fixed) ** 2).sum()),
        "q_df": float(count - 1),
    }


def _pooled(effects: Sequence[float], errors: Sequence[float], between: Between, uncertainty: Uncertainty) -> _Pool:
    for name, chosen, known in (("between", between, Between), ("uncertainty", uncertainty, Uncertainty)):
        if chosen not in get_args(known):
            remedy = near(chosen, get_args(known))
            raise DesignError(Fault("NO_SUCH_RULE", name, f'there is no rule "{chosen}"', remedy))
    values, spread = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    for place, (value, error) in enumerate(zip(values, spread, strict=True), 1):
        if not (math.isfinite(value) and math.isfinite(error) and error > 0):
            problem = f"project {place} has the effect {value:g} with standard error {error:g}"
            remedy = "Give a number and a standard error above 0, or leave the project out and say so."
            raise DesignError(Fault("STANDARD_ERROR_NOT_POSITIVE", "errors", problem, remedy))
    variances = spread**2
    tau2 = _FINDING[between](values, variances)
    weights = 1 / (variances + tau2)
    mean = float((weights * values).sum() / weights.sum())
    se, degrees = float(1 / math.sqrt(weights.sum())), math.inf
    if uncertainty == "knapp_hartung":
        degrees = float(len(values) - 1)
        se *= math.sqrt(float((weights * (values - mean) ** 2).sum()) / degrees)
    return _Pool(values, variances, tau2, mean, se, degrees, between)


def _dersimonian_laird(values: Floats, variances: Floats) -> float:
    weights = 1 / variances
    total = weights.sum()
    mean = (weights * values).sum() / total
    q = (weights * (values - mean) ** 2).sum()
    return max(0.0, float((q - (len(values) - 1)) / (total - (weights**2).sum() / total)))


def _paule_mandel(values: Floats, variances: Floats, high: float = 1.0, stop: float = 1e-16) -> float:
    """The variance at which the weighted squares are what they should be on average; 0 where they are less already."""

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        mean = (weights * values).sum() / weights.sum()
        return float((weights * (values - mean) ** 2).sum()) - (len(values) - 1)

    if excess(0.0) <= 0:
        return 0.0
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=stop * high, rtol=1e-14))


def _as_in_r(values: Floats, variances: Floats) -> float:
    """The same, found no more closely than by R's `metafor`, which stops within 1.2e-4 of it in a search up to 100."""
    return _paule_mandel(values, variances, 100.0, float(np.finfo(float).eps ** 0.25 / 100))


def _reml(values: Floats, variances: Floats) -> float:
    """Restricted maximum likelihood by Fisher scoring, never below 0."""
    tau2 = _dersimonian_laird(values, variances)
    for _ in range(1000):
        weights = 1 / (variances + tau2)
        total = weights.sum()
        shares = weights / total
        residual = weights * (values - (shares * values).sum())
        trace = (weights - weights * shares).sum()
        information = (weights**2).sum() - 2 * (weights**3).sum() / total + ((weights**2).sum() / total) ** 2
        step = float(((residual**2).sum() - trace) / information)
        new = max(0.0, tau2 + step)
        if abs(new - tau2) <= 1e-14 * (1 + tau2):
            return new
        tau2 = new
    return tau2


_FINDING: Final = {
    "reml": _reml,
    "paule_mandel": _paule_mandel,
    "dersimonian_laird": _dersimonian_laird,
    "paule_mandel_as_in_r": _as_in_r,
}


def _r(pool: _Pool, level: float) -> str:
    effects, variances = (", ".join(repr(float(each)) for each in column) for column in (pool.effects, pool.variances))
    test = "z" if math.isinf(pool.degrees) else "knha"
    closely = ", control = list(tol = 1e-15)" if pool.between == "paule_mandel" else ""
    how = f'method = "{_R_NAME[pool.between]}", test = "{test}", level = {100 * level:g}{closely}'
    return f"library(metafor)\npooled <- rma(c({effects}), c({variances}), {how})\npooled\npredict(pooled)"


def _check_number(count: int) -> None:
    if count < 2:
        problem = f"{count} project cannot be pooled" if count else "there is no project"
        raise DesignError(Fault("TOO_FEW_PROJECTS", "projects", problem, "Give two or more, with standard errors."))


def _only_row(estimate: Estimate) -> Row:
    if len(estimate.rows) != 1:
        problem = f"a result has {len(estimate.rows)} rows where one is needed"
        remedy = "Choose one with `only(...)`."
        raise DesignError(Fault("NOT_ONE_ROW", estimate.source.question, problem, remedy))
    return estimate.rows[0]


def _name(place: int, estimate: Estimate) -> str:
    own = estimate.source.title or estimate.source.survey
    return own or texts(estimate.source.language).say("planning.label.project", number=place)
