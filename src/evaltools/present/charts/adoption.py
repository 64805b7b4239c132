"""Who adopted when: a line per cohort, filled from its first period on."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.rollout import Adoption
from evaltools.language import Language, noun, number, texts
from evaltools.present.charts.canvas import Canvas, text_width, write
from evaltools.present.charts.exhibit import Content, Drawing, exhibit
from evaltools.present.charts.furniture import KEY_ROW, Key, Lines, Scale, draw_keys, lines_for, swatch
from evaltools.present.charts.style import BLUE, HATCHED, OUTLINE, PAPER, QUIET_INK, SMALL, Look
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import Remarks
from evaltools.present.series import Point, is_known, points

_CELL: Final = 0.5
_GAP: Final = 0.3
_WITH: Final[Look] = {**OUTLINE, "facecolor": BLUE}
_WITHOUT: Final[Look] = {"facecolor": PAPER, "edgecolor": "#C9CED4", "linewidth": 0.7}


def adoption_chart(released: Released, title: str, *, note: str = "", language: Language = "da") -> FigureExhibit:
    """A line per cohort with its number of units, filled in the periods in which it had the method.

    released : from `rollout.adoption`. Units that never adopted have an empty line. title : what the picture shows.
    note : own remark, to which units that stopped again are added. language : of the words.
    Returns a figure with its picture, alternative text and data. Raises `ReleaseError`: NOT_AN_ADOPTION,
    NOTHING_TO_DRAW.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> rows = pd.DataFrame({"unit": list("aabb"), "period": [2015, 2016] * 2, "uses": [0, 1, 0, 0]})
    >>> who = ev.release(ev.rollout.adoption(ev.rollout.panel(rows, treated="uses")))
    >>> ev.adoption_chart(who, "One has adopted", language="en").title
    'One has adopted'
    """
    result = released.result
    if not isinstance(result, Adoption):
        problem = f"a {type(result).__name__.lower()} does not tell who adopted when"
        remedy = "Take `ev.release(ev.rollout.adoption(panel))`."
        raise ReleaseError(Fault("NOT_AN_ADOPTION", title, problem, remedy))
    shown = points(released, language=language)
    lines = lines_for([_label(point, result, language) for point in shown], row=0.62)
    top = KEY_ROW + 0.15
    canvas = Canvas(top + lines.height + 0.65)
    sheet = canvas.sheet()
    say = texts(language).say
    keys = [
        Key(say("rollout.chart.with_method"), swatch(_WITH)),
        Key(say("rollout.chart.without_method"), swatch(_WITHOUT)),
    ]
    if any(point.hidden for point in shown):
        keys.append(Key(say("present.hidden"), swatch(HATCHED)))
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    scale = Scale(0.0, float(len(result.periods)), lines.width + _GAP, canvas.width - 0.1)
    _draw_lines(sheet, scale, result, (shown, lines, top))
    _draw_periods(sheet, scale, result, top + lines.height + 0.3)
    back = len(result.reversals)
    own = [note, say("rollout.note.reversals", units=_units(back, result, language)) if back else ""]
    content = Content("adoption", (released,), shown, Remarks(sizes=False))
    return exhibit(canvas, content, Drawing(title, " ".join(filter(None, own)), language))


def _units(count: int, result: Adoption, language: Language) -> str:
    known = noun(result.source.unit, language)
    word = (known.one if count == 1 else known.many) if known else result.source.unit
    return f"{number(count, 0, language)} {word}"


def _label(point: Point, result: Adoption, language: Language) -> str:
    if not is_known(point):
        return point.label
    units = _units(int(point.value or 0), result, language)
    return texts(language).say("rollout.chart.units", label=point.label, units=units)


def _draw_lines(sheet: Axes, scale: Scale, result: Adoption, rows: tuple[tuple[Point, ...], Lines, float]) -> None:
    shown, lines, top = rows
    for point, name, middle in zip(shown, lines.names, lines.middles(top), strict=True):
        write(sheet, lines.width, middle, name, ha="right")
        cohort = point.row.coordinate("cohort")
        start = result.periods.index(cohort) if cohort in result.periods else len(result.periods)
        for place in range(len(result.periods)):
            look = HATCHED if point.hidden else _WITH if place >= start else _WITHOUT
            left, right = scale.at(place), scale.at(place + 1)
            sheet.add_patch(Rectangle((left, middle - _CELL / 2), right - left, _CELL, **look))


def _draw_periods(sheet: Axes, scale: Scale, result: Adoption, y: float) -> None:
    """The names of the periods below, as many as fit."""
    room = scale.at(1) - scale.at(0)
    widest = max(text_width(period, SMALL) for period in result.periods) + 0.2
    step = max(1, int(-(-widest // room)))
    for place, period in enumerate(result.periods):
        if place % step == 0:
            write(sheet, scale.at(place + 0.5), y, period, ha="center", size=SMALL, color=QUIET_INK)
