"""What curves of spells tell, as sets of records: whom a point is about, and how many of them came or went so far."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from evaltools.estimate.arrays import Mask
from evaltools.estimate.curve import Curve
from evaltools.estimate.durations import Spells
from evaltools.local.counting import of_lines
from evaltools.local.joint import Fact, Units
from evaltools.local.setting import Local
from evaltools.present import Released

_ENDING, _FLOW = "ending", "flow"


def may_tell_steps(local: Local, spells: Spells, released: Released, *, only: float | None = None) -> bool:
    """Whether the shown points of a step curve may be told: who is still seen at each, and who ended since the last.

    only : the one length of time that is told, where not the whole curve is.
    """
    skipped = {place for place, point in enumerate(_curve(released).points) if only not in (None, point.x)}
    return local.may_tell_all(_steps(spells, _curve(released), released.hidden | skipped))


def read_at(released: Released) -> int:
    """At how many given lengths of time a step curve may be read; the fewest, where it has several lines."""
    curve = _curve(released)
    times = dict.fromkeys((point.coordinate(_ENDING) for point in curve.points), 0)
    for place, point in enumerate(curve.points):
        times[point.coordinate(_ENDING)] += place not in released.hidden and "fixed" in point.flags
    return min(times.values(), default=0)


def _steps(spells: Spells, curve: Curve, hidden: frozenset[int]) -> Iterator[Fact]:
    everybody = _lines(spells, np.ones(len(spells), dtype=bool))
    before: dict[str, float] = {}
    for place, point in enumerate(curve.points):
        if place in hidden:
            continue
        way = point.coordinate(_ENDING)
        since = before.get(way, -math.inf)
        ended = spells.ending == 1 + spells.kinds.index(way) if way else spells.ending > 0
        yield Fact(_lines(spells, (spells.exit > since) & (spells.exit <= point.x) & ended), everybody, "count")
        yield Fact(_lines(spells, (spells.entry < max(point.x, 0.0)) & (spells.exit >= point.x)), everybody, "count")
        before[way] = point.x


def may_tell_stock(local: Local, spells: Spells, released: Released) -> bool:
    """Whether all shown points of a waiting list may be told: who waits at each, and who came and went since the last.

    A list with hidden points may not, so that longer periods or fewer ways are sought instead.
    """
    return not released.hidden and local.may_tell_all(_stock(spells, _curve(released)))


def _stock(spells: Spells, curve: Curve) -> Iterator[Fact]:
    assert spells.began is not None
    assert spells.ended is not None
    everybody = _lines(spells, np.ones(len(spells), dtype=bool))
    before: dict[str, float] = {}
    for point in curve.points:
        flow = point.coordinate(_FLOW)
        since = before.get(flow, -math.inf)
        if flow == "waiting":
            found = (spells.began <= point.x) & ((spells.ended < 0) | (spells.ended > point.x))
        elif flow == "asked":
            found = (spells.began > since) & (spells.began <= point.x)
        else:
            way = spells.ending == 1 + spells.kinds.index(flow)
            found = (spells.ended > since) & (spells.ended <= point.x) & way
        yield Fact(_lines(spells, found), everybody, "count")
        before[flow] = point.x


def events(spells: Spells, ending: str, *, column: str = "", group: str = "") -> Fact:
    """How many spells ended so, in all or in one group of a column."""
    inside = np.ones(len(spells), dtype=bool) if not column else (spells.rows[column] == group).to_numpy(dtype=bool)
    ended = spells.ending == 1 + spells.kinds.index(ending)
    return Fact(_lines(spells, inside & ended), _lines(spells, inside), "count")


def _curve(released: Released) -> Curve:
    assert isinstance(released.result, Curve)
    return released.result


def _lines(spells: Spells, chosen: Mask) -> Units:
    return of_lines(int(line) for line in spells.rows.index[chosen])
