"""Bars that share out 100 per cent over ordered categories: stacked, or split around a neutral category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.errors import Fault, ReleaseError, near
from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.canvas import WIDTH_CM, Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit, with_base
from evaltools.present.charts.furniture import KEY_ROW, Key, Lines, draw_keys, key_lines, lines_for, swatch
from evaltools.present.charts.style import HATCHED, INK, OUTLINE, QUIET_INK, SMALL, diverging, ink_on, ramp
from evaltools.present.forms import COUNTS_ONLY_BELOW
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.series import Point, is_known, labels_for, labels_of, points

_BAR: Final = 0.56
_GAP: Final = 0.25
_CATEGORY: Final = "category"


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar: its label, and its points in the order of the categories. `before`: per cent left of the middle."""

    label: str
    parts: tuple[Point, ...]
    before: float


@dataclass(frozen=True, slots=True)
class _Place:
    """Where zero lies (cm) and how long one per cent is."""

    zero: float
    per_percent: float


def scale_chart(
    released: Released, title: str, *, neutral: str = "", note: str = "", language: Language = "da"
) -> FigureExhibit:
    """One bar of 100 per cent per item or group, from the first category to the last.

    released : shares of every category (`proportion` without `category`), for several items or groups.
    neutral : code of the category that straddles the middle line; without it the bars are stacked from zero.
    Shares that do not fit their part stand without a figure; bases under 20 show counts.
    Raises `ReleaseError` NO_SUCH_CATEGORY where the neutral one is unknown, NOTHING_TO_DRAW.
    title, note, language : as in `bar_chart`. Returns a figure with its picture, alternative text and data.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> released = ev.release(ev.proportion(design, "uses", by="size"))
    >>> len(ev.scale_chart(released, "Use by size").rows)
    4
    """
    shown = points(released, language=language)
    categories = labels_for([point.row for point in shown], _CATEGORY)
    colours = _colours(tuple(categories), neutral, title)
    bars = _bars(shown, neutral, tuple(categories), language)
    lines = lines_for([bar.label for bar in bars], row=0.86)
    keys = [Key(label, swatch({**OUTLINE, "facecolor": colours[code]})) for code, label in categories.items()]
    if any(point.hidden for point in shown):
        keys.append(Key(texts(language).say("present.hidden"), swatch(HATCHED)))
    top = KEY_ROW * len(key_lines(keys, WIDTH_CM)) + 0.2
    canvas = Canvas(top + lines.height + 0.1)
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.04, 0.05, canvas.width)
    _draw(sheet, bars, lines, top, colours, language)
    if neutral:
        place = _place(bars, lines)
        sheet.plot([place.zero] * 2, [top, top + lines.height], color=QUIET_INK, linewidth=0.7, zorder=0)
    return exhibit(canvas, Content("scale", (released,), shown), Drawing(title, note, language))


def _colours(codes: tuple[str, ...], neutral: str, title: str) -> Mapping[str, str]:
    if neutral and neutral not in codes:
        problem = f'there is no category "{neutral}" to be neutral'
        raise ReleaseError(Fault("NO_SUCH_CATEGORY", title, problem, near(neutral, codes)))
    fills = diverging(codes.index(neutral), len(codes) - codes.index(neutral) - 1) if neutral else ramp(len(codes))
    return dict(zip(codes, fills, strict=True))


def _bars(shown: Sequence[Point], neutral: str, codes: tuple[str, ...], language: Language) -> list[_Bar]:
    groups: dict[tuple[tuple[str, str], ...], list[Point]] = {}
    for point in shown:
        groups.setdefault(tuple(part for part in point.row.coordinates if part[0] != _CATEGORY), []).append(point)
    labels = labels_of([parts[0].row for parts in groups.values()], without=_CATEGORY)
    based = with_base(labels, [parts[0] for parts in groups.values()], language)
    return [
        _Bar(label, tuple(parts), _before(parts, neutral, codes))
        for label, parts in zip(based, groups.values(), strict=True)
    ]


def _before(parts: Sequence[Point], neutral: str, codes: tuple[str, ...]) -> float:
    """Per cent that lie left of the middle line: the categories before the neutral one and half of it."""
    if not neutral:
        return 0.0
    middle = codes.index(neutral)
    places = {point.key: codes.index(point.row.coordinate(_CATEGORY)) for point in parts}
    left = sum(point.value or 0.0 for point in parts if places[point.key] < middle)
    return left + sum((point.value or 0.0) / 2 for point in parts if places[point.key] == middle)


def _place(bars: Sequence[_Bar], lines: Lines) -> _Place:
    left, right = lines.width + _GAP, WIDTH_CM - 0.1
    before = max((bar.before for bar in bars), default=0.0)
    after = max((100.0 - bar.before for bar in bars), default=100.0)
    per_percent = (right - left) / (before + after)
    return _Place(left + before * per_percent, per_percent)


def _draw(
    sheet: Axes, bars: Sequence[_Bar], lines: Lines, top: float, colours: Mapping[str, str], language: Language
) -> None:
    place = _place(bars, lines)
    for bar, name, middle in zip(bars, lines.names, lines.middles(top), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        known = [point for point in bar.parts if is_known(point)]
        x = place.zero - bar.before * place.per_percent
        for point in known:
            length = (point.value or 0.0) * place.per_percent
            colour = colours[point.row.coordinate(_CATEGORY)]
            sheet.add_patch(Rectangle((x, middle - _BAR / 2), length, _BAR, facecolor=colour, **OUTLINE))
            _write_part(sheet, x + length / 2, middle, point, length, ink_on(colour), language)
            x += length
        rest = 100.0 - sum(point.value or 0.0 for point in known)
        if any(point.hidden for point in bar.parts) and rest > 0:
            width = rest * place.per_percent
            sheet.add_patch(Rectangle((x, middle - _BAR / 2), width, _BAR, **HATCHED))


def _write_part(sheet: Axes, x: float, y: float, point: Point, room: float, colour: str, language: Language) -> None:
    row = point.row
    small = row.n < COUNTS_ONLY_BELOW and row.count is not None
    shown = number(row.count or 0, 0, language) if small else percent_sign(row.estimate, 0, language)
    if text_width(shown, SMALL) + 0.12 <= room:
        write(sheet, x, y, shown, ha="center", size=SMALL, color=colour or INK)
