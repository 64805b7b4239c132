"""From a drawn curve to a figure exhibit: what is seen in words, alternative text, note and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.monitor.rules import named_some
from evaltools.language import Language, Texts, number, percent_sign, texts
from evaltools.present.charts.alt import Subject, Told, alt_text
from evaltools.present.charts.canvas import Canvas
from evaltools.present.charts.exhibit import Cell, Drawing
from evaltools.present.forms import COUNTS_ONLY_BELOW, base_words
from evaltools.present.model import FigureExhibit, Number, Released
from evaltools.present.notes import compose, is_rehearsal, question_note, titled
from evaltools.present.numbers import point_number

_UNTOLD: Final = ("(frame", "(records")


@dataclass(frozen=True, slots=True)
class Mark:
    """One point as it may be shown; `name` is its label, which need not be that of the curve."""

    point: CurvePoint
    name: str
    hidden: bool

    @property
    def is_known(self) -> bool:
        """Whether there is a value to draw."""
        return not self.hidden and self.point.y is not None

    def seen(self, flag: str) -> bool:
        """Whether something is seen at the point that may be told."""
        return self.is_known and flag in self.point.flags


def curve_of(released: Released, kinds: Sequence[str], chart: str) -> Curve:
    """The curve inside; `ReleaseError` NOT_A_CURVE for anything else, and for a curve of another kind."""
    result = released.result
    if isinstance(result, Curve) and result.kind in kinds:
        return result
    given = f"{result.kind} curve" if isinstance(result, Curve) else type(result).__name__.lower()
    problem = f"{chart} does not draw a {given}"
    remedy = "Run charts have `run_chart_figure`, funnels `funnel_chart`, all other monitoring `control_chart`."
    raise ReleaseError(Fault("NOT_A_CURVE", result.source.question, problem, remedy))


def marks_of(released: Released, curve: Curve) -> tuple[Mark, ...]:
    """The points with whether they are hidden; `ReleaseError` NOTHING_TO_DRAW where none may be shown."""
    marks = tuple(Mark(point, point.at, place in released.hidden) for place, point in enumerate(curve.points))
    if any(mark.is_known for mark in marks):
        return marks
    if any(mark.hidden for mark in marks):
        problem = "every point rests on fewer cases than may be shown"
        remedy = 'Put periods together with `merged(counts, "quarter")`, or count to every fifth event.'
        raise ReleaseError(Fault("NOTHING_TO_DRAW", curve.source.question or curve.name, problem, remedy))
    problem = "the curve has no points"
    raise ReleaseError(Fault("NOTHING_TO_DRAW", curve.name, problem, "Take a result with at least one point."))


def value_of(curve: Curve, point: CurvePoint, language: Language) -> str:
    """The value of a point as words and labels tell it: counts only where the base is small."""
    if point.y is None:
        return ""
    if curve.measure != "share":
        return number(point.y, 0 if float(point.y).is_integer() else 1, language)
    if point.count is not None and point.n < COUNTS_ONLY_BELOW:
        counts = {"count": number(point.count, 0, language), "n": number(point.n, 0, language)}
        return texts(language).say("present.chart.of", **counts)
    return percent_sign(point.y, 1 if point.n >= 200 else 0, language)


def beyond_words(marks: Sequence[Mark], language: Language) -> list[str]:
    """Which shown points of a chart over time lie outside the limits."""
    found = [mark.name for mark in marks if mark.seen("beyond")]
    if not found:
        return []
    key = f"monitor.signal.beyond_{'one' if len(found) == 1 else 'many'}"
    return [texts(language).say(key, count=len(found), named=named_some(found, language))]


def other_words(released: Released, curve: Curve, language: Language) -> list[str]:
    """Signals of runs and crossings; where points are hidden only that they are not told."""
    if released.hidden:
        return [texts(language).say("present.curve.unsaid")]
    return [each.words for each in curve.signals if not each.rule.startswith("beyond")]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a chart of a curve shows: a key of `present.alt`, the result, its points, and what is seen, in words.

    numbered : whether its points go to the register; not those of several results in one picture.
    """

    kind: str
    released: Released
    curve: Curve
    marks: tuple[Mark, ...]
    seen: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    numbered: bool = True


