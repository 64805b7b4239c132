"""Each kind of block in Word."""

from __future__ import annotations

import struct
from dataclasses import replace

from evaltools.document.docx.inline import Writing, contents_name, inline_xml, marked, reference_name
from evaltools.document.docx.markup import Element, Para, attribute, broken_before, field, run
from evaltools.document.docx.tables import Column, Grid, GridCell, GridRow, table_xml
from evaltools.document.layout import column_shares, described, note_lines, number_columns, runs_long
from evaltools.document.model import Block, Box, Bullets, Figure, Heading, PageBreak, Paragraph, Table
from evaltools.document.outline import Place

UPRIGHT_WIDTH = 9070
"""Twentieths of a point between the margins of an upright page (16 cm)."""
LANDSCAPE_WIDTH = 14004
EMU_PER_CM = 360000
TEXT_AFTER_NUMBERS = 220
"""How far a column of words keeps from a column of numbers on its left."""
STYLES = {"body": "Normal", "lead": "Lead", "note": "Note", "quote": "Quote"}


def stretch_elements(writing: Writing, indices: tuple[int, ...], landscape: bool) -> list[Element]:
    """The blocks of one stretch of pages."""
    elements: list[Element] = []
    break_next = False
    for index in indices:
        block = writing.document.blocks[index]
        if isinstance(block, PageBreak):
            break_next = bool(elements)
            continue
        new = _block(writing, index, block, LANDSCAPE_WIDTH if landscape else UPRIGHT_WIDTH)
        elements += broken_before(new) if break_next else new
        break_next = False
    return elements


def _block(writing: Writing, index: int, block: Block, width: int) -> list[Element]:
    match block:
        case Heading():
            return [heading(writing, block, writing.places.at(index))]
        case Table():
            return _table(writing, block, writing.places.at(index), width)
        case Figure():
            return _figure(writing, block, writing.places.at(index))
        case Box():
            return box(writing, block)
    return _text(writing, block)


def _text(writing: Writing, block: Block) -> list[Element]:
    match block:
        case Paragraph():
            return [Para(STYLES[block.role], inline_xml(writing, block.inline))]
        case Bullets():
            return _bullets(writing, block)
    return []


def heading(writing: Writing, block: Heading, place: Place) -> Para:
    """A heading that Word numbers itself, with the bookmarks that references and the contents lead to."""
    style = f"{'Annex' if place.kind == 'annex' else 'Heading'}{block.level}"
    inside = marked(writing, reference_name(place), inline_xml(writing, block.inline))
    if block.level <= 2:
        inside = marked(writing, contents_name(place), inside)
    return Para(style, inside, unnumbered=not place.number)


def box(writing: Writing, block: Box, title_properties: str = "") -> list[Element]:
    """A highlighted box; nothing for an empty one."""
    if not block.blocks:
        return []
    elements: list[Element] = [Para("BoxTitle", run(block.title, title_properties))] if block.title else []
    for inner in block.blocks:
        if isinstance(inner, Paragraph):
            elements.append(Para("Box", inline_xml(writing, inner.inline)))
        else:
            elements += _bullets(writing, inner, boxed=True)
    last = elements.pop()
    assert isinstance(last, Para)
    return [*elements, replace(last, space_after=260)]


def _bullets(writing: Writing, block: Bullets, *, boxed: bool = False) -> list[Element]:
    list_id = 5 if boxed else 0
    style = "BoxBullet" if boxed else "ListBullet"
    if block.ordered:
        list_id = writing.new_list(boxed=boxed, letters=block.letters)
        style = "BoxNumber" if boxed else "ListNumber"
    return [Para(style, inline_xml(writing, entry), list_id=list_id) for entry in block.entries]


def _caption(writing: Writing, word: str, place: Place, title: str) -> Para:
    label = run(f"{word} ") + field(f"SEQ {word} \\* ARABIC", place.number)
    inside = marked(writing, reference_name(place), label) + run(f". {title}")
    return Para("Caption", inside, keep_next=True)


def _notes(writing: Writing, note: str) -> list[Element]:
    lines = note_lines(note, writing.words)
    return [Para("Note", run(line), keep_next=index < len(lines) - 1) for index, line in enumerate(lines)]


def _table(writing: Writing, block: Table, place: Place, width: int) -> list[Element]:
    numeric = number_columns(block)
    after_numbers = (False, *numeric[:-1])
    columns = tuple(
        Column(name, round(share * width), right, TEXT_AFTER_NUMBERS if after and not right else 0)
        for name, share, right, after in zip(block.header, column_shares(block), numeric, after_numbers, strict=True)
    )
    rows = tuple(
        GridRow(
            tuple(GridCell(inline_xml(writing, cell.inline, _bold(index in block.group_rows))) for cell in row),
            spanning=index in block.group_rows,
        )
        for index, row in enumerate(block.rows)
    )
    together = not runs_long(block)
    grid = Grid(f"{place.name}. {block.title}", described(block, writing.words), columns, rows, together=together)
    caption = _caption(writing, writing.words.say("document.table"), place, block.title)
    return [caption, table_xml(grid), *_notes(writing, block.note)]


def _bold(bold: bool) -> str:
    return "<w:b/>" if bold else ""


def _figure(writing: Writing, block: Figure, place: Place) -> list[Element]:
    caption = _caption(writing, writing.words.say("document.figure"), place, block.title)
    notes = _notes(writing, block.note)
    picture = _picture(writing, block) if block.png else run(block.alt)
    return [caption, Para("Picture", picture, keep_next=bool(notes)), *notes]


def _picture(writing: Writing, block: Figure) -> str:
    serial = next(writing.pictures)
    name = f"figure{serial}.png"
    writing.images[name] = block.png
    across, down = struct.unpack(">II", block.png[16:24])
    width = round(min(block.width_cm, 16.0) * EMU_PER_CM)
    height = round(width * down / across)
    size = f'cx="{width}" cy="{height}"'
    described_as = f"descr={attribute(block.alt)} title={attribute(block.title)}"
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{serial}" name={attribute(block.id or name)} {described_as}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{serial}" name="{name}" descr={attribute(block.alt)}/><pic:cNvPicPr/>'
        "</pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="rImage{serial}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
