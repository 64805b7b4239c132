"""Which points of a step curve or a stock may be shown: what happened is told together until enough had it happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evaltools.estimate.curve import Curve
from evaltools.present.primary import limit_of
from evaltools.schema.thresholds import thresholds

_FIXED: Final = "fixed"
_ENDING: Final = "ending"
_FLOW: Final = "flow"
_STOCK: Final = "waiting"


def hidden_steps(curve: Curve) -> frozenset[int]:
    """The points of a step curve that are left out, so that what is seen to happen happened to enough.

    A curve with one step on too few shows none of its steps, only its start and the times that it is read at in any
    case (the flag `fixed`): a step tells when somebody's placement ended. What happens between two shown points is
    told together. Endings that compete in one group are shown and left out together, since with all but one of them
    the last is known. The end is left out where too few are left.
    """
    limit = limit_of("count", curve.source)
    return frozenset(place for group in _groups(curve) for place in _left_out(group, limit))


@dataclass(frozen=True, slots=True)
class _Moment:
    """All points of one group at one time: their places, how many were at risk, and how many ended in each way."""

    places: tuple[int, ...]
    n: int
    counts: tuple[int, ...]
    may_be_read: bool


def _groups(curve: Curve) -> list[list[_Moment]]:
    """The moments of each group, from left to right."""
    found: dict[tuple[tuple[str, str], ...], dict[float, list[int]]] = {}
    for place, point in enumerate(curve.points):
        group = tuple(part for part in point.coordinates if part[0] != _ENDING)
        found.setdefault(group, {}).setdefault(point.x, []).append(place)
    return [[_moment(curve, times[x], first=x == min(times)) for x in sorted(times)] for times in found.values()]


def _moment(curve: Curve, places: list[int], *, first: bool) -> _Moment:
    points = [curve.points[place] for place in places]
    fixed = any(_FIXED in point.flags for point in points)
    return _Moment(tuple(places), points[0].n, tuple(point.count or 0 for point in points), first or fixed)


def _left_out(moments: list[_Moment], limit: int) -> Iterator[int]:
    small_steps = any(0 < count < limit for moment in moments for count in moment.counts)
    only_fixed = small_steps and sum(moment.may_be_read for moment in moments) > 1
    least = max(limit, thresholds()["municipalities"])
    waiting = [0] * len(moments[0].counts)
    for moment in moments:
        waiting = [before + now for before, now in zip(waiting, moment.counts, strict=True)]
        left = moment.n - sum(moment.counts)
        too_few = any(0 < count < limit for count in waiting) or moment.n < least or 0 < left < limit
        if too_few or (only_fixed and not moment.may_be_read):
            yield from moment.places
        else:
            waiting = [0] * len(waiting)


def hidden_stock(curve: Curve) -> frozenset[int]:
    """The points of a stock and its flows that are left out.

    A stock of too few is hidden. What came and went in a period is shown whole or not at all, since the difference of
    two stocks gives the last flow when the others are known; and not beside a hidden stock, which it would give.
    """
    limit = limit_of("count", curve.source)
    at: dict[float, list[int]] = {}
    for place, point in enumerate(curve.points):
        at.setdefault(point.x, []).append(place)
    hidden: set[int] = set()
    before = False
    for x in sorted(at):
        small = {place for place in at[x] if 0 < curve.points[place].n < limit}
        stock = {place for place in at[x] if curve.points[place].coordinate(_FLOW) == _STOCK}
        now = bool(small & stock)
        hidden |= small & stock
        if small or before:
            hidden |= set(at[x]) - stock
        before = now
    return frozenset(hidden)
