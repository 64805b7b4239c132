"""How much places differ beyond chance: a logistic model with a random difference between places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtri

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.calls import call
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.indicators.comparing import pair_of
from evaltools.estimate.indicators.rates import Rate
from evaltools.estimate.indicators.shares import of_rates
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.language import number, percent, texts

_FEWEST: Final = 5
"""With fewer places the spread between them is a guess."""
_NONE: Final = 1e-4
"""A smaller standard deviation on the scale of log odds is no difference."""
_STEPS: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Counts by row, the matrix of fixed effects, and the place of each row as a code."""

    count: Floats
    n: Floats
    fixed: Floats
    place: Codes
    places: int


def variation(found: Estimate | Sequence[Rate], *, level: float = 0.95) -> Estimate:
    """How much places differ beyond chance, and how the share differs between times, on the scale of log odds.

    found : rates with place and when, or shares with the coordinates `place` and `when`; several times of each place
    are told apart from the places. At least five places. level : of the intervals.

    Returns a row for the first time and one for each later time against it; `extra` has `sd` (standard deviation
    between places), `log_likelihood` and the number of `places`; the first of `notes` says in plain words how far apart
    two thirds of the places lie. Raises `DesignError`: TOO_FEW_PLACES, NO_PLACES, NOT_FITTED (a time in which all or
    none were counted), NO_COUNTS, those of `shares`, LEVEL_NOT_A_SHARE.
    Source: binomial mixed model, Laplace's approximation; Breslow and Clayton (1993), JASA 88; R `lme4::glmer`.
    """
    check_level(level)
    estimate = of_rates(found)
    counts, times = _counts(estimate)
    fitted, log_likelihood = _fit(counts)
    spread = float(abs(fitted[-1]))
    errors = _errors(counts, fitted, estimate.source.question) if spread > _NONE else _plain_errors(counts, fitted)
    rows = tuple(_row((estimate, times), at, (float(fitted[at]), float(errors[at])), level) for at in range(len(times)))
    source = replace(estimate.source, code=call("variation", estimate.source.code, {"level": level}), made_of=None)
    return Estimate(
        measure="coefficient",
        rows=rows,
        source=source,
        notes=(_told(estimate, float(fitted[0]), spread, times[0]), *estimate.notes),
        extra={"sd": spread, "log_likelihood": log_likelihood, "places": float(counts.places)},
        r="lme4::glmer(cbind(count, n - count) ~ when + (1 | place), family = binomial, data = data)",
    )


def _errors(counts: _Counts, fitted: Floats, where: str) -> Floats:
    """Standard errors by the bend of the likelihood; `DesignError` NOT_FITTED where it has no top."""
    bend = _curvature(counts, fitted)
    if not np.isfinite(bend).all() or np.linalg.eigvalsh((bend + bend.T) / 2).min() <= 0:
        problem = "the places are so far apart that no model of their differences has a best answer"
        raise DesignError(Fault("NOT_FITTED", where, problem, "Tell the shares of each place instead (`shares`)."))
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(bend)))[:-1])


def _counts(estimate: Estimate) -> tuple[_Counts, list[str]]:
    pairs = [pair_of(estimate, row) for row in estimate.rows]
    names = [row.coordinate("place") for row in estimate.rows]
    when = [row.coordinate("when") for row in estimate.rows]
    if not all(names):
        problem, remedy = "a rate has no place", 'Give each one: rate(..., place="Randers").'
        raise DesignError(Fault("NO_PLACES", estimate.source.question, problem, remedy))
    places, times = list(dict.fromkeys(names)), list(dict.fromkeys(when))
    if len(places) < _FEWEST:
        problem = f"{len(places)} places cannot tell how places differ"
        raise DesignError(Fault("TOO_FEW_PLACES", estimate.source.question, problem, f"Give at least {_FEWEST}."))
    count, n = (np.array(each, dtype=float) for each in zip(*pairs, strict=True))
    at = np.array([times.index(each) for each in when])
    for place, time in enumerate(times):
        if not 0 < count[at == place].sum() < n[at == place].sum():
            problem = f"{time or 'the counts'}: all or none were counted, so that there are no odds"
            raise DesignError(Fault("NOT_FITTED", estimate.source.question, problem, "Leave that time out."))
    fixed = np.column_stack([np.ones(len(at)), *[(at == each).astype(float) for each in range(1, len(times))]])
    codes = np.array([places.index(each) for each in names], dtype=np.int64)
    return _Counts(count, n, fixed, codes, len(places)), times


