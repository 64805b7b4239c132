"""Contrasts: a weighted sum of rows of one estimate, with the variance that their covariance gives."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey import words
from evaltools.estimate.survey.interval import t_quantile
from evaltools.estimate.survey.soundness import check_level
from evaltools.language import texts


def contrast(estimate: Estimate, weights: Mapping[str, float] | Sequence[float], *, level: float = 0.95) -> Estimate:
    """The sum of weight x row, such as the difference of two options or the mean number of methods used.

    weights : one per row, or by the value of a coordinate that picks out one row
    (`{"use_fgc": 1, "use_sos": -1}`); rows not named weigh 0. Degrees of freedom are the least of the rows used.

    Returns one row of measure `difference`; of means and totals, one in their own unit. Raises `DesignError`:
    CONTRAST_LENGTH, NO_SUCH_ROW, MANY_ROWS, NO_COVARIANCE, LEVEL_NOT_A_SHARE.
    Source: variance of a linear combination; R `svycontrast`.
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
    vector = _vector(estimate, weights)
    used = [row for row, weight in zip(estimate.rows, vector, strict=True) if weight]
    value = float(vector @ [row.estimate for row in estimate.rows])
    se = math.sqrt(max(float(vector @ estimate.covariance @ vector), 0.0))
    known = [row.df for row in used if row.df is not None]
    df = min(known) if known else math.inf
    half = float(t_quantile(np.array([df]), level)[0]) * se
    name = " ".join(f"{weight:+g}*{row.key}" for row, weight in zip(estimate.rows, vector, strict=True) if weight)
    row = Row(
        coordinates=(("contrast", name),),
        labels=(name,),
        estimate=value,
        n=min((row.n for row in used), default=0),
        base=min((row.base for row in used), default=0.0),
        method=texts(estimate.source.language).say("estimate.method.contrast"),
        se=se,
        low=value - half,
        high=value + half,
        level=level,
        df=None if math.isinf(df) else df,
    )
    said = weights if isinstance(weights, Mapping) else tuple(float(weight) for weight in weights)
    return Estimate(
        measure="difference" if estimate.measure == "share" or estimate.unit == "percent" else estimate.measure,
        rows=(row,),
        source=replace(estimate.source, code=words.call("contrast", estimate.source.code, {"level": level}, said)),
        notes=estimate.notes,
        covariance=np.array([[se**2]]),
        influence=None if estimate.influence is None else (estimate.influence @ vector)[:, None],
        unit=estimate.unit,
        r=_r(estimate, vector),
    )


def _vector(estimate: Estimate, weights: Mapping[str, float] | Sequence[float]) -> Floats:
    where = estimate.source.question
    if not isinstance(weights, Mapping):
        if len(weights) != len(estimate.rows):
            problem = f"{len(weights)} weights are given for {len(estimate.rows)} rows"
            raise DesignError(Fault("CONTRAST_LENGTH", where, problem, "Give one weight per row, or name the rows."))
        return np.array(weights, dtype=float)
    vector = np.zeros(len(estimate.rows))
    for key, weight in weights.items():
        places = [i for i, row in enumerate(estimate.rows) if key in dict(row.coordinates).values()]
        if not places:
            known = [value for row in estimate.rows for _, value in row.coordinates]
            raise DesignError(Fault("NO_SUCH_ROW", where, f'no row is called "{key}"', near(key, known)))
        if len(places) > 1:
            problem = f'"{key}" fits {len(places)} rows'
            raise DesignError(Fault("MANY_ROWS", where, problem, "Give one weight per row, or use `only` first."))
        vector[places[0]] += weight
    return vector


def _r(estimate: Estimate, vector: Floats) -> str:
    if not estimate.r:
        return ""
    *lines, last = [line for line in estimate.r.split("\n") if not line.startswith("#")]
    if last.startswith("svyby(") and "covmat = TRUE" not in last:
        return ""
    numbers = ", ".join(f"{weight:g}" for weight in vector)
    return "\n".join([*lines, f"svycontrast({last}, c({numbers}))"])
