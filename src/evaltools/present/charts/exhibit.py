"""From a drawn canvas to a figure exhibit: mark, pictures, alternative text, note and data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evaltools.errors import Fault, ReleaseError
from evaltools.language import Language, number, percent_sign, texts
from evaltools.present.charts.alt import Subject, Told, alt_text
from evaltools.present.charts.canvas import Canvas
from evaltools.present.comparing import check_counted, check_together
from evaltools.present.forms import COUNTS_ONLY_BELOW, base_of, common_digits, counts_of, in_percent
from evaltools.present.model import FigureExhibit, Released
from evaltools.present.notes import NO_REMARKS, Remarks, base_text, is_rehearsal, note_for, titled
from evaltools.present.series import Point, estimate_of

Cell = float | int | str | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every chart is told besides its results: its finding as title, own remark, language, own alternative."""

    title: str
    note: str = ""
    language: Language = "da"
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a chart shows: kind (for the alternative text), the released results and their points in order."""

    kind: str
    results: tuple[Released, ...]
    points: tuple[Point, ...]
    remarks: Remarks = NO_REMARKS


def exhibit(canvas: Canvas, content: Content, drawing: Drawing) -> FigureExhibit:
    """The finished figure.

    Raises `ReleaseError` NOTHING_TO_DRAW where there is not one point, NO_COUNTS where percentages that are only cited
    would stand side by side, and UNLIKE_UNITS and its like where rates are not made of the same.
    """
    if not content.points:
        problem = "the result has no rows"
        raise ReleaseError(Fault("NOTHING_TO_DRAW", drawing.title, problem, "Take a result with at least one row."))
    check_together((point.number for point in content.points), drawing.title)
    if len(content.points) > 1:
        for released in content.results:
            check_counted(released)
    language = drawing.language
    sources = [estimate_of(released).source for released in content.results]
    rehearsal = is_rehearsal(sources)
    if rehearsal:
        canvas.mark_rehearsal(language)
    alt = drawing.alt or _alternative(content, drawing, rehearsal)
    svg, png = canvas.pictures(alt)
    header, rows = data_of(content.points, language)
    return FigureExhibit(
        title=titled(drawing.title, sources, language),
        svg=svg,
        png=png,
        alt=alt,
        note=note_for(content.results, content.points, replace(content.remarks, own=drawing.note), language),
        header=header,
        rows=rows,
        numbers={point.key: point.number for point in content.points},
        width_cm=canvas.width,
        cells=tuple(cell for released in content.results for cell in released.cells),
    )


def value_label(point: Point, released: Released, language: Language) -> str:
    """The label at a bar or dot: per cent with the sign, counts only for small bases, or that it is not shown."""
    result = estimate_of(released)
    row = point.row
    if point.hidden or point.value is None:
        return point.number.shown[""]
    if not in_percent(result):
        return point.number.shown[""]
    counted = counts_of(row)
    if counted is not None and base_of(row) < COUNTS_ONLY_BELOW:
        counts = {"count": number(counted[0], 0, language), "n": number(counted[1], 0, language)}
        return texts(language).say("present.chart.of", **counts)
    return percent_sign(row.estimate, common_digits(result) or 0, language)


def labels_with_base(points: Sequence[Point], language: Language) -> list[str]:
    """The labels of the points, each with its base where the bases differ."""
    return with_base([point.label for point in points], points, language)


def with_base(labels: Sequence[str], points: Sequence[Point], language: Language) -> list[str]:
    """These labels, each with the base of its point where the bases differ; a hidden base is not told."""
    if len({point.row.n for point in points}) < 2:
        return list(labels)
    say = texts(language)
    return [
        label if point.hidden else label + say.say("present.chart.n", n=number(point.row.n, 0, language))
        for label, point in zip(labels, points, strict=True)
    ]


def data_of(points: Iterable[Point], language: Language) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Header and rows of the figure's data: label, value, numerator, base and interval; hidden rows say so."""
    say = texts(language)
    names = ("label", "value", "count", "n", "low", "high")
    header = tuple(say.say(f"present.column.{name}") for name in names)
    return header, tuple(_data_row(point) for point in points)


def _data_row(point: Point) -> tuple[Cell, ...]:
    number = point.number
    if point.hidden:
        return point.label, number.shown[""], None, None, None, None
    return point.label, number.value, point.row.count, number.n, number.low, number.high


def _alternative(content: Content, drawing: Drawing, rehearsal: bool) -> str:
    first = estimate_of(content.results[0])
    base = base_text(first.source.universe, content.points if content.remarks.sizes else (), drawing.language)
    told = [Told(point.label, point.number.shown[""], point.value) for point in content.points]
    return alt_text(Subject(content.kind, drawing.title, base, rehearsal), told, drawing.language)
