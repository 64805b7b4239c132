"""Shares of many small places, each pulled towards the common level as much as its own numbers are few."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import betainc, betaincinv, betaln

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call
from evaltools.estimate.indicators.binomial import clopper_pearson
from evaltools.estimate.indicators.comparing import pair_of
from evaltools.estimate.indicators.rates import Rate
from evaltools.estimate.indicators.shares import of_rates
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row, Source
from evaltools.language import Language, number, out_of, percent, texts

_FEWEST: Final = 3
"""Fewer places say next to nothing about how places differ."""
_NO_DIFFERENCE: Final = 1e6
"""A prior that weighs as many cases as this leaves the places nothing of their own."""


def shrunken(found: Estimate | Sequence[Rate], *, level: float = 0.95) -> Estimate:
    """Each share pulled towards the common level by a beta-binomial model (empirical Bayes).

    found : rates that may stand side by side, or shares with counts, one row per place; at least three. level : of the
    intervals. Places with few cases are pulled most, so that small municipalities do not head and close every list by
    chance alone. Where the shares vary no more than chance makes them, every place gets the common level.

    Returns a row per place: posterior mean and equal-tailed interval; `n` and `count` are what was counted. `extra`
    has `a`, `b` and `mean` of the prior, `weight` (a + b: the cases it weighs) and `sd` (between places); the first of
    `notes` explains it in plain words, then each place is told before and after.
    Raises `DesignError`: TOO_FEW_PLACES, NO_COUNTS, NOT_A_SHARE, those of `shares`, LEVEL_NOT_A_SHARE.
    Source: maximum likelihood of the beta-binomial; Griffiths (1973), Biometrics 29; Morris (1983), JASA 78. The
    intervals take a and b as known, so they are somewhat short where places are few.
    """
    check_level(level)
    estimate = of_rates(found)
    if estimate.measure != "share":
        problem = f"a {estimate.measure} is not a share"
        raise DesignError(Fault("NOT_A_SHARE", estimate.source.question, problem, "Give counted shares."))
    pairs = [pair_of(estimate, row) for row in estimate.rows]
    if len(pairs) < _FEWEST:
        problem = f"{len(pairs)} places cannot tell how places differ"
        raise DesignError(Fault("TOO_FEW_PLACES", estimate.source.question, problem, f"Give at least {_FEWEST}."))
    counts, bases = (np.array(each, dtype=float) for each in zip(*pairs, strict=True))
    mean, weight = _prior(counts, bases)
    method = texts(estimate.source.language).say("indicators.method.shrunken")
    alike = weight >= _NO_DIFFERENCE
    found_of = [_common(pairs, level) if alike else _posterior(pair, mean, weight, level) for pair in pairs]
    rows = tuple(
        replace(row, estimate=new["estimate"], low=new["low"], high=new["high"], level=level, method=method)
        for row, new in zip(estimate.rows, found_of, strict=True)
    )
    whole = {"a": mean * weight, "b": (1 - mean) * weight, "mean": mean, "weight": weight}
    spread = math.sqrt(mean * (1 - mean) / (weight + 1))
    return Estimate(
        measure="share",
        rows=rows,
        source=_source(estimate, level),
        notes=(*_words(estimate.rows, rows, (mean, weight), estimate.source.language), *estimate.notes),
        extra={**whole, "sd": spread},
        r=f"{NO_R}base R has no beta-binomial model; VGAM::vglm(cbind(count, n - count) ~ 1, betabinomial) has",
    )


def _prior(counts: Floats, bases: Floats) -> tuple[float, float]:
    """Mean and weight (a + b) of greatest likelihood, found over their logit and logarithm."""
    common = float(counts.sum() / bases.sum())
    if not 0 < common < 1:
        return common, _NO_DIFFERENCE

    def lost(at: Floats) -> float:
        mean, weight = 1 / (1 + math.exp(-at[0])), math.exp(min(at[1], 30.0))
        a, b = mean * weight, (1 - mean) * weight
        return -float((betaln(counts + a, bases - counts + b) - betaln(a, b)).sum())

    start = math.log(common / (1 - common))
    tries = [
        minimize(
            lost,
            [start, math.log(weight)],
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000},
        )
        for weight in (2.0, 20.0, 200.0)
    ]
    best = min(tries, key=lambda each: float(each.fun))
    weight = math.exp(min(float(best.x[1]), 30.0))
    if weight >= _NO_DIFFERENCE:
        return common, _NO_DIFFERENCE
    return 1 / (1 + math.exp(-float(best.x[0]))), weight


def _posterior(pair: tuple[int, int], mean: float, weight: float, level: float) -> dict[str, float]:
    a, b = mean * weight + pair[0], (1 - mean) * weight + pair[1] - pair[0]
    low, high = (_quantile(a, b, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    return {"estimate": a / (a + b), "low": low, "high": high}


def _quantile(a: float, b: float, tail: float) -> float:
    """The quantile of a beta distribution; by halving where scipy has none."""
    found = float(betaincinv(a, b, tail))
    return found if math.isfinite(found) else float(brentq(lambda share: betainc(a, b, share) - tail, 0.0, 1.0))


def _common(pairs: Sequence[tuple[int, int]], level: float) -> dict[str, float]:
    """The common level with its exact interval, for places that do not differ."""
    count, n = (sum(each) for each in zip(*pairs, strict=True))
    low, high = clopper_pearson(count, n, level)
    return {"estimate": count / n, "low": low, "high": high}


def _words(
    before: Sequence[Row], after: Sequence[Row], prior: tuple[float, float], language: Language
) -> tuple[str, ...]:
    say = texts(language).say
    mean, weight = prior
    if weight >= _NO_DIFFERENCE:
        return (say("indicators.shrunken.alike"),)
    how = say("indicators.shrunken.how", mean=percent(mean, 0, language), weight=number(weight, 0, language))
    return (how, *(_told(*pair, weight, language) for pair in zip(before, after, strict=True)))


def _told(raw: Row, pulled: Row, weight: float, language: Language) -> str:
    return texts(language).say(
        "indicators.shrunken.pulled",
        label=" / ".join(raw.labels),
        raw=percent(raw.estimate, 0, language),
        counts=out_of(raw.count or 0, raw.n, language),
        shrunken=percent(pulled.estimate, 0, language),
        share=percent(weight / (weight + raw.n), 0, language),
    )


def _source(estimate: Estimate, level: float) -> Source:
    return replace(estimate.source, code=call("shrunken", estimate.source.code, {"level": level}))
