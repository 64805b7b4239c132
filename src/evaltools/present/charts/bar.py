"""Sorted horizontal bars with direct labels: one share or total per line."""

from __future__ import annotations

from typing import Final

from evaltools.language import Language, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit, labels_with_base, value_label
from evaltools.present.charts.furniture import MOST_LABEL, lines_for, value_look
from evaltools.present.charts.style import BLUE, HAIRLINE, MUTED
from evaltools.present.forms import in_percent
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.series import Order, Point, estimate_of, is_known, points

_GAP: Final = 0.25
_BAR: Final = 0.46
_TOP: Final = 0.15
_MANY: Final = 12
_MOST_LABEL: Final = 8.4
"""Charts of many lines have wider labels (cm), so that each takes one line."""


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
    language : of the words around the numbers.
    Returns a figure with its picture, alternative text and data.
    Raises `ReleaseError` NOT_AN_ESTIMATE, NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses"))
    >>> [(name, round(share, 1)) for name, share, *_ in ev.bar_chart(released, "Most use it", language="en").rows]
    [('yes', 70.4), ('no', 29.6)]
    """
    shown = points(released, order=order, language=language)
    drawn, labels = _lines(shown, language)
    lines = lines_for(labels, most=_MOST_LABEL if len(drawn) > _MANY else MOST_LABEL)
    values = [value_label(point, released, language) for point in drawn]
    canvas = Canvas(lines.height + 2 * _TOP)
    sheet = canvas.sheet()
    left = lines.width + _GAP
    room = max((text_width(value, weight="semibold") for value in values), default=1.0) + 0.4
    scale = (canvas.width - left - room) / _largest(drawn, percent=in_percent(estimate_of(released)))
    for point, name, value, middle in zip(drawn, lines.names, values, lines.middles(_TOP), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        length = scale * (point.value or 0.0)
        colour = BLUE if not highlight or point.key in highlight else MUTED
        sheet.barh(middle, length, _BAR, left=left, color=colour, linewidth=0)
        write(sheet, left + length + 0.14, middle, value, **value_look(point, "left", "semibold"))
    sheet.plot([left, left], [_TOP, _TOP + lines.height], color=HAIRLINE, linewidth=0.8, zorder=0)
    return exhibit(canvas, Content("bar", (released,), shown), Drawing(title, note, language))


def _lines(shown: tuple[Point, ...], language: Language) -> tuple[tuple[Point, ...], list[str]]:
    """The points that get a line, and their labels: several hidden ones share the last line."""
    labels = labels_with_base(shown, language)
    hidden = [point for point in shown if point.hidden]
    if len(hidden) < 2:
        return shown, labels
    known = [(point, label) for point, label in zip(shown, labels, strict=True) if not point.hidden]
    rest = texts(language).say("present.other_lines" if known else "present.all_answers", count=len(hidden))
    return (*(point for point, _ in known), hidden[0]), [*(label for _, label in known), rest]


def _largest(shown: tuple[Point, ...], *, percent: bool) -> float:
    """The value that fills the width: 100 for shares above a half, else the largest."""
    most = max((point.value or 0.0 for point in shown if is_known(point)), default=1.0)
    return 100.0 if percent and most > 50 else most or 1.0
