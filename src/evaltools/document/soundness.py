"""What must hold before a document is written; a draft is mended instead and still delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from evaltools.document.model import (
    Block,
    Cell,
    Document,
    Figure,
    Heading,
    NumberRun,
    ReferenceRun,
    Run,
    Table,
    TextRun,
)
from evaltools.document.walk import all_blocks, box_with_runs, inlines, number_runs, plain_text, with_runs
from evaltools.errors import Fault, MemoError, near
from evaltools.language import texts

DEEPEST_HEADING: Final = 3


def sound(document: Document) -> Document:
    """The document as the writers need it.

    Parameters: `document`, as assembled.
    Returns: the same document; a draft (one with `faults`) comes back mended: unknown references and numbers become
    plain words, a missing alternative text becomes the title, a skipped heading level is closed up.
    Raises: MemoError with all faults, codes `DOCUMENT_ID_TWICE`, `DOCUMENT_REFERENCE`, `DOCUMENT_NUMBER`,
    `DOCUMENT_NUMBER_DIFFERS`, `DOCUMENT_HEADINGS`, `DOCUMENT_ALT`, `DOCUMENT_TABLE_SHAPE`.

    >>> document = Document("T", "", "", "", "2018-12-31", "da", "", (), ())
    >>> sound(document) is document
    True
    """
    faults = tuple(_faults(document))
    if not faults:
        return document
    if not document.faults:
        raise MemoError(*faults)
    return _mended(document)


def _faults(document: Document) -> Iterator[Fault]:
    yield from _id_faults(document)
    yield from _run_faults(document)
    level = 0
    for block in document.blocks:
        match block:
            case Heading():
                if block.level > min(level + 1, DEEPEST_HEADING):
                    yield _heading_fault(block, level)
                level = block.level
            case Figure() if not block.alt.strip():
                problem = "the figure has no alternative text"
                yield Fault("DOCUMENT_ALT", block.id, problem, "Say in words what the figure shows.")
            case Table():
                yield from _shape_faults(block)


def _id_faults(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for block_id in (*(_id_of(block) for block in document.blocks), *(row.id for row in document.register)):
        if block_id and block_id in seen:
            yield Fault("DOCUMENT_ID_TWICE", block_id, "two blocks or register rows have this id", "Rename one.")
        seen.add(block_id)


def _run_faults(document: Document) -> Iterator[Fault]:
    targets = {_id_of(block) for block in document.blocks} - {""}
    rows = {row.id for row in document.register}
    shown: dict[tuple[str, str], str] = {}
    for block in all_blocks(document):
        for inline in inlines(block):
            for run in inline:
                if isinstance(run, ReferenceRun) and run.target not in targets:
                    problem = "the text refers to something that is not in the document"
                    yield Fault("DOCUMENT_REFERENCE", run.target, problem, near(run.target, targets))
        for number in number_runs(block):
            if number.id not in rows:
                problem = "the number has no row in the register"
                yield Fault("DOCUMENT_NUMBER", number.id, problem, near(number.id, rows))
            first = shown.setdefault((number.id, number.form), number.shown)
            if first != number.shown:
                problem = f'the number is shown as "{first}" and as "{number.shown}"'
                yield Fault("DOCUMENT_NUMBER_DIFFERS", number.id, problem, "Give one of them a form of its own.")


def _heading_fault(heading: Heading, level: int) -> Fault:
    problem = f"a heading of level {heading.level} follows one of level {level}"
    allowed = min(level + 1, DEEPEST_HEADING)
    return Fault("DOCUMENT_HEADINGS", plain_text(heading.inline), problem, f"Make it level {allowed}.")


def _shape_faults(table: Table) -> Iterator[Fault]:
    width = len(table.header)
    for index, row in enumerate(table.rows):
        if len(row) != width and not (index in table.group_rows and row):
            problem = f"row {index + 1} has {len(row)} cells under {width} headings"
            yield Fault("DOCUMENT_TABLE_SHAPE", table.id, problem, "Give every row one cell for each heading.")
    if table.widths and len(table.widths) != width:
        problem = f"there are {len(table.widths)} widths for {width} columns"
        yield Fault("DOCUMENT_TABLE_SHAPE", table.id, problem, "Give one width for each column, or none.")


def _id_of(block: Block) -> str:
    return block.id if isinstance(block, (Heading, Figure, Table)) else ""


def _mended(document: Document) -> Document:
    change = _mender(document)
    seen: set[str] = set()
    level = 0
    blocks: list[Block] = []
    for block in document.blocks:
        mended = _mended_block(with_runs(block, change), level)
        if isinstance(mended, Heading):
            level = mended.level
        if isinstance(mended, (Heading, Figure, Table)) and mended.id:
            mended = replace(mended, id="") if mended.id in seen else mended
            seen.add(mended.id)
        blocks.append(mended)
    box = box_with_runs(document.box, change) if document.box else None
    register = tuple({row.id: row for row in reversed(document.register) if row.id not in seen}.values())[::-1]
    return replace(document, blocks=tuple(blocks), box=box, register=register)


def _mended_block(block: Block, level: int) -> Block:
    match block:
        case Heading() if block.level > min(level + 1, DEEPEST_HEADING):
            return replace(block, level=min(level + 1, DEEPEST_HEADING))
        case Figure() if not block.alt.strip():
            return replace(block, alt=block.title or block.id)
        case Table():
            return _mended_table(block)
    return block


def _mended_table(table: Table) -> Table:
    width = len(table.header)
    rows = tuple((*row, *(Cell(()),) * width)[:width] for row in table.rows)
    return replace(table, rows=rows, widths=table.widths if len(table.widths) == width else ())


def _mender(document: Document) -> Callable[[Run], Run]:
    targets = {_id_of(block) for block in document.blocks} - {""}
    rows = {row.id for row in document.register}
    shown: dict[tuple[str, str], str] = {}
    say = texts(document.language).say

    def change(run: Run) -> Run:
        match run:
            case ReferenceRun() if run.target not in targets:
                return TextRun(say("document.unknown_reference", target=run.target), bold=True)
            case NumberRun():
                same = shown.setdefault((run.id, run.form), run.shown) == run.shown
                return run if run.id in rows and same else TextRun(run.shown, run.bold)
        return run

    return change
