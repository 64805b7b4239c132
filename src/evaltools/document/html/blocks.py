"""Each kind of block as HTML."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from evaltools.document.layout import note_lines, number_columns, shown_value
from evaltools.document.model import (
    Block,
    Box,
    Bullets,
    Document,
    Figure,
    Heading,
    Inline,
    LinkRun,
    NumberRun,
    Paragraph,
    ReferenceRun,
    RegisterRow,
    Run,
    Table,
)
from evaltools.document.outline import Outline, Place
from evaltools.language import Texts

HINT_LENGTH = 240


def anchor(number_id: str) -> str:
    """The id of a number's row in the register annex.

    >>> anchor("b1.m1")
    'tal-b1.m1'
    """
    return "tal-" + re.sub(r"\s+", "-", number_id)


def link_to(target: str) -> str:
    """The address of an element of the page, safe inside an attribute."""
    return "#" + quote(target, safe="-._~")


@dataclass(frozen=True, slots=True)
class Page:
    """What every block of the page needs: the document, its outline, its words and the register by id."""

    document: Document
    places: Outline
    words: Texts
    register: dict[str, RegisterRow]


def block_html(page: Page, index: int) -> str:
    """The block at that position."""
    block = page.document.blocks[index]
    match block:
        case Heading():
            return _heading(page, block, page.places.at(index))
        case Table():
            return _table(page, block, page.places.at(index))
        case Figure():
            return _figure(page, block, page.places.at(index))
        case Box():
            return box_html(page, block)
        case Paragraph() | Bullets():
            return _text(page, block)
    return ""


def box_html(page: Page, box: Box, kind: str = "box") -> str:
    """A highlighted box; nothing for an empty one."""
    if not box.blocks:
        return ""
    title = f'<p class="box-title">{escape(box.title)}</p>' if box.title else ""
    return f'<div class="{kind}">{title}{"".join(_text(page, block) for block in box.blocks)}</div>'


def inline_html(page: Page, inline: Inline) -> str:
    """Words, numbers, references and links."""
    return "".join(_run(page, run) for run in inline)


def _run(page: Page, run: Run) -> str:
    match run:
        case NumberRun():
            body = f"<strong>{escape(run.shown)}</strong>" if run.bold else escape(run.shown)
            hint = escape(_hint(page.register[run.id]))
            return f'<a class="n" href="{link_to(anchor(run.id))}" title="{hint}">{body}</a>'
        case ReferenceRun():
            return f'<a href="{link_to(run.target)}">{escape(page.places.named(run.target).name)}</a>'
        case LinkRun():
            return f'<a href="{escape(run.url)}">{escape(run.text)}</a>'
    body = escape(run.text)
    body = f"<em>{body}</em>" if run.italic else body
    return f"<strong>{body}</strong>" if run.bold else body


def _hint(row: RegisterRow) -> str:
    """The source in short, for those who point at a number."""
    hint = " · ".join(f"{label}: {text}" for label, text in (*row.own.items(), *row.source.items()) if text)
    return hint if len(hint) <= HINT_LENGTH else hint[: HINT_LENGTH - 1].rstrip() + "…"


def _heading(page: Page, block: Heading, place: Place) -> str:
    annex = place.kind == "annex" and block.level == 1
    number = place.name if annex else place.number
    prefix = f'<span class="number">{escape(number)}</span>' if number else ""
    kind = ' class="annex"' if annex else ""
    level = block.level + 1
    return f'<h{level} id="{escape(place.id)}"{kind}>{prefix}{inline_html(page, block.inline)}</h{level}>'


def _text(page: Page, block: Block) -> str:
    match block:
        case Bullets():
            kind, counting = ("ol", ' type="a"' if block.letters else "") if block.ordered else ("ul", "")
            entries = "".join(f"<li>{inline_html(page, entry)}</li>" for entry in block.entries)
            return f"<{kind}{counting}>{entries}</{kind}>"
        case Paragraph(role="quote"):
            return f"<blockquote>{inline_html(page, block.inline)}</blockquote>"
        case Paragraph(role="body"):
            return f"<p>{inline_html(page, block.inline)}</p>"
        case Paragraph():
            return f'<p class="{block.role}">{inline_html(page, block.inline)}</p>'
    return ""


def _notes(page: Page, note: str) -> str:
    return "".join(f'<p class="note">{escape(line)}</p>' for line in note_lines(note, page.words))


def _id(block_id: str) -> str:
    return f' id="{escape(block_id)}"' if block_id else ""


def scrolling(page: Page, name: str, table: str) -> str:
    """A table that a narrow screen scrolls sideways, also by keyboard."""
    label = escape(page.words.say("document.html.scroll", name=name))
    return f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">{table}</div>'


def _table(page: Page, block: Table, place: Place) -> str:
    right = number_columns(block)
    head = "".join(
        f'<th scope="col"{_side(right[column])}>{escape(name)}</th>' for column, name in enumerate(block.header)
    )
    rows = "".join(_row(page, block, index, right) for index in range(len(block.rows)))
    caption = f"<caption>{escape(place.name)}. {escape(block.title)}</caption>"
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="table"{_id(block.id)}>{scrolling(page, place.name, table)}{_notes(page, block.note)}</div>'


def _row(page: Page, block: Table, index: int, right: Sequence[bool]) -> str:
    cells = [inline_html(page, cell.inline) for cell in block.rows[index]]
    if index in block.group_rows:
        return f'<tr class="group"><th scope="colgroup" colspan="{len(block.header)}">{cells[0]}</th></tr>'
    rest = "".join(f"<td{_side(right[column])}>{cell}</td>" for column, cell in enumerate(cells) if column)
    return f'<tr><th scope="row">{cells[0]}</th>{rest}</tr>'


def _side(right: bool) -> str:
    return ' class="right"' if right else ""


def _figure(page: Page, block: Figure, place: Place) -> str:
    source = base64.b64encode(block.svg.encode()).decode()
    caption = f"<figcaption>{escape(place.name)}. {escape(block.title)}</figcaption>"
    width = f"{block.width_cm / 16 * 48:.1f}rem"
    picture = f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(block.alt)}" style="width:{width}">'
    return f"<figure{_id(block.id)}>{caption}{picture}{_notes(page, block.note)}{_data(page, block, place)}</figure>"


def _data(page: Page, block: Figure, place: Place) -> str:
    name = page.words.say("document.html.data", name=place.name)
    head = "".join(
        f'<th scope="col"{_side(column > 0)}>{escape(label)}</th>' for column, label in enumerate(block.header)
    )
    rows = "".join(f"<tr>{_data_cells(page, row)}</tr>" for row in block.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<details><summary>{escape(name)}</summary>{scrolling(page, name, table)}{_sources(page, block)}</details>"


def _data_cells(page: Page, row: Sequence[float | int | str | None]) -> str:
    shown = [escape(shown_value(value, page.document.language)) for value in row]
    rest = "".join(
        f"<td{_side(not isinstance(value, str))}>{text}</td>" for value, text in zip(row[1:], shown[1:], strict=True)
    )
    return f'<th scope="row">{shown[0]}</th>{rest}' if shown else ""


def _sources(page: Page, block: Figure) -> str:
    """Links to the register rows of the numbers that the figure shows."""
    known = [number for number in block.numbers if number in page.register]
    if not known:
        return ""
    links = ", ".join(f'<a href="{link_to(anchor(number))}">{escape(number)}</a>' for number in known)
    return f'<p class="note">{escape(page.words.say("document.register.title"))}: {links}</p>'
