"""From drawn step curves to a figure exhibit: text alternative with values at fixed times, note, data, numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evaltools.estimate.curve import Curve
from evaltools.language import Language, full_stop, listed, percent_sign, texts
from evaltools.present.charts.canvas import Canvas
from evaltools.present.charts.exhibit import Cell, Drawing
from evaltools.present.forms import base_words
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import compose, is_rehearsal, question_note, titled
from evaltools.present.steplines import StepLine, StepPoint, after_words, curve_of, left_out


def step_exhibit(
    canvas: Canvas, released: Released, lines: Sequence[StepLine], drawing: Drawing, shape: str
) -> FigureExhibit:
    """The finished figure of these lines."""
    curve, language = curve_of(released), drawing.language
    rehearsal = is_rehearsal([curve.source])
    if rehearsal:
        canvas.mark_rehearsal(language)
    alt = _alternative(curve, lines, drawing, shape)
    svg, png = canvas.pictures(alt)
    say = texts(language).say
    columns = ("share", "low", "high", "count", "n")
    return FigureExhibit(
        title=titled(drawing.title, [curve.source], language),
        svg=svg,
        png=png,
        alt=alt,
        note=compose(_note(curve, released, lines, drawing), [curve.source], language),
        header=(say("present.steps.label"), curve.x_name, *(say(f"present.steps.column.{name}") for name in columns)),
        rows=tuple(_row(line, each) for line in lines for each in line.points),
        numbers={_key(line, each): each.number for line in lines for each in line.fixed},
        width_cm=canvas.width,
        cells=released.cells,
    )


def _row(line: StepLine, each: StepPoint) -> tuple[Cell, ...]:
    low, high = (None if limit is None else 100 * limit for limit in (each.point.low, each.point.high))
    return line.name, each.point.x, 100 * each.y, low, high, each.count, each.point.n


def _key(line: StepLine, each: StepPoint) -> str:
    names = [value for _, value in each.point.coordinates] or ["share"]
    return "_".join(re.sub(r"\W+", "_", part.casefold()).strip("_") or "x" for part in [*names, each.point.at])


def _alternative(curve: Curve, lines: Sequence[StepLine], drawing: Drawing, shape: str) -> str:
    language = drawing.language
    say = texts(language).say
    told = [_told(curve, line, each, language) for line in lines for each in line.told]
    text = say(
        "present.alt.figure",
        kind=say(f"present.alt.steps_{shape}"),
        title=full_stop(drawing.title),
        base=say("present.alt.base", base=base_words(curve.source.universe)),
        values=full_stop(say("present.alt.all", values="; ".join(told))),
    )
    return f"{text} {say('present.rehearsal.alt')}" if is_rehearsal([curve.source]) else text


def _told(curve: Curve, line: StepLine, each: StepPoint, language: Language) -> str:
    """What a curve had come to after a time, with its interval."""
    label = f"{line.name} {after_words(curve, each.point, language)}"
    shown = percent_sign(each.y, 0, language)
    limits = each.number.shown.get("limits")
    value = f"{shown} ({limits})" if limits else shown
    return texts(language).say("present.alt.item", label=label, value=value)


def _note(curve: Curve, released: Released, lines: Sequence[StepLine], drawing: Drawing) -> list[str]:
    say = texts(drawing.language)
    missing = left_out(released, lines)
    fixed_only = any(not line.whole for line in lines)
    return [
        question_note(curve.source.question, say),
        full_stop(curve.name),
        say.say("estimate.print.method", method=curve.method),
        say.say("present.steps.interval", level=round(100 * curve.level)) if curve.level else "",
        say.say("present.steps.fixed_only") if fixed_only else "",
        say.say("present.steps.left_out", names=listed(list(missing), drawing.language)) if missing else "",
        *curve.notes,
        drawing.note,
    ]
