"""The document as the JSON that `memo.typ` sets: plain values, every word already in the document's language."""

from __future__ import annotations

import re
from collections.abc import Callable

from evaltools.document.front import faults_box, front_box, front_facts
from evaltools.document.layout import column_shares, divides_words, note_lines, number_columns, orientations, runs_long
from evaltools.document.model import (
    Box,
    Bullets,
    Document,
    Figure,
    Heading,
    Inline,
    LinkRun,
    NumberRun,
    PageBreak,
    Paragraph,
    ReferenceRun,
    Run,
    Table,
)
from evaltools.document.outline import Outline, Place, outline, shown_texts
from evaltools.document.register import entry_details, register_groups
from evaltools.document.writing import moment
from evaltools.language import texts

Json = dict[str, object]

LONGEST_ID = 32


def content(document: Document, fonts: tuple[str, ...]) -> Json:
    """Everything the PDF shows, for `memo.typ`."""
    words = texts(document.language)
    places = outline(document)
    when = moment(document.iso_date)
    setter = _Setter(document, places)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "description": document.description,
        "imprint": " · ".join(part for part in (document.author, document.date) if part),
        "day": [when.year, when.month, when.day],
        "language": document.language,
        "region": "DK" if document.language == "da" else "GB",
        "fonts": list(fonts),
        "stamp": document.stamp,
        "kind": document.kind or words.say("document.kind"),
        "facts": [list(pair) for pair in front_facts(document)],
        "faults": setter.box(faults_box(document)),
        "box": setter.box(front_box(document)),
        "brief": document.brief,
        "contents": max((place.level for place in places.contents()), default=0),
        "words": {
            "page_of": words.by_key["document.page_of"],
            "contents": words.say("document.contents"),
        },
        "stretches": [
            {"landscape": landscape, "blocks": [setter.block(index) for index in indices]}
            for landscape, indices in orientations(document)
        ],
        "register": _register(document, places),
    }


class _Setter:
    """Turns blocks into JSON; holds what every block needs and never changes."""

    def __init__(self, document: Document, places: Outline) -> None:
        self.document = document
        self.places = places
        self.words = texts(document.language)

    def block(self, index: int) -> Json:
        block = self.document.blocks[index]
        kinds: dict[type, Callable[..., Json]] = {
            Heading: self.heading,
            Paragraph: self.paragraph,
            Bullets: self.bullets,
            Box: self.box,
            Table: self.table,
            Figure: self.figure,
        }
        if isinstance(block, PageBreak):
            return {"type": "pagebreak"}
        if isinstance(block, (Heading, Table, Figure)):
            return kinds[type(block)](block, self.places.at(index))
        return kinds[type(block)](block)

    def heading(self, block: Heading, place: Place) -> Json:
        runs = self.inline(block.inline)
        annex = place.kind == "annex"
        number = place.name if annex and block.level == 1 else place.number
        return {
            "type": "heading", "level": block.level, "number": number, "annex": annex, "id": place.id, "runs": runs,
        }  # fmt: skip

    def paragraph(self, block: Paragraph) -> Json:
        return {"type": "paragraph", "role": block.role, "runs": self.inline(block.inline)}

    def bullets(self, block: Bullets) -> Json:
        counting = ("a." if block.letters else "1.") if block.ordered else ""
        return {"type": "bullets", "counting": counting, "entries": [self.inline(entry) for entry in block.entries]}

    def box(self, block: Box) -> Json:
        return {"type": "box", "title": block.title, "blocks": [self.inner(inner) for inner in block.blocks]}

    def inner(self, block: Paragraph | Bullets) -> Json:
        return self.paragraph(block) if isinstance(block, Paragraph) else self.bullets(block)

    def table(self, block: Table, place: Place) -> Json:
        return {
            "type": "table",
            "id": block.id,
            "word": self.words.say("document.table"),
            "number": place.number,
            "title": block.title,
            "header": list(block.header),
            "numbers": list(number_columns(block)),
            "shares": list(column_shares(block)),
            "rows": [
                {"group": index in block.group_rows, "cells": [self.inline(cell.inline) for cell in row]}
                for index, row in enumerate(block.rows)
            ],
            "notes": list(note_lines(block.note, self.words)),
            "long": runs_long(block),
            "divide": divides_words(block),
        }

    def figure(self, block: Figure, place: Place) -> Json:
        return {
            "type": "figure",
            "id": block.id,
            "word": self.words.say("document.figure"),
            "number": place.number,
            "title": block.title,
            "svg": block.svg,
            "alt": block.alt,
            "width": min(block.width_cm, 16.0),
            "notes": list(note_lines(block.note, self.words)),
        }

    def inline(self, inline: Inline) -> list[Json]:
        return [self.run(run) for run in inline]

    def run(self, run: Run) -> Json:
        match run:
            case NumberRun():
                return {"text": run.shown, "bold": run.bold, "number": run.id}
            case ReferenceRun():
                return {"text": self.places.named(run.target).name, "target": run.target}
            case LinkRun():
                return {"text": run.text, "url": run.url}
            case _:
                return {"text": run.text, "bold": run.bold, "italic": run.italic}


def _register(document: Document, places: Outline) -> Json | None:
    if not document.register:
        return None
    say = texts(document.language).say
    place = places.places[-1]
    heading: Json = {"level": 1, "number": place.name, "annex": True, "id": place.id, "runs": [{"text": place.title}]}
    return {
        "heading": heading,
        "intro": say("document.register.intro"),
        "groups": [
            {
                "shared": [list(pair) for pair in group.shared],
                "entries": [
                    {
                        "id": entry.id,
                        "name": _breakable(entry.id),
                        "shown": entry.shown,
                        "details": entry_details(entry),
                    }
                    for entry in group.entries
                ],
            }
            for group in register_groups(document.register, shown_texts(document))
        ],
    }


def _breakable(number_id: str) -> str:
    """An id that is wider than its column may be broken after its signs."""
    return re.sub(r"([._-])", "\\1\u200b", number_id) if len(number_id) > LONGEST_ID else number_id
