"""Which points of a monitoring curve may be shown: the cells behind them, and what would tell of those not shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.result import Estimate, Row

_COUNTED: Final = "counted"
_CLOSE: Final = 1e-9
_DRAWN: Final = ("centre", "phi", "tau2", "target", "multiplicative", "additive")


_OPEN: Final = ("", "municipality")
"""Units of which a group of one or two is never told about, also where it is practice that is counted."""


def is_open(curve: Curve) -> bool:
    """Whether any count may be told: practice, where it is no municipalities that are counted but, say, meetings."""
    return curve.source.confidentiality == "practice" and curve.source.unit not in _OPEN


def as_estimate(curve: Curve) -> tuple[Estimate, tuple[int, ...]]:
    """The points that have a value as rows, so that the rules of tables hold for them too, and their places.

    Points of one curve add up: whoever knows the centre line and all bases knows what was counted in all periods.
    """
    places = tuple(place for place, point in enumerate(curve.points) if point.y is not None)
    rows = tuple(_row(curve, curve.points[place]) for place in places)
    return Estimate(curve.measure, rows, curve.source), places


def _row(curve: Curve, point: CurvePoint) -> Row:
    codes = (_COUNTED,) if curve.measure == "share" else ()
    return Row(
        coordinates=(*point.coordinates, ("at", point.at)),
        labels=(*point.labels, point.at),
        estimate=point.y or 0.0,
        n=point.n,
        base=float(point.n) if point.base is None else point.base,
        method=curve.method,
        count=point.count,
        counted=("" if point.count is None else curve.name, codes),
    )


def without_traces(curve: Curve, hidden: frozenset[int]) -> Curve:
    """The curve without what would tell on which side of a line, or where exactly, a hidden point lies.

    Signals that name a hidden point go, and counts of crossings; so does a median that is made of a hidden value.
    """
    if not hidden:
        return curve
    secret = {curve.points[place].at for place in hidden}
    kept = tuple(each for each in curve.signals if each.at and not secret & set(each.at))
    gone = {at for each in curve.signals if each not in kept for at in each.at}
    open_ = [_without_traces(curve, point, at_run=point.at in gone, hidden=hidden) for point in curve.points]
    return replace(curve, points=tuple(open_), signals=kept, verdict="", extra=_of_all(curve))


def _of_all(curve: Curve) -> dict[str, float]:
    """The numbers about the whole curve that its lines are drawn from; not what its points do around them."""
    names = _DRAWN if curve.kind == "funnel" else ()
    return {name: value for name, value in curve.extra.items() if name in names}


def _without_traces(curve: Curve, point: CurvePoint, *, at_run: bool, hidden: frozenset[int]) -> CurvePoint:
    flags = tuple(flag for flag in point.flags if flag != "run") if at_run else point.flags
    return replace(point, flags=flags, centre=None if _tells(curve, point, hidden) else point.centre)


def _tells(curve: Curve, point: CurvePoint, hidden: frozenset[int]) -> bool:
    """Whether the median of a run chart is a hidden value, or lies in the middle between one and another."""
    if curve.kind != "run" or point.centre is None:
        return False
    values = [(place in hidden, each.y) for place, each in enumerate(curve.points) if each.y is not None]
    pairs = ((one, other) for is_hidden, one in values if is_hidden for _, other in values)
    return any(abs((one + other) / 2 - point.centre) < _CLOSE for one, other in pairs)
