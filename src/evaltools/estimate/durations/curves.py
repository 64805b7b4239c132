"""Curves over the length of spells: the share still going on, and the share that has ended in each way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.durations import limits, rcode
from evaltools.estimate.durations.about import computed
from evaltools.estimate.durations.counting import (
    Counted,
    Group,
    at_risk,
    counted,
    each_kind,
    events_of,
    groups_of,
)
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.durations.moments import Unit
from evaltools.estimate.durations.steps import Steps, at_times, incidence, survival
from evaltools.estimate.levels import check_level

FIXED: Final[Mapping[Unit, tuple[float, ...]]] = {
    "days": (30, 90, 180, 365, 730, 1095, 1826),
    "weeks": (13, 26, 52, 104, 156, 260),
    "months": (3, 6, 12, 24, 36, 48, 60, 84, 120, 180, 240),
    "years": (1, 2, 3, 4, 5, 7, 10, 15, 20),
}
"""Where curves are read in any case: these points can be shown where single steps may not."""
_FEW: Final = 10
"""Of fewer rows under observation a single ending makes a step of a tenth or more."""


def kaplan_meier(
    spells: Spells,
    *,
    by: str | None = None,
    ending: str | Sequence[str] | None = None,
    interval: limits.Scale = limits.DEFAULT,
    at: Sequence[float] = (),
    level: float = 0.95,
) -> Curve:
    """The share of spells still going on after each length of time, those seen to an open end censored.

    spells : from `spells`. by : a column; one curve for each of its values. ending : the endings that count, where
    others censor (read them with `cumulative_incidence` instead); all without it. interval : `log-log`, `log` (the
    default of R) or `plain`. at : lengths of time at which the curve is read besides its steps; round ones without it.

    Returns a `Curve` of kind `steps`: `y` the share, `n` at risk just before, `count` ended at the point, `se` by
    Greenwood; points with the flag `fixed` are read at given times. Before the first ending, at 0 and at the end of a
    curve that falls to 0 there is no interval.
    Raises `DesignError`: NO_SUCH_VARIABLE, GROUP_MISSING, NO_SUCH_ENDING, NO_SUCH_INTERVAL, LEVEL_NOT_A_SHARE.
    Source: Kaplan and Meier (1958), JASA 53; Greenwood (1926); equal to R `survfit`, also with delayed entry.
    level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"months": [2, 4, 4, 7], "how": [1, 1, 0, 0]})
    >>> made = durations.spells(rows, end="months", ending="how", going_on=0)
    >>> kaplan_meier(made, at=[4]).point("4").y
    0.5
    """
    limits.check_scale(interval)
    check_level(level)
    events = events_of(spells, ending)
    groups = groups_of(spells, by)
    points: list[CurvePoint] = []
    notes = [*spells.notes, *_ending_notes(spells, ending, events)]
    for group in groups:
        counts = counted(group.spells)
        steps = survival(counts, events)
        happened = counts.ended[:, events].sum(axis=1)
        points += _points(group, counts, steps, happened, (interval, level, at), start=1.0)
        notes += _early_notes(group, counts, steps, happened)
    arguments = {"by": by, "ending": ending, "interval": unless_default(interval), "at": tuple(at), "level": level}
    return Curve(
        name=_survival_name(spells, ending),
        kind="steps",
        measure="share",
        points=tuple(points),
        source=computed(spells.source, "kaplan_meier", arguments),
        method=spells.say("method.kaplan_meier", interval=spells.say(f"interval.{limits.key_of(interval)}")),
        notes=tuple(dict.fromkeys(notes)),
        x_name=_x_name(spells),
        level=level,
        r=rcode.kaplan_meier(spells, events, by, interval, level),
    )


def cumulative_incidence(
    spells: Spells,
    *,
    by: str | None = None,
    interval: limits.Scale = limits.DEFAULT,
    at: Sequence[float] = (),
    level: float = 0.95,
) -> Curve:
    """The share of spells that has ended in each way by each length of time, when the ways compete.

    A child that turns 18 or moves home can no longer break off: one minus Kaplan-Meier of breakdowns alone would
    pretend that it could, and say too much. The shares of all ways, and the share still going on, add up to 1.

    spells, by, interval, at, level : as in `kaplan_meier`. Returns a `Curve` of kind `steps`, a line for each ending
    (coordinate `ending`, after `by`): `y` the share ended so, `n` at risk just before, `count` ended so at the point.
    Raises `DesignError`: NO_SUCH_VARIABLE, GROUP_MISSING, NO_SUCH_INTERVAL, LEVEL_NOT_A_SHARE.
    Source: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5; standard error equal to R `survfit`, also
    with ties and delayed entry.

    >>> import pandas as pd
    >>> from evaltools.estimate import durations
    >>> rows = pd.DataFrame({"m": [2, 4, 4, 7], "how": ["home", "home", "broke", "open"]})
    >>> made = durations.spells(rows, end="m", ending="how", going_on="open")
    >>> cumulative_incidence(made, at=[4]).point("4", ending="home").y
    0.5
    """
    limits.check_scale(interval)
    check_level(level)
    points: list[CurvePoint] = []
    notes = [*spells.notes, *_absent_notes(spells)]
    for group in groups_of(spells, by):
        counts = counted(group.spells)
        for place, kind, words in each_kind(spells):
            line = Group((*group.coordinates, ("ending", kind)), (*group.labels, words), group.spells)
            steps = incidence(group.spells, counts, place)
            points += _points(line, counts, steps, counts.ended[:, place], (interval, level, at), start=0.0)
        everything = np.ones(len(spells.kinds), dtype=bool)
        notes += _early_notes(group, counts, survival(counts, everything), counts.any_ended)
    arguments = {"by": by, "interval": unless_default(interval), "at": tuple(at), "level": level}
    return Curve(
        name=spells.say("name.incidence"),
        kind="steps",
        measure="share",
        points=tuple(points),
        source=computed(spells.source, "cumulative_incidence", arguments),
        method=spells.say("method.incidence", interval=spells.say(f"interval.{limits.key_of(interval)}")),
        notes=tuple(dict.fromkeys(notes)),
        x_name=_x_name(spells),
        level=level,
        r=rcode.incidence(spells, by),
    )


def _points(
    line: Group,
    counts: Counted,
    steps: Steps,
    happened: Floats,
    asked: tuple[limits.Scale, float, Sequence[float]],
    *,
    start: float,
) -> Iterator[CurvePoint]:
    """The points of one curve: its start, every time at which any row of the group ended, the fixed ones, its end."""
    scale, level, at = asked
    own = line.spells
    end = float(counts.times[-1])
    fixed = [float(time) for time in at or FIXED[own.unit] if own.origin < time <= end]
    moved = counts.times[counts.any_ended > 0]
    times = np.unique(np.concatenate([[own.origin], moved, fixed, [end]]))
    share, se = at_times(steps, times, start)
    low, high = limits.share_limits(share, se, scale, level)
    ended = np.zeros(len(times))
    ended[np.searchsorted(times, moved)] = happened[counts.any_ended > 0]
    risk = at_risk(own, times)
    for place, time in enumerate(times.tolist()):
        yield CurvePoint(
            x=time,
            at=_time_named(time),
            y=float(share[place]),
            n=int(risk[place]),
            count=int(ended[place]),
            se=_known(se[place]),
            low=_known(low[place]),
            high=_known(high[place]),
            flags=("fixed",) if time in fixed else (),
            coordinates=line.coordinates,
            labels=line.labels,
        )


def _time_named(time: float) -> str:
    """A length of time as the key of a point.

    >>> _time_named(12.0), _time_named(4.2299794)
    ('12', '4.23')
    """
    return f"{round(time, 3):.10g}"


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def unless_default(interval: limits.Scale) -> limits.Scale | None:
    """The interval as recorded code names it: not at all where it is the usual one."""
    return None if interval == limits.DEFAULT else interval


def _x_name(spells: Spells) -> str:
    unit = spells.say(f"unit.{spells.unit}")
    return unit[:1].upper() + unit[1:]


def _survival_name(spells: Spells, ending: str | Sequence[str] | None) -> str:
    if ending is None:
        return spells.say("name.survival")
    kinds = (ending,) if isinstance(ending, str) else tuple(ending)
    return spells.say("name.without", endings=", ".join(map(spells.kind_named, kinds)))


def _ending_notes(spells: Spells, ending: str | Sequence[str] | None, events: Mask) -> Iterator[str]:
    yield from _absent_notes(spells)
    others = ~events & (np.bincount(spells.ending, minlength=len(events) + 1)[1:] > 0)
    if ending is not None and others.any():
        names = [spells.kind_named(kind) for kind, other in zip(spells.kinds, others.tolist(), strict=True) if other]
        yield spells.say("note.censoring_others", others=", ".join(names))


def _absent_notes(spells: Spells) -> Iterator[str]:
    """Endings that no row has."""
    seen = np.bincount(spells.ending, minlength=len(spells.kinds) + 1)[1:] > 0
    absent = [words for place, _, words in each_kind(spells) if not seen[place]]
    if absent:
        yield spells.say("note.absent", endings=", ".join(absent))


def _early_notes(group: Group, counts: Counted, steps: Steps, happened: Floats) -> Iterator[str]:
    """With delayed entry: that the curve fell to 0, or took steps, while few were seen and more came in later."""
    own = group.spells
    if not own.delayed:
        return
    name = f"{group.labels[0]}: " if group.labels else ""
    later = counts.at_risk[::-1]
    more_later = np.maximum.accumulate(later)[::-1] > counts.at_risk
    fell = (steps.share == 0) & (happened > 0) & more_later
    few = (happened > 0) & (counts.at_risk < _FEW) & more_later
    if fell.any() or few.any():
        last = float(counts.times[fell.argmax() if fell.any() else len(few) - 1 - few[::-1].argmax()])
        time = next((time for time in FIXED[own.unit] if time >= last), last)
        words = {"time": own.told(time), "unit": own.say(f"unit.{own.unit}"), "n": _FEW}
        yield name + own.say("note.fell" if fell.any() else "note.few", **words)
