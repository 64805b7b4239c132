"""Numbers and names of a document's parts (`2.1`, `Bilag A`, `Figur 3`) and where each number is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from evaltools.document.model import Block, Document, Figure, Heading, Table
from evaltools.document.walk import all_blocks, number_runs, plain_text
from evaltools.language import Texts, texts

MOST_CONTENTS = 24
PlaceKind = Literal["figure", "table", "section", "annex"]


@dataclass(frozen=True, slots=True)
class Place:
    """One part of the document that can be named: its kind, number, name in the text and title."""

    index: int
    """Position in `Document.blocks`; the register's own annex has the number of blocks."""
    id: str
    kind: PlaceKind
    number: str
    name: str
    title: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """All places of a document in order, by block and by id. brief : it lists no contents."""

    places: tuple[Place, ...]
    brief: bool = False

    def at(self, index: int) -> Place:
        """The place of the block at that position."""
        return next(place for place in self.places if place.index == index)

    def named(self, target: str) -> Place:
        """The place with that id."""
        return next(place for place in self.places if place.id == target)

    def headings(self) -> tuple[Place, ...]:
        """The headings in order, the annex of the register among them."""
        return tuple(place for place in self.places if place.kind in ("section", "annex"))

    def contents(self) -> tuple[Place, ...]:
        """What the table of contents lists: two levels where they fit on the first page, else the chapters."""
        if self.brief:
            return ()
        two_levels = tuple(place for place in self.headings() if place.level <= 2)
        if len(two_levels) <= MOST_CONTENTS:
            return two_levels
        return tuple(place for place in two_levels if place.level == 1)


def outline(document: Document) -> Outline:
    """Number headings, figures and tables of a sound document, and the annex that holds its register.

    >>> from evaltools.document.model import TextRun
    >>> blocks = (Heading(1, (TextRun("Svar"),)), Heading(1, (TextRun("Skema"),), annex=True))
    >>> document = Document("T", "", "", "", "2018-12-31", "da", "", blocks, ())
    >>> [place.name for place in outline(document).places]
    ['afsnit 1', 'Bilag A']
    """
    words = texts(document.language)
    places: list[Place] = []
    counter = _Counter(words)
    figures = tables = 0
    for index, block in enumerate(document.blocks):
        match block:
            case Heading():
                places.append(counter.heading(index, block))
            case Figure():
                figures += 1
                name = f"{words.say('document.figure')} {figures}"
                places.append(Place(index, block.id, "figure", str(figures), name, block.title))
            case Table():
                tables += 1
                name = f"{words.say('document.table')} {tables}"
                places.append(Place(index, block.id, "table", str(tables), name, block.title))
    if document.register:
        places.append(counter.register(len(document.blocks)))
    return Outline(tuple(places), document.brief)


class _Counter:
    """Counts chapters 1, 1.1 and annexes A, A.1; the only thing in this module that changes."""

    def __init__(self, words: Texts) -> None:
        self.words = words
        self.chapters = 0
        self.annexes = 0
        self.below = [0, 0]
        self.prefix = ""
        self.in_annex = False

    def heading(self, index: int, heading: Heading) -> Place:
        title = plain_text(heading.inline)
        number = self._number(heading)
        kind: PlaceKind = "annex" if self.in_annex else "section"
        word = self.words.say(f"document.{kind}")
        heading_id = heading.id or f"{kind}-{number.replace('.', '-') or index}"
        return Place(index, heading_id, kind, number, f"{word} {number}" if number else title, title, heading.level)

    def register(self, index: int) -> Place:
        title = self.words.say("document.register.title")
        number = self._number(Heading(1, (), annex=True))
        return Place(index, "register", "annex", number, f"{self.words.say('document.annex')} {number}", title, 1)

    def _number(self, heading: Heading) -> str:
        if heading.level == 1:
            self.in_annex = heading.annex
            self.below = [0, 0]
            self.prefix = self._next_chapter(heading)
            return self.prefix
        if not self.prefix or not heading.numbered:
            return ""
        self.below[heading.level - 2 :] = [self.below[heading.level - 2] + 1, *[0] * (3 - heading.level)]
        return ".".join([self.prefix, *(str(count) for count in self.below[: heading.level - 1])])

    def _next_chapter(self, heading: Heading) -> str:
        if heading.annex:
            self.annexes += 1
            return _letters(self.annexes)
        if not heading.numbered:
            return ""
        self.chapters += 1
        return str(self.chapters)


def _letters(count: int) -> str:
    """Letters as a spreadsheet counts its columns.

    >>> _letters(1), _letters(27)
    ('A', 'AA')
    """
    name = ""
    while count:
        count, rest = divmod(count - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def uses(document: Document, places: Outline) -> dict[str, tuple[Place, ...]]:
    """Where each number of the register is shown: register id -> sections, figures and tables in order."""
    found: dict[str, dict[str, Place]] = {}
    section: Place | None = None
    for index, block in enumerate(document.blocks):
        here = next((place for place in places.places if place.index == index), None)
        if here and here.kind in ("section", "annex"):
            section = here
        place = here or section
        for number in _numbers_of(block):
            if place:
                found.setdefault(number, {}).setdefault(place.id, place)
    return {number: tuple(by_id.values()) for number, by_id in found.items()}


def shown_texts(document: Document) -> dict[str, set[str]]:
    """The texts that each number of the register is shown as: register id -> texts."""
    found: dict[str, set[str]] = {}
    for block in all_blocks(document):
        for number in number_runs(block):
            found.setdefault(number.id, set()).add(number.shown)
    return found


def _numbers_of(block: Block) -> Iterator[str]:
    if isinstance(block, Figure):
        yield from block.numbers
    else:
        yield from (run.id for run in number_runs(block))
