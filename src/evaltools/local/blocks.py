"""Released exhibits as blocks of a report: tables, figures and sentences with their numbers filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from evaltools.document.model import Block, Bullets, Cell, Figure, Heading, Inline, Paragraph, Table, TextRun
from evaltools.errors import ReleaseError
from evaltools.estimate.durations import Spells, cumulative_incidence
from evaltools.language import number as in_digits
from evaltools.language import out_of, texts
from evaltools.local.counting import Tally
from evaltools.local.curves import may_tell_steps, read_at
from evaltools.local.joint import RECORDS, Fact, Units
from evaltools.local.setting import Local
from evaltools.present import FigureExhibit, SentenceExhibit, TableExhibit, indicator_table, number, sentence, table
from evaltools.present.charts import step_chart
from evaltools.present.forms import COUNTS_ONLY_BELOW
from evaltools.present.model import TableCell
from evaltools.present.tables import Entry

_NUMBER: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
NOTHING: Final = "–"
"""What stands where there is nothing to count."""
_LEAST_TIMES: Final = 3
"""A curve that can be read at fewer times tells little."""
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
    rest = line[1:-1] if line is not None else (TableCell(NOTHING),) * 3
    of_whom = TableCell(tallied.indicator.among.to(local.language))
    return (label, *_counts_only(tallied, rest), of_whom, TableCell(lacking(local, tallied)))


def _counts_only(tallied: Tally, cells: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
    """Under 20 the count stands alone."""
    return cells if tallied.base >= COUNTS_ONLY_BELOW else (cells[0], *(TableCell(NOTHING),) * (len(cells) - 1))


def part_of(local: Local, fact: Fact) -> str:
    """So many of so many, as the readers may see it."""
    if not fact.among:
        return NOTHING
    if not local.may_tell(fact):
        return hidden(local)
    return out_of(len(fact.counted), len(fact.among), local.language)


def parts(local: Local, facts: Mapping[str, Fact]) -> str:
    """Counts as part of a sentence: `a plan 12 of 30; a date 9 of 30`. facts : by their words; those of nobody go."""
    told = {label: part_of(local, fact) for label, fact in facts.items() if fact.among}
    return "; ".join(
        local.say("part", label=label[:1].lower() + label[1:], counts=each) for label, each in told.items()
    )


def put_together(facts: Mapping[str, Fact], joining: str) -> dict[str, Fact]:
    """Neighbouring groups put together until each may be told by itself; all in one where none may.

    facts : by the words of their groups, which do not overlap. joining : what stands between words, such as `and`.
    """
    groups = [(label, fact) for label, fact in facts.items() if fact.among]
    while (
        len(groups) > 1
        and (small := next((place for place, (_, fact) in enumerate(groups) if fact.secrets), None)) is not None
    ):
        beside = [place for place in (small - 1, small + 1) if 0 <= place < len(groups)]
        first, second = sorted((small, min(beside, key=lambda place: len(groups[place][1].among))))
        (one, here), (other, there) = groups[first], groups[second]
        whole = replace(here, counted=here.counted | there.counted, among=here.among | there.among)
        groups[first : second + 1] = [(f"{one} {joining} {other[:1].lower()}{other[1:]}", whole)]
    return dict(groups)


def how_many(local: Local, counted: Units, of: str = RECORDS) -> str:
    """A number of records as the readers may see it. of : what they are, as in a `Fact`."""
    may_tell = local.may_tell(Fact(counted, counted, "count", of))
    return in_digits(len(counted), 0, local.language) if may_tell else hidden(local)


def lacking(local: Local, tallied: Tally) -> str:
    """How many records lack the answer: no secret by itself, but with the base it may give one away."""
    of = RECORDS if tallied.fact is None else tallied.fact.of
    may_tell = local.may_tell(Fact(tallied.lacking, tallied.lacking, "nothing", of))
    return in_digits(tallied.missing, 0, local.language) if may_tell else hidden(local)


def hidden(local: Local) -> str:
    """What stands in place of a count that is not shown."""
    return texts(local.language).say("present.hidden")


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
    if local.settling:
        return Paragraph(())
    try:
        return figure_block(draw(title), name)
    except ReleaseError as error:
        if error.code != "NOTHING_TO_DRAW":
            raise
        return Paragraph(words(local.say("not_drawn", title=title)))


def steps_drawn(local: Local, name: str, title: str, found: Spells) -> Block | None:
    """How spells end over time, by the ways in which they do; None where that can be read at too few times."""
    incidence = local.released(cumulative_incidence(found))
    if (not local.internal and read_at(incidence) < _LEAST_TIMES) or not may_tell_steps(local, found, incidence):
        return None
    return drawn(local, name, title, partial(step_chart, incidence, language=local.language))


def _cell(cell: TableCell) -> Cell:
    text = cell.text if cell.number is None else cell.number.shown.get(cell.form, cell.number.shown[""])
    return Cell(words(text), cell.number.value if cell.number is not None and not cell.form else text)


def indicator_values(local: Local, name: str) -> dict[str, object]:
    """One indicator as data: its counts, its share and interval, or that it is not shown."""
    tallied, released = local.tally(name), local.share(name)
    said: dict[str, object] = {"indicator": name, "label": tallied.indicator.label.to(local.language)}
    said |= {"definition": tallied.indicator.definition.to(local.language) if tallied.indicator.definition else ""}
    if released is None:
        return said | {"base": 0, "missing": lacking(local, tallied)}
    shown = number(released, language=local.language)
    if shown.disclosure == "hidden":
        return said | {"shown": False, "missing": lacking(local, tallied)}
    return said | {
        "shown": True,
        "count": tallied.count,
        "base": tallied.base,
        "percent": shown.value,
        "low": shown.low,
        "high": shown.high,
        "method": shown.method,
        "missing": lacking(local, tallied),
    }
