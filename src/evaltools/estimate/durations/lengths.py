"""Typical lengths: the median, and the mean length up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import ndtri

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.durations import limits, rcode
from evaltools.estimate.durations.about import computed
from evaltools.estimate.durations.counting import Counted, Group, counted, events_of, groups_of
from evaltools.estimate.durations.curves import unless_default
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.durations.steps import survival
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row

_HALF: Final = 0.5
_TIE: Final = 1.5e-8
"""A curve that comes so close to one half is taken to reach it, as in R."""


def median(
    spells: Spells,
    *,
    by: str | None = None,
    ending: str | Sequence[str] | None = None,
    interval: limits.Scale = limits.DEFAULT,
    level: float = 0.95,
) -> Estimate:
    """The length of time after which half have ended, with its interval.

    spells, by, ending, interval, level : as in `kaplan_meier`. Where the curve stands at one half for a while, the
    median is the middle of that while; the limits are where the limits of the curve come to one half (R's rule).
    Returns rows of measure `quantile` in the unit of the spells, one for each group whose curve reaches one half; a
    note names the others. A limit that is not reached is empty.
    Raises `DesignError`: MEDIAN_NOT_REACHED where no group reaches it, and those of `kaplan_meier`.
    Source: Brookmeyer and Crowley (1982), Biometrics 38; R `survfit`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> round(median(durations.spells(pd.DataFrame({"m": [2, 4, 6, 9]}), end="m")).rows[0].estimate, 1)
    5.0
    """
    limits.check_scale(interval)
    check_level(level)
    events = events_of(spells, ending)
    groups = groups_of(spells, by)
    method = spells.say("method.median", interval=spells.say(f"interval.{limits.key_of(interval)}"))
    rows, notes = [], list(spells.notes)
    for group in groups:
        counts = counted(group.spells)
        steps = survival(counts, events)
        low, high = limits.share_limits(steps.share, steps.se, interval, level)
        middle, least, most = (_reaches_half(steps.times, each) for each in (steps.share, low, high))
        if middle is None:
            notes.append(_not_reached(group, counts))
            continue
        rows.append(replace(_row(group, middle, method), low=least, high=most, level=level))
        if most is None:
            notes.append(_named(group) + spells.say("note.no_upper"))
    if not rows:
        problem = f"more than half are still going on after {spells.exit.max():g} {spells.unit}, the longest follow-up"
        remedy = "Tell the share still going on at a fixed time, or `restricted_mean`."
        raise DesignError(Fault("MEDIAN_NOT_REACHED", spells.source.question, problem, remedy))
    arguments = {"by": by, "ending": ending, "interval": unless_default(interval), "level": level}
    return Estimate(
        measure="quantile",
        rows=tuple(rows),
        source=computed(spells.source, "median", arguments),
        notes=tuple(dict.fromkeys(notes)),
        unit=spells.say(f"unit.{spells.unit}"),
        r=rcode.median(spells, events, by, interval, level),
    )


def restricted_mean(
    spells: Spells,
    *,
    until: float,
    by: str | None = None,
    ending: str | Sequence[str] | None = None,
    level: float = 0.95,
) -> Estimate:
    """The mean length of time up to a limit: how much of the first two years, say, a placement lasts on average.

    spells, by, ending, level : as in `kaplan_meier`. until : the limit, in the unit of the spells; some row of each
    group must have been followed so long. It is the area under the curve, needs no assumption about its shape, and is
    there also where no median is reached.
    Returns rows of measure `mean` with normal intervals; their covariance is that of independent groups, so that
    `contrast` can take their difference.
    Raises `DesignError`: FOLLOWED_TOO_SHORT, and those of `kaplan_meier`.
    Source: Irwin (1949); Royston and Parmar (2011), Statistics in Medicine 30; variance as in R `survfit`.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> restricted_mean(durations.spells(pd.DataFrame({"m": [2, 4, 6, 9]}), end="m"), until=6).rows[0].estimate
    4.5
    """
    check_level(level)
    events = events_of(spells, ending)
    z = float(ndtri((1 + level) / 2))
    method = spells.say("method.restricted_mean", until=spells.told(until), unit=spells.say(f"unit.{spells.unit}"))
    rows = []
    for group in groups_of(spells, by):
        counts = counted(group.spells)
        _check_followed(group, counts, until)
        mean, se = _area(counts, counts.ended[:, events].sum(axis=1), group.spells.origin, until)
        row = _row(group, mean, method)
        rows.append(replace(row, se=se, low=mean - z * se, high=mean + z * se, level=level))
    arguments = {"until": until, "by": by, "ending": ending, "level": level}
    return Estimate(
        measure="mean",
        rows=tuple(rows),
        source=computed(spells.source, "restricted_mean", arguments),
        notes=spells.notes,
        covariance=np.diag([(row.se or 0.0) ** 2 for row in rows]),
        unit=spells.say(f"unit.{spells.unit}"),
        r=rcode.restricted_mean(spells, events, by, until),
    )


def _reaches_half(times: Floats, curve: Floats) -> float | None:
    """When a falling curve comes to one half: the middle of the while in which it stands there; None if never."""
    told = ~np.isnan(curve)
    there = np.flatnonzero(told & (curve < _HALF + _TIE))
    if not len(there):
        return None
    first = float(times[there[0]])
    below = there[curve[there] < _HALF - _TIE]
    if abs(curve[there[0]] - _HALF) < _TIE and len(below):
        return (first + float(times[below[0]])) / 2
    return first


def _area(counts: Counted, ended: Floats, origin: float, until: float) -> tuple[float, float]:
    """The area under the curve up to a limit, and its standard error."""
    inside = (ended > 0) & (counts.times <= until)
    times, gone, risk = counts.times[inside], ended[inside], counts.at_risk[inside]
    share = np.concatenate([[1.0], np.cumprod(1 - gone / risk)])
    pieces = share * np.diff(np.concatenate([[origin], times, [until]]))
    after = pieces[::-1].cumsum()[::-1][1:]
    weight = np.where(risk > gone, gone / (risk * np.where(risk > gone, risk - gone, 1.0)), 0.0)
    return float(pieces.sum()), float(np.sqrt((after**2 * weight).sum()))


def _check_followed(group: Group, counts: Counted, until: float) -> None:
    longest = float(counts.times[-1])
    if not group.spells.origin < until <= longest:
        unit = group.spells.unit
        problem = f"{_named(group)}nobody was followed for {until:g} {unit}; the longest was {longest:g}"
        remedy = f"Choose a limit of at most {longest:g}."
        raise DesignError(Fault("FOLLOWED_TOO_SHORT", group.spells.source.question, problem, remedy))


def _row(group: Group, value: float, method: str) -> Row:
    size = len(group.spells)
    return Row(group.coordinates, group.labels, value, size, float(size), method)


def _named(group: Group) -> str:
    return f"{group.labels[0]}: " if group.labels else ""


def _not_reached(group: Group, counts: Counted) -> str:
    own = group.spells
    unit = own.say(f"unit.{own.unit}")
    return _named(group) + own.say("note.no_median", time=own.told(counts.times[-1]), unit=unit)
