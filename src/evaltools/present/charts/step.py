"""Step curves: the share still going on, or ended in each way, by length of time, with those at risk below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from evaltools.errors import Fault, ReleaseError, near
from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.furniture import Scale
from evaltools.present.charts.step_exhibit import step_exhibit
from evaltools.present.charts.style import (
    BLUE,
    HAIRLINE,
    MAROON,
    MUTED,
    OCHRE,
    OUTLINE,
    PAPER,
    QUIET_INK,
    SMALL,
    ink_on,
    ramp,
)
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.steplines import ENDING, StepLine, StepPoint, curve_of, step_lines

Shape = Literal["lines", "stacked"]
_COLOURS: Final = (BLUE, OCHRE, MAROON)
_STYLES: Final = ("-", (0, (5, 2)))
MOST: Final = len(_COLOURS) * len(_STYLES)
"""More lines than this cannot be told apart without colour."""
_MOST_BANDS: Final = 3
_TOP: Final = 0.35
_PLOT: Final = 6.4
_AXIS: Final = 0.95
_ROW: Final = 0.42
_APART: Final = 0.42
_TICKS_APART: Final = 0.85
_DODGE: Final = 0.16
_BAR: Final = 0.9
_SHORT: Final = 0.05
_GAP: Final = 0.42
_EDGE: Final = OUTLINE["edgecolor"]
_HEIGHTS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class _Area:
    """Where the curves stand: time to the right, per cent upwards (centimetres from the top)."""

    time: Scale
    share: Scale
    language: Language

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return _TOP + _PLOT


def step_chart(
    released: Released, title: str, *, shape: Shape = "lines", note: str = "", language: Language = "da"
) -> FigureExhibit:
    """The curves of `kaplan_meier` or `cumulative_incidence`, with how many were still under observation below.

    released : a curve that steps. Where single steps rest on too few, the curve is shown at fixed times only: a dot
    with its interval, joined by a dotted line that stands for what is not shown.
    shape : `stacked` lays the endings of one group on top of one another, so that they and those still going on make up
    100 per cent; intervals then stand in the data only. Up to three lines have their intervals as bands.
    title, note, language : as in `bar_chart`. Returns a figure with its picture, alternative text and data.
    Raises `ReleaseError`: NOT_A_STEP_CURVE, NOTHING_TO_DRAW, TOO_MANY_CURVES, NOT_STACKED, NO_SUCH_SHAPE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"months": [*range(1, 41)], "ended": [1] * 30 + [0] * 10})
    >>> about = ev.durations.About(language="en")
    >>> spells = ev.durations.spells(frame, end="months", ending="ended", going_on=0, about=about)
    >>> figure = ev.step_chart(ev.release(ev.durations.kaplan_meier(spells)), "Half last two years", language="en")
    >>> figure.header[:2]
    ('Label', 'Months')
    """
    if shape not in get_args(Shape):
        raise ReleaseError(Fault("NO_SUCH_SHAPE", title, f'there is no shape "{shape}"', near(shape, get_args(Shape))))
    lines = step_lines(released, language)
    _check(lines, shape, title)
    labels = [f"{line.name}: {_shown(line.points[-1].y, language)}" for line in lines]
    still = texts(language).say("present.steps.still")
    beside = [*labels, f"{still}: 100 %"] if shape == "stacked" else labels
    right = max(text_width(label, SMALL, "semibold") for label in beside)
    rows = _risk_rows(lines)
    names = [*rows, texts(language).say("present.steps.at_risk")]
    left = max(1.25, *(text_width(name, SMALL, "semibold") + 0.45 for name in names))
    canvas = Canvas(_TOP + _PLOT + _AXIS + _ROW * (len(rows) + 1))
    ends = (left, canvas.width - min(right, 5.2) - _GAP - 0.1)
    area = _Area(_time_scale(lines, ends, shape), _share_scale(lines, shape), language)
    sheet = canvas.sheet()
    ticks = _ticks(lines, area)
    _draw_frame(sheet, area, ticks, curve_of(released).x_name)
    _draw_risk(sheet, area, rows, ticks)
    (_draw_stacked if shape == "stacked" else _draw_lines)(sheet, area, lines, labels)
    return step_exhibit(canvas, released, lines, Drawing(title, note, language), shape)


def _check(lines: Sequence[StepLine], shape: Shape, title: str) -> None:
    if len(lines) > MOST:
        remedy = "Choose some with `only(...)`, or put endings together."
        raise ReleaseError(Fault("TOO_MANY_CURVES", title, f"{len(lines)} curves cannot be told apart", remedy))
    alone = len({line.group for line in lines}) == 1 and bool(lines[0].points[0].point.coordinate(ENDING))
    if shape == "stacked" and not alone:
        problem = "only the endings of one group add up to a whole"
        remedy = "Take `cumulative_incidence` and choose one group with `only(...)`."
        raise ReleaseError(Fault("NOT_STACKED", title, problem, remedy))


def _shown(share: float, language: Language) -> str:
    return percent_sign(share, 0, language)


def _time_scale(lines: Sequence[StepLine], ends: tuple[float, float], shape: Shape) -> Scale:
    """From the start to the last shown time, with room for half a bar where bars are drawn."""
    times = [each.point.x for line in lines for each in line.points]
    room = 0.0 if shape == "lines" or lines[0].whole else 0.6 * _BAR * (max(times) - min(times)) / (ends[1] - ends[0])
    return Scale(min(times), max(times) + room, *ends)


def _share_scale(lines: Sequence[StepLine], shape: Shape) -> Scale:
    """0 to 100 per cent; less where lines stay low, so that they can be told apart."""
    highest = max(max(each.y, each.point.high or 0.0) for line in lines for each in line.points)
    top = 1.0 if shape == "stacked" else next((top for top in _HEIGHTS if highest <= top), 1.0)
    return Scale(0.0, 100 * top, _TOP + _PLOT, _TOP)


def _ticks(lines: Sequence[StepLine], area: _Area) -> list[float]:
    """The start and the fixed times that are shown, as many as have room; round numbers where there are none."""
    fixed = sorted({each.point.x for line in lines for each in line.fixed})
    kept = [area.time.low]
    for time in fixed or [time for time in area.time.ticks if time > area.time.low]:
        if area.time.at(time) - area.time.at(kept[-1]) >= _TICKS_APART:
            kept.append(time)
    return kept


def _draw_frame(sheet: Axes, area: _Area, ticks: Sequence[float], unit: str) -> None:
    for value in area.share.ticks:
        y = area.share.at(value)
        sheet.plot([area.time.left, area.time.right], [y, y], color=HAIRLINE, linewidth=0.7, zorder=0)
        shown = _shown(value / 100, area.language)
        write(sheet, area.time.left - 0.15, y, shown, ha="right", size=SMALL, color=QUIET_INK)
    sheet.plot([area.time.left, area.time.right], [area.bottom] * 2, color=MUTED, linewidth=0.9, zorder=1)
    for tick in ticks:
        x = area.time.at(tick)
        sheet.plot([x, x], [area.bottom, area.bottom + 0.09], color=MUTED, linewidth=0.8)
        write(sheet, x, area.bottom + 0.3, f"{tick:g}", ha="center", size=SMALL, color=QUIET_INK)
    write(sheet, area.time.right + _GAP, area.bottom + 0.3, unit.lower(), ha="left", size=SMALL, color=QUIET_INK)


def _risk_rows(lines: Sequence[StepLine]) -> dict[str, StepLine]:
    """One line of each group; its endings have the same rows at risk."""
    found: dict[str, StepLine] = {}
    for line in lines:
        found.setdefault(line.group_name, line)
    return found


def _draw_risk(sheet: Axes, area: _Area, rows: dict[str, StepLine], ticks: Sequence[float]) -> None:
    top = area.bottom + _AXIS - 0.1
    words = texts(area.language).say("present.steps.at_risk")
    write(sheet, 0.04, top, words, ha="left", size=SMALL, weight="semibold", color=QUIET_INK)
    alone = len(rows) == 1
    for place, (name, line) in enumerate(rows.items()):
        y = top if alone and not name else top + (place + 1) * _ROW
        write(sheet, 0.04, y, name, ha="left", size=SMALL, color=QUIET_INK)
        known = {each.point.x: each.point.n for each in line.points}
        for tick in ticks:
            if tick in known:
                write(sheet, area.time.at(tick), y, number(known[tick], 0, area.language), ha="center", size=SMALL)


def _draw_lines(sheet: Axes, area: _Area, lines: Sequence[StepLine], labels: Sequence[str]) -> None:
    ends = [area.share.at(100 * line.points[-1].y) for line in lines]
    for place, (line, label, y) in enumerate(zip(lines, labels, _apart(ends, area), strict=True)):
        colour, style = _COLOURS[place % len(_COLOURS)], _STYLES[place // len(_COLOURS)]
        bands = len(lines) <= _MOST_BANDS
        if line.whole:
            _draw_steps(sheet, area, line, colour, style, bands=bands)
        else:
            shift = _DODGE * (place - (len(lines) - 1) / 2)
            _draw_dots(sheet, area, line, colour, shift)
        x = area.time.at(line.points[-1].point.x)
        if area.time.right - x > _SHORT:
            _write_inside(sheet, x + _GAP, ends[place], label, colour)
            continue
        if abs(y - ends[place]) > _SHORT:
            sheet.plot([x, area.time.right + _GAP - 0.08], [ends[place], y], color=colour, linewidth=0.6)
        write(sheet, area.time.right + _GAP, y, label, ha="left", size=SMALL, weight="semibold", color=colour)


def _write_inside(sheet: Axes, x: float, y: float, label: str, colour: str) -> None:
    """The label of a curve that ends before others, at its own end, so that nobody reads the curve on from there."""
    write(sheet, x, y, label, ha="left", size=SMALL, weight="semibold", color=colour)
    sheet.texts[-1].set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])


def _draw_steps(sheet: Axes, area: _Area, line: StepLine, colour: str, style: object, *, bands: bool) -> None:
    times = [area.time.at(each.point.x) for each in line.points]
    heights = [area.share.at(100 * each.y) for each in line.points]
    sheet.step(times, heights, where="post", color=colour, linestyle=style, linewidth=1.7, zorder=3)
    known = [each for each in line.points if each.point.low is not None and each.point.high is not None]
    if bands and len(known) > 1:
        at = [area.time.at(each.point.x) for each in known]
        low = [area.share.at(100 * (each.point.low or 0.0)) for each in known]
        high = [area.share.at(100 * (each.point.high or 0.0)) for each in known]
        sheet.fill_between(at, low, high, step="post", color=colour, alpha=0.13, linewidth=0, zorder=1)
        for edge in (low, high):
            sheet.step(at, edge, where="post", color=colour, linewidth=0.6, linestyle=(0, (2, 2)), zorder=2)


def _draw_dots(sheet: Axes, area: _Area, line: StepLine, colour: str, shift: float) -> None:
    """What may be told at fixed times: dots with their intervals; the way between them is not shown."""
    start, *later = (area.time.at(each.point.x) for each in line.points)
    times = [start, *(x + shift for x in later)]
    heights = [area.share.at(100 * each.y) for each in line.points]
    sheet.plot(times, heights, color=colour, linewidth=0.9, linestyle=(0, (1, 2.5)), zorder=2)
    for each, x, y in zip(line.points, times, heights, strict=True):
        if each.point.low is not None and each.point.high is not None:
            ends = [area.share.at(100 * limit) for limit in (each.point.low, each.point.high)]
            sheet.plot([x, x], ends, color=colour, linewidth=1.2, zorder=2)
            for end in ends:
                sheet.plot([x - 0.07, x + 0.07], [end, end], color=colour, linewidth=1.0, zorder=2)
            sheet.plot(x, y, "o", color=colour, markersize=5.5, zorder=3)


def _draw_stacked(sheet: Axes, area: _Area, lines: Sequence[StepLine], labels: Sequence[str]) -> None:
    """The endings from below, and above them what is still going on."""
    fills = ramp(len(lines) + 2)[::-1][: len(lines)]
    times = [each.point.x for each in lines[0].points]
    below = [0.0] * len(times)
    middles = []
    for line, fill in zip(lines, fills, strict=True):
        above = [low + each.y for low, each in zip(below, line.points, strict=True)]
        _draw_layer(sheet, area, line, (times, below, above), fill)
        middles.append(area.share.at(50 * (below[-1] + above[-1])))
        below = above
    still = texts(area.language).say("present.steps.still")
    middles.append(area.share.at(50 * (below[-1] + 1)))
    told = [*labels, f"{still}: {_shown(1 - below[-1], area.language)}"]
    for middle, y, label in zip(middles, _apart(middles, area), told, strict=True):
        sheet.plot([area.time.right + 0.02, area.time.right + _GAP - 0.08], [middle, y], color=MUTED, linewidth=0.6)
        write(sheet, area.time.right + _GAP, y, label, ha="left", size=SMALL, weight="semibold")


def _draw_layer(
    sheet: Axes, area: _Area, line: StepLine, edges: tuple[list[float], list[float], list[float]], fill: str
) -> None:
    """One ending: a surface where all its steps may be shown, else a part of a bar at each fixed time."""
    times, below, above = edges
    low, high = ([area.share.at(100 * share) for share in shares] for shares in (below, above))
    at = [area.time.at(time) for time in times]
    if line.whole:
        sheet.fill_between(at, low, high, step="post", facecolor=fill, edgecolor=_EDGE, linewidth=0.6, zorder=1)
        return
    for x, bottom, top, each in zip(at[1:], low[1:], high[1:], line.points[1:], strict=True):
        sheet.bar(x, top - bottom, _BAR, bottom=bottom, color=fill, edgecolor=_EDGE, linewidth=0.6, zorder=1)
        _write_part(sheet, x, (bottom + top) / 2, each, ink_on(fill), area.language)


def _write_part(sheet: Axes, x: float, y: float, each: StepPoint, colour: str, language: Language) -> None:
    if each.y >= 0.06:
        write(sheet, x, y, _shown(each.y, language), ha="center", size=SMALL, color=colour)


def _apart(places: Sequence[float], area: _Area) -> list[float]:
    """Heights at which labels do not touch, in the same order, and not below the plot."""
    order = sorted(range(len(places)), key=lambda each: places[each])
    heights: list[float] = []
    for place in order:
        heights.append(max(places[place], heights[-1] + _APART if heights else _TOP))
    over = heights[-1] - area.bottom if heights else 0.0
    for place in range(len(heights) - 1, -1, -1):
        limit = area.bottom if place == len(heights) - 1 else heights[place + 1] - _APART
        heights[place] = min(heights[place], limit) if over > 0 else heights[place]
    moved = dict(zip(order, heights, strict=True))
    return [moved[place] for place in range(len(places))]
