"""The block model: what a document consists of, whatever it is about. The four writers know nothing else.

A number in a document is never a bare string: it is a `NumberRun` with the id of its row in the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaltools.language import Language


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words, perhaps emphasised."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class NumberRun:
    """A number from the register, in the form `form` ("" for the usual one), as shown."""

    id: str
    form: str
    shown: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceRun:
    """A reference to a figure, table or heading by its id, shown as "Figur 3"."""

    target: str


@dataclass(frozen=True, slots=True)
class LinkRun:
    """A link out of the document."""

    url: str
    text: str


Run = TextRun | NumberRun | ReferenceRun | LinkRun
Inline = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is a chapter. Annexes are numbered by letters; a chapter may go without a number (a summary)."""

    level: int
    inline: Inline
    id: str = ""
    annex: bool = False
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `role` `lead` opens the document, `note` is small print."""

    inline: Inline
    role: Literal["body", "lead", "note", "quote"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; each entry is one paragraph. An ordered one counts 1, 2, 3, with `letters` a, b, c."""

    entries: tuple[Inline, ...]
    ordered: bool = False
    letters: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A highlighted box of paragraphs and lists under a short title."""

    title: str
    blocks: tuple[Paragraph | Bullets, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: runs, and the raw value for the workbook (None: only text)."""

    inline: Inline
    value: float | int | str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row; the first cell of each row is its header.

    Rows in `group_rows` span the table and show their first cell only. `widths` are relative. Lines of `note` are
    separated by line breaks; the first gets the word `Anm.` unless it begins with such a word itself.
    """

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    landscape: bool = False
    group_rows: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its alternative text and the data it shows. `numbers`: register ids it shows."""

    id: str
    title: str
    svg: str
    png: bytes
    alt: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[float | int | str | None, ...], ...]
    numbers: tuple[str, ...] = ()
    width_cm: float = 16.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block starts a page."""


Block = Heading | Paragraph | Bullets | Box | Table | Figure | PageBreak


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of the register as the annexes show it: what a reader needs to find the source of a number."""

    id: str
    shown: Mapping[str, str]
    value: float | int | str | None
    source: Mapping[str, str]
    """Label -> text in reading order, what other numbers may share: question, filter, weight, method, origin, code."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Label -> text of what is the number's own: first what it is, then n, N, interval."""
    lookup: str = ""
    """What leads from the shared code to this number."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: title page facts, blocks in order, the register of its numbers."""

    title: str
    subtitle: str
    author: str
    date: str
    """As shown, such as `31. december 2018`; `iso_date` is the machine's form."""
    iso_date: str
    language: Language
    description: str
    blocks: tuple[Block, ...]
    register: tuple[RegisterRow, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """Label and text pairs for the title page: recipient, journal number, origin, snapshot."""
    stamp: str = ""
    """Printed on every page: `KLADDE`, `Øvelsesdata`; empty for a finished memo on collected answers."""
    faults: tuple[str, ...] = field(default=())
    """A draft lists its faults on the first page."""
    box: Box | None = None
    """Highlighted on the first page: what the reader must know. Without it the description stands there."""
    kind: str = ""
    """What the document calls itself above its title; empty: the language's word for a memo."""
    brief: bool = False
    """A report of a few pages: it begins on its first page, right under the facts, and has no contents."""
