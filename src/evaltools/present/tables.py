"""Tables of released results: shares, counts and other values, crosstabs, and free ones made of texts and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, Literal, TypeVar

from evaltools.errors import Fault, ReleaseError
from evaltools.language import Language, Texts, number_range, texts, without_common_start
from evaltools.present.comparing import check_columns
from evaltools.present.forms import in_percent
from evaltools.present.model import Number, Released, TableCell, TableExhibit
from evaltools.present.notes import Remarks, compose, note_for, sources_of, titled
from evaltools.present.series import Point, estimate_of, labels_for, points, tidy

Column = Literal["estimate", "count", "n", "N", "interval", "bounds", "words"]
Entry = str | Number | tuple[Number, str] | TableCell
Shown = TypeVar("Shown")

_FORM: Final[Mapping[Column, str]] = {
    "estimate": "bare", "count": "count", "n": "n", "N": "N", "interval": "limits", "bounds": "outer", "words": "words",
}  # fmt: skip
_LABEL_WIDTH: Final = 2.6
_MOST_UPRIGHT: Final = 9
"""Tables of more columns stand on a landscape page."""


def share_table(
    released: Released,
    title: str,
    *,
    first: str = "",
    columns: Sequence[Column] = ("estimate", "count", "n"),
    note: str = "",
    language: Language = "da",
) -> TableExhibit:
    """One share per row: per cent, numerator and base; `interval`, `bounds`, `N` and `words` on demand.

    released : shares. title : what the table shows. first : header of the labels. columns : in order.
    Rows that share all labels but the last stand under a group heading. Shares on bases under 20 are counts only.
    note : own remark after the standard note. language : of the words around the numbers. Returns a table whose
    numbers can be traced.
    Raises `ReleaseError` NOT_AN_ESTIMATE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses"))
    >>> ev.share_table(released, "Use", language="en").header
    (' ', 'Per cent', 'Number', 'n')
    """
    return _listing(released, title, first, columns, _remarks(columns, note), language)


def count_table(
    released: Released,
    title: str,
    *,
    first: str = "",
    columns: Sequence[Column] = ("estimate", "n"),
    note: str = "",
    language: Language = "da",
) -> TableExhibit:
    """One total, mean, ratio or other value per row, with its base. Parameters as in `share_table`.

    released, title, first, columns, note, language : see there. Returns a table whose numbers can be traced.
    Raises `ReleaseError` NOT_AN_ESTIMATE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"weeks": [4.0, 6.0, 8.0]}))
    >>> count_table(ev.release(ev.mean(design, "weeks")), "Weeks of help", language="en").header
    (' ', 'Value', 'n')
    """
    return _listing(released, title, first, columns, _remarks(columns, note), language)


def crosstab_table(
    released: Released, title: str, *, rows: str, columns: str, note: str = "", language: Language = "da"
) -> TableExhibit:
    """Shares by two coordinates, with the base of each row in the last column, or of each column in the last row.

    rows, columns : names of the coordinates that lie down and across, such as `region` and `category`.
    A line or column of which every cell is hidden does not tell which answers were given; several such lines are one.
    Raises `ReleaseError` NO_SUCH_COORDINATE.
    released, title, note, language : as in `share_table`. Returns a table whose numbers can be traced.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> released = ev.release(ev.proportion(design, "uses", by="size"))
    >>> crosstab_table(released, "By size", rows="size", columns="category", language="en").header
    (' ', 'no', 'yes', 'Base (n)')
    """
    say = texts(language)
    shown = points(released, language=language)
    for name in (rows, columns):
        _check_coordinate(released, name)
    across = labels_for([point.row for point in shown if not point.hidden] or [shown[0].row], columns)
    down = labels_for([point.row for point in shown], rows)
    by_place = {(point.row.coordinate(rows), point.row.coordinate(columns)): point for point in shown}
    grid: list[tuple[str, list[Point | None]]] = []
    for name, label in down.items():
        known = [point for (place, _), point in by_place.items() if place == name]
        line: list[Point | None] = [by_place.get((name, column)) for column in across]
        grid.append((label, [known[0]] * len(across) if all(point.hidden for point in known) else line))
    grid = _together(grid, lambda line: all(point is None or point.hidden for point in line), say)
    base = say.say("present.column.base")
    below = _based_by_column([line for _, line in grid])
    body = [
        (
            TableCell(label),
            *(_cell(point, "estimate") for point in line),
            *(() if below else (_base_cell(line, language),)),
        )
        for label, line in grid
    ]
    if below:
        lines = zip(*(line for _, line in grid), strict=True)
        body.append((TableCell(base), *(_base_cell(column, language) for column in lines)))
    header = (" ", *across.values(), *(() if below else (base,)))
    return TableExhibit(
        title=titled(title, [estimate_of(released).source], language),
        header=header,
        rows=tuple(body),
        note=note_for([released], shown, Remarks(note, percent=estimate_of(released).measure == "share"), language),
        landscape=len(header) > _MOST_UPRIGHT,
        cells=released.cells,
        widths=_widths(len(header)),
    )


def table(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Entry]],
    *,
    note: str = "",
    language: Language = "da",
) -> TableExhibit:
    """A table of texts and numbers put together by hand; sources and the rehearsal mark follow from the numbers.

    rows : each as long as the header; an entry is text, a `Number`, or a pair of a number and one of its forms.
    Raises `ReleaseError` UNEVEN_ROW and NO_SUCH_FORM; UNLIKE_UNITS, UNLIKE_AGE_BASES, UNLIKE_PERIODS,
    UNLIKE_DENOMINATORS or UNLIKE_NUMERATORS where rates of a column are not made of the same: see `indicator_table`.
    title : what the table shows. note : what stands below. language : of the words around the numbers. Returns a
    table whose numbers can be traced.

    >>> from evaltools.present.numbers import fixed
    >>> made = table("Units", ["Year", "Municipalities"], [["2018", fixed(98, "Statistics Denmark")]])
    >>> made.rows[0][1].number.shown[""]
    '98'
    """
    body = tuple(tuple(_entry(entry) for entry in row) for row in rows)
    for place, row in enumerate(body, start=1):
        if len(row) != len(header):
            problem = f"row {place} has {len(row)} entries, the header {len(header)}"
            raise ReleaseError(Fault("UNEVEN_ROW", title, problem, "Give every row one entry per column."))
    check_columns(body, title)
    sources = sources_of(cell.number for row in body for cell in row if cell.number is not None)
    return TableExhibit(
        title=titled(title, sources, language),
        header=tuple(header),
        rows=body,
        note=compose([note], sources, language),
        landscape=len(header) > _MOST_UPRIGHT,
        widths=_widths(len(header)),
    )


def _listing(
    released: Released, title: str, first: str, columns: Sequence[Column], remarks: Remarks, language: Language
) -> TableExhibit:
    say = texts(language)
    shown = points(released, language=language)
    body: list[tuple[TableCell, ...]] = []
    group_rows = set()
    for heading, members in groupby(shown, key=_heading(shown)):
        if heading:
            group_rows.add(len(body))
            body.append((TableCell(heading), *[TableCell()] * len(columns)))
        body += [
            (TableCell(label), *(_cell(point, column) for column in columns))
            for label, point in _lines(list(members), heading, say)
        ]
    return TableExhibit(
        title=titled(title, [estimate_of(released).source], language),
        header=(first or " ", *(_title_of(column, released, say) for column in columns)),
        rows=tuple(body),
        note=note_for([released], shown, remarks, language),
        group_rows=frozenset(group_rows),
        cells=released.cells,
        widths=_widths(1 + len(columns)),
    )


def _heading(shown: Sequence[Point]) -> Callable[[Point], str]:
    """What stands above a group of rows: the labels but the last, where they vary and each heads several rows."""
    starts = without_common_start([", ".join(point.row.labels[:-1]) for point in shown])
    by_key = {point.key: tidy(start) for point, start in zip(shown, starts, strict=True)}

    def heading(point: Point) -> str:
        return by_key[point.key]

    headings = [heading(point) for point in shown]
    return heading if 1 < len(set(headings)) < len(headings) else lambda _: ""


def _lines(members: list[Point], heading: str, say: Texts) -> list[tuple[str, Point]]:
    """The lines of a group; one line where all are hidden, so that it does not tell which answers were given."""
    if len(members) > 1 and all(point.hidden for point in members):
        return [(say.say("present.all_answers"), members[0])]
    return _together([(_label(point, heading), point) for point in members], lambda point: point.hidden, say)


def _together(
    lines: list[tuple[str, Shown]], is_hidden: Callable[[Shown], bool], say: Texts
) -> list[tuple[str, Shown]]:
    """The lines, several hidden ones put together as the last."""
    hidden = [line for _, line in lines if is_hidden(line)]
    if len(hidden) < 2 or len(hidden) == len(lines):
        return lines
    kept = [(label, line) for label, line in lines if not is_hidden(line)]
    return [*kept, (say.say("present.other_lines", count=len(hidden)), hidden[0])]


def _based_by_column(lines: Sequence[Sequence[Point | None]]) -> bool:
    """Whether each column has one base and the lines have not."""
    return len(lines) > 1 and _bases_alike(zip(*lines, strict=True)) and not _bases_alike(lines)


def _bases_alike(lines: Iterable[Sequence[Point | None]]) -> bool:
    return all(len({point.row.n for point in line if point is not None and not point.hidden}) < 2 for line in lines)


def _label(point: Point, heading: str) -> str:
    return tidy(point.row.labels[-1]) if heading else point.label


def _title_of(column: Column, released: Released, say: Texts) -> str:
    result = estimate_of(released)
    if column == "estimate":
        names = {"total": "estimate", "count": "estimate"}
        name = "share" if in_percent(result) else names.get(result.measure, "value")
        return say.say(f"present.column.{name}")
    if column == "interval":
        return say.say("present.column.interval", level=round(100 * max(row.level for row in result.rows)))
    return column if column == "N" else say.say(f"present.column.{column}")


def _remarks(columns: Sequence[Column], note: str) -> Remarks:
    return Remarks(note, interval="interval" in columns, bounds="bounds" in columns)


def _cell(point: Point | None, column: Column) -> TableCell:
    if point is None:
        return TableCell("·")
    form = _FORM[column]
    return TableCell(number=point.number, form=form) if form in point.number.shown else TableCell("·")


def _base_cell(line: Sequence[Point | None], language: Language) -> TableCell:
    """The base of a line; the smallest and largest where the columns are different questions."""
    known = sorted((point for point in line if point is not None and not point.hidden), key=lambda each: each.row.n)
    if not known or known[0].row.n == known[-1].row.n:
        return _cell(known[0] if known else next(iter(line), None), "n")
    return TableCell(number_range(known[0].number.shown["n"], known[-1].number.shown["n"], language))


def _entry(entry: Entry) -> TableCell:
    if isinstance(entry, TableCell):
        return entry
    if isinstance(entry, str):
        return TableCell(entry)
    number, form = entry if isinstance(entry, tuple) else (entry, "")
    if form not in number.shown:
        known = ", ".join(f'"{name}"' for name in number.shown)
        problem = f'the number has no form "{form}"'
        raise ReleaseError(Fault("NO_SUCH_FORM", number.label, problem, f"Its forms are {known}."))
    return TableCell(number=number, form=form)


def _check_coordinate(released: Released, name: str) -> None:
    known = list(dict.fromkeys(known for row in estimate_of(released).rows for known, _ in row.coordinates))
    if name not in known:
        remedy = f"The coordinates are: {', '.join(known)}."
        raise ReleaseError(Fault("NO_SUCH_COORDINATE", "crosstab_table", f'there is no coordinate "{name}"', remedy))


def _widths(columns: int) -> tuple[float, ...]:
    return (_LABEL_WIDTH, *[1.0] * (columns - 1))
