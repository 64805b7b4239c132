"""A mixture of other units that was like one unit before it began, and how it went on without the method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row, Source
from evaltools.estimate.rollout.outcomes import Measured, Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.single.predictors import Predictor, by_predictors, closest, predicted_by
from evaltools.language import listed, number, percent, texts

_SHOWN: Final = 6
_LEAST_WEIGHT: Final = 0.01
_NOTHING: Final = 1e-9
_FEWEST: Final = 19
"""With fewer other units than this, no rank is as rare as 1 in 20."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """weights : of the other units. gaps : by period, the unit less its mixture. before : periods before the start."""

    weights: Floats
    gaps: Floats
    before: int

    @property
    def ratio(self) -> float:
        """Root mean square of the gaps after the start against that before it."""
        after, before = (
            float(np.sqrt((part**2).mean())) for part in (self.gaps[self.before :], self.gaps[: self.before])
        )
        return math.inf if before == 0 else after / before


def synthetic_control(panel: RolloutPanel, outcome: Outcome, *, predictors: Sequence[Predictor] = ()) -> Estimate:
    """One unit against the mixture of others that was most like it before.

    panel : from `panel`, in which one unit adopts and all others never do. outcome : a column, or count and base.
    predictors : none takes what was measured before, in every period alike, which has one answer. Else columns with the
    first and last period of their mean (`("income", 1980, 1988)`), counting as much as brings the outcome closest.

    Returns a row for each period from the start (coordinates `unit`, `period`) and their mean (`mean`): the unit less
    its mixture. No interval: `extra` has `rank` of the unit among all when each of the others is treated as if it had
    begun (by the gap after against the gap before), `p_value` = rank / number, `placebos`, `squares_before` (sum of
    squares before the start), `ratio`, and `weight_<unit>` of the mixture. The notes name its largest parts.
    Raises `DesignError`: NOT_ONE_ADOPTER, TOO_FEW_PERIODS, TOO_FEW_DONORS, NOT_A_PERIOD, PREDICTOR_AFTER_START,
    PREDICTOR_EMPTY, and those of an outcome.
    Source: Abadie, Diamond and Hainmueller (2010), JASA 105.

    >>> import pandas as pd
    >>> from evaltools.estimate.rollout import panel
    >>> rows = pd.DataFrame({"unit": list("aaaabbbbcccc"), "period": [1, 2, 3, 4] * 3})
    >>> rows["y"] = [2, 3, 4, 9, 1, 2, 3, 4, 3, 4, 5, 6]
    >>> rows["first"] = [4] * 4 + [0] * 8
    >>> round(synthetic_control(panel(rows, first="first"), "y").row(period="mean").estimate, 6)
    4.0
    """
    known = measured(panel, outcome)
    treated = np.flatnonzero(known.panel.starts < known.panel.never)
    if len(treated) != 1:
        problem = f"{len(treated)} units adopt, where a synthetic control is for one"
        remedy = "Keep one of them with the units that never adopt, or use `imputation`."
        raise DesignError(Fault("NOT_ONE_ADOPTER", known.name, problem, remedy))
    unit, start = int(treated[0]), int(known.panel.starts[treated[0]])
    if start < 2:
        problem = f"{start} periods lie before {known.panel.periods[start]}"
        raise DesignError(Fault("TOO_FEW_PERIODS", known.name, problem, "Give several periods before the start."))
    others = np.delete(np.arange(len(known.values)), unit)
    if len(others) < 2:
        problem = f"there are {len(others)} other units to mix"
        raise DesignError(Fault("TOO_FEW_DONORS", known.name, problem, "Give units that never adopted."))
    alike = predicted_by(known, predictors, start) if predictors else None
    fit = _fitted(known.values, unit, others, start, alike)
    placebos = [_fitted(known.values, each, others[others != each], start, alike).ratio for each in others.tolist()]
    rank = 1 + sum(each >= fit.ratio for each in placebos)
    extra = {
        "rank": float(rank),
        "p_value": rank / (len(placebos) + 1),
        "placebos": float(len(placebos)),
        "squares_before": float((fit.gaps[:start] ** 2).sum()),
        "ratio": fit.ratio,
    }
    names = [known.panel.units[place] for place in others.tolist()]
    parts = zip(names, fit.weights.tolist(), strict=True)
    extra |= {f"weight_{name}": weight for name, weight in parts if weight > _NOTHING}
    return Estimate(
        "difference" if known.is_share else "coefficient",
        _rows(known, fit, "predictors" if predictors else "control"),
        _source(known, panel, (outcome, tuple(predictors)), known.panel.units[unit]),
        _notes(known, fit, names, extra),
        extra=extra,
        r=f"{NO_R}Synth weighs predictors as well, which has no unique answer",
    )


def _fitted(values: Floats, unit: int, others: Codes, before: int, alike: Floats | None) -> _Fit:
    """The mixture of some others for one unit, by its outcome before or by predictors (units x predictors)."""
    away = (values[others, :before] - values[unit, :before]).T
    weights = closest(away) if alike is None else by_predictors(away, (alike[others] - alike[unit]).T)
    return _Fit(weights, values[unit] - weights @ values[others], before)


def _rows(known: Measured, fit: _Fit, way: str) -> tuple[Row, ...]:
    say = texts(known.panel.about.language).say
    after = fit.gaps[fit.before :]
    unit = known.panel.units[int(known.panel.starts.argmin())]
    told = [
        (period, period, gap) for period, gap in zip(known.panel.periods[fit.before :], after.tolist(), strict=True)
    ]
    told.append(("mean", say("planning.label.mean_gap"), float(after.mean())))
    return tuple(
        Row(
            coordinates=(("unit", unit), ("period", key)),
            labels=(unit, label),
            estimate=float(gap),
            n=len(known.values),
            base=float(len(known.values)),
            method=say(f"planning.method.synthetic_{way}"),
        )
        for key, label, gap in told
    )


def _source(known: Measured, panel: RolloutPanel, asked: tuple[Outcome, tuple[Predictor, ...]], unit: str) -> Source:
    about, (outcome, predictors) = panel.about, asked
    say = texts(about.language).say
    return Source(
        origin=about.origin,
        survey=about.title or known.name,
        question=say("planning.label.against_mixture", unit=unit, outcome=about.outcome or known.name),
        universe=say("planning.universe.mixture", others=len(known.values) - 1),
        weight=say("planning.weight.none"),
        confidentiality=about.confidentiality,
        code=call("rollout.synthetic_control", panel.code, {"predictors": predictors}, outcome),
        unit=about.unit,
        language=about.language,
    )  # fmt: skip


def _notes(known: Measured, fit: _Fit, names: list[str], extra: dict[str, float]) -> tuple[str, ...]:
    language = known.panel.about.language
    say = texts(language).say
    heavy = [place for place in np.argsort(-fit.weights).tolist() if fit.weights[place] >= _LEAST_WEIGHT][:_SHOWN]
    mixture = listed([f"{names[place]} ({percent(fit.weights[place], 0, language)})" for place in heavy], language)
    off = math.sqrt(extra["squares_before"] / fit.before)
    told = {"rank": f"{extra['rank']:.0f}", "all": f"{extra['placebos'] + 1:.0f}"}
    few = [say("planning.note.few_placebos", all=told["all"])] if extra["placebos"] < _FEWEST else []
    return (
        say("planning.note.mixture", units=mixture),
        say("planning.note.mixture_fit", off=number(off, 4 if known.is_share else 2, language)),
        say("planning.note.mixture_rank", p=number(extra["p_value"], 3, language), **told),
        *few,
    )
