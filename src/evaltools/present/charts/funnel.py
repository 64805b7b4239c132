"""The funnel plot: shares of units against the size of their bases, between exact limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from evaltools.errors import Fault, ReleaseError, near
from evaltools.estimate.curve import Curve
from evaltools.estimate.monitor import funnel_limits
from evaltools.estimate.monitor.rules import named_some
from evaltools.language import Language, capitalised, number, percent_sign, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.curved import Mark, Shown, curve_exhibit, curve_of, marks_of
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.furniture import KEY_ROW, Key, Scale, draw_keys, key_lines
from evaltools.present.charts.plane import Plane, dash, draw_sizes, draw_values, value_scale
from evaltools.present.charts.style import BLUE, INK, MAROON, OCHRE, PAPER, QUIET_INK, SMALL
from evaltools.present.model import FigureExhibit, Released

_HEIGHT: Final = 7.6
_BELOW: Final = 1.1
_DASHED: Final = (0, (4, 2.5))
_DOTTED: Final = (0, (1, 1.8))


def funnel_chart(
    released: Released, title: str, *, named: Sequence[str] = (), note: str = "", language: Language = "da"
) -> FigureExhibit:
    """A funnel plot as a picture: a dot per unit, its share upwards, the size of its base to the right.

    released : a curve from `funnel`. named : the units that are told by name in picture, data and words, such as the
    own municipality or those that agreed; all others are told by number only (published counts by name).
    Units outside the 99.8 per cent limits are diamonds, those between the limits are open; a unit that may not be
    shown is left out and counted in the note. title, note, language : as in `control_chart`.

    Returns a figure with its picture, an alternative text that tells how many units lie where, and data.
    Raises `ReleaseError` NOT_A_CURVE, NOTHING_TO_DRAW, NO_SUCH_UNIT.
    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> table = pd.DataFrame({"town": ["a", "b", "c"], "found": [8, 41, 30], "new": [57, 291, 90]})
    >>> counts = ev.monitor.counts(table, at="town", count="found", base="new", language="en")
    >>> made = ev.release(ev.monitor.funnel(counts, target=0.14))
    >>> [row[0] for row in ev.funnel_chart(made, "One differs", named=["c"], language="en").rows]
    ['unit 1', 'c', 'unit 3']
    """
    curve = curve_of(released, ("funnel",), "funnel_chart")
    marks = _without_names(marks_of(released, curve), curve, named, language)
    keys = _keys(marks, "target" if curve.extra["target"] else "share", language)
    top = KEY_ROW * len(key_lines(keys, Canvas(1.0).width)) + 0.75
    canvas = Canvas(top + _HEIGHT + _BELOW)
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    plane = _plane(curve, marks, (top, top + _HEIGHT), language)
    draw_values(sheet, plane, texts(language).say("estimate.print.share"))
    draw_sizes(sheet, plane, texts(language).say("monitor.x.base"))
    _draw_limits(sheet, plane, curve)
    for mark in marks:
        if mark.is_known:
            _sign(sheet, plane.x.at(mark.point.x), plane.y.at(mark.point.y or 0.0), _flag(mark))
    _write_names(sheet, plane, [mark for mark in marks if mark.is_known and mark.name == mark.point.at])
    seen = tuple(_seen(marks, language))
    return curve_exhibit(canvas, Shown("funnel", released, curve, marks, seen), Drawing(title, note, language))


def _without_names(marks: Sequence[Mark], curve: Curve, named: Sequence[str], language: Language) -> tuple[Mark, ...]:
    """The units by the size of their base, so that their order tells nothing, under the names that may be told."""
    known = [mark.name for mark in marks]
    for name in named:
        if name not in known:
            problem = f'there is no unit "{name}"'
            raise ReleaseError(Fault("NO_SUCH_UNIT", curve.source.question or curve.name, problem, near(name, known)))
    public = curve.source.origin == "published"
    ordered = sorted(marks, key=lambda mark: (mark.point.x, mark.point.y or 0.0))
    say = texts(language).say
    return tuple(
        mark if public or mark.name in named else replace(mark, name=say("present.curve.unit", number=place + 1))
        for place, mark in enumerate(ordered)
    )


def _plane(curve: Curve, marks: Sequence[Mark], ends: tuple[float, float], language: Language) -> Plane:
    """From no cases to a little beyond the largest base; upwards to the highest share, or the limit of the middle."""
    known = [mark.point for mark in marks if mark.is_known]
    sizes = sorted(point.x for point in known)
    middle = funnel_limits(curve, [sizes[len(sizes) // 2]])[0][3]
    y = value_scale([0.0, middle, *(point.y or 0.0 for point in known)], (ends[1], ends[0]), percent=True)
    draft = Plane(Scale(0.0, 1.0, 0.0, 1.0), y, True, language)
    left = max(text_width(draft.shown(tick), SMALL) for tick in y.ticks) + 0.3
    return Plane(Scale(0.0, 1.06 * sizes[-1], left, Canvas(1.0).width - 0.3), y, True, language)


def _draw_limits(sheet: Axes, plane: Plane, curve: Curve) -> None:
    """The limits as lines over all sizes, where they lie inside the picture, and the centre."""
    sizes = np.unique(np.linspace(1, plane.x.high, 240).round())
    limits = np.array(funnel_limits(curve, [float(size) for size in sizes]))
    xs = [plane.x.at(float(size)) for size in sizes]
    for column, style in zip(range(4), (_DASHED, _DOTTED, _DOTTED, _DASHED), strict=True):
        inside = np.where(limits[:, column] <= plane.y.high, limits[:, column], np.nan)
        ys = [plane.y.at(float(value)) for value in inside]
        sheet.plot(xs, ys, color=QUIET_INK, linestyle=style, linewidth=1.1, zorder=1)
    centre = plane.y.at(curve.extra["centre"])
    sheet.plot([plane.x.left, plane.x.right], [centre, centre], color=INK, linewidth=1.1, zorder=1)
    text = percent_sign(curve.extra["centre"], 1, plane.language)
    write(sheet, plane.x.right, centre - 0.24, text, ha="right", size=SMALL, color=QUIET_INK)


def _flag(mark: Mark) -> str:
    return next((flag for flag in ("beyond", "beyond_inner") if mark.seen(flag)), "")


def _key(sheet: Axes, x: float, y: float, *, flag: str) -> None:
    _sign(sheet, x + 0.17, y, flag)


def _sign(sheet: Axes, x: float, y: float, flag: str) -> None:
    """A filled dot; open between the limits; a diamond outside the outer ones."""
    if flag == "beyond":
        sheet.plot(x, y, "D", color=MAROON, markersize=6.5, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4)
    elif flag == "beyond_inner":
        sheet.plot(x, y, "o", mfc=PAPER, mec=OCHRE, mew=1.6, markersize=6.0, zorder=3)
    else:
        sheet.plot(x, y, "o", color=BLUE, markersize=5.0, markeredgecolor=PAPER, markeredgewidth=0.5, zorder=2)


def _write_names(sheet: Axes, plane: Plane, named: Sequence[Mark]) -> None:
    """Names beside their dots, to the left where there is no room to the right, apart where they would touch."""
    taken: list[tuple[float, float, float]] = []
    for mark in sorted(named, key=lambda each: -(each.point.y or 0.0)):
        x, y = plane.x.at(mark.point.x), plane.y.at(mark.point.y or 0.0)
        width = text_width(mark.name, SMALL, "semibold")
        right = x + 0.2 + width <= plane.x.right
        start = x + 0.2 if right else x - 0.2 - width
        while any(start < end and begin < start + width and abs(y - other) < 0.38 for begin, end, other in taken):
            y += 0.2
        taken.append((start, start + width, y))
        write(sheet, start, y, mark.name, ha="left", size=SMALL, weight="semibold")


def _seen(marks: Sequence[Mark], language: Language) -> list[str]:
    """How many units lie outside the outer limits, and which, above and below; how many between the limits."""
    say = texts(language).say
    known = [mark for mark in marks if mark.is_known]
    found = []
    for side in ("above", "below"):
        names = [mark.name for mark in known if mark.seen("beyond") and _side(mark) == side]
        if names:
            key = f"monitor.signal.units_{side}_{'one' if len(names) == 1 else 'many'}"
            found.append(capitalised(say(key, count=len(names), named=named_some(names, language))))
    between = sum(mark.seen("beyond_inner") for mark in known)
    if found and between:
        found.append(say("present.curve.between", count=number(between, 0, language)))
    return found


def _side(mark: Mark) -> str:
    return "above" if (mark.point.y or 0.0) > (mark.point.centre or 0.0) else "below"


def _keys(marks: Sequence[Mark], line: str, language: Language) -> list[Key]:
    """The legend: only what is in the picture."""
    say = texts(language).say

    keys = [Key(say("present.curve.key.unit"), partial(_key, flag=""))]
    if any(mark.seen("beyond_inner") for mark in marks):
        keys.append(Key(say("present.curve.key.beyond_inner"), partial(_key, flag="beyond_inner")))
    if any(mark.seen("beyond") for mark in marks):
        keys.append(Key(say("present.curve.key.beyond_outer"), partial(_key, flag="beyond")))
    keys += [
        Key(say(f"present.curve.key.{line}"), dash(INK, "-")),
        Key(say("present.curve.key.inner"), dash(QUIET_INK, _DOTTED)),
        Key(say("present.curve.key.outer"), dash(QUIET_INK, _DASHED)),
    ]
    return keys
