"""Power by formula: two shares, and a stepped wedge of clusters whose order is drawn by lot."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call, literal
from evaltools.estimate.result import Estimate, Measured, Row, Source
from evaltools.estimate.rollout.planning.checking import check_deviation, check_inside, check_whole
from evaltools.language import Language, texts

_SIGNIFICANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Wedge:
    """A stepped wedge: one period in which nobody has the method, then one wave in each period.

    waves : clusters (municipalities) in each wave. cases : cases in each cluster and period.
    between : standard deviation of the share between clusters, as a share (0.03 is 3 percentage points).
    effect_between : standard deviation of the effect between clusters. period_between : of the share between periods
    of one cluster, besides what few cases make; leaving it out promises too much.

    >>> Wedge((6, 6, 6, 6), cases=100, between=0.015).code
    'rollout.Wedge((6, 6, 6, 6), cases=100, between=0.015)'
    """

    waves: tuple[int, ...]
    cases: int
    between: float
    effect_between: float = 0.0
    period_between: float = 0.0

    def __post_init__(self) -> None:
        for clusters in self.waves:
            check_whole("waves", clusters, 1)
        if len(self.waves) < 2:
            problem = "a stepped wedge has waves, one after another"
            raise DesignError(Fault("TOO_FEW_WAVES", "waves", problem, "Give the clusters of each: (6, 6, 6, 6)."))
        check_whole("cases", self.cases, 1)
        for name in ("between", "effect_between", "period_between"):
            check_deviation(name, getattr(self, name))

    @property
    def code(self) -> str:
        """The expression that gives it again."""
        told = {"cases": self.cases, "between": self.between}
        more = {"effect_between": self.effect_between, "period_between": self.period_between}
        told |= {name: value for name, value in more.items() if value}
        return call("rollout.Wedge", literal(self.waves), told)

    def error(self, before: float, after: float) -> float:
        """Standard error of the effect by generalised least squares, with the variance at the mean of both shares."""
        periods = len(self.waves) + 1
        middle = (before + after) / 2
        own = middle * (1 - middle) / self.cases + self.period_between**2
        information = np.zeros((periods + 1, periods + 1))
        for wave, clusters in enumerate(self.waves):
            treated = (np.arange(periods) > wave).astype(float)
            variance = own * np.eye(periods) + self.between**2 + self.effect_between**2 * np.outer(treated, treated)
            columns = np.column_stack([np.eye(periods), treated])
            information += clusters * columns.T @ np.linalg.solve(variance, columns)
        return math.sqrt(np.linalg.inv(information)[-1, -1])


def stepped_wedge_power(
    wedge: Wedge, before: float, after: float, *, significance: float = _SIGNIFICANCE, language: Language = "da"
) -> Estimate:
    """Power to see a share change from `before` to `after` in a stepped wedge, by formula.

    wedge : the plan. before, after : shares 0-1. significance : of the two-sided test, usually 0.05.
    Returns one row, a share; `extra` has `standard_error`. language : of the words.
    Raises `DesignError`: NOT_BETWEEN_ZERO_AND_ONE, NO_CHANGE.
    Source: Hussey and Hughes (2007), Contemporary Clinical Trials 28; with `effect_between` after Hooper et al. (2016),
    Statistics in Medicine 35. Assumes one effect from the first period on, and an order that is drawn by lot.

    >>> wedge = Wedge((6, 6, 6, 6), cases=100, between=0.015)
    >>> round(stepped_wedge_power(wedge, 0.05, 0.032).rows[0].estimate, 3)
    0.839
    """
    _check_change(before, after, significance)
    error = wedge.error(before, after)
    power = _power(abs(after - before) / error, significance)
    arguments = {"significance": _unusual(significance), "language": language}
    code = call("rollout.stepped_wedge_power", wedge.code, arguments, before, after)
    r = (
        f"library(swCRTdesign)\nswPwr(swDsn(c({', '.join(map(str, wedge.waves))})), "
        f'distn = "binomial", n = {wedge.cases}, '
        f"mu0 = {before!r}, mu1 = {after!r}, tau = {wedge.between!r}, eta = {wedge.effect_between!r}, rho = 0, "
        f"gamma = {wedge.period_between!r}, alpha = {significance!r})"
    )
    told = _Told("share", "stepped_wedge", code, r, language)
    n = sum(wedge.waves) * (len(wedge.waves) + 1) * wedge.cases
    noted = texts(language).say("planning.note.wedge_exact_order")
    return _estimate(told, power, n, extra={"standard_error": error}, notes=(noted,))


def stepped_wedge_change(
    wedge: Wedge,
    before: float,
    *,
    power: float = 0.8,
    significance: float = _SIGNIFICANCE,
    language: Language = "da",
) -> Estimate:
    """The smallest rise from `before` that a stepped wedge shows with this power, by formula.

    wedge, before, significance : as in `stepped_wedge_power`. power : usually 0.8. language : of the words.
    Returns one row, a difference between shares. Raises `DesignError`: NOT_BETWEEN_ZERO_AND_ONE, NOTHING_LARGE_ENOUGH.

    >>> wedge = Wedge((24, 25, 24, 25), cases=34, between=0.03, period_between=0.015)
    >>> round(stepped_wedge_change(wedge, 0.08).rows[0].estimate, 3)
    0.021
    """
    _check_change(before, (1 + before) / 2, significance)
    check_inside("power", power)

    def lacking(after: float) -> float:
        return power - _power((after - before) / wedge.error(before, after), significance)

    after = _crossing(lacking, before + 1e-9, 1 - 1e-9)
    arguments = {"power": power, "significance": _unusual(significance), "language": language}
    code = call("rollout.stepped_wedge_change", wedge.code, arguments, before)
    told = _Told("difference", "stepped_wedge", code, "", language)
    n = sum(wedge.waves) * (len(wedge.waves) + 1) * wedge.cases
    return _estimate(told, after - before, n, notes=(texts(language).say("planning.note.wedge_exact_order"),))


def two_proportion_power(
    earlier: float, later: float, n: int | tuple[int, int], *, significance: float = _SIGNIFICANCE,
    language: Language = "da",
) -> Estimate:  # fmt: skip
    """Power to see that two independent shares differ, with `n` cases in each (or in the earlier and the later one).

    earlier, later : true shares 0-1. significance : of the two-sided test. language : of the words.
    Returns one row, a share. Raises `DesignError`: NOT_BETWEEN_ZERO_AND_ONE, NO_CHANGE, NOT_A_WHOLE_NUMBER.
    Source: normal approximation as in R's `power.prop.test`; Fleiss, Levin and Paik (2003), chapter 4.

    >>> round(two_proportion_power(0.14, 0.22, 57).rows[0].estimate, 4)
    0.1968
    """
    _check_change(earlier, later, significance)
    first, second = n if isinstance(n, tuple) else (n, n)
    for cases in (first, second):
        check_whole("n", cases, 1)
    pooled = (first * earlier + second * later) / (first + second)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / first + 1 / second))
    under_change = math.sqrt(earlier * (1 - earlier) / first + later * (1 - later) / second)
    critical = float(ndtri(1 - significance / 2))
    power = float(ndtr((abs(later - earlier) - critical * under_null) / under_change))
    arguments = {"significance": _unusual(significance), "language": language}
    code = call("rollout.two_proportion_power", repr(earlier), arguments, later, n)
    same = f"power.prop.test(n = {first}, p1 = {earlier!r}, p2 = {later!r}, sig.level = {significance!r})$power"
    r = same if first == second else "# R has no function for this: power.prop.test takes groups of one size"
    return _estimate(_Told("share", "two_proportions", code, r, language), power, first + second)


def two_proportion_size(
    earlier: float, later: float, *, power: float = 0.8, significance: float = _SIGNIFICANCE, language: Language = "da"
) -> Estimate:
    """How many cases each of two independent groups needs to show that their shares differ.

    earlier, later, significance, language : as in `two_proportion_power`. power : usually 0.8.
    Returns one row, a number of cases as the formula gives it: round it up. Raises `DesignError`:
    NOT_BETWEEN_ZERO_AND_ONE, NO_CHANGE. Source: as there.

    >>> round(two_proportion_size(0.14, 0.22).rows[0].estimate, 2)
    360.85
    """
    _check_change(earlier, later, significance)
    check_inside("power", power)
    middle = (earlier + later) / 2
    null = float(ndtri(1 - significance / 2)) * math.sqrt(2 * middle * (1 - middle))
    change = float(ndtri(power)) * math.sqrt(earlier * (1 - earlier) + later * (1 - later))
    size = ((null + change) / (later - earlier)) ** 2
    arguments = {"power": power, "significance": _unusual(significance), "language": language}
    code = call("rollout.two_proportion_size", repr(earlier), arguments, later)
    r = f"power.prop.test(p1 = {earlier!r}, p2 = {later!r}, power = {power!r}, sig.level = {significance!r})$n"
    return _estimate(_Told("count", "two_proportions", code, r, language), size, math.ceil(size) * 2)


@dataclass(frozen=True, slots=True)
class _Told:
    """How a computed number is told: its measure, the key of its method, its code here and in R."""

    measure: Measured
    method: str
    code: str
    r: str
    language: Language


def _estimate(
    told: _Told, value: float, n: int, *, extra: dict[str, float] | None = None, notes: tuple[str, ...] = ()
) -> Estimate:
    say = texts(told.language).say
    name = {"share": "power", "difference": "smallest_change", "count": "cases_each"}[told.measure]
    row = Row(
        coordinates=(("result", name),),
        labels=(say(f"planning.label.{name}"),),
        estimate=value,
        n=n,
        base=float(n),
        method=say(f"planning.method.{told.method}"),
    )
    source = Source(
        origin="collected",
        survey=say("planning.label.plan"),
        question=say("planning.label.formula"),
        universe=say("planning.universe.plan"),
        weight=say("planning.weight.none"),
        confidentiality="practice",
        code=told.code,
        language=told.language,
    )
    r = told.r or "# R has no function for this: solve stepped_wedge_power for the share after"
    return Estimate(told.measure, (row,), source, notes, extra=extra or {}, r=r)


def _power(standardised: float, significance: float) -> float:
    return float(ndtr(standardised - ndtri(1 - significance / 2)))


def _crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0, by bisection."""
    if falling(high) > 0:
        problem = "no share up to 1 is seen with this power"
        remedy = "Take more clusters or cases, or ask for less power."
        raise DesignError(Fault("NOTHING_LARGE_ENOUGH", "power", problem, remedy))
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return high


def _check_change(before: float, after: float, significance: float) -> None:
    check_inside("before", before)
    check_inside("after", after)
    check_inside("significance", significance)
    if before == after:
        problem = f"the share is {before:g} before and after"
        raise DesignError(Fault("NO_CHANGE", "after", problem, "Give the share that you hope to see."))


def _unusual(significance: float) -> float | None:
    return None if significance == _SIGNIFICANCE else significance
