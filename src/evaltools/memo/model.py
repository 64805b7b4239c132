"""What a memo is made of between the executed notebooks and the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from evaltools.errors import Fault
from evaltools.language import Language
from evaltools.present.model import Exhibit, Number, ReleasePlan

FIGURE_PREFIX: Final = "fig-"
TABLE_PREFIX: Final = "tab-"


@dataclass(frozen=True, slots=True)
class Shown:
    """One exhibit that a cell showed, under the id that prose refers to."""

    id: str
    exhibit: Exhibit


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an executed chapter: prose, or code with what it showed. `number` counts from 1."""

    number: int
    kind: Literal["markdown", "code"]
    source: str
    shown: tuple[Shown, ...] = ()
    strays: tuple[str, ...] = ()
    """Kinds of picture or table that a cell left without `show`: a memo cannot trace them."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """An executed notebook. Annexes stand after the chapters and are lettered."""

    name: str
    cells: tuple[Cell, ...]
    annex: bool = False


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What `memo.yaml` beside the chapters says about the memo as a whole."""

    title: str
    subtitle: str
    author: str
    recipient: str
    journal_number: str
    date: str
    language: Language
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the register and the chapter it was made in."""

    id: str
    number: Number
    chapter: str


@dataclass(frozen=True, slots=True)
class Register:
    """Every number of the memo by id, in the order of the memo."""

    entries: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the whole memo was made from: stands in the register's `meta`."""

    origins: tuple[str, ...]
    snapshot_sha256: str
    schema_sha256: Mapping[str, str]
    code_version: str
    plan_id: str
    created: str
    store: str
    published: Mapping[str, object] = field(default_factory=dict)
    audit: Mapping[str, object] = field(default_factory=dict)
    """What can be worked out about the hidden cells."""


@dataclass(frozen=True, slots=True)
class MemoReport:
    """What a build made: the files, how long each stage took, the faults of a draft, and the plan it kept to."""

    files: tuple[str, ...]
    seconds: Mapping[str, float]
    numbers: int
    faults: tuple[Fault, ...] = ()
    plan: ReleasePlan | None = None
