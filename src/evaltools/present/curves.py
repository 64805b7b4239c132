"""Which points of a curve may be shown: the cells behind them, and steps that are put together until they may be."""

from __future__ import annotations

from collections.abc import Iterator

from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.result import Estimate, Row
from evaltools.present.primary import limit_of
from evaltools.schema.thresholds import thresholds

_COUNTED = "counted"


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


def hidden_steps(curve: Curve) -> frozenset[int]:
    """The points of a step curve that are left out, so that each step that is seen rests on enough events.

    What happens at a point that is left out is part of the next step. The end is left out where too few are left.
    """
    limit = limit_of("count", curve.source)
    return frozenset(place for line in _lines(curve) for place in _too_small(curve, line, limit))


def _lines(curve: Curve) -> list[list[int]]:
    """The places of the points of each curve, from left to right."""
    found: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for place, point in enumerate(curve.points):
        found.setdefault(point.coordinates, []).append(place)
    return [sorted(line, key=lambda place: curve.points[place].x) for line in found.values()]


def _too_small(curve: Curve, line: list[int], limit: int) -> Iterator[int]:
    least = max(limit, thresholds()["municipalities"])
    waiting = 0
    for place in line:
        point = curve.points[place]
        waiting += point.count or 0
        left = point.n - (point.count or 0)
        if 0 < waiting < limit or point.n < least or 0 < left < limit:
            yield place
        else:
            waiting = 0
