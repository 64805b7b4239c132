"""Released exhibits as blocks of a report: tables, figures and sentences with their numbers filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from evaltools.document.model import Block, Bullets, Cell, Figure, Heading, Inline, Paragraph, Table, TextRun
from evaltools.errors import ReleaseError
from evaltools.estimate.indicators import rate, shares
from evaltools.language import Text
from evaltools.language import number as in_digits
from evaltools.local.counting import Tally
from evaltools.local.setting import Local
from evaltools.present import FigureExhibit, SentenceExhibit, TableExhibit, indicator_table, number, sentence, table
from evaltools.present.forms import COUNTS_ONLY_BELOW
from evaltools.present.model import TableCell
from evaltools.present.tables import Entry
from evaltools.schema import Indicator
from evaltools.schema.thresholds import thresholds

_NUMBER: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_NOTHING: Final = "–"
_WIDTH_CM: Final = 13.0
"""Figures a little narrower than the page leave room for two of them on one."""


def heading(text: str) -> Heading:
    """The heading of a part of the report; short reports number none."""
    return Heading(1, words(text), numbered=False)


def words(text: str) -> Inline:
    """Text as a run."""
    return (TextRun(text),)


def note(text: str) -> Paragraph:
    """Small print."""
    return Paragraph(words(text), "note")


def listed(entries: Iterable[str]) -> Bullets:
    """Sentences as a list."""
    return Bullets(tuple(words(entry) for entry in entries))


def filled(exhibit: SentenceExhibit) -> str:
    """The sentence with its numbers as they are shown."""
    return _NUMBER.sub(lambda found: exhibit.numbers[found[1]].shown[found[2] or ""], exhibit.text)


def said_share(local: Local, name: str) -> str:
    """One indicator as a sentence; where nothing belongs to its base, that."""
    released, label = local.share(name), local.indicators[name].label.to(local.language)
    if released is None:
        return local.say("sentence.none", label=label)
    statement, among = local.say(f"says.{name}.statement"), local.say(f"says.{name}.among")
    return filled(sentence(released, statement, among=among, language=local.language))


def indicators_block(local: Local, names: Sequence[str], title: str) -> Table:
    """A line per indicator: counts, per cent, interval, of whom, and how many records lack the answer."""
    released = {name: share for name in names if (share := local.share(name)) is not None}
    note = local.say("note.indicators", least=COUNTS_ONLY_BELOW)
    made = indicator_table(tuple(released.values()), title, language=local.language)
    lines = dict(zip(released, made.rows, strict=True))
    rows = tuple(_indicator_line(local, name, lines.get(name)) for name in names)
    header = (*made.header[:-1], local.say("column.of_whom"), local.say("column.missing"))
    whole = replace(made, header=header, rows=rows, note=note)
    return table_block(whole, "indicators", widths=(3.6, 1.5, 1.0, 1.25, 3.7, 1.0))


def _indicator_line(local: Local, name: str, line: tuple[TableCell, ...] | None) -> tuple[TableCell, ...]:
    tallied = local.tally(name)
    label = TableCell(tallied.indicator.label.to(local.language))
    rest = line[1:-1] if line is not None else (TableCell(_NOTHING),) * 3
    of_whom = TableCell(tallied.indicator.among.to(local.language))
    return (label, *_counts_only(tallied, rest), of_whom, TableCell(few(local, tallied.missing)))


def _counts_only(tallied: Tally, cells: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
    """Under 20 the count stands alone."""
    return cells if tallied.base >= COUNTS_ONLY_BELOW else (cells[0], *(TableCell(_NOTHING),) * (len(cells) - 1))


def counted(local: Local, label: str, answers: Sequence[bool], unit: str) -> str:
    """How many of some records something is true of, as part of a sentence: `a plan 12 of 30`; unit : what they are."""
    said = Text(label, label)
    asked = Indicator("part", said, said, said, Text(unit, unit))
    made = shares(rate(asked, sum(answers), len(answers)), language=local.language)
    shown = number(local.released(made, code="part"), language=local.language)
    told = shown.shown[""] if shown.disclosure == "hidden" else shown.shown["counts"]
    return local.say("part", label=label[:1].lower() + label[1:], counts=told)


def few(local: Local, count: int) -> str:
    """A count of records as the readers may see it: exactly, or that it is small."""
    least = thresholds()["children"]
    if local.internal or count == 0 or count >= least:
        return in_digits(count, 0, local.language)
    return local.say("few", least=in_digits(least, 0, local.language))


def own_table(
    local: Local, key: str, header: Sequence[str], rows: Sequence[Sequence[Entry]], *, widths: tuple[float, ...] = ()
) -> Table:
    """A table of the report. Its title stands under `key`, what is said below it under the last part of that."""
    made = table(
        local.say(key), header, rows, note=local.say(f"under.{key.rpartition('.')[2]}"), language=local.language
    )
    marked = made.title
    if local.file.origin == "rehearsal" and marked == local.say(key):
        marked = f"{marked} ({local.say('stamp.rehearsal')})"
    return table_block(replace(made, title=marked), key.replace(".", "-"), widths=widths)


def table_block(exhibit: TableExhibit, name: str, *, widths: tuple[float, ...] = ()) -> Table:
    """A table of the report."""
    rows = tuple(tuple(_cell(cell) for cell in row) for row in exhibit.rows)
    return Table(
        id=f"tab-{name}",
        title=exhibit.title,
        header=exhibit.header,
        rows=rows,
        note=exhibit.note,
        group_rows=exhibit.group_rows,
        widths=widths or exhibit.widths,
    )


def figure_block(exhibit: FigureExhibit, name: str) -> Figure:
    """A figure of the report."""
    return Figure(
        f"fig-{name}",
        exhibit.title,
        exhibit.svg,
        exhibit.png,
        exhibit.alt,
        exhibit.note,
        exhibit.header,
        exhibit.rows,
        width_cm=min(exhibit.width_cm, _WIDTH_CM),
    )


def drawn(local: Local, name: str, title: str, draw: Callable[[str], FigureExhibit]) -> Block:
    """A figure, or the sentence that its numbers are too small to be shown. draw : makes it under a title."""
    try:
        return figure_block(draw(title), name)
    except ReleaseError as error:
        if error.code != "NOTHING_TO_DRAW":
            raise
        return Paragraph(words(local.say("not_drawn", title=title)))


def _cell(cell: TableCell) -> Cell:
    text = cell.text if cell.number is None else cell.number.shown.get(cell.form, cell.number.shown[""])
    return Cell(words(text), cell.number.value if cell.number is not None and not cell.form else text)


def indicator_values(local: Local, name: str) -> dict[str, object]:
    """One indicator as data: its counts, its share and interval, or that it is not shown."""
    tallied, released = local.tally(name), local.share(name)
    said: dict[str, object] = {"indicator": name, "label": tallied.indicator.label.to(local.language)}
    said |= {"definition": tallied.indicator.definition.to(local.language) if tallied.indicator.definition else ""}
    if released is None:
        return said | {"base": 0, "missing": few(local, tallied.missing)}
    shown = number(released, language=local.language)
    if shown.disclosure == "hidden":
        return said | {"shown": False, "missing": few(local, tallied.missing)}
    return said | {
        "shown": True,
        "count": tallied.count,
        "base": tallied.base,
        "percent": shown.value,
        "low": shown.low,
        "high": shown.high,
        "method": shown.method,
        "missing": few(local, tallied.missing),
    }
