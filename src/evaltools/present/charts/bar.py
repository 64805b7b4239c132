"""Sorted horizontal bars with direct labels: one share or total per line."""

from __future__ import annotations

from typing import Final

from evaltools.language import Language
from evaltools.present.charts.canvas import LINE_CM, Canvas, lines_in, text_width, wrapped, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit, labels_with_base, value_label
from evaltools.present.charts.style import BLUE, HAIRLINE, INK, MUTED, QUIET_INK
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.series import Order, Point, is_known, points

_MOST_LABEL: Final = 6.6
_GAP: Final = 0.25
_BAR: Final = 0.46
_ROW: Final = 0.78


def bar_chart(
    released: Released,
    title: str,
    *,
    order: Order = "largest",
    highlight: tuple[str, ...] = (),
    note: str = "",
    language: Language = "da",
) -> FigureExhibit:
    """Horizontal bars, the largest first.

    released : one row per bar. title : the finding in words; it stands in the caption, not in the picture.
    order : `largest`, `smallest`, or `given` for categories with an order of their own. highlight : keys of the bars
    to lift (such as `m1`); the others are grey. note : own remark after the standard note.
    """
    shown = points(released, order=order, language=language)
    labels = labels_with_base(shown, language)
    width = min(max((text_width(label) for label in labels), default=1.0), _MOST_LABEL) + 0.1
    names = [wrapped(label, width) for label in labels]
    heights = [max(_ROW, lines_in(name) * LINE_CM + 0.3) for name in names]
    values = [value_label(point, released, language) for point in shown]
    canvas = Canvas(sum(heights) + 0.3)
    sheet = canvas.sheet()
    left = width + _GAP
    length = canvas.width - left - max((text_width(value, weight="semibold") for value in values), default=1.0) - 0.4
    scale = length / _largest(shown)
    y = 0.15
    for point, name, value, height in zip(shown, names, values, heights, strict=True):
        middle = y + height / 2
        write(sheet, width, middle, name, ha="right")
        end = left + (scale * (point.value or 0.0) if is_known(point) else 0.0)
        colour = BLUE if not highlight or point.key in highlight else MUTED
        sheet.barh(middle, end - left, _BAR, left=left, color=colour, linewidth=0)
        look = {"weight": "semibold", "color": INK} if is_known(point) else {"weight": "italic", "color": QUIET_INK}
        write(sheet, end + 0.14, middle, value, ha="left", **look)
        y += height
    sheet.plot([left, left], [0.15, y], color=HAIRLINE, linewidth=0.8, zorder=0)
    return exhibit(canvas, Content("bar", (released,), shown), Drawing(title, note, language))


def _largest(shown: tuple[Point, ...]) -> float:
    """The value that fills the width: 100 for shares above a half, else the largest."""
    most = max((point.value or 0.0 for point in shown if is_known(point)), default=1.0)
    if shown and shown[0].number.unit == "percent" and most > 50:
        return 100.0
    return most or 1.0