def _fit(counts: _Counts) -> tuple[Floats, float]:
    """Fixed effects with the standard deviation as the last value, and the log likelihood, of greatest likelihood."""
    common = counts.count.sum() / counts.n.sum()
    start = np.zeros(counts.fixed.shape[1] + 1)
    start[0] = math.log(common / (1 - common))
    tries = []
    for spread in (0.1, 0.5, 1.5):
        start[-1] = spread
        tries.append(minimize(lambda at: -_likelihood(counts, at), start, method="BFGS", options={"gtol": 1e-7}))
    best = min(tries, key=lambda each: float(each.fun))
    return np.asarray(best.x), -float(best.fun)


def _likelihood(counts: _Counts, at: Floats) -> float:
    """Laplace's approximation of the log likelihood; the difference of a place is its spread times a standard one."""
    spread, line = at[-1], counts.fixed @ at[:-1]
    moved = np.zeros(counts.places)
    for _ in range(_STEPS):
        chance = expit(line + spread * moved[counts.place])
        slope = spread * _by_place(counts, counts.count - counts.n * chance) - moved
        bend = spread**2 * _by_place(counts, counts.n * chance * (1 - chance)) + 1
        moved = moved + np.clip(slope / bend, -3, 3)
        if np.abs(slope / bend).max() < 1e-11:
            break
    eta = line + spread * moved[counts.place]
    chance = expit(eta)
    bend = spread**2 * _by_place(counts, counts.n * chance * (1 - chance)) + 1
    seen = log_choose(counts.n, counts.count) + counts.count * eta - counts.n * np.logaddexp(0, eta)
    return float(seen.sum() - (moved**2).sum() / 2 - np.log(bend).sum() / 2)


def _by_place(counts: _Counts, values: Floats) -> Floats:
    return np.asarray(np.bincount(counts.place, values, minlength=counts.places), dtype=float)


def _curvature(counts: _Counts, at: Floats) -> Floats:
    """The observed information: second differences of the log likelihood."""
    size, step = len(at), 1e-4
    moves = step * np.eye(size)
    return np.array(
        [
            [
                -(
                    _likelihood(counts, at + moves[i] + moves[j])
                    - _likelihood(counts, at + moves[i] - moves[j])
                    - _likelihood(counts, at - moves[i] + moves[j])
                    + _likelihood(counts, at - moves[i] - moves[j])
                )
                / (4 * step**2)
                for j in range(size)
            ]
            for i in range(size)
        ]
    )


def _plain_errors(counts: _Counts, at: Floats) -> Floats:
    """Standard errors of the logistic model without differences between places."""
    chance = expit(counts.fixed @ at[:-1])
    information = counts.fixed.T @ (counts.fixed * (counts.n * chance * (1 - chance))[:, None])
    return np.asarray(np.sqrt(np.diag(np.linalg.inv(information))))


def _row(of: tuple[Estimate, list[str]], at: int, value: tuple[float, float], level: float) -> Row:
    estimate, times = of
    say, first = texts(estimate.source.language).say, times[0] or estimate.source.question
    name = say("indicators.mixed.intercept", first=first) if at == 0 else ""
    label = name or say("indicators.mixed.contrast", name=times[at], first=first)
    half = float(ndtri((1 + level) / 2)) * value[1]
    n = sum(row.n for row in estimate.rows if at == 0 or row.coordinate("when") == times[at])
    return Row(
        coordinates=(("when", times[at] or "all"),),
        labels=(label,),
        estimate=value[0],
        n=n,
        base=float(n),
        method=say("indicators.method.mixed"),
        se=value[1],
        low=value[0] - half,
        high=value[0] + half,
        level=level,
    )


def _told(estimate: Estimate, middle: float, spread: float, first: str) -> str:
    language, say = estimate.source.language, texts(estimate.source.language).say
    if spread <= _NONE:
        return say("indicators.mixed.none")
    low, high = (percent(float(expit(middle + side * spread)), 0, language) for side in (-1, 1))
    sd = number(spread, 2, language)
    return say("indicators.mixed.spread", sd=sd, low=low, high=high, first=first or estimate.source.question)