def curve_exhibit(canvas: Canvas, shown: Shown, drawing: Drawing) -> FigureExhibit:
    """The finished figure of a curve."""
    language, source = drawing.language, shown.curve.source
    rehearsal = is_rehearsal([source])
    if rehearsal:
        canvas.mark_rehearsal(language)
    alt = drawing.alt or _alternative(shown, drawing, rehearsal)
    svg, png = canvas.pictures(alt)
    return FigureExhibit(
        title=titled(drawing.title, [source], language),
        svg=svg,
        png=png,
        alt=alt,
        note=compose(_note(shown, drawing), [source], language),
        header=_header(shown, language),
        rows=tuple(_row(shown.curve, mark, language) for mark in shown.marks),
        numbers=_numbers(shown, language),
        width_cm=canvas.width,
        cells=shown.released.cells,
    )


def _numbers(shown: Shown, language: Language) -> dict[str, Number]:
    """The points for the register, with the code that gives each again; none of a table that no program has."""
    source = shown.curve.source
    if not shown.numbered or any(name in source.code for name in _UNTOLD):
        return {}
    return {
        f"p{place}": point_number(shown.released, mark.point, label=mark.name, language=language)
        for place, mark in enumerate(shown.marks, start=1)
        if mark.is_known or mark.hidden
    }


def _note(shown: Shown, drawing: Drawing) -> list[str]:
    say, curve = texts(drawing.language), shown.curve
    hidden = sum(mark.hidden for mark in shown.marks)
    base = curve.source.made_of.words(drawing.language) if curve.source.made_of else base_words(curve.source.universe)
    return [
        question_note(curve.source.question, say) if curve.source.question else "",
        say.say("present.note.universe", base=base) if base else "",
        *shown.seen,
        *shown.remarks,
        curve.verdict,
        say.say("estimate.print.method", method=curve.method),
        *curve.notes,
        _hidden(curve, hidden, say),
        drawing.note,
    ]


def _hidden(curve: Curve, count: int, say: Texts) -> str:
    """That points are hidden, and what would let them be shown; "" where none is."""
    what = "units" if curve.kind == "funnel" else "periods"
    return say.say(f"present.curve.hidden_{what}", count=count, hidden=say.say("present.hidden")) if count else ""


def _alternative(shown: Shown, drawing: Drawing, rehearsal: bool) -> str:
    """Kind, finding and values as of every chart; before them what is to be seen, or that nothing is."""
    language = drawing.language
    seen = " ".join(shown.seen) or texts(language).say(f"present.curve.nothing_{shown.curve.kind}")
    told = [_told(shown.curve, mark, language) for mark in shown.marks if mark.is_known or mark.hidden]
    text = alt_text(Subject(shown.kind, drawing.title, shown.curve.source.universe, rehearsal), told, language)
    return f"{text} {seen}"


def _told(curve: Curve, mark: Mark, language: Language) -> Told:
    if mark.hidden:
        return Told(mark.name, texts(language).say("present.hidden"), None)
    return Told(mark.name, value_of(curve, mark.point, language), mark.point.y)


def _header(shown: Shown, language: Language) -> tuple[str, ...]:
    say = texts(language).say
    names = (say(f"present.curve.column.{name}") for name in _columns(shown.curve))
    return (shown.curve.x_name or say("present.column.label"), *names, say("estimate.curve.flags"))


def _columns(curve: Curve) -> list[str]:
    """What the data tell of each point: its value and counts, and the lines that the chart has."""
    lines, points = ("centre", "low", "inner_low", "inner_high", "high"), curve.points
    return ["y", "count", "n", *(name for name in lines if any(getattr(each, name) is not None for each in points))]


def _row(curve: Curve, mark: Mark, language: Language) -> tuple[Cell, ...]:
    say, columns = texts(language).say, _columns(curve)
    if mark.hidden:
        return mark.name, say("present.hidden"), *[None] * len(columns)
    flags = ", ".join(say(f"estimate.curve.flag.{flag}") for flag in mark.point.flags)
    return mark.name, *(_cell(curve, mark.point, name) for name in columns), flags


def _cell(curve: Curve, point: CurvePoint, name: str) -> Cell:
    """A value of a share in per cent, as in the register; counts as they are."""
    value: float | int | None = getattr(point, name)
    return 100.0 * value if curve.measure == "share" and value is not None and name not in ("count", "n") else value
