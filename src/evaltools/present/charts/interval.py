"""Dots with their intervals, and a target line where there is a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from evaltools.language import Language, percent_sign, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit, labels_with_base, value_label
from evaltools.present.charts.furniture import Lines, Scale, draw_axis, lines_for, scale_for, value_look
from evaltools.present.charts.style import BLUE, MAROON, SMALL
from evaltools.present.forms import COUNTS_ONLY_BELOW, in_percent, source_digits
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import Remarks
from evaltools.present.series import Order, Point, estimate_of, is_known, points

_GAP: Final = 0.3
_AXIS: Final = 0.55


def interval_chart(
    released: Released,
    title: str,
    *,
    target: float | None = None,
    order: Order = "given",
    note: str = "",
    language: Language = "da",
) -> FigureExhibit:
    """A dot per row with the line of its interval, and the values in a column at the right.

    target : a share (0-1) or a value in the unit of the result, drawn as a broken line with its value.
    Rows without an interval (full response, published without counts) have a dot only.
    released, title, order, note, language : as in `bar_chart`. Returns a figure with its picture, alternative text
    and data.
    Raises `ReleaseError` NOT_AN_ESTIMATE, NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses"))
    >>> ev.interval_chart(released, "Most use it", language="en").header[-2:]
    ('Lower limit', 'Upper limit')
    """
    shown = points(released, order=order, language=language)
    percent = in_percent(estimate_of(released))
    goal = None if target is None else 100 * target if percent else target
    lines = lines_for(labels_with_base(shown, language), row=0.72)
    values = [_with_limits(point, value_label(point, released, language)) for point in shown]
    room = max((text_width(value) for value in values), default=1.0)
    top = 0.15 if goal is None else 0.6
    canvas = Canvas(top + lines.height + _AXIS)
    sheet = canvas.sheet()
    scale = scale_for(
        shown, (lines.width + _GAP, canvas.width - room - 0.35), percent=percent, also=[goal] if goal else ()
    )
    draw_axis(sheet, scale, top, top + lines.height, "percent" if percent else "", language)
    if goal is not None:
        _draw_target(sheet, scale, goal, top, top + lines.height, language)
    _draw_points(sheet, scale, shown, lines, top)
    for value, point, middle in zip(values, shown, lines.middles(top), strict=True):
        write(sheet, canvas.width - 0.05, middle, value, **value_look(point, "right"))
    content = Content("interval", (released,), shown, Remarks(interval=True, target=_target_text(goal, language)))
    return exhibit(canvas, content, Drawing(title, note, language))


def _draw_points(sheet: Axes, scale: Scale, shown: Sequence[Point], lines: Lines, top: float) -> None:
    for point, name, middle in zip(shown, lines.names, lines.middles(top), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        if not is_known(point):
            continue
        low, high = point.number.low, point.number.high
        if low is not None and high is not None:
            sheet.plot([scale.at(low), scale.at(high)], [middle] * 2, color=BLUE, linewidth=1.6, solid_capstyle="butt")
            for limit in (low, high):
                sheet.plot([scale.at(limit)] * 2, [middle - 0.09, middle + 0.09], color=BLUE, linewidth=1.2)
        sheet.plot(scale.at(point.value or 0.0), middle, "o", color=BLUE, markersize=6.5, zorder=3)


def _draw_target(sheet: Axes, scale: Scale, goal: float, top: float, bottom: float, language: Language) -> None:
    x = scale.at(goal)
    sheet.plot([x, x], [top - 0.1, bottom], color=MAROON, linewidth=1.2, dashes=(4, 2.5), zorder=1)
    text = texts(language).say("present.chart.target", target=_target_text(goal, language))
    write(sheet, x, top - 0.32, text, ha="center", size=SMALL, weight="semibold", color=MAROON)


def _target_text(goal: float | None, language: Language) -> str:
    return "" if goal is None else percent_sign(goal / 100, source_digits(goal), language)


def _with_limits(point: Point, value: str) -> str:
    """The value and its limits; bases under 20 are told as counts only."""
    limits = point.number.shown.get("limits", "")
    counts_only = point.row.count is not None and point.row.n < COUNTS_ONLY_BELOW
    return f"{value} [{limits}]" if limits and is_known(point) and not counts_only else value
