"""Walking through a document's blocks: every inline text it holds, and the same block with its texts replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from evaltools.document.model import (
    Block,
    Box,
    Bullets,
    Document,
    Heading,
    Inline,
    LinkRun,
    NumberRun,
    Paragraph,
    ReferenceRun,
    Run,
    Table,
)


def inlines(block: Block) -> Iterator[Inline]:
    """Every inline text of a block, in reading order."""
    match block:
        case Heading(inline=inline) | Paragraph(inline=inline):
            yield inline
        case Bullets(entries=entries):
            yield from entries
        case Box(blocks=blocks):
            for inner in blocks:
                yield from inlines(inner)
        case Table(rows=rows):
            for row in rows:
                for cell in row:
                    yield cell.inline


def number_runs(block: Block) -> Iterator[NumberRun]:
    """Every number of a block, in reading order."""
    for inline in inlines(block):
        for run in inline:
            if isinstance(run, NumberRun):
                yield run


def all_blocks(document: Document) -> tuple[Block, ...]:
    """The blocks in order, the box of the first page before them."""
    return (document.box, *document.blocks) if document.box else document.blocks


def with_runs(block: Block, change: Callable[[Run], Run]) -> Block:
    """The same block with every run changed."""
    match block:
        case Heading() | Paragraph():
            return replace(block, inline=tuple(change(run) for run in block.inline))
        case Bullets():
            return replace(block, entries=tuple(tuple(change(run) for run in entry) for entry in block.entries))
        case Box():
            return box_with_runs(block, change)
        case Table():
            return table_with_runs(block, change)
    return block


def box_with_runs(box: Box, change: Callable[[Run], Run]) -> Box:
    """The same box with every run changed."""
    inner = tuple(with_runs(block, change) for block in box.blocks)
    return replace(box, blocks=tuple(block for block in inner if isinstance(block, (Paragraph, Bullets))))


def table_with_runs(table: Table, change: Callable[[Run], Run]) -> Table:
    """The same table with every run changed."""
    rows = tuple(
        tuple(replace(cell, inline=tuple(change(run) for run in cell.inline)) for cell in row) for row in table.rows
    )
    return replace(table, rows=rows)


def plain_text(inline: Inline) -> str:
    """The words of an inline text; references show nothing, as their text depends on the outline.

    >>> from evaltools.document.model import TextRun
    >>> plain_text((TextRun("Svar fra "), NumberRun("n", "", "70"), TextRun(" kommuner")))
    'Svar fra 70 kommuner'
    """
    parts: list[str] = []
    for run in inline:
        match run:
            case NumberRun(shown=text) | LinkRun(text=text):
                parts.append(text)
            case ReferenceRun():
                continue
            case _:
                parts.append(run.text)
    return "".join(parts)
