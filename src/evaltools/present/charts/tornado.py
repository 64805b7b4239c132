"""What a result hangs on: a bar per assumption, from the least to the greatest result along its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.language import Language, texts
from evaltools.present.charts.alt import Subject, Told, alt_text
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.charts.furniture import Lines, Scale, draw_axis, lines_for, scale_for
from evaltools.present.charts.style import BLUE, INK, MAROON, PAPER, QUIET_INK, SMALL
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import is_rehearsal
from evaltools.present.series import Point, estimate_of, is_known, points

_GAP: Final = 0.3
_TOP: Final = 0.6
_AXIS: Final = 0.55
_BAR: Final = 0.42


def tornado_chart(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A bar per assumption around the line of the result as assumed; the longest bar on top.

    released : from `economy.tornado`: a row per assumption with the least and greatest result. title : the finding.
    note : own remark after the standard note. language : of the words around the numbers. Returns a figure with its
    picture, alternative text and data.
    Raises `ReleaseError` NOT_AN_ESTIMATE, NOTHING_TO_DRAW.

    >>> import evaltools as ev
    >>> amounts = {"cost": ev.economy.Amount(900, 800, 1200), "days": ev.economy.Amount(30, 28, 31)}
    >>> found = ev.release(ev.economy.tornado("cost / days", amounts, label="Cost per day", language="en"))
    >>> [row[0] for row in tornado_chart(found, "The cost decides", language="en").rows]
    ['cost (800–1,200)', 'days (28–31)']
    """
    shown = points(released, language=language)
    known = [point for point in shown if is_known(point)]
    lines = lines_for([point.label for point in shown], row=0.78)
    limits = [point.number.shown.get("limits", "") for point in shown]
    room = max((text_width(each) for each in limits), default=1.0)
    canvas = Canvas(_TOP + lines.height + _AXIS)
    sheet = canvas.sheet()
    scale = scale_for(shown, (lines.width + _GAP, canvas.width - room - 0.35), percent=False)
    draw_axis(sheet, scale, _TOP, _TOP + lines.height, "", language)
    if known:
        _draw_result(sheet, scale, known[0], lines, language)
    _draw_bars(sheet, scale, shown, lines)
    for text, middle in zip(limits, lines.middles(_TOP), strict=True):
        write(sheet, canvas.width - 0.05, middle, text, ha="right")
    result = estimate_of(released)
    told = [Told(point.label, text, point.value) for point, text in zip(shown, limits, strict=True)]
    subject = Subject(
        "tornado", title, f"{_assumed(known, language)}, {result.source.question}", is_rehearsal([result.source])
    )
    drawing = Drawing(title, " ".join([*result.notes[:1], note]).strip(), language, alt_text(subject, told, language))
    return exhibit(canvas, Content("tornado", (released,), shown), drawing)


def _assumed(known: Sequence[Point], language: Language) -> str:
    return texts(language).say("present.chart.assumed", value=known[0].number.shown[""]) if known else ""


def _draw_bars(sheet: Axes, scale: Scale, shown: Sequence[Point], lines: Lines) -> None:
    for point, name, middle in zip(shown, lines.names, lines.middles(_TOP), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        low, high = point.number.low, point.number.high
        if low is None or high is None:
            continue
        left, right = scale.at(low), scale.at(high)
        sheet.add_patch(
            Rectangle((left, middle - _BAR / 2), right - left, _BAR, facecolor=BLUE, edgecolor=INK, linewidth=0.6)
        )


def _draw_result(sheet: Axes, scale: Scale, point: Point, lines: Lines, language: Language) -> None:
    """The line of the result as assumed, which all rows have in common, with its value."""
    x = scale.at(point.value or 0.0)
    bottom = _TOP + lines.height
    sheet.plot([x, x], [_TOP - 0.1, bottom], color=PAPER, linewidth=4.0, zorder=2)
    sheet.plot([x, x], [_TOP - 0.1, bottom], color=MAROON, linewidth=1.2, dashes=(4, 2.5), zorder=3)
    text = _assumed([point], language)
    ha: Literal["left", "right"] = "left" if x < (scale.left + scale.right) / 2 else "right"
    write(sheet, x, _TOP - 0.32, text, ha=ha, size=SMALL, weight="semibold", color=QUIET_INK)
