"""What run charts and control charts have in common: points in time around a line, phases, limits and signals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.canvas import Canvas, text_width, wrapped, write
from evaltools.present.charts.curved import Mark, Shown, curve_exhibit, value_of
from evaltools.present.charts.exhibit import Drawing
from evaltools.present.charts.furniture import KEY_ROW, Key, Scale, draw_keys, key_lines, swatch
from evaltools.present.charts.plane import DASHED, Plane, apart, dash, draw_periods, draw_values, value_scale
from evaltools.present.charts.style import BLUE, HATCHED, INK, MAROON, OCHRE, PAPER, QUIET_INK, SMALL
from evaltools.present.model import FigureExhibit

_HEIGHT: Final = 6.4
_BELOW: Final = 1.5
_MANY: Final = 60
_MOST_LABELS: Final = 3
_PHASE: Final = 0.55
_PANEL: Final = 1.55
_GAP: Final = 0.3
_NAME: Final = 2.6


def draw_timeline(shown: Shown, line: str, drawing: Drawing) -> FigureExhibit:
    """Points joined where they are neighbours, with centre line, limits and marks of what is seen.

    line : key of the words for the centre line. Hidden periods are hatched; a period without cases is a gap.
    """
    language = drawing.language
    keys = _keys(shown, line, language)
    width = Canvas(1.0).width
    phases = [list(group) for _, group in groupby(shown.marks, key=lambda mark: mark.point.coordinates)]
    phases = [group for group in phases if any(mark.point.y is not None for mark in group)]
    top = KEY_ROW * len(key_lines(keys, width)) + (_PHASE if len(phases) > 1 else 0.0) + 0.75
    canvas = Canvas(top + _HEIGHT + _BELOW)
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    labels = _side_labels(shown, line, language)
    plane = _plane(
        shown, (top, top + _HEIGHT), max((text_width(text, SMALL) for text, _ in labels), default=0.0), language
    )
    draw_values(sheet, plane, shown.curve.unit or texts(language).say(f"estimate.print.{shown.curve.measure}"))
    draw_periods(sheet, plane, shown.curve.periods, shown.curve.x_name)
    for place, group in enumerate(phases):
        _draw_lines(sheet, plane, shown.curve, group)
        if len(phases) > 1:
            _name_phase(sheet, plane, group, first=place == 0)
    _draw_points(sheet, plane, shown)
    _write_side(sheet, plane, labels)
    return curve_exhibit(canvas, shown, drawing)


def draw_panels(shown: Shown, line: str, drawing: Drawing) -> FigureExhibit:
    """Several curves over the same time, one below the other on the same scale, each with its name beside it.

    line : as in `draw_timeline`. The points of one curve have the same coordinates.
    """
    panels = [list(group) for _, group in groupby(shown.marks, key=lambda mark: mark.point.coordinates)]
    keys = _keys(shown, line, drawing.language)
    top = KEY_ROW * len(key_lines(keys, Canvas(1.0).width)) + 0.3
    canvas = Canvas(top + _PANEL * len(panels) + _BELOW)
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    names = [wrapped(" ".join(group[0].point.labels), _NAME, SMALL) for group in panels]
    side = max(text_width(each, SMALL) for name in names for each in name.split("\n"))
    for place, (group, name) in enumerate(zip(panels, names, strict=True)):
        start = top + place * _PANEL
        plane = replace(_plane(shown, (start, start + _PANEL - _GAP), side, drawing.language), most_ticks=2)
        draw_values(sheet, plane, "")
        _draw_lines(sheet, plane, shown.curve, group)
        _draw_points(sheet, plane, replace(shown, marks=tuple(group)))
        write(sheet, plane.x.right + 0.15, (plane.y.left + plane.y.right) / 2, name, ha="left", size=SMALL)
    draw_periods(sheet, plane, shown.curve.periods, shown.curve.x_name)
    return curve_exhibit(canvas, shown, drawing)


def _plane(shown: Shown, ends: tuple[float, float], side: float, language: Language) -> Plane:
    """The scales: from half a period before the first point to half a period after the last."""
    known = [mark.point for mark in shown.marks if mark.is_known]
    values = [value for point in known for value in (point.y, point.centre, point.low, point.high) if value is not None]
    percent = shown.curve.measure == "share"
    y = value_scale(values, (ends[1], ends[0]), percent=percent)
    whole = shown.curve.measure == "count"
    draft = Plane(Scale(0.0, 1.0, 0.0, 1.0), y, percent, language, whole)
    left = max((text_width(draft.shown(tick), SMALL) for tick in draft.ticks), default=0.5) + 0.3
    first, last = (end(mark.point.x for mark in shown.marks) for end in (min, max))
    right = Canvas(1.0).width - (side + 0.35 if side else 0.2)
    return Plane(Scale(first - 0.6, last + 0.6, left, right), y, percent, language, whole)


def _draw_lines(sheet: Axes, plane: Plane, curve: Curve, group: Sequence[Mark]) -> None:
    """Centre line and limits of one phase: the centre through gaps, limits only where a point is shown."""
    first, last = (end(mark.point.x for mark in group) for end in (min, max))
    centre = next((mark.point.centre for mark in group if mark.point.centre is not None), None)
    if centre is not None:
        ends, y = (plane.x.at(first - 0.5), plane.x.at(last + 0.5)), plane.y.at(centre)
        sheet.plot(ends, (y, y), color=INK, linewidth=1.2, zorder=1)
    for name in ("low", "high"):
        limits = {
            mark.point.x: getattr(mark.point, name)
            for mark in group
            if mark.is_known and _is_limit(curve, mark.point, name)
        }
        for piece in _neighbours(list(limits)):
            xs = tuple(plane.x.at(edge) for x in piece for edge in (x - 0.5, x + 0.5))
            ys = [plane.y.at(limits[x]) for x in piece for _ in range(2)]
            sheet.plot(xs, ys, color=QUIET_INK, linestyle=DASHED, linewidth=1.1, zorder=1)


def _name_phase(sheet: Axes, plane: Plane, group: Sequence[Mark], *, first: bool) -> None:
    """The name of a phase above it, and a line where it begins."""
    start, end = (end(mark.point.x for mark in group) for end in (min, max))
    left, right = plane.x.at(start - 0.5), plane.x.at(end + 0.5)
    if not first:
        sheet.plot([left, left], [plane.y.right - 0.5, plane.y.left], color=QUIET_INK, linewidth=0.9, dashes=(1.5, 2))
    label = " ".join(group[0].point.labels)
    centred = text_width(label, SMALL, "semibold") <= right - left
    x = (left + right) / 2 if centred else left + 0.1
    write(sheet, x, plane.y.right - 0.42, label, ha="center" if centred else "left", size=SMALL, weight="semibold")


def _neighbours(places: Sequence[float]) -> Iterator[list[float]]:
    """The places in pieces that have no gap."""
    piece: list[float] = []
    for place in places:
        if piece and place - piece[-1] > 1.5:
            yield piece
            piece = []
        piece.append(place)
    if piece:
        yield piece


def _draw_points(sheet: Axes, plane: Plane, shown: Shown) -> None:
    """Hidden periods hatched, neighbours joined, each point with the sign of what is seen at it."""
    for piece in _neighbours([mark.point.x for mark in shown.marks if mark.hidden]):
        left, right = plane.x.at(piece[0] - 0.5), plane.x.at(piece[-1] + 0.5)
        sheet.add_patch(Rectangle((left, plane.y.right), right - left, plane.y.left - plane.y.right, **HATCHED))
    for _, phase in groupby((mark for mark in shown.marks if mark.is_known), key=lambda mark: mark.point.coordinates):
        known = {mark.point.x: mark.point.y or 0.0 for mark in phase}
        for piece in _neighbours(sorted(known)):
            xs, ys = [plane.x.at(x) for x in piece], [plane.y.at(known[x]) for x in piece]
            sheet.plot(xs, ys, color=BLUE, linewidth=1.2, zorder=2)
    size = 5.5 if len(shown.marks) <= _MANY else 3.5
    for sign, draw in _SIGNS.items():
        places = [mark.point for mark in shown.marks if mark.is_known and _sign(mark) == sign]
        if places:
            draw(sheet, [plane.x.at(each.x) for each in places], [plane.y.at(each.y or 0.0) for each in places], size)
    _label_beyond(sheet, plane, shown)


def _sign(mark: Mark) -> str:
    """What stands at a point: a diamond outside the limits, an open dot in a long run, else a filled one."""
    return next((flag for flag in ("beyond", "run") if mark.seen(flag)), "")


def _dots(sheet: Axes, xs: Sequence[float], ys: Sequence[float], size: float) -> None:
    sheet.plot(xs, ys, "o", color=BLUE, markersize=size, markeredgewidth=0, zorder=3)


def _diamonds(sheet: Axes, xs: Sequence[float], ys: Sequence[float], size: float) -> None:
    sheet.plot(xs, ys, "D", color=MAROON, mec=PAPER, mew=0.8, markersize=size + 1.5, zorder=4)


def _rings(sheet: Axes, xs: Sequence[float], ys: Sequence[float], size: float) -> None:
    sheet.plot(xs, ys, "o", mfc=PAPER, mec=OCHRE, mew=1.6, markersize=size + 0.8, zorder=3)


_SIGNS: Final[Mapping[str, Callable[[Axes, Sequence[float], Sequence[float], float], None]]] = {
    "": _dots,
    "run": _rings,
    "beyond": _diamonds,
}


def _label_beyond(sheet: Axes, plane: Plane, shown: Shown) -> None:
    """The values of points outside the limits, where they are few and no line runs through the label."""
    known = {mark.point.x: mark.point for mark in shown.marks if mark.is_known}
    beyond = [mark.point for mark in shown.marks if mark.seen("beyond")]
    for point in beyond if len(beyond) <= _MOST_LABELS else ():
        away = 1.0 if (point.y or 0.0) >= (point.centre or 0.0) else -1.0
        beside = [known[x] for x in (point.x - 1, point.x + 1) if x in known]
        if any(away * ((other.y or 0.0) - (point.y or 0.0)) > 0 for other in beside):
            continue
        x, y = plane.x.at(point.x), plane.y.at(point.y or 0.0)
        level = away < 0 and y + 0.5 > plane.y.left
        place = (x + 0.25, y) if level else (x, y + (-0.32 if away > 0 else 0.34))
        text = value_of(shown.curve, point, plane.language)
        write(sheet, *place, text, ha="left" if level else "center", size=SMALL, weight="semibold", color=MAROON)


def _side_labels(shown: Shown, line: str, language: Language) -> list[tuple[str, float]]:
    """What the lines of the last phase are, beside their ends: words and height; limits only if that end is shown."""
    last = next((mark.point for mark in reversed(shown.marks) if mark.point.centre is not None), None)
    if last is None or last.centre is None:
        return []
    ends = [mark.point for mark in shown.marks if mark.is_known and mark.point.coordinates == last.coordinates]
    pairs = [(line, last.centre)]
    pairs += [
        (name, getattr(ends[-1], name)) for name in ("low", "high") if ends and _is_limit(shown.curve, ends[-1], name)
    ]
    say, curve = texts(language).say, shown.curve
    return [(say(f"present.curve.side.{name}", value=_height(curve, value, language)), value) for name, value in pairs]


def _is_limit(curve: Curve, point: CurvePoint, name: str) -> bool:
    """Whether the chart has that limit there: nothing lies below none, nor above all."""
    value: float | None = getattr(point, name)
    share = curve.measure == "share"
    return value is not None and value >= (0.0005 if share else 0.05) and not (name == "high" and share and value >= 1)


def _height(curve: Curve, value: float, language: Language) -> str:
    if curve.measure == "share":
        return percent_sign(value, 1, language)
    return number(value, 0 if float(value).is_integer() else 1, language)


def _write_side(sheet: Axes, plane: Plane, labels: Sequence[tuple[str, float]]) -> None:
    heights = apart([plane.y.at(value) for _, value in labels])
    for (text, _), y in zip(labels, heights, strict=True):
        write(sheet, plane.x.right + 0.15, y, text, ha="left", size=SMALL, color=QUIET_INK)


def _keys(shown: Shown, line: str, language: Language) -> list[Key]:
    """The legend: only what is in the picture."""
    say = texts(language).say

    names = {"": "event" if shown.curve.kind == "gaps" else "point", "run": "run", "beyond": "beyond"}
    seen = {"", *(_sign(mark) for mark in shown.marks if mark.is_known)}
    keys = [
        Key(say(f"present.curve.key.{name}"), partial(_key, sign=sign)) for sign, name in names.items() if sign in seen
    ]
    keys.append(Key(say(f"present.curve.key.{line}"), dash(INK, "-")))
    if any(_is_limit(shown.curve, mark.point, name) for mark in shown.marks for name in ("low", "high")):
        keys.append(Key(say("present.curve.key.limits"), dash(QUIET_INK, DASHED)))
    if any(mark.hidden for mark in shown.marks):
        keys.append(Key(say("present.hidden"), swatch(HATCHED)))
    return keys


def _key(sheet: Axes, x: float, y: float, *, sign: str) -> None:
    _SIGNS[sign](sheet, [x + 0.17], [y], 5.5)
