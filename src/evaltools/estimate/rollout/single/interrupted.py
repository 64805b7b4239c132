"""Interrupted time series: the counts of one place before and after a change, with trend and seasons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, check_columns
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.estimate.rollout.planning.periods import in_order, written
from evaltools.estimate.rollout.single.counting import Fitted, poisson
from evaltools.estimate.saying import check_said
from evaltools.language import Language, number, texts
from evaltools.provenance import Origin

Change = Literal["level", "level_and_slope"]
Errors = Literal["quasi", "poisson", "hac"]
_HARMONICS: Final = 2
_LEAST: Final = 3
"""Periods that a side must have at least."""
_USUAL: Final = {"count": "count", "base": None, "period": "period", "origin": "collected"}


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Counts of one place over periods, and the first period after the change. base : None where none is given."""

    periods: tuple[str, ...]
    counts: Floats
    base: Floats | None
    start: int
    name: str
    origin: Origin
    language: Language
    code: str


def series(
    frame: pd.DataFrame,
    *,
    start: str | int,
    count: str = "count",
    base: str | None = None,
    period: str = "period",
    origin: Origin = "collected",
    language: Language = "da",
) -> Series:
    """A series from plain rows: one per period, in any order.

    frame : with the columns `period` and `count`; periods are numbers, or texts such as 2015-Q1 or 2015-03.
    start : the first period with the method. base : column of what the counts are set against (children, days).
    origin : of the rows. language : of the results. Returns a `Series`.
    Raises `DesignError`: NO_SUCH_VARIABLE, NOT_A_NUMBER, COUNT_NOT_WHOLE, BASE_NOT_POSITIVE, TWICE_IN_A_PERIOD,
    SERIES_TOO_SHORT.

    >>> series(pd.DataFrame({"period": range(2011, 2019), "count": [4, 6, 5, 7, 2, 3, 1, 2]}), start=2015).start
    4
    """
    check_said(origin, "practice", language)
    check_columns(frame, (period, count, *([base] if base else [])), "series")
    rows = frame.assign(**{period: frame[period].map(written)})
    rows = rows.iloc[sorted(range(len(rows)), key=lambda place: in_order(rows[period].iloc[place]))]
    if rows[period].duplicated().any():
        problem = f"{rows[period][rows[period].duplicated()].iloc[0]} has several rows"
        raise DesignError(Fault("TWICE_IN_A_PERIOD", "series", problem, "Add them up to one row."))
    counts = _numbers(rows, count)
    if (counts < 0).any() or (counts % 1 != 0).any():
        problem = f'"{count}" is not a count everywhere'
        raise DesignError(Fault("COUNT_NOT_WHOLE", count, problem, "Give whole numbers from 0, not shares."))
    bases = _numbers(rows, base) if base else None
    if bases is not None and (bases <= 0).any():
        problem = f'"{base}" is not above 0 in {rows[period].to_numpy()[(bases <= 0)][0]}'
        raise DesignError(Fault("BASE_NOT_POSITIVE", base or "", problem, "Merge periods, so that each has a base."))
    periods = tuple(rows[period])
    place = sum(in_order(each) < in_order(written(start)) for each in periods)
    if min(place, len(periods) - place) < _LEAST:
        problem = f"{place} periods lie before {written(start)} and {len(periods) - place} from it on"
        raise DesignError(Fault("SERIES_TOO_SHORT", "start", problem, f"Give at least {_LEAST} on each side."))
    told = {"count": count, "base": base, "period": period, "origin": origin, "language": language}
    said = {"start": start, **{name: value for name, value in told.items() if _USUAL.get(name) != value}}
    return Series(periods, counts, bases, place, count, origin, language, call("rollout.series", "frame", said))


def interrupted_series(
    series: Series,
    *,
    change: Change = "level_and_slope",
    season: int = 0,
    errors: Errors = "quasi",
    level: float = 0.95,
) -> Estimate:
    """How the counts changed at the start, beyond their trend and seasons, in one place without comparison.

    series : from `series`. change : of the level only, or of level and slope (counted 1, 2, ... from the start).
    season : periods in a year (12, 4), for two pairs of sine and cosine; 0 without. errors : `quasi` lets counts vary
    more than Poisson's, `poisson` does not, `hac` allows neighbours in time to be alike (Newey and West). level : 0.95.

    Returns rows by `term`: `level`, `slope` (where asked for) and `trend` as logarithms of ratios with standard errors,
    and `level_ratio`, `slope_ratio`, `trend_ratio` as ratios. `extra` has `dispersion`, `lag_one` (the correlation of
    neighbouring residuals).
    Raises `DesignError`: NO_SUCH_RULE, LEVEL_NOT_A_SHARE, SERIES_TOO_SHORT, SERIES_NOT_SEPARABLE, NOT_CONVERGED.
    Source: Lopez Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46. Normal intervals.

    >>> counts = [20, 22, 21, 25, 23, 26, 15, 14, 17, 15, 16, 14]
    >>> found = interrupted_series(series(pd.DataFrame({"period": range(2001, 2013), "count": counts}), start=2007))
    >>> round(found.row(term="level_ratio").estimate, 2)
    0.6
    """
    check_level(level)
    for name, chosen, kinds in (("change", change, Change), ("errors", errors, Errors)):
        if chosen not in get_args(kinds):
            raise DesignError(
                Fault("NO_SUCH_RULE", name, f'there is no rule "{chosen}"', near(chosen, get_args(kinds)))
            )
    names, columns = _columns(series, change, season)
    if len(series.counts) <= columns.shape[1] + 1:
        problem = f"{len(series.counts)} periods are too few for {columns.shape[1]} terms"
        raise DesignError(Fault("SERIES_TOO_SHORT", series.name, problem, "Give more periods, or leave seasons out."))
    offset = np.zeros(len(series.counts)) if series.base is None else np.log(series.base)
    fitted = poisson(columns, series.counts, offset, series.name)
    lags = math.floor(4 * (len(series.counts) / 100) ** (2 / 9))
    spread = np.sqrt(np.diag(fitted.covariance(errors, lags)))
    method = texts(series.language).say(f"planning.method.series_{errors}", lags=lags)
    rows = [
        _row(series, name, (float(fitted.coefficients[place]), float(spread[place])), level, method, ratio=ratio)
        for ratio in (False, True)
        for place, name in enumerate(names, 1)
    ]
    return Estimate(
        "coefficient",
        tuple(rows),
        _source(series, {"change": change, "season": season, "errors": errors, "level": level}),
        _notes(series, fitted, season),
        extra={"dispersion": fitted.dispersion, "lag_one": _lag_one(fitted)},
        r=_r(series, names, season, errors),
    )


