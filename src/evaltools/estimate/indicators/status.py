"""Where an indicator stands: against its target, with probability and plain words; and the rate it started from."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from scipy.special import betainc

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.indicators.binomial import binomial_test, clopper_pearson
from evaltools.estimate.indicators.comparing import one_row, pair_of
from evaltools.estimate.indicators.rates import Rate, rate
from evaltools.estimate.indicators.shares import of_rates
from evaltools.estimate.result import Estimate, Source, Test
from evaltools.language import Language, full_stop, number, number_range, out_of, percent, texts
from evaltools.schema import Indicator

Direction = Literal["up", "down"]
_SIGNIFICANT: Final = 0.05
_DECIMALS_ABOVE: Final = 1000
_NEAR_THE_EDGE: Final = 0.005
"""Limits closer to 0 or 1 than this get a decimal, so that a rare event is not shown as none."""


def status(
    now: Estimate | Rate, target: float | None = None, *, direction: Direction = "up", level: float = 0.95
) -> Test:
    """One counted share against its target: reached, not reached, or not to be told; with the probability of it.

    now : one rate or row with counts. target : a share (0.33); of a rate, the target of its indicator where it is left
    out. direction : whether the target is reached from below ("up") or from above ("down"); a rate's indicator knows
    its own. level : of the exact interval in the words.

    Returns a `Test`: `statistic` is the probability that the true share has reached the target (Beta posterior on
    Jeffreys' prior), `p_value` the two-sided exact binomial one, `estimate` the share less the target, and the first of
    `notes` says it in words. It is called reached or not only where the exact interval and the test agree.
    Raises `DesignError`: NO_TARGET, NO_COUNTS, NOT_ONE_ROW, NOT_A_SHARE, TARGET_NOT_A_SHARE, LEVEL_NOT_A_SHARE.
    Source: Jeffreys (1946); Clopper and Pearson (1934).
    """
    goal, way = _aim(now, target, direction)
    estimate = of_rates(now)
    row, source = one_row(estimate), estimate.source
    count, n = pair_of(estimate, row)
    p_value, limits = binomial_test(count, n, goal), clopper_pearson(count, n, level)
    below = float(betainc(count + 0.5, n - count + 0.5, goal))
    reached = 1 - below if way == "up" else below
    language, say = source.language, texts(source.language).say
    digits = 1 if n > _DECIMALS_ABOVE or min(limits[0], 1 - limits[1]) < _NEAR_THE_EDGE else 0
    low, high = (number(100 * each, digits, language) for each in limits)
    words = {
        "counts": out_of(count, n, language),
        "percent": percent(row.estimate, digits, language),
        "limits": number_range(low, high, language),
        "level": round(100 * level),
        "target": percent(goal, 0 if round(1000 * goal) % 10 == 0 else 1, language),
        "probability": _chance(reached, language),
    }
    verdict = say(f"indicators.status.{_verdict(limits, goal, p_value, way)}")
    stands = say(f"indicators.status.stands_{way}", verdict=verdict, **words)
    chance = say(f"indicators.status.chance_{way}", **words)
    return Test(
        name=say("indicators.status.name", question=source.question, target=words["target"]),
        statistic=reached,
        p_value=p_value,
        method=say("indicators.method.status"),
        source=_source(estimate, goal, way, level),
        notes=(f"{full_stop(stands)} {full_stop(chance)}", *estimate.notes),
        r=f"{_posterior(count, n, goal, way)}\nbinom.test({count}, {n}, p = {goal!r}, conf.level = {level!r})",
        estimate=row.estimate - goal,
        row=row,
    )


def baseline_rate(indicator: Indicator, *, language: Language = "da") -> Rate:
    """The rate from which an indicator started, where the data dictionary has its counts.

    indicator : from `read_indicators`. language : of the words that say when. Returns a `Rate`, the earlier one of
    `two_proportions`. Raises `DesignError` NO_BASELINE.
    """
    if indicator.baseline_counts is None:
        problem, remedy = (
            "the baseline has no counts",
            "Add count and base to it in indicators.yaml, if a source tells them.",
        )
        raise DesignError(Fault("NO_BASELINE", indicator.name, problem, remedy))
    count, base = indicator.baseline_counts
    return rate(indicator, count, base, when=indicator.baseline.to(language) if indicator.baseline else "")


def _aim(now: Estimate | Rate, target: float | None, direction: Direction) -> tuple[float, Direction]:
    """Target and direction: as given, else as the indicator of the rate says."""
    indicator = now.indicator if isinstance(now, Rate) else None
    goal = indicator.target_share if target is None and indicator is not None else target
    if goal is None:
        where = indicator.name if indicator else "status"
        raise DesignError(Fault("NO_TARGET", where, "there is no target to hold it against", "Give one: target=0.33."))
    own = indicator.direction.en if indicator is not None and indicator.direction is not None else direction
    return goal, "down" if own == "down" else "up"


def _verdict(limits: tuple[float, float], goal: float, p_value: float, way: Direction) -> str:
    if limits[0] <= goal <= limits[1] or p_value >= _SIGNIFICANT:
        return "open"
    return "reached" if (limits[0] > goal) == (way == "up") else "missed"


def _chance(probability: float, language: Language) -> str:
    """A probability in per cent, never rounded to none or all."""
    say = texts(language).say
    if probability < _NEAR_THE_EDGE:
        return say("indicators.status.under", limit=percent(0.01, 0, language))
    if probability > 1 - _NEAR_THE_EDGE:
        return say("indicators.status.over", limit=percent(0.99, 0, language))
    return percent(probability, 0, language)


def _source(estimate: Estimate, goal: float, way: Direction, level: float) -> Source:
    code = call("status", estimate.source.code, {"direction": way if way == "down" else None, "level": level}, goal)
    return replace(estimate.source, code=code)


def _posterior(count: int, n: int, goal: float, way: Direction) -> str:
    tail = ", lower.tail = FALSE" if way == "up" else ""
    return f"pbeta({goal!r}, {count} + 0.5, {n - count} + 0.5{tail})"
