"""Were trends parallel before? A test of it, and what that test could have found."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, chndtr

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row, Test
from evaltools.estimate.rollout.groups import GroupTimeEffects
from evaltools.language import percent_sign, texts

_ROUNDING: Final = 1e-9
"""Errors that are smaller than this beside the numbers are what is left of rounding."""


def pre_trend_test(effects: Estimate) -> Test:
    """Wald's test that all differences before adoption are 0.

    effects : from `group_time_effects`, `event_study` or `sun_abraham`. That it finds nothing proves nothing: see
    `pre_trend_power`. Returns a `Test`; its degrees of freedom are the differences that vary independently.
    Raises `DesignError`: NO_JOINT_COVARIANCE, NO_PERIODS_BEFORE.
    Source: Callaway and Sant'Anna (2021), section 4.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.2, 3, 1, 2, 5, 1, 2.1, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> round(ev.rollout.pre_trend_test(effects).p_value, 2)
    0.53
    """
    places, covariance = _before(effects)
    values = np.array([effects.rows[place].estimate for place in places])
    inverse, rank = _inverse(covariance)
    statistic = float(values @ inverse @ values)
    say = texts(effects.source.language).say
    return Test(
        name=say("rollout.method.pre_trend"),
        statistic=statistic,
        p_value=float(chdtrc(rank, statistic)),
        method=say("rollout.method.pre_trend"),
        source=replace(effects.source, code=call("rollout.pre_trend_test", effects.source.code, {})),
        df=(float(rank),),
        notes=(say("rollout.note.pre_trend_silent"), *effects.notes[1:]),
        r=_r(effects, "effects$W; effects$Wpval"),
    )


def pre_trend_power(effects: Estimate, *, power: float = 0.8, level: float = 0.95) -> Estimate:
    """What the test of trends before adoption could have found: the slope that it finds with that power.

    effects : as in `pre_trend_test`. power : probability that the test finds it. level : 1 - the size of the test.
    Returns two rows: `slope`, how much faster per period the trend of adopters would have to rise (or fall); and
    `bias`, how much that adds to the effect in the last period after adoption. An effect smaller than this bias is not
    told apart from a trend that the test may well have missed.
    Raises `DesignError`: NO_JOINT_COVARIANCE, NO_PERIODS_BEFORE, POWER_NOT_A_SHARE, LEVEL_NOT_A_SHARE.
    Source: Roth (2022), American Economic Review: Insights 4, for the Wald test.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.2, 3, 1, 2, 5, 1, 2.1, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> round(ev.rollout.pre_trend_power(effects).row(quantity="slope").estimate, 2)
    0.22
    """
    for value, code, name in ((power, "POWER_NOT_A_SHARE", "power"), (level, "LEVEL_NOT_A_SHARE", "level")):
        if not 0 < value < 1:
            raise DesignError(Fault(code, name, f"{value:g} is not between 0 and 1", "Write a share, such as 0.8."))
    places, covariance = _before(effects)
    inverse, rank = _inverse(covariance)
    line = np.array([_drift(effects, effects.rows[place]) for place in places])
    slope = float(np.sqrt(_noncentrality(rank, power, 1 - level) / (line @ inverse @ line)))
    latest = max(_event(row) or 0 for row in effects.rows)
    say = texts(effects.source.language).say
    method = say("rollout.method.trend_power", power=percent_sign(power, 0, effects.source.language))
    n = min(effects.rows[place].n for place in places)
    rows = tuple(
        Row((("quantity", name),), (say(f"rollout.label.{name}"),), value, n, float(n), method, level=level)
        for name, value in (("slope", slope), ("bias", slope * (latest + 1 + _anticipated(effects))))
    )
    told = {"power": None if power == 0.8 else power, "level": level}
    return Estimate(
        measure=effects.measure,
        rows=rows,
        source=replace(effects.source, code=call("rollout.pre_trend_power", effects.source.code, told)),
        notes=effects.notes[1:],
        unit=effects.unit,
        r=_r(effects, "library(pretrends)  # slope_for_power(), of another test of the same differences"),
        extra=effects.extra,
    )


def _before(effects: Estimate) -> tuple[list[int], Floats]:
    """Places of the differences before adoption, and their joint covariance."""
    if effects.covariance is None:
        problem = "these effects have no joint uncertainty"
        remedy = "Take `group_time_effects`, `event_study` or `sun_abraham`."
        raise DesignError(Fault("NO_JOINT_COVARIANCE", effects.source.question, problem, remedy))
    least = (_ROUNDING * max(abs(row.estimate) + (row.se or 0.0) for row in effects.rows)) ** 2
    places = [
        place
        for place, row in enumerate(effects.rows)
        if (_event(row) or 0) < 0 and row.se is not None and effects.covariance[place, place] > least
    ]
    if not places:
        problem = "there is no difference before adoption that varies between units"
        remedy = (
            "Give periods before the first adoption, and take `event_study` or `sun_abraham`; `imputation` tells none."
        )
        raise DesignError(Fault("NO_PERIODS_BEFORE", effects.source.question, problem, remedy))
    return places, effects.covariance[np.ix_(places, places)]


def _event(row: Row) -> int | None:
    text = row.coordinate("event")
    return int(text) if text.lstrip("-").isdigit() else None


def _inverse(covariance: Floats) -> tuple[Floats, int]:
    """The (generalised) inverse and the rank."""
    scale = np.sqrt(np.diag(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    used = values > 1e-10 * values.max()
    inverse = (vectors[:, used] / values[used]) @ vectors[:, used].T
    return np.asarray(inverse / np.outer(scale, scale)), int(used.sum())


def _noncentrality(rank: int, power: float, size: float) -> float:
    limit = float(chdtri(rank, size))
    if power <= size:
        return 0.0
    return float(brentq(lambda shift: 1.0 - float(chndtr(limit, rank, shift)) - power, 1e-9, 1e4))


def _drift(effects: Estimate, row: Row) -> float:
    """What a straight trend of slope 1 adds to a difference: the periods that lie between its two ends."""
    if not _common_base(effects):
        return 1.0
    return float((_event(row) or 0) + 1 + _anticipated(effects))


def _common_base(effects: Estimate) -> bool:
    if isinstance(effects, GroupTimeEffects):
        return effects.setup.base == "universal"
    return bool(effects.extra.get("common_base", 0.0))


def _anticipated(effects: Estimate) -> int:
    return (
        effects.setup.anticipation
        if isinstance(effects, GroupTimeEffects)
        else int(effects.extra.get("anticipation", 0))
    )


def _r(effects: Estimate, line: str) -> str:
    return f"{effects.r}\n{line}" if effects.r and not effects.r.startswith(NO_R) else effects.r
