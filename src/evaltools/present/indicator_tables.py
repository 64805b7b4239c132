"""A list of indicators that are not made of the same: each line prints what its rate is made of."""

from __future__ import annotations

from collections.abc import Sequence

from evaltools.language import Language, texts
from evaltools.present.model import Released, TableCell, TableExhibit
from evaltools.present.notes import Remarks, note_for, titled
from evaltools.present.series import Point, estimate_of, points

_WIDTHS = (2.4, 0.9, 0.7, 1.0, 2.2)


def indicator_table(
    released: Sequence[Released], title: str, *, note: str = "", language: Language = "da"
) -> TableExhibit:
    """Indicators one below the other, each with its counts, per cent, interval, and what it is made of.

    The only table in which rates of different bases stand: each line says of whom, what unit, which ages and when, so
    that nobody takes them for comparable.
    released : shares, of one or several rows each. title : what the table shows. note : own remark after the standard
    note. language : of the words around the numbers. Returns a table whose numbers can be traced.
    Raises `ReleaseError` NOT_AN_ESTIMATE.

    >>> import evaltools as ev
    >>> about = {"label": "New families", "unit": "families", "measure": "found", "citation": "A report"}
    >>> about |= {"universe": "new families", "period": "flow"}
    >>> counts = [{"id": "now", "count": "22", "base": "98", "period": "2012"}]
    >>> case = ev.indicators.published_case("x", cases={"x": {**about, "counts": counts}}, language="en")
    >>> indicator_table([ev.release(case)], "Indicators", language="en").rows[0][-1].text
    'found, of new families; families; during the period (flow)'
    """
    say = texts(language)
    shown = [(each, points(each, language=language)) for each in released]
    sources = [estimate_of(each).source for each in released]
    names = ("indicator", "counts", "share", "interval", "made_of")
    level = max((round(100 * row.level) for each in released for row in estimate_of(each).rows), default=95)
    return TableExhibit(
        title=titled(title, sources, language),
        header=tuple(say.say(f"present.column.{name}", level=level) for name in names),
        rows=tuple(_line(each, point, language) for each, of_one in shown for point in of_one),
        note=note_for(
            released, [point for _, of_one in shown for point in of_one], Remarks(note, sizes=False), language
        ),
        cells=tuple(cell for each in released for cell in each.cells),
        widths=_WIDTHS,
    )


def _line(released: Released, point: Point, language: Language) -> tuple[TableCell, ...]:
    source = estimate_of(released).source
    label = ", ".join(dict.fromkeys((source.question, point.label)))
    made_of = source.made_of.words(language) if source.made_of else source.universe
    forms = [
        TableCell(number=point.number, form=form) if form in point.number.shown else TableCell("·")
        for form in ("counts", "bare", "limits")
    ]
    return (TableCell(label), *forms, TableCell(made_of))
