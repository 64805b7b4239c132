"""Inline texts in Word: words, numbers as controls, cross references as fields, links out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Final

from evaltools.document.docx.controls import control
from evaltools.document.docx.markup import bookmark, run
from evaltools.document.docx.markup import field as word_field
from evaltools.document.model import Document, Inline, LinkRun, NumberRun, ReferenceRun, RegisterRow, Run
from evaltools.document.outline import Outline, Place
from evaltools.language import Texts

FIRST_LIST: Final = 100
LIST_LOOKS: Final = MappingProxyType({(False, False): 4, (True, False): 6, (False, True): 7, (True, True): 8})
"""(in a box, counted by letters) -> `abstractNum` in `numbering.xml`."""


@dataclass(slots=True)
class Writing:
    """A Word file being written: the document and the counters and links that arise on the way."""

    document: Document
    places: Outline
    words: Texts
    register: Mapping[str, RegisterRow]
    controls: Iterator[int] = field(default_factory=lambda: count(100001))
    bookmarks: Iterator[int] = field(default_factory=lambda: count(1))
    pictures: Iterator[int] = field(default_factory=lambda: count(1))
    links: dict[str, str] = field(default_factory=dict)
    """Address -> relationship id."""
    images: dict[str, bytes] = field(default_factory=dict)
    """Part name under `word/media` -> PNG."""
    lists: list[int] = field(default_factory=list)
    """The look (`abstractNum` in `numbering.xml`) of each counted list so far; each starts again at 1."""

    def new_list(self, *, boxed: bool, letters: bool) -> int:
        """The numbering of a new list that is counted 1, 2, 3 or a, b, c."""
        self.lists.append(LIST_LOOKS[boxed, letters])
        return FIRST_LIST + len(self.lists)

    def link(self, url: str) -> str:
        """The relationship id of a link out."""
        return self.links.setdefault(url, f"rLink{len(self.links) + 1}")


def reference_name(place: Place) -> str:
    """The bookmark of something that can be referred to; Word lists those that begin with `_Ref`."""
    return f"_Ref{100000000 + place.index}"


def contents_name(place: Place) -> str:
    """The bookmark that the table of contents leads to."""
    return f"_Toc{100000000 + place.index}"


def marked(writing: Writing, name: str, inside: str) -> str:
    """The runs inside a new bookmark."""
    return bookmark(next(writing.bookmarks), name, inside)


def inline_xml(writing: Writing, inline: Inline, properties: str = "") -> str:
    """The runs of an inline text; `properties` go on every run of words."""
    return "".join(_run(writing, item, properties) for item in inline)


def _run(writing: Writing, item: Run, properties: str) -> str:
    match item:
        case NumberRun():
            return control(item, writing.register[item.id], next(writing.controls))
        case ReferenceRun():
            return reference(writing.places.named(item.target))
        case LinkRun():
            inside = run(item.text, '<w:rStyle w:val="Hyperlink"/>')
            return f'<w:hyperlink r:id="{writing.link(item.url)}" w:history="1">{inside}</w:hyperlink>'
    bold = "<w:b/>" if item.bold else ""
    italic = "<w:i/>" if item.italic else ""
    return run(item.text, bold + italic + properties)


def reference(place: Place) -> str:
    """A cross reference: `Figur 3` as a whole, of a heading its number after the word."""
    name = reference_name(place)
    if place.kind in ("figure", "table") or not place.number:
        return word_field(f"REF {name} \\h", place.name)
    if place.kind == "annex" and place.level == 1:
        return word_field(f"REF {name} \\r \\h", place.name)
    return run(place.name.removesuffix(place.number)) + word_field(f"REF {name} \\r \\h", place.number)
