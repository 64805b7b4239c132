"""The lines of a released step curve as they may be shown: points in order, what happened up to each, and at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.language import Language, texts
from evaltools.present.model import Number, Released
from evaltools.present.numbers import point_number

FIXED: Final = "fixed"
ENDING: Final = "ending"
_TOLD: Final = ("12", "24")
"""Lengths of time that a text alternative tells of, where a curve is read at them."""


@dataclass(frozen=True, slots=True)
class StepPoint:
    """One shown point. count : what happened since the shown point before it, this one included."""

    point: CurvePoint
    count: int
    number: Number

    @property
    def y(self) -> float:
        """The share, 0-1."""
        return self.point.y or 0.0


@dataclass(frozen=True, slots=True)
class StepLine:
    """One curve. whole : whether every step may be shown; else only points at fixed times are.

    group : the coordinates of those it is about, the same for all endings that compete. name, group_name : in words.
    """

    name: str
    group_name: str
    group: tuple[tuple[str, str], ...]
    points: tuple[StepPoint, ...]
    whole: bool

    @property
    def fixed(self) -> tuple[StepPoint, ...]:
        """The points at fixed times after the start."""
        return tuple(each for each in self.points if FIXED in each.point.flags)

    @property
    def told(self) -> tuple[StepPoint, ...]:
        """The points that are told in words: at 12 and 24 where it is read there, else the middle and last fixed."""
        usual = tuple(each for each in self.fixed if each.point.at in _TOLD)
        among = self.fixed or self.points
        return usual or tuple(among[place] for place in sorted({len(among) // 2, len(among) - 1}))


def curve_of(released: Released) -> Curve:
    """The step curve inside; `ReleaseError` NOT_A_STEP_CURVE otherwise."""
    result = released.result
    if isinstance(result, Curve) and result.kind == "steps":
        return result
    problem = "only a curve that steps, such as of survival, is drawn in steps"
    remedy = "Release the result of `kaplan_meier` or `cumulative_incidence`."
    raise ReleaseError(Fault("NOT_A_STEP_CURVE", result.source.question, problem, remedy))


def step_lines(released: Released, language: Language = "da") -> tuple[StepLine, ...]:
    """Every curve with the points that may be shown; those that show nothing but their start are left out.

    Raises `ReleaseError` NOT_A_STEP_CURVE, and NOTHING_TO_DRAW where no curve shows more than its start.
    """
    curve = curve_of(released)
    places: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for place, point in enumerate(curve.points):
        places.setdefault(point.coordinates, []).append(place)
    lines = [_line(released, curve, found, language) for found in places.values()]
    shown = tuple(line for line in lines if len(line.points) > 1)
    if not shown:
        problem = "no part of the curve rests on enough for it to be shown"
        remedy = "Put endings or groups together, read it at fewer times (at=...), or follow for longer."
        raise ReleaseError(Fault("NOTHING_TO_DRAW", curve.name, problem, remedy))
    return shown


def left_out(released: Released, shown: Sequence[StepLine]) -> tuple[str, ...]:
    """The names of the curves of which nothing may be shown."""
    curve = curve_of(released)
    known = {line.name for line in shown}
    names = dict.fromkeys(_named(curve, point) for point in curve.points)
    return tuple(name for name in names if name not in known)


def _line(released: Released, curve: Curve, places: Sequence[int], language: Language) -> StepLine:
    kept, waiting, skipped = [], 0, False
    for place in places:
        point = curve.points[place]
        waiting += point.count or 0
        if place in released.hidden:
            skipped = skipped or any(each > place and each not in released.hidden for each in places)
            continue
        number = point_number(released, point, label=_label(curve, point), language=language)
        kept.append(StepPoint(point, waiting, number))
        waiting = 0
    first = curve.points[places[0]]
    group = [(part, label) for part, label in zip(first.coordinates, first.labels, strict=True) if part[0] != ENDING]
    group_name = ", ".join(label for _, label in group)
    return StepLine(_named(curve, first), group_name, tuple(part for part, _ in group), tuple(kept), whole=not skipped)


def _named(curve: Curve, point: CurvePoint) -> str:
    return ", ".join(point.labels) or curve.name


def _label(curve: Curve, point: CurvePoint) -> str:
    at = f"{point.at} {curve.x_name.lower()}".strip()
    return f"{_named(curve, point)}: {at}"


def after_words(curve: Curve, point: CurvePoint, language: Language) -> str:
    """How long after, in words: `efter 12 måneder`."""
    return texts(language).say("present.steps.after", time=point.at, unit=curve.x_name.lower())
