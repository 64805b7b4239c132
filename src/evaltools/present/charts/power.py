"""Power by the size of an effect: a curve through what was tried, and the smallest effect that is seen."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from evaltools.errors import Fault, ReleaseError
from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.charts.furniture import Scale
from evaltools.present.charts.plane import DASHED, Plane, draw_sizes, draw_values
from evaltools.present.charts.style import BLUE, MAROON, QUIET_INK, SMALL
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import Remarks
from evaltools.present.series import Point, estimate_of, points

_TOP: Final = 0.75
_HEIGHT: Final = 6.2
_BELOW: Final = 1.0
_GAP: Final = 0.15


def power_chart(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A point for each effect that was tried, with its interval, and a broken line to the smallest one that is seen.

    released : from `rollout.power`. title : the finding in words. note : own remark. language : of the words.
    Returns a figure with its picture, alternative text and data; its note says what the plan shows.
    Raises `ReleaseError` NOT_POWER, NOT_AN_ESTIMATE, NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> rows = pd.DataFrame({"unit": [f"u{place}" for place in range(20)], "period": 2014, "count": 4, "base": 50})
    >>> before = ev.rollout.baseline(rows, noise=0.01, language="en")
    >>> tried = ev.rollout.Assumed(effects=(0.0, 0.05, 0.1))
    >>> found = ev.rollout.power(before, ev.rollout.order_by_lot({2015: 10}, until=2016), tried, replications=25)
    >>> ev.power_chart(ev.release(found), "What the plan shows", language="en").rows[0][0]
    '0 percentage points'
    """
    result = estimate_of(released)
    if not result.rows or any(not row.coordinate("effect") for row in result.rows) or "goal" not in result.extra:
        problem = "this is no power by the size of an effect"
        raise ReleaseError(Fault("NOT_POWER", title, problem, "Take the result of `rollout.power`."))
    shown = tuple(sorted(points(released, language=language), key=_effect))
    canvas = Canvas(_TOP + _HEIGHT + _BELOW)
    sheet = canvas.sheet()
    left = text_width(percent_sign(1.0, 0, language), SMALL) + 0.3
    low, high = min(0.0, *map(_effect, shown)), max(0.0, *map(_effect, shown))
    room = 0.04 * ((high - low) or 1.0)
    across = Scale(low - room, high + room, left, canvas.width - 0.2)
    plane = Plane(across, Scale(0.0, 1.0, _TOP + _HEIGHT, _TOP), True, language)
    say = texts(language).say
    draw_values(sheet, plane, say("present.power.axis"))
    draw_sizes(sheet, plane, say("present.power.effect"))
    _draw_goal(sheet, plane, (result.extra["goal"], result.extra.get("mde")), language)
    _draw_points(sheet, plane, shown)
    content = Content("power", (released,), shown, Remarks(interval=True, sizes=False))
    return exhibit(canvas, content, Drawing(title, " ".join(filter(None, [result.notes[0], note])), language))


def _effect(point: Point) -> float:
    """In percentage points."""
    return 100 * float(point.row.coordinate("effect"))


def _draw_goal(sheet: Axes, plane: Plane, told: tuple[float, float | None], language: Language) -> None:
    """The power that is wanted as a level line; where the curve passes it, a line down to the effect."""
    goal, smallest = told
    y = plane.y.at(goal)
    sheet.plot([plane.x.left, plane.x.right], [y, y], color=MAROON, linestyle=DASHED, linewidth=1.0, zorder=2)
    words = texts(language).say("present.power.goal", goal=percent_sign(goal, 0, language))
    write(sheet, plane.x.left + _GAP, y - 0.25, words, ha="left", size=SMALL, color=MAROON)
    if smallest is None:
        return
    x = plane.x.at(100 * smallest)
    sheet.plot([x, x], [y, plane.y.left], color=MAROON, linestyle=DASHED, linewidth=1.0, zorder=2)
    mark = texts(language).say("present.power.smallest", points=number(100 * smallest, 1, language))
    write(sheet, x + _GAP, plane.y.left - 0.3, mark, ha="left", size=SMALL, color=MAROON)


def _draw_points(sheet: Axes, plane: Plane, shown: tuple[Point, ...]) -> None:
    places = [(plane.x.at(_effect(point)), plane.y.at(point.row.estimate)) for point in shown]
    sheet.plot(*zip(*places, strict=True), color=BLUE, linewidth=1.4, zorder=3)
    for point, (x, y) in zip(shown, places, strict=True):
        if point.row.low is not None and point.row.high is not None:
            ends = [plane.y.at(point.row.low), plane.y.at(point.row.high)]
            sheet.plot([x, x], ends, color=QUIET_INK, linewidth=1.0, zorder=3)
        sheet.plot([x], [y], marker="o", markersize=5.5, color=BLUE, zorder=4)
