"""The response panel: who has answered, by one or more breakdowns side by side, always with counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.canvas import WIDTH_CM, Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.charts.furniture import Lines, lines_for, value_look
from evaltools.present.charts.style import BLUE, INK, OUTLINE, PAPER
from evaltools.present.forms import COUNTS_ONLY_BELOW
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import Remarks
from evaltools.present.series import Point, is_known, points

_COLUMNS: Final = 2
_BETWEEN: Final = 0.9
_GAP: Final = 0.22
_BAR: Final = 0.42
_HEADING: Final = 0.75


def response_chart(
    panels: Mapping[str, Released], title: str, *, note: str = "", language: Language = "da"
) -> FigureExhibit:
    """Response rates as filled bars on an outline of 100 per cent, one panel per breakdown, two panels a row.

    panels : heading -> released response rates (`response(data, by=...)`), such as `{"Region": ..., ...}`.
    Each line says how many answered of how many; per cent only where 20 or more were asked.
    title, note, language : as in `bar_chart`. Returns a figure with its picture, alternative text and data. Raises
    `ReleaseError` NOT_AN_ESTIMATE, NOTHING_TO_DRAW.
    """
    width = (WIDTH_CM - _BETWEEN * (_COLUMNS - 1)) / _COLUMNS if len(panels) > 1 else WIDTH_CM
    drawn = [(heading, _named(place, released, language)) for place, (heading, released) in enumerate(panels.items())]
    labels = [lines_for([point.label for point in shown], most=width * 0.4, row=0.66) for _, shown in drawn]
    tallest = [
        max(lines.height for lines in labels[start : start + _COLUMNS]) for start in range(0, len(labels), _COLUMNS)
    ]
    canvas = Canvas(sum(tallest) + _HEADING * len(tallest) + 0.35 * (len(tallest) - 1))
    sheet = canvas.sheet()
    top = 0.0
    for place, ((heading, shown), lines) in enumerate(zip(drawn, labels, strict=True)):
        row, column = divmod(place, _COLUMNS)
        if column == 0 and row:
            top += tallest[row - 1] + _HEADING + 0.35
        left = column * (width + _BETWEEN)
        write(sheet, left, top + 0.28, heading, ha="left", weight="semibold", color=INK)
        _draw_panel(sheet, shown, lines, (left, left + width, top + _HEADING), language)
    numbered = tuple(point for _, shown in drawn for point in shown)
    return exhibit(
        canvas,
        Content("response", tuple(panels.values()), numbered, Remarks(sizes=False)),
        Drawing(title, note, language),
    )


def _named(place: int, released: Released, language: Language) -> tuple[Point, ...]:
    """The points of a panel under keys that no other panel has: `region_1084`."""
    shown = points(released, language=language)
    names = [name for point in shown[:1] for name, _ in point.row.coordinates]
    prefix = "_".join(names) or f"panel{place}"
    return tuple(replace(point, key=f"{prefix}_{point.key}") for point in shown)


def _draw_panel(
    sheet: Axes, shown: tuple[Point, ...], lines: Lines, box: tuple[float, float, float], language: Language
) -> None:
    left, right, top = box
    values = [_value(point, language) for point in shown]
    start = left + lines.width + _GAP
    length = right - start - max((text_width(value) for value in values), default=1.0) - 0.25
    for point, name, value, middle in zip(shown, lines.names, values, lines.middles(top), strict=True):
        write(sheet, left + lines.width, middle, name, ha="right")
        sheet.add_patch(Rectangle((start, middle - _BAR / 2), length, _BAR, facecolor=PAPER, **OUTLINE))
        if is_known(point):
            sheet.barh(middle, length * (point.value or 0.0) / 100, _BAR, left=start, color=BLUE, linewidth=0)
        write(sheet, right - 0.05, middle, value, **value_look(point, "right"))


def _value(point: Point, language: Language) -> str:
    """`21 af 29 (72 %)`, or `9 af 11` where fewer than 20 were asked."""
    row = point.row
    if not is_known(point) or row.count is None:
        return point.number.shown[""]
    counts = {"count": number(row.count, 0, language), "n": number(row.n, 0, language)}
    text = texts(language).say("present.chart.of", **counts)
    return text if row.n < COUNTS_ONLY_BELOW else f"{text} ({percent_sign(row.estimate, 0, language)})"
