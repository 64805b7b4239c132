"""Effects by time since adoption: points with the interval of each, and the band that holds for all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from matplotlib.axes import Axes
from scipy.special import ndtri

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, number, texts
from evaltools.present.charts.canvas import WIDTH_CM, Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.charts.furniture import KEY_ROW, Key, Scale, draw_keys, key_lines, swatch
from evaltools.present.charts.style import BLUE, HAIRLINE, HATCHED, INK, OCHRE, PAPER, QUIET_INK, SMALL, Look
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import Remarks
from evaltools.present.numbers import row_number
from evaltools.present.series import Point, estimate_of, is_known, points

_HEIGHT: Final = 6.6
_BELOW: Final = 1.15
_DOT: Final = 6.0
_BAND: Final[Look] = {"facecolor": "#DCE6F0", "edgecolor": "#DCE6F0", "linewidth": 0.0}


@dataclass(frozen=True, slots=True)
class _Mark:
    """One point of the picture. value, each, band : in the unit of the axis; each and band are None without limits."""

    event: int
    hidden: bool
    value: float | None
    each: tuple[float, float] | None
    band: tuple[float, float] | None
    base: bool = False


def event_study_chart(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A point per time since adoption with its own interval, and behind them the band for all points at once.

    released : from `event_study`, `imputation` or `sun_abraham` (these have no joint band). Points before adoption are
    open; there they should lie about 0. title : what the picture shows. note : own remark. language : of the words.
    Returns a figure with its picture, alternative text and data. Raises `ReleaseError` NOT_AN_EVENT_STUDY,
    NOT_AN_ESTIMATE, NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.1, 3.2, 1, 2, 3.1, 1, 2, 5, 1, 2, 5.5, 1, 2, 5.2]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcdef" for _ in range(3)], "period": [2015, 2016, 2017] * 6, "y": y,
    ...                      "first": [None] * 9 + [2017] * 9})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> study = ev.release(ev.rollout.event_study(effects))
    >>> len(ev.event_study_chart(study, "After adoption", language="en").rows)
    2
    """
    result = estimate_of(released)
    shown = _points(released, result, language)
    if not shown or any("all" not in _texts(row) and _event(row) is None for row in result.rows):
        problem = "the rows are not told apart by the time since adoption alone"
        remedy = "Take `rollout.event_study(effects)`, `rollout.imputation` or `rollout.sun_abraham`."
        raise ReleaseError(Fault("NOT_AN_EVENT_STUDY", title, problem, remedy))
    marks = _with_base([_mark(point, result) for point in shown], result)
    keys = _keys(marks, language)
    top = KEY_ROW * len(key_lines(keys, WIDTH_CM)) + 0.75
    canvas = Canvas(top + _HEIGHT + _BELOW)
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    across, upright = _scales(marks, top, canvas.width, language)
    _draw_axes(sheet, (across, upright), marks, language)
    write(sheet, 0.08, top - 0.38, _unit(result, language), size=SMALL, color=QUIET_INK, ha="left")
    _draw_band(sheet, across, upright, marks)
    for mark in marks:
        _draw_mark(sheet, across, upright, mark)
    content = Content("event_study", (released,), shown, Remarks(interval=True, sizes=False))
    return exhibit(canvas, content, Drawing(title, " ".join(filter(None, [*result.notes, note])), language))


def _points(released: Released, result: Estimate, language: Language) -> tuple[Point, ...]:
    """The rows by time since adoption; percentage points with one decimal."""
    found = [point for point in points(released, language=language) if _event(point.row) is not None]
    if result.measure != "difference":
        return tuple(found)
    return tuple(replace(point, number=row_number(released, point.row, digits=1, language=language)) for point in found)


def _with_base(marks: list[_Mark], result: Estimate) -> list[_Mark]:
    """With the one period that all others are differences from, where there is one: it is 0 by definition."""
    events = {mark.event for mark in marks}
    missing = [event for event in range(min(events), 0) if event not in events]
    if not result.extra.get("common_base") or len(missing) != 1:
        return marks
    return sorted([*marks, _Mark(missing[0], hidden=False, value=None, each=None, band=None, base=True)], key=_when)


def _when(mark: _Mark) -> int:
    return mark.event


def _event(row: Row) -> int | None:
    text = row.coordinate("event")
    return int(text) if text.lstrip("-").isdigit() and len(row.coordinates) == 1 else None


def _texts(row: Row) -> set[str]:
    return {value for _, value in row.coordinates}


def _mark(point: Point, result: Estimate) -> _Mark:
    row, scale = point.row, 100.0 if result.measure == "difference" else 1.0
    event = _event(row) or 0
    if not is_known(point):
        return _Mark(event, point.hidden, None, None, None)
    band = None if row.low is None or row.high is None else (scale * row.low, scale * row.high)
    each = None
    if row.se is not None:
        half = float(ndtri((1 + row.level) / 2)) * row.se
        each = (scale * (row.estimate - half), scale * (row.estimate + half))
    joint = bool(result.extra.get("critical_value"))
    return _Mark(event, point.hidden, scale * row.estimate, each, band if joint else None)


def _scales(marks: Sequence[_Mark], top: float, width: float, language: Language) -> tuple[Scale, Scale]:
    values = [0.0]
    for mark in marks:
        values += [mark.value or 0.0, *(mark.each or ()), *(mark.band or ())]
    room = 0.06 * (max(values) - min(values) or 1.0)
    upright = Scale(min(values) - room, max(values) + room, top + _HEIGHT, top)
    left = max(text_width(_tick(tick, upright, language), SMALL) for tick in upright.ticks) + 0.3
    events = [mark.event for mark in marks]
    return Scale(min(events) - 0.6, max(events) + 0.6, left, width - 0.15), upright


