"""Executed chapters made into one document: numbers into prose, exhibits into their place, faults into a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from evaltools.document.model import Block, Document, Heading, Inline
from evaltools.errors import Fault
from evaltools.language import Texts, date, texts
from evaltools.memo.exhibits import figure_faults, figure_of, table_of
from evaltools.memo.marks import Known, known_marks, resolve
from evaltools.memo.model import Cell, Chapter, Entry, Provenance, Register, TitlePage
from evaltools.memo.prose import read_prose
from evaltools.memo.register import collect_numbers, register_rows
from evaltools.present.model import FigureExhibit, TableExhibit


@dataclass(frozen=True, slots=True)
class Assembly:
    """A document with its register and what it was made from, and everything that is wrong with it."""

    document: Document
    register: Register
    provenance: Provenance
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a cell or a chapter gives: its blocks, its faults, and the constants that its prose brings along."""

    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...] = ()
    constants: tuple[Entry, ...] = ()


def assemble(chapters: Sequence[Chapter], page: TitlePage, provenance: Provenance) -> Assembly:
    """One document from all chapters, annexes last, with every fault that was found on the way."""
    ordered = sorted(chapters, key=lambda chapter: chapter.annex)
    words = texts(page.language)
    results, twice = collect_numbers(ordered)
    known = known_marks(ordered, results.entries)
    whole = _joined(_chapter(chapter, known, words) for chapter in ordered)
    constants = {entry.id: entry for entry in whole.constants if entry.id not in results.entries}
    register = Register({**results.entries, **constants})
    document = Document(
        title=page.title,
        subtitle=page.subtitle,
        author=page.author,
        date=date(dt.date.fromisoformat(page.date), page.language),
        iso_date=page.date,
        language=page.language,
        description=page.description,
        blocks=whole.blocks,
        register=register_rows(register, words),
        facts=_facts(page, provenance, words),
        stamp=words.say("memo.rehearsal") if "rehearsal" in provenance.origins else "",
    )
    return Assembly(document, register, provenance, (*twice, *whole.faults))


def _joined(parts: Iterable[_Part]) -> _Part:
    found = list(parts)
    return _Part(
        tuple(block for part in found for block in part.blocks),
        tuple(fault for part in found for fault in part.faults),
        tuple(entry for part in found for entry in part.constants),
    )


def _chapter(chapter: Chapter, known: Known, words: Texts) -> _Part:
    parts: list[_Part] = []
    level = 0
    for cell in chapter.cells:
        place = f"{chapter.name}, cell {cell.number}"
        if cell.kind == "markdown":
            part, level = _levelled(_prose(chapter, cell, place, known, words), level, place)
            parts.append(part)
        else:
            parts.append(_exhibits(cell, place, words))
    if not level:
        fault = Fault("NO_HEADING", chapter.name, "the chapter has no heading", "Begin it with # Title.")
        parts.append(_Part((), (fault,)))
    return _joined(parts)


def _prose(chapter: Chapter, cell: Cell, place: str, known: Known, words: Texts) -> _Part:
    faults: list[Fault] = []
    constants: list[Entry] = []

    def runs_of(mark: str, where: str) -> Inline:
        found = resolve(mark, where, known, words)
        faults.extend(found.faults)
        constants.extend([found.constant] if found.constant else [])
        return found.runs

    prose = read_prose(cell.source, place, runs_of, annex=chapter.annex)
    return _Part(prose.blocks, (*faults, *prose.faults), tuple(constants))


def _levelled(part: _Part, level: int, place: str) -> tuple[_Part, int]:
    """The same part, and the level of its last heading; one that skips a level is a fault and is raised to it.

    level : of the last heading before, 0 where there is none.
    """
    blocks: list[Block] = []
    faults: list[Fault] = []
    for block in part.blocks:
        if isinstance(block, Heading):
            if block.level > level + 1:
                problem = f"a heading of level {block.level} stands where level {level + 1} is the deepest"
                faults.append(Fault("HEADING_SKIPS", place, problem, "Take away a #."))
            level = min(block.level, level + 1)
        blocks.append(replace(block, level=level) if isinstance(block, Heading) else block)
    return replace(part, blocks=tuple(blocks), faults=(*part.faults, *faults)), level


def _exhibits(cell: Cell, place: str, words: Texts) -> _Part:
    """The figures and tables that a cell showed."""
    return _joined([_Part((), tuple(_strays(cell, place))), *_shown(cell, place, words)])


def _shown(cell: Cell, place: str, words: Texts) -> Iterator[_Part]:
    for shown in cell.shown:
        if isinstance(shown.exhibit, FigureExhibit):
            figure = figure_of(shown, shown.exhibit, words)
            yield _Part((figure,), figure_faults(shown, shown.exhibit, place))
        elif isinstance(shown.exhibit, TableExhibit):
            yield _Part((table_of(shown, shown.exhibit),))


def _strays(cell: Cell, place: str) -> Iterator[Fault]:
    for stray in cell.strays:
        remedy = 'Make it with a chart of evaltools and show it: ev.show("fig-...", chart).'
        yield Fault("UNTRACED_PICTURE", place, f"the cell leaves a {stray} without a source", remedy)


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
