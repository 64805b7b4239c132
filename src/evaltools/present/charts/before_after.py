"""Two points in time on one line each: an open dot before, a filled dot after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from matplotlib.axes import Axes

from evaltools.language import Language, number_range, texts
from evaltools.language import number as in_digits
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit, value_label
from evaltools.present.charts.furniture import KEY_ROW, Key, Scale, draw_axis, draw_keys, lines_for, scale_for
from evaltools.present.charts.style import BLUE, MUTED, PAPER, QUIET_INK, SMALL
from evaltools.present.comparing import comparable
from evaltools.present.forms import in_percent
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.series import Point, estimate_of, is_known, points

_GAP: Final = 0.3
_ROW: Final = 0.9
_DOT: Final = 7.0


def before_after(
    earlier: Released,
    later: Released,
    title: str,
    *,
    names: tuple[str, str],
    change: Released | None = None,
    note: str = "",
    language: Language = "da",
) -> FigureExhibit:
    """A dot for each of two waves per line, joined, with both values.

    earlier, later : released results with the same rows. names : what the two are called, such as `("2015", "2018")`.
    change : from `change`; the note then tells each difference with its interval and who answered both times.
    The picture claims no change: `compare_sentence` says whether the numbers can tell one.
    Raises `ReleaseError` UNLIKE_UNITS where the two count different things, NOTHING_TO_DRAW.
    title, note, language : as in `bar_chart`. Returns a figure with its picture, alternative text and data.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses"))
    >>> ev.before_after(released, released, "As before", names=("2015", "2018")).title
    'As before'
    """
    comparable(earlier, later)
    before = {point.row.coordinates: point for point in points(earlier, language=language)}
    after = points(later, language=language)
    lines = lines_for([point.label for point in after], row=_ROW)
    top = KEY_ROW + 0.25
    canvas = Canvas(top + lines.height + 0.55)
    sheet = canvas.sheet()
    draw_keys(sheet, (Key(names[0], _open_dot), Key(names[1], _filled_dot)), 0.04, 0.05, canvas.width)
    percent = in_percent(comparable(earlier, later)[1])
    everything = (*before.values(), *after)
    ends = (lines.width + _GAP + 0.5, canvas.width - 1.0)
    scale = scale_for([_without_limits(point) for point in everything], ends, percent=percent)
    draw_axis(sheet, scale, top, top + lines.height, "percent" if percent else "", language)
    for point, name, middle in zip(after, lines.names, lines.middles(top), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        first = before.get(point.row.coordinates)
        shown = value_label(first, earlier, language) if first else "", value_label(point, later, language)
        _draw_pair(sheet, scale, (first, point), middle, shown)
    told = _told(change, note, language)
    together = (*_renamed(tuple(before.values()), names[0]), *_renamed(after, names[1]))
    return exhibit(
        canvas,
        Content("before_after", (earlier, later), together),
        Drawing(title, told, language),
    )


def _told(change: Released | None, note: str, language: Language) -> str:
    """The author's note, and each difference in words."""
    if change is None:
        return note
    result, say = estimate_of(change), texts(language).say
    rows = [
        say("present.note.change_row", label=point.label, value=_with_limits(point.number.shown))
        for point in points(change, language=language)
    ]
    least, most = (in_digits(result.extra[name], 0, language) for name in ("both_least", "both_most"))
    both = number_range(least, most, language)
    words = {"rows": "; ".join(rows), "level": round(100 * result.rows[0].level), "both": both}
    return " ".join([say("present.note.change", **words), note]).strip()


def _with_limits(forms: Mapping[str, str]) -> str:
    return f"{forms['']} ({forms['limits']})" if "limits" in forms else forms[""]


def _draw_pair(
    sheet: Axes, scale: Scale, pair: tuple[Point | None, Point], middle: float, shown: tuple[str, str]
) -> None:
    """Both dots with the line between them; the values stand outside, the smaller one to the left."""
    places = [scale.at(point.value or 0.0) if point and is_known(point) else None for point in pair]
    known = [place for place in places if place is not None]
    if len(known) == 2:
        sheet.plot(known, [middle, middle], color=MUTED, linewidth=1.6, zorder=1)
    turned = len(known) == 2 and known[0] > known[1]
    for which, (place, text) in enumerate(zip(places, shown, strict=True)):
        if place is None:
            continue
        (_open_dot if which == 0 else _filled_dot)(sheet, place - 0.17, middle)
        left = (which == 0) != turned
        where = place - 0.24 if left else place + 0.24
        write(sheet, where, middle, text, ha="right" if left else "left", size=SMALL, weight="semibold")
    if len(known) < 2:
        missing = next((text for place, text in zip(places, shown, strict=True) if place is None and text), "")
        x = scale.left + 0.1 if not known or known[0] - scale.left > text_width(missing) + 1 else known[0] + 1.0
        write(sheet, x, middle, missing, ha="left", size=SMALL, weight="italic", color=QUIET_INK)


def _open_dot(sheet: Axes, x: float, y: float) -> None:
    sheet.plot(x + 0.17, y, "o", markersize=_DOT, markerfacecolor=PAPER, markeredgecolor=BLUE, markeredgewidth=1.6)


def _filled_dot(sheet: Axes, x: float, y: float) -> None:
    sheet.plot(x + 0.17, y, "o", markersize=_DOT, color=BLUE, markeredgewidth=1.6)


def _without_limits(point: Point) -> Point:
    return replace(point, number=replace(point.number, low=None, high=None))


def _renamed(shown: tuple[Point, ...], wave: str) -> tuple[Point, ...]:
    """The points under the name of their wave, as data and alternative text need them."""
    return tuple(replace(point, key=f"{point.key}_{wave}".lower(), label=f"{point.label}, {wave}") for point in shown)
