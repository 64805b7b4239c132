"""Contrasts: weighted sums and formulas of the rows of one estimate, with the variance that their covariance gives."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Measured, Row
from evaltools.estimate.survey.comparisons.delta import slope_of
from evaltools.estimate.survey.intervals.interval import t_quantile
from evaltools.estimate.survey.writing import rcode, words
from evaltools.language import texts


def contrast(
    estimate: Estimate, weights: Mapping[str, float] | Sequence[float] | str, *, level: float = 0.95
) -> Estimate:
    """The sum of weight x row, such as the difference of two options, or a formula of rows such as a ratio.

    weights : one per row, or by the value of a coordinate (or the `key`) that picks out one row
    (`{"use_fgc": 1, "use_sos": -1}`); rows not named weigh 0. A text is a formula (`"network / placed"`, `"log(a) -
    log(b)"`; names that are no plain words stand in quotes), whose variance follows from its slopes (delta method).
    Rows of several estimates are set side by side by `together`. Degrees of freedom are the least of the rows used.

    Returns one row of measure `difference`; of means and totals, one in their own unit; of a formula, `ratio`.
    Raises `DesignError`: CONTRAST_LENGTH, NO_SUCH_ROW, MANY_ROWS, NO_COVARIANCE, LEVEL_NOT_A_SHARE,
    FORMULA_NOT_UNDERSTOOD, FORMULA_HAS_NO_VALUE.
    Source: variance of a linear combination; Särndal, Swensson and Wretman (1992), section 5.5; R `svycontrast`.
    estimate : rows with a covariance. level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> round(contrast(ev.proportion(design, "uses"), {"yes": 1, "no": -1}).rows[0].estimate, 3)
    0.408
    """
    check_level(level)
    where = estimate.source.question
    if estimate.covariance is None:
        raise DesignError(Fault("NO_COVARIANCE", where, "the rows have no covariance", "Take rows of one estimate."))
    formula = weights if isinstance(weights, str) else ""
    value, vector = _formula(estimate, formula) if formula else _sum(estimate, weights)
    used = [row for row, weight in zip(estimate.rows, vector, strict=True) if weight]
    se = math.sqrt(max(float(vector @ estimate.covariance @ vector), 0.0))
    known = [row.df for row in used if row.df is not None]
    df = min(known) if known else math.inf
    half = float(t_quantile(np.array([df]), level)[0]) * se
    name = formula or " ".join(
        f"{weight:+g}*{row.key}" for row, weight in zip(estimate.rows, vector, strict=True) if weight
    )
    row = Row(
        coordinates=(("contrast", name),),
        labels=(name,),
        estimate=value,
        n=min((row.n for row in used), default=0),
        base=min((row.base for row in used), default=0.0),
        method=texts(estimate.source.language).say(f"estimate.method.{'formula' if formula else 'contrast'}"),
        se=se,
        low=value - half,
        high=value + half,
        level=level,
        df=None if math.isinf(df) else df,
    )
    said = weights if isinstance(weights, (Mapping, str)) else tuple(float(weight) for weight in weights)
    return Estimate(
        measure=_measure(estimate, formula),
        rows=(row,),
        source=replace(estimate.source, code=words.call("contrast", estimate.source.code, {"level": level}, said)),
        notes=estimate.notes,
        covariance=np.array([[se**2]]),
        influence=None if estimate.influence is None else (estimate.influence @ vector)[:, None],
        unit="" if formula else estimate.unit,
        r=_r_formula(estimate, formula) if formula else _r(estimate, vector),
        known=None if estimate.known is None else estimate.known.of_several(np.flatnonzero(vector).tolist()),
    )


def _measure(estimate: Estimate, formula: str) -> Measured:
    if formula:
        return "ratio"
    return "difference" if estimate.measure == "share" or estimate.unit == "percent" else estimate.measure


def _sum(estimate: Estimate, weights: Mapping[str, float] | Sequence[float] | str) -> tuple[float, Floats]:
    assert not isinstance(weights, str)
    vector = _vector(estimate, weights)
    return float(vector @ [row.estimate for row in estimate.rows]), vector


def _formula(estimate: Estimate, formula: str) -> tuple[float, Floats]:
    """The value of a formula of rows, and its slopes."""
    values = np.array([row.estimate for row in estimate.rows])
    found = slope_of(formula, values, lambda name: _place(estimate, name), estimate.source.question)
    return found.value, found.by_row


def _vector(estimate: Estimate, weights: Mapping[str, float] | Sequence[float]) -> Floats:
    where = estimate.source.question
    if not isinstance(weights, Mapping):
        if len(weights) != len(estimate.rows):
            problem = f"{len(weights)} weights are given for {len(estimate.rows)} rows"
            raise DesignError(Fault("CONTRAST_LENGTH", where, problem, "Give one weight per row, or name the rows."))
        return np.array(weights, dtype=float)
    vector = np.zeros(len(estimate.rows))
    for key, weight in weights.items():
        vector[_place(estimate, key)] += weight
    return vector


def _place(estimate: Estimate, key: str) -> int:
    """The place of the one row with this key, or with a coordinate of this value."""
    where = estimate.source.question
    whole = [i for i, row in enumerate(estimate.rows) if row.key == key]
    places = whole or [i for i, row in enumerate(estimate.rows) if key in dict(row.coordinates).values()]
    if not places:
        known = [value for row in estimate.rows for value in (row.key, *dict(row.coordinates).values())]
        raise DesignError(Fault("NO_SUCH_ROW", where, f'no row is called "{key}"', near(key, known)))
    if len(places) > 1:
        problem = f'"{key}" fits {len(places)} rows'
        remedy = f'Write more of it, such as "{estimate.rows[places[0]].key}", or use `only` first.'
        raise DesignError(Fault("MANY_ROWS", where, problem, remedy))
    return places[0]


def _r(estimate: Estimate, vector: Floats) -> str:
    if estimate.r.startswith(NO_R) or not estimate.r:
        return estimate.r
    lines, last = rcode.call_in(estimate.r)
    if not last:
        return f"{NO_R}its calls give no covariance of all these rows"
    numbers = ", ".join(f"{weight:g}" for weight in vector)
    return "\n".join([*lines, f"svycontrast({last}, c({numbers}))"])


def _r_formula(estimate: Estimate, formula: str) -> str:
    """R code of a formula, with the rows named as it names them."""
    if estimate.r.startswith(NO_R) or not estimate.r:
        return estimate.r
    lines, last = rcode.call_in(estimate.r)
    if not last:
        return f"{NO_R}its calls give no covariance of all these rows"
    told = {
        node.id if isinstance(node, ast.Name) else str(node.value)
        for node in ast.walk(ast.parse(formula.strip()))
        if isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    }
    names = [row.key for row in estimate.rows]
    for name in told - {"log", "exp", "sqrt"}:
        names[_place(estimate, name)] = name
    quoted = re.sub(r"""(['"])(.*?)\1""", r"`\2`", formula.strip()).replace("**", "^")
    listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in names)
    return "\n".join([*lines, f"s <- {last}", f"names(s) <- c({listed})", f"svycontrast(s, quote({quoted}))"])
