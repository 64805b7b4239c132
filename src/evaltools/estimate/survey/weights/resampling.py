"""Designs with replicates: bootstrap, jackknife, balanced half-samples, and replicate weights that somebody made.

All replicate the variance of linearisation exactly for totals: every stage, each with its own finite population
correction. Conventions of scale are those of R `survey`, and are said with each verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.replicates import Centre, Kind, Replicates
from evaltools.estimate.survey.designs.stages import Plan, plans
from evaltools.estimate.survey.weights.halves import hadamard
from evaltools.estimate.survey.weights.rweights import number, numbers
from evaltools.estimate.survey.writing import words

MOST_FACTORS = 50_000_000
"""Units times replicates that are held in memory (400 MB)."""


def bootstrap(design: Design, *, replicates: int, seed: int) -> Design:
    """The design with covariances from a rescaling bootstrap.

    In each stratum n - 1 of n units are drawn with replacement, and factors are shrunk towards 1 by the root of
    1 - f, so that the finite population correction is kept; later stages likewise within the units drawn.
    Scale 1 / (R - 1) about the mean of the R replicates. The same seed gives the same replicates.

    replicates : at least 2; 200 and more are usual. design : without replicates so far. Returns it with them.
    Raises `DesignError`: FEW_REPLICATES, TOO_MANY_FACTORS, REPLICATES_NEED_STAGES, REPLICATES_TWICE.
    Source: Rao and Wu (1988), JASA 83; several stages as in Preston (2009), Survey Methodology 35.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> sample = ev.survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0, 4.0]}), population=10)
    >>> 0 < ev.mean(bootstrap(sample, replicates=200, seed=1), "weeks").rows[0].se < 2
    True
    """
    _check(design, replicates)
    if replicates < 2:
        raise DesignError(Fault("FEW_REPLICATES", "replicates", f"{replicates} replicates", "Ask for 200 or more."))
    rng = np.random.default_rng(seed)
    factors = np.ones((design.units, replicates))
    drawn = np.ones((design.units, replicates))
    for plan in plans(design):
        times = _drawn_times(plan, replicates, rng)
        shrunk = np.sqrt(plan.factor * (plan.size[plan.stratum] - 1) / plan.size[plan.stratum])
        factors += drawn * (shrunk[:, None] * (times - 1))[plan.unit]
        drawn *= np.sqrt(times)[plan.unit]
    found = Replicates("bootstrap", np.arange(design.units), factors, np.full(replicates, 1 / (replicates - 1)))
    return _replicated(design, found, words.call("bootstrap", design.code, {"replicates": replicates, "seed": seed}))


def _drawn_times(plan: Plan, replicates: int, rng: np.random.Generator) -> Floats:
    """How often each unit is drawn, times n / (n - 1); 1 where a stratum has one unit."""
    times = np.ones((plan.units, replicates))
    order = np.argsort(plan.stratum, kind="stable")
    for units in np.split(order, np.cumsum(plan.size[:-1]).astype(int)):
        n = len(units)
        if n > 1:
            times[units] = rng.multinomial(n - 1, np.full(n, 1 / n), replicates).T * (n / (n - 1))
    return times


def jackknife(design: Design) -> Design:
    """The design with covariances from leaving out one unit at a time (JK1, with strata JKn), at every stage.

    The others of the stratum weigh n / (n - 1) times more. Each squared deviation from the mean of the replicates
    counts (1 - f) (n - 1) / n, so that the finite population correction is kept; at a later stage also times the
    sampling fractions of the stages before it (R's `as.svrepdesign` leaves out first-stage units only).

    Not for quantiles. design : without replicates so far. Returns it with them.
    Raises `DesignError`: TOO_MANY_FACTORS, REPLICATES_NEED_STAGES, REPLICATES_TWICE.
    Source: Wolter (2007), chapter 4; R `as.svrepdesign(type = "JK1")`, `"JKn"`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> sample = ev.survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0, 4.0]}), population=10)
    >>> [round(ev.mean(each, "weeks").rows[0].se, 6) for each in (sample, jackknife(sample))]
    [1.0, 1.0]
    """
    _check(design, sum(plan.units for plan in plans(design)))
    blocks, scales = [], []
    for plan in plans(design):
        size = plan.size[plan.stratum]
        left_out = np.flatnonzero(size > 1)
        same = plan.stratum[:, None] == plan.stratum[left_out]
        more = np.where(same, (size / np.maximum(size - 1, 1))[:, None], 1.0)
        more[left_out, np.arange(len(left_out))] = 0.0
        blocks.append(more[plan.unit])
        scales.append((plan.factor * ((size - 1) / size) ** 2)[left_out])
    found = Replicates("jackknife", np.arange(design.units), np.hstack(blocks), np.concatenate(scales))
    return _replicated(design, found, words.call("jackknife", design.code, {}))


def half_samples(design: Design, *, fay: float = 0.0) -> Design:
    """The design with covariances from balanced half-samples (BRR; with `fay` between 0 and 1 Fay's method).

    Every stratum must have two units. In each replicate one of them weighs 2 - fay times, the other fay times; which
    one says a Hadamard matrix. With population sizes the distance to 1 is multiplied by the root of 1 - f.
    Scale 1 / (R (1 - fay)^2) about the mean of the R replicates. Later stages are not replicated by themselves.

    design : without replicates so far. Returns it with them.
    Raises `DesignError`: NOT_PAIRS, FAY_NOT_A_SHARE, REPLICATES_NEED_STAGES, REPLICATES_TWICE.
    Source: McCarthy (1969); Fay in Judkins (1990), Journal of Official Statistics 6; R `type = "BRR"`, `"Fay"`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"town": ["a", "a", "b", "b"], "weeks": [6.0, 10.0, 8.0, 4.0], "w": [3.0] * 4})
    >>> halves = half_samples(ev.survey_design(frame, strata="town", weights="w"))
    >>> round(ev.total(halves, "weeks").rows[0].se, 6)
    16.970563
    """
    _check(design, 0)
    if not 0 <= fay < 1:
        raise DesignError(Fault("FAY_NOT_A_SHARE", "fay", f"{fay:g} is not from 0 to below 1", "Write such as 0.3."))
    found = plans(design)
    if len(found) != 1 or (found[0].size != 2).any():
        problem = "half-samples need one stage with two units in every stratum"
        raise DesignError(Fault("NOT_PAIRS", "strata", problem, "Use `jackknife` or `bootstrap`."))
    (plan,) = found
    signs = hadamard(len(plan.size) + 1)[1 : len(plan.size) + 1]
    _, first = np.unique(plan.stratum, return_index=True)
    side = np.where(np.isin(np.arange(plan.units), first), 1, -1)[:, None]
    away = (1 - fay) * np.sqrt(plan.factor / 2)[:, None]
    factors = 1 + away * side * signs[plan.stratum]
    count = factors.shape[1]
    kind: Kind = "fay" if fay else "brr"
    replicates = Replicates(kind, plan.unit, factors, np.full(count, 1 / (count * (1 - fay) ** 2)))
    return _replicated(design, replicates, words.call("half_samples", design.code, {"fay": fay or None}))


def with_replicates(
    design: Design,
    columns: Sequence[str] | str,
    *,
    kind: str,
    combined: bool = True,
    scale: float | None = None,
    rscales: Sequence[float] | None = None,
    centre: Centre = "replicates",
) -> Design:
    """The design with covariances from replicate weights that stand in the data.

    columns : names, or a pattern such as `"bw[0-9]+"`. combined : whether they are weights; False for factors on the
    weights of the design. A squared deviation of replicate r counts `scale * rscales[r]`. Without `scale`:
    `bootstrap` 1 / (R - 1), `brr` 1 / R, `jackknife` (one stratum) (R - 1) / R; `fay` must say it. Without
    `rscales` all are 1. centre : deviations from the mean of the `replicates`, or from the `estimate` (R's `mse`).
    Degrees of freedom are the rank of the replicate weights minus 1. kind : one of these four words.
    design : without replicates so far. Returns it with them.

    Raises `DesignError`: NO_SUCH_VARIABLE, NO_SUCH_RULE, SCALE_NEEDED, SCALES_LENGTH, REPLICATE_WEIGHT_WRONG,
    REPLICATES_VARY, REPLICATES_TWICE. Source: R `svrepdesign`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"weeks": [6.0, 10.0], "w": [2.0, 2.0], "r1": [4.0, 0.0], "r2": [0.0, 4.0]})
    >>> sample = ev.survey_design(frame, weights="w")
    >>> ev.total(with_replicates(sample, ["r1", "r2"], kind="brr"), "weeks").rows[0].se
    8.0
    """
    if design.replicates is not None:
        raise DesignError(_twice())
    known = get_args(Kind)
    if kind not in known:
        raise DesignError(Fault("NO_SUCH_RULE", "kind", f'there is no kind of replicates "{kind}"', near(kind, known)))
    names = _named(design, columns)
    scales = _scales(kind, len(names), scale, rscales)
    given = design.answers.frame[names].to_numpy(dtype=float, na_value=np.nan)
    if not (np.isfinite(given) & (given >= 0)).all():
        problem = f"replicate weights are missing or below 0 in {int((~(given >= 0)).any(axis=1).sum())} rows"
        raise DesignError(Fault("REPLICATE_WEIGHT_WRONG", "columns", problem, "Give every row a weight of 0 or more."))
    factors = given / design.weights[:, None] if combined else given
    _, first = np.unique(design.unit_of_row, return_index=True)
    if not np.allclose(factors, factors[first][design.unit_of_row], rtol=1e-6):
        problem = "rows of one unit drawn have different replicate factors"
        raise DesignError(Fault("REPLICATES_VARY", "columns", problem, "Leave `psu` out of the design."))
    found = Replicates(_kind(kind), np.arange(design.units), factors[first], scales, centre, given=True)
    said = {"kind": kind, "combined": None if combined else False, "scale": scale, "rscales": rscales,
            "centre": None if centre == "replicates" else centre}  # fmt: skip
    named = columns if isinstance(columns, str) else tuple(columns)
    return _replicated(design, found, words.call("with_replicates", design.code, said, named))


def _kind(name: str) -> Kind:
    return next(kind for kind in get_args(Kind) if kind == name)


def _named(design: Design, columns: Sequence[str] | str) -> list[str]:
    known = [str(name) for name in design.answers.frame.columns]
    names = [name for name in known if re.fullmatch(columns, name)] if isinstance(columns, str) else list(columns)
    absent = [name for name in names if name not in known]
    if absent or not names:
        problem = f'there is no variable "{absent[0] if absent else columns}"'
        raise DesignError(Fault("NO_SUCH_VARIABLE", "columns", problem, near(str(columns), known)))
    return names


def _scales(kind: str, count: int, scale: float | None, rscales: Sequence[float] | None) -> Floats:
    usual = {"bootstrap": 1 / max(count - 1, 1), "brr": 1 / count, "jackknife": (count - 1) / count}
    if scale is None and rscales is None and kind not in usual:
        problem = f'replicates of kind "{kind}" need a scale'
        raise DesignError(Fault("SCALE_NEEDED", "scale", problem, "Give 1 / (R (1 - fay)^2) for R replicates."))
    if rscales is not None and len(rscales) != count:
        problem = f"{len(rscales)} scales are given for {count} replicates"
        raise DesignError(Fault("SCALES_LENGTH", "rscales", problem, "Give one for each replicate."))
    common = scale if scale is not None else 1.0 if rscales is not None else usual[kind]
    return common * np.asarray(np.ones(count) if rscales is None else rscales, dtype=float)


def _check(design: Design, replicates: int) -> None:
    if design.replicates is not None:
        raise DesignError(_twice())
    if design.unequal or (design.lonely in ("adjust", "average") and any((p.size == 1).any() for p in plans(design))):
        problem = "units drawn with unequal probabilities, or a stratum with one unit, have no such replicates"
        remedy = "Estimate by linearisation, or merge the stratum with a neighbour."
        raise DesignError(Fault("REPLICATES_NEED_STAGES", "design", problem, remedy))
    if design.units * replicates > MOST_FACTORS:
        problem = f"{design.units} units times {replicates} replicates do not fit into memory"
        remedy = "Ask for fewer replicates, use `bootstrap`, or estimate by linearisation."
        raise DesignError(Fault("TOO_MANY_FACTORS", "design", problem, remedy))


def _twice() -> Fault:
    return Fault("REPLICATES_TWICE", "design", "the design has replicates", "Make them from the design before.")


def _replicated(design: Design, found: Replicates, code: str) -> Design:
    spread = bool(np.ptp(found.scales) > 0)
    scales = f"scale = 1, rscales = {numbers(found.scales)}"
    if not spread:
        scales = f"scale = {number(found.scales[0])}, rscales = rep(1, {found.count})"
    weighed = 'weights = ~ev_weight, repweights = "ev_rep[0-9]+", combined.weights = FALSE'
    mse = "TRUE" if found.centre == "estimate" else "FALSE"
    r = f'svrepdesign(data = data, {weighed}, type = "other", {scales}, mse = {mse})'
    return replace(
        design,
        replicates=found,
        r_design=re.sub(r"svydesign\(.*?data = data(, nest = TRUE)?\)", r.replace("\\", r"\\"), design.r_design),
        notes=(*design.notes, words.say(design, f"note.{found.kind}", count=found.count)),
        code=code,
        memo={},
    )