def _columns(series: Series, change: Change, season: int) -> tuple[tuple[str, ...], Floats]:
    """Names of the terms that are told, and all columns: constant, told ones, seasons."""
    time = np.arange(1, len(series.counts) + 1, dtype=float)
    after = (time > series.start).astype(float)
    told = {"level": after, "slope": after * (time - series.start), "trend": time}
    if change == "level":
        del told["slope"]
    angles = [2 * math.pi * each * time / season for each in range(1, _HARMONICS + 1)] if season else []
    waves = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return tuple(told), np.column_stack([np.ones_like(time), *told.values(), *waves])


def _numbers(rows: pd.DataFrame, name: str) -> Floats:
    numbers = pd.to_numeric(rows[name], errors="coerce").to_numpy(dtype=float)
    if not np.isfinite(numbers).all():
        problem = f'"{rows[name].to_numpy()[~np.isfinite(numbers)][0]}" in "{name}" is not a number'
        raise DesignError(Fault("NOT_A_NUMBER", name, problem, "Give a number for every period."))
    return numbers


def _row(
    series: Series, name: str, told: tuple[float, float], level: float, method: str, *, ratio: bool
) -> Row:  # fmt: skip
    value, se = told
    half = float(ndtri((1 + level) / 2)) * se
    low, high = value - half, value + half
    key = f"{name}_ratio" if ratio else name
    return Row(
        coordinates=(("term", key),),
        labels=(texts(series.language).say(f"planning.term.{key}"),),
        estimate=math.exp(value) if ratio else value,
        n=len(series.counts),
        base=float(len(series.counts)),
        method=method,
        se=None if ratio else se,
        low=math.exp(low) if ratio else low,
        high=math.exp(high) if ratio else high,
        level=level,
    )


def _source(series: Series, arguments: dict[str, object]) -> Source:
    say = texts(series.language).say
    usual = {"change": "level_and_slope", "season": 0, "errors": "quasi"}
    said = {name: value for name, value in arguments.items() if usual.get(name) != value}
    return Source(
        origin=series.origin,
        survey=series.name,
        question=say("planning.label.series", start=series.periods[series.start]),
        universe=say("planning.universe.series", first=series.periods[0], last=series.periods[-1]),
        weight=say("planning.weight.none"),
        confidentiality="practice",
        code=call("rollout.interrupted_series", series.code, said),
        language=series.language,
    )


def _lag_one(fitted: Fitted) -> float:
    left = fitted.residuals - fitted.residuals.mean()
    return float((left[1:] * left[:-1]).sum() / (left**2).sum())


def _notes(series: Series, fitted: Fitted, season: int) -> tuple[str, ...]:
    say = texts(series.language).say
    lag = _lag_one(fitted)
    free = len(series.counts) - fitted.columns.shape[1]
    close = abs(lag) > float(stdtrit(free, 0.975)) / math.sqrt(len(series.counts))
    told = {"dispersion": number(fitted.dispersion, 2, series.language), "lag": number(lag, 2, series.language)}
    return (
        say("planning.note.series"),
        say("planning.note.dispersion", **told),
        *([say("planning.note.alike_in_time")] if close else []),
        *([] if season else [say("planning.note.no_season")]),
    )


def _r(series: Series, names: Sequence[str], season: int, errors: Errors) -> str:
    """The same regression by R's glm; `hac` with the package sandwich."""
    lines = [f"count <- c({', '.join(f'{each:g}' for each in series.counts)})", "trend <- seq_along(count)"]
    lines.append(f"level <- as.numeric(trend > {series.start})")
    if "slope" in names:
        lines.append(f"slope <- level * (trend - {series.start})")
    terms = list(names)
    if season:
        lines.append(f"angle <- 2 * pi * trend / {season}")
        terms += [f"{wave}({each} * angle)" for each in range(1, _HARMONICS + 1) for wave in ("sin", "cos")]
    if series.base is not None:
        lines.append(f"base <- c({', '.join(repr(float(each)) for each in series.base)})")
        terms.append("offset(log(base))")
    family = "poisson" if errors == "poisson" else "quasipoisson"
    lines.append(f"fitted <- glm(count ~ {' + '.join(terms)}, family = {family})")
    lags = math.floor(4 * (len(series.counts) / 100) ** (2 / 9))
    hac = f"lmtest::coeftest(fitted, sandwich::NeweyWest(fitted, lag = {lags}, prewhite = FALSE))"
    lines.append(hac if errors == "hac" else "summary(fitted)")
    return "\n".join(lines)
