"""Which points of a monitoring curve may be shown: the cells behind them, and what would tell of those not shown."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

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
    told = {point.centre: point.centre for point in curve.points}
    told |= dict.fromkeys(_telling_medians(curve, hidden))
    points = tuple(
        replace(
            point,
            flags=tuple(flag for flag in point.flags if flag != "run" or point.at not in gone),
            centre=told[point.centre],
        )
        for point in curve.points
    )
    return replace(curve, points=points, signals=kept, verdict="", extra=_of_all(curve))


def _of_all(curve: Curve) -> dict[str, float]:
    """The numbers about the whole curve that its lines are drawn from; not what its points do around them."""
    names = _DRAWN if curve.kind == "funnel" else ()
    return {name: value for name, value in curve.extra.items() if name in names}


def _telling_medians(curve: Curve, hidden: frozenset[int]) -> list[float]:
    """Medians of a run chart that are a hidden value, or lie in the middle between one and another."""
    if curve.kind != "run":
        return []
    values = np.array([math.nan if each.y is None else each.y for each in curve.points])
    middles = (values[sorted(hidden)][:, None] + values[None, :]) / 2
    medians = {each.centre for each in curve.points if each.centre is not None}
    return [median for median in sorted(medians) if bool((np.abs(middles - median) < _CLOSE).any())]
