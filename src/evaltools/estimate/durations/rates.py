"""Endings by time lived through: breakdowns per 100 placement-years and per placement, exact also where few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import gammaincinv, gammaln, xlogy

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.durations.about import computed
from evaltools.estimate.durations.counting import Group, check_events, ended_so, events_of, groups_of, several_groups
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.durations.moments import Unit
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.intervals.interval import binomial_limits

_PER_YEAR: Final[Mapping[Unit, float]] = {"days": 365.25, "weeks": 365.25 / 7, "months": 12.0, "years": 1.0}
_TIES: Final = 1e-7
"""Outcomes whose chances differ by less than this share count as equally likely, as in R."""


def breakdown_rate(
    spells: Spells,
    *,
    ending: str | Sequence[str] | None = None,
    by: str | None = None,
    per: float = 100.0,
    level: float = 0.95,
) -> Estimate:
    """Endings of one kind per 100 years lived through, with the exact interval of a Poisson count.

    A share of placements says nothing without the time that they were followed; this does. spells : from `spells`.
    ending : kind or kinds that count; all without it. by : a column; a row for each of its values. per : so many years.
    Returns rows of measure `rate`: `count` endings in `base` years, `n` spells. Raises `DesignError`: NO_SUCH_ENDING,
    NO_SUCH_VARIABLE, GROUP_MISSING, NO_TIME_FOLLOWED, LEVEL_NOT_A_SHARE.
    Source: Garwood (1936), Biometrika 28; R `poisson.test`. level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> row = breakdown_rate(durations.spells(pd.DataFrame({"months": [12, 36]}), end="months")).rows[0]
    >>> row.estimate, round(row.low, 1), round(row.high, 1)
    (50.0, 6.1, 180.6)
    """
    check_level(level)
    events = events_of(spells, ending)
    method = spells.say("method.rate")
    rows, code = [], []
    for group in groups_of(spells, by):
        count, years = int(ended_so(group.spells, events).sum()), _years(group)
        low, high = _garwood(count, level)
        row = _row(group, per * count / years, method)
        low, high = per * low / years, per * high / years
        rows.append(replace(row, count=count, base=years, low=low, high=high, level=level))
        code.append(f"poisson.test({count}, T = {years / per!r}, conf.level = {level!r})$conf.int")
    arguments = {"ending": ending, "by": by, "per": None if per == 100 else per, "level": level}
    return Estimate(
        measure="rate",
        rows=tuple(rows),
        source=computed(spells.source, "breakdown_rate", arguments),
        notes=spells.notes,
        unit=spells.say("rate_unit", per=spells.told(per)),
        r="\n".join(code),
    )


def ended_share(
    spells: Spells, *, ending: str | Sequence[str] | None = None, by: str | None = None, level: float = 0.95
) -> Estimate:
    """How many of all spells ended in one way while they were followed: breakdowns per placement.

    It grows with the time that they were followed, and does not say how much that was: tell it beside
    `breakdown_rate` or `cumulative_incidence`, and never hold it against another follow-up.
    spells, ending, by, level : as in `breakdown_rate`. Returns rows of measure `share` with the exact interval.
    Raises `DesignError`: NO_SUCH_ENDING, NO_SUCH_VARIABLE, GROUP_MISSING, LEVEL_NOT_A_SHARE.
    Source: Clopper and Pearson (1934), Biometrika 26; R `binom.test`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"months": [12] * 38, "broke": [1] + [0] * 37})
    >>> made = durations.spells(rows, end="months", ending="broke", going_on=0)
    >>> row = ended_share(made).rows[0]
    >>> round(row.low, 4), round(row.high, 4)
    (0.0007, 0.1381)
    """
    check_level(level)
    events = events_of(spells, ending)
    method = spells.say("method.ended_share")
    rows = []
    for group in groups_of(spells, by):
        count, size = int(ended_so(group.spells, events).sum()), len(group.spells)
        low, high = _share_limits(count, size, level)
        rows.append(replace(_row(group, count / size, method), count=count, low=low, high=high, level=level))
    notes = [*spells.notes, spells.say("note.depends_on_time")]
    return Estimate(
        measure="share",
        rows=tuple(rows),
        source=computed(spells.source, "ended_share", {"ending": ending, "by": by, "level": level}),
        notes=tuple(notes),
        r="\n".join(f"binom.test({row.count}, {row.n}, conf.level = {level!r})$conf.int" for row in rows),
    )


def rate_ratio(spells: Spells, *, by: str, ending: str | Sequence[str] | None = None, level: float = 0.95) -> Estimate:
    """The rate of the second group of a column divided by that of the first, with the exact conditional interval.

    Given how many endings both had together, those of one are a binomial share of them. spells, ending, level : as in
    `breakdown_rate`. by : a column with two values, figures by size, words by the alphabet.
    Returns one row of measure `ratio`; `extra` has `p_value` (two-sided, exact), counts and years of both.
    An interval without an upper limit, where the first group had no ending, has none; nor then a ratio: NO_EVENTS.
    Raises `DesignError`: NOT_TWO_GROUPS, NO_EVENTS, and those of `breakdown_rate`.
    Source: Przyborowski and Wilenski (1940), Biometrika 31; R `poisson.test`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"years": [10.0] * 20, "sex": ["f", "m"] * 10, "how": [0, 1] * 8 + [1, 0] * 2})
    >>> made = durations.spells(rows, end="years", ending="how", going_on=0, unit="years")
    >>> round(rate_ratio(made, by="sex").rows[0].estimate, 2)
    4.0
    """
    check_level(level)
    events = events_of(spells, ending)
    check_events(spells, events)
    _, names = several_groups(spells, by)
    if len(names) != 2:
        problem = f'"{by}" has {len(names)} values: {", ".join(names[:6])}'
        raise DesignError(Fault("NOT_TWO_GROUPS", by, problem, "Compare two at a time."))
    first, second = groups_of(spells, by)
    counts = [int(ended_so(group.spells, events).sum()) for group in (first, second)]
    years = [_years(group) for group in (first, second)]
    if counts[0] == 0:
        problem = f"no row of {first.labels[0]} ended so, and nothing can be divided by its rate"
        raise DesignError(Fault("NO_EVENTS", by, problem, "Turn the comparison round, or tell both rates."))
    low, high = _share_limits(counts[1], sum(counts), level)
    odds = years[0] / years[1]
    row = Row(
        coordinates=(("comparison", f"{names[1]} / {names[0]}"),),
        labels=(f"{second.labels[0]} / {first.labels[0]}",),
        estimate=counts[1] / counts[0] * odds,
        n=len(spells),
        base=float(sum(counts)),
        method=spells.say("method.rate_ratio"),
        low=low / (1 - low) * odds,
        high=None if high >= 1 else high / (1 - high) * odds,
        level=level,
        count=counts[1],
    )
    told = f"c({counts[1]}, {counts[0]}), T = c({years[1]!r}, {years[0]!r})"
    return Estimate(
        measure="ratio",
        rows=(row,),
        source=computed(spells.source, "rate_ratio", {"by": by, "ending": ending, "level": level}),
        notes=spells.notes,
        extra={
            "p_value": _conditional_p(counts[1], sum(counts), years[1] / sum(years)),
            "count_first": float(counts[0]),
            "count_second": float(counts[1]),
            "years_first": years[0],
            "years_second": years[1],
        },
        r=f"poisson.test({told}, conf.level = {level!r})",
    )


def years_followed(spells: Spells) -> float:
    """How many years all rows together were under observation."""
    time = spells.exit - np.maximum(spells.entry, spells.origin)
    return float(time.sum() / _PER_YEAR[spells.unit])


def _years(group: Group) -> float:
    years = years_followed(group.spells)
    if years <= 0:
        problem = "the rows were followed for no time at all"
        raise DesignError(Fault("NO_TIME_FOLLOWED", group.spells.source.question, problem, "See the unit of `end`."))
    return years


def _row(group: Group, value: float, method: str) -> Row:
    size = len(group.spells)
    return Row(group.coordinates, group.labels, value, size, float(size), method)


def _garwood(count: int, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    return low, float(gammaincinv(count + 1, 1 - tail))


def _share_limits(count: int, n: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson's."""
    low, high = binomial_limits(np.asarray(float(count)), np.asarray(float(n)), level)
    return float(low), float(high)


def _conditional_p(count: int, n: int, share: float) -> float:
    """Two-sided: outcomes no likelier than the one seen count."""
    outcomes = np.arange(n + 1)
    log: Floats = gammaln(n + 1) - gammaln(outcomes + 1) - gammaln(n - outcomes + 1)
    chance = np.exp(log + xlogy(outcomes, share) + xlogy(n - outcomes, 1 - share))
    return min(1.0, float(chance[chance <= chance[count] * (1 + _TIES)].sum()))