def _tick(value: float, scale: Scale, language: Language) -> str:
    step = scale.ticks[1] - scale.ticks[0] if len(scale.ticks) > 1 else 1.0
    return number(value, max(0, -math.floor(math.log10(step) + 1e-9)), language)


def _draw_axes(sheet: Axes, scales: tuple[Scale, Scale], marks: Sequence[_Mark], language: Language) -> None:
    """Level lines with their values, zero in ink, the times below, and a broken line where adoption begins."""
    across, upright = scales
    for value in upright.ticks:
        y, zero = upright.at(value), abs(value) < 1e-12
        sheet.plot(
            [across.left, across.right],
            [y, y],
            color=INK if zero else HAIRLINE,
            linewidth=0.9 if zero else 0.7,
            zorder=1,
        )
        write(sheet, across.left - 0.15, y, _tick(value, upright, language), ha="right", size=SMALL, color=QUIET_INK)
    for mark in marks:
        write(
            sheet,
            across.at(mark.event),
            upright.left + 0.3,
            number(mark.event, 0, language),
            ha="center",
            size=SMALL,
            color=QUIET_INK,
        )
    if any(mark.event < 0 for mark in marks):
        x = across.at(-0.5)
        sheet.plot([x, x], [upright.left, upright.right], color=QUIET_INK, linewidth=1.0, dashes=(4, 2.5), zorder=1)
    title = texts(language).say("rollout.chart.axis_event")
    write(sheet, across.right, upright.left + 0.78, title, ha="right", size=SMALL, color=QUIET_INK)


def _draw_band(sheet: Axes, across: Scale, upright: Scale, marks: Sequence[_Mark]) -> None:
    """The joint band as one surface over neighbouring points, as wide as a point at its ends."""
    piece: list[_Mark] = []
    for mark in [*marks, None]:
        if mark is not None and mark.band is not None and (not piece or mark.event == piece[-1].event + 1):
            piece.append(mark)
            continue
        if piece:
            xs = [
                across.at(piece[0].event - 0.3),
                *(across.at(each.event) for each in piece),
                across.at(piece[-1].event + 0.3),
            ]
            bands = [each.band for each in piece if each.band is not None]
            ends = [bands[0], *bands, bands[-1]]
            lows, highs = ([upright.at(band[side]) for band in ends] for side in (0, 1))
            sheet.fill_between(xs, lows, highs, facecolor=_BAND["facecolor"], linewidth=0.0, zorder=0)
        piece = [mark] if mark is not None and mark.band is not None else []


def _draw_mark(sheet: Axes, across: Scale, upright: Scale, mark: _Mark) -> None:
    x = across.at(mark.event)
    if mark.base:
        _base(sheet, x, upright.at(0.0))
    if mark.value is None:
        if mark.hidden:
            half = 0.18
            sheet.fill_between(
                [x - half, x + half],
                upright.left,
                upright.right,
                facecolor=PAPER,
                edgecolor=HATCHED["edgecolor"],
                hatch=HATCHED["hatch"],
                linewidth=0.0,
            )
        return
    colour = OCHRE if mark.event < 0 else BLUE
    if mark.each is not None:
        sheet.plot(
            [x, x],
            [upright.at(limit) for limit in mark.each],
            color=colour,
            linewidth=1.6,
            solid_capstyle="butt",
            zorder=2,
        )
        for limit in mark.each:
            sheet.plot([x - 0.09, x + 0.09], [upright.at(limit)] * 2, color=colour, linewidth=1.2, zorder=2)
    _dot(sheet, x, upright.at(mark.value), before=mark.event < 0)


def _dot(sheet: Axes, x: float, y: float, *, before: bool) -> None:
    colour = OCHRE if before else BLUE
    sheet.plot(
        x,
        y,
        "o",
        markersize=_DOT,
        markerfacecolor=PAPER if before else colour,
        markeredgecolor=colour,
        markeredgewidth=1.6,
        zorder=3,
    )


def _base(sheet: Axes, x: float, y: float) -> None:
    sheet.plot(x, y, "s", markersize=_DOT - 1, color=INK, markeredgewidth=0, zorder=3)


def _keys(marks: Sequence[_Mark], language: Language) -> list[Key]:
    """The legend: only what is in the picture."""
    say = texts(language).say
    keys = []
    if any(mark.event < 0 and not mark.base for mark in marks):
        keys.append(Key(say("rollout.chart.before"), lambda sheet, x, y: _dot(sheet, x + 0.17, y, before=True)))
    if any(mark.base for mark in marks):
        keys.append(Key(say("rollout.chart.base"), lambda sheet, x, y: _base(sheet, x + 0.17, y)))
    keys.append(Key(say("rollout.chart.after"), lambda sheet, x, y: _dot(sheet, x + 0.17, y, before=False)))
    if any(mark.each for mark in marks):
        keys.append(Key(say("rollout.chart.each"), _bar))
    if any(mark.band for mark in marks):
        keys.append(Key(say("rollout.chart.band"), swatch(_BAND)))
    if any(mark.hidden for mark in marks):
        keys.append(Key(say("present.hidden"), swatch(HATCHED)))
    return keys


def _bar(sheet: Axes, x: float, y: float) -> None:
    sheet.plot([x + 0.17] * 2, [y - 0.17, y + 0.17], color=BLUE, linewidth=1.6)
    for limit in (y - 0.17, y + 0.17):
        sheet.plot([x + 0.08, x + 0.26], [limit] * 2, color=BLUE, linewidth=1.2)


def _unit(result: Estimate, language: Language) -> str:
    if result.measure == "difference":
        return texts(language).say("language.unit.points")
    return result.unit
