"""Executed chapters made into one document: numbers into prose, exhibits into their place, faults into a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from evaltools.document.model import (
    Block,
    Document,
    Figure,
    Heading,
    Inline,
    NumberRun,
    ReferenceRun,
    Run,
    Table,
    TextRun,
)
from evaltools.document.model import Cell as DocumentCell
from evaltools.errors import Fault, near
from evaltools.language import Texts, texts
from evaltools.memo.constants import fixed_entry
from evaltools.memo.model import Cell, Chapter, Entry, Provenance, Register, Shown, TitlePage
from evaltools.memo.prose import read_prose, without_double_stops
from evaltools.memo.register import collect_numbers, numbers_of, register_rows
from evaltools.present.model import FigureExhibit, Number, SentenceExhibit, TableExhibit

_MIN_ALT: Final = 40


@dataclass(frozen=True, slots=True)
class Assembly:
    """A document with its register, and everything that is wrong with it."""

    document: Document
    register: Register
    faults: tuple[Fault, ...]


class _Assembler:
    """Goes through the chapters once, in order; keeps what it finds wrong."""

    def __init__(self, chapters: Sequence[Chapter], page: TitlePage) -> None:
        self.texts: Texts = texts(page.language)
        register, faults = collect_numbers(chapters)
        self.register = register
        self.entries: dict[str, Entry] = dict(register.entries)
        self.faults: list[Fault] = list(faults)
        self.sentences = {
            shown.id: shown.exhibit
            for chapter in chapters
            for cell in chapter.cells
            for shown in cell.shown
            if isinstance(shown.exhibit, SentenceExhibit)
        }
        self.titles = {
            shown.id: shown.exhibit.title
            for chapter in chapters
            for cell in chapter.cells
            for shown in cell.shown
            if isinstance(shown.exhibit, (FigureExhibit, TableExhibit))
        }
        self.chapter = ""

    def blocks(self, chapter: Chapter) -> Iterator[Block]:
        """The blocks of one chapter."""
        self.chapter = chapter.name
        levels: list[int] = []
        for cell in chapter.cells:
            place = f"{chapter.name}, cell {cell.number}"
            if cell.kind == "markdown":
                prose = read_prose(cell.source, place, self.resolve, annex=chapter.annex)
                self.faults.extend(prose.faults)
                yield from self.levelled(prose.blocks, levels, place)
            else:
                yield from self.exhibits(cell, place)
        if not levels:
            self.faults.append(
                Fault("NO_HEADING", chapter.name, "the chapter has no heading", "Begin it with # Title.")
            )

    def levelled(self, blocks: Sequence[Block], levels: list[int], place: str) -> Iterator[Block]:
        """The same blocks; a heading that skips a level is a fault and is raised to the level it may have."""
        for block in blocks:
            if isinstance(block, Heading):
                allowed = levels[-1] + 1 if levels else 1
                if block.level > allowed:
                    problem = f"a heading of level {block.level} stands where level {allowed} is the deepest"
                    self.faults.append(Fault("HEADING_SKIPS", place, problem, "Take away a #."))
                levels.append(min(block.level, allowed))
                yield replace(block, level=levels[-1])
            else:
                yield block

    def exhibits(self, cell: Cell, place: str) -> Iterator[Block]:
        """The figures and tables that a cell showed."""
        for stray in cell.strays:
            remedy = 'Make it with a chart of evaltools and show it: ev.show("fig-...", chart).'
            self.faults.append(Fault("UNTRACED_PICTURE", place, f"the cell leaves a {stray} without a source", remedy))
        for shown in cell.shown:
            if isinstance(shown.exhibit, FigureExhibit):
                yield self.figure(shown, shown.exhibit, place)
            elif isinstance(shown.exhibit, TableExhibit):
                yield self.table(shown, shown.exhibit)

    def figure(self, shown: Shown, exhibit: FigureExhibit, place: str) -> Figure:
        """A figure; it must tell in words and in numbers what it shows."""
        alt = exhibit.alt
        if len(exhibit.alt.strip()) < _MIN_ALT or exhibit.alt.strip() == exhibit.title.strip():
            remedy = "Leave alt empty when you make the chart: it writes its own."
            self.faults.append(Fault("NO_ALT_TEXT", place, f"{shown.id} has no alternative text", remedy))
            alt = self.texts.say("memo.no_alt", title=exhibit.title)
        if not exhibit.rows:
            remedy = "Make it with a chart of evaltools: they carry their data."
            self.faults.append(Fault("NO_DATA", place, f"{shown.id} carries no data", remedy))
        ids = tuple(number_id for number_id, _ in numbers_of(shown))
        return Figure(
            shown.id, exhibit.title, exhibit.svg, exhibit.png, alt, exhibit.note, exhibit.header, exhibit.rows,
            ids, exhibit.width_cm,
        )  # fmt: skip

    def table(self, shown: Shown, exhibit: TableExhibit) -> Table:
        """A table whose numbers lead to the register."""
        ids = [(number, number_id) for number_id, number in numbers_of(shown)]

        def cell(content: str, number: Number | None, form: str) -> DocumentCell:
            if number is None:
                return DocumentCell((TextRun(content),), content or None)
            number_id = next(found for known, found in ids if known == number)
            value = number.value if form in ("", "share", "bare") else number.shown[form]
            return DocumentCell((NumberRun(number_id, form, number.shown[form]),), value)

        rows = tuple(tuple(cell(entry.text, entry.number, entry.form) for entry in row) for row in exhibit.rows)
        return Table(
            shown.id, exhibit.title, exhibit.header, rows, exhibit.note, exhibit.landscape, exhibit.group_rows,
            exhibit.widths,
        )  # fmt: skip

    def resolve(self, inner: str, place: str) -> Sequence[Run]:
        """A mark in prose, as runs."""
        if inner.startswith("@"):
            return (self.reference(inner.removeprefix("@"), place),)
        if inner.startswith("fixed:"):
            return self.constant(inner.removeprefix("fixed:"), place)
        number_id, _, form = inner.partition(":")
        if number_id in self.sentences:
            return self.sentence(number_id)
        if number_id not in self.entries:
            remedy = near(number_id, [*self.entries, *self.sentences])
            self.faults.append(Fault("UNKNOWN_NUMBER", place, f'no cell shows the number "{number_id}"', remedy))
            return (TextRun(f"[{inner}?]", bold=True),)
        return (self.number_run(number_id, form, place),)

    def number_run(self, number_id: str, form: str, place: str) -> Run:
        """One number in one of its forms."""
        number = self.entries[number_id].number
        if form not in number.shown:
            remedy = near(form, [known for known in number.shown if known])
            self.faults.append(Fault("UNKNOWN_FORM", place, f'"{number_id}" has no form "{form}"', remedy))
            return TextRun(f"[{number_id}:{form}?]", bold=True)
        return NumberRun(number_id, form, number.shown[form])

    def constant(self, written: str, place: str) -> Sequence[Run]:
        """A number that is no result, such as how many municipalities there are, with where it is from."""
        shown, _, source = written.partition("|")
        if not shown.strip() or not source.strip():
            remedy = "Write {{fixed:98|Danmarks Statistik, kommuner}}."
            self.faults.append(Fault("FIXED_WITHOUT_SOURCE", place, f'the constant "{shown}" has no source', remedy))
            return (TextRun(shown),)
        entry = fixed_entry(shown.strip(), source.strip(), self.chapter, self.texts)
        self.entries.setdefault(entry.id, entry)
        return (NumberRun(entry.id, "", shown.strip()),)

    def sentence(self, sentence_id: str) -> Inline:
        """A generated sentence with its numbers traced."""
        runs: list[Run] = []
        for piece, key, form in _pieces(self.sentences[sentence_id].text):
            if piece:
                runs.append(TextRun(piece))
            if key:
                runs.append(self.number_run(f"{sentence_id}.{key}", form, sentence_id))
        return without_double_stops(runs)

    def reference(self, target: str, place: str) -> Run:
        """A reference to a figure or table, which must lead somewhere."""
        if target in self.titles:
            return ReferenceRun(target)
        remedy = near(target, self.titles)
        self.faults.append(Fault("UNKNOWN_REFERENCE", place, f'there is no "{target}" in the memo', remedy))
        return TextRun(f"[{target}?]", bold=True)


def _pieces(text: str) -> Iterator[tuple[str, str, str]]:
    rest = text
    while rest:
        before, brace, after = rest.partition("{")
        inner, _, rest = after.partition("}")
        key, _, form = inner.partition(":")
        yield before, key if brace else "", form


def assemble(chapters: Sequence[Chapter], page: TitlePage, provenance: Provenance) -> Assembly:
    """One document from all chapters, annexes last, with every fault that was found on the way."""
    ordered = [*(c for c in chapters if not c.annex), *(c for c in chapters if c.annex)]
    assembler = _Assembler(ordered, page)
    blocks = tuple(block for chapter in ordered for block in assembler.blocks(chapter))
    register = Register(assembler.entries, assembler.register.figures, assembler.register.tables)
    document = Document(
        title=page.title,
        subtitle=page.subtitle,
        author=page.author,
        date=_shown_date(page),
        iso_date=page.date,
        language=page.language,
        description=page.description,
        blocks=blocks,
        register=register_rows(register, assembler.texts),
        facts=_facts(page, provenance, assembler.texts),
        stamp=assembler.texts.say("memo.rehearsal") if "rehearsal" in provenance.origins else "",
    )
    return Assembly(document, register, tuple(assembler.faults))


def _shown_date(page: TitlePage) -> str:
    year, month, day = page.date.split("-")
    return texts(page.language).say(
        "memo.date", day=int(day), month=texts(page.language).say(f"memo.month.{month}"), year=year
    )


def _facts(page: TitlePage, provenance: Provenance, words: Texts) -> tuple[tuple[str, str], ...]:
    origins = ", ".join(words.say(f"memo.origin.{origin}") for origin in provenance.origins)
    facts = {
        "recipient": page.recipient,
        "author": page.author,
        "journal_number": page.journal_number,
        "origins": origins,
        "snapshot": provenance.snapshot_sha256[:12],
    }
    return tuple((words.say(f"memo.fact.{name}"), value) for name, value in facts.items() if value)
