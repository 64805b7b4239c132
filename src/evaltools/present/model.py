"""What may be shown and what is shown: released results and the exhibits made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaltools.estimate.result import Curve, Estimate, Source, Test

Ground = Literal["checked", "published_elsewhere"]


@dataclass(frozen=True, slots=True)
class ConfidentialCell:
    """One cell as the release plan sees it: its key, the units behind it and what they count.

    whole : data and column that it is a part of; "" where it is linked to no other cell. group : the coordinates of
    a breakdown. codes : the categories counted, none where numbers are summed. limit : the smallest count shown.
    """

    key: str
    count: int
    base: int
    rule: str
    hidden: bool
    whole: str = ""
    group: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """Which cells stay hidden, over all exhibits of a memo. Plans only ever add hidden cells."""

    id: str
    hidden: frozenset[str]
    thresholds: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """A result that may be shown, with the cells that must stay hidden. Only `present.disclosure` makes one."""

    result: Estimate | Curve | Test
    ground: Ground
    hidden: frozenset[int]
    """Indices of rows that are shown as discretionary."""
    cells: tuple[ConfidentialCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the register, ready to be shown in each of its forms."""

    value: float | int | None
    unit: Literal["percent", "percentage_points", "count", "number", "kroner", "year", "text"]
    shown: Mapping[str, str]
    """Form -> text. "" is the usual form; others: `n`, `N`, `interval`, `share`, `words`, `bare`."""
    label: str
    source: Source
    n: int | None = None
    N: int | None = None
    base: float | None = None
    method: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    disclosure: str = "checked"
    cells: tuple[ConfidentialCell, ...] = field(default=(), compare=False, repr=False)
    """The cell behind it, for the release plan; it never travels with the number."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """Text, or a number with the form to show."""

    text: str = ""
    number: Number | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class TableExhibit:
    """A table before it has an id and a place: titles, header, rows, note."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    note: str
    landscape: bool = False
    group_rows: frozenset[int] = frozenset()
    cells: tuple[ConfidentialCell, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureExhibit:
    """A figure before it has an id and a place: picture, alternative text, data, the numbers it shows."""

    title: str
    svg: str
    png: bytes
    alt: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[float | int | str | None, ...], ...]
    numbers: Mapping[str, Number] = field(default_factory=dict)
    """Local key (such as `m1`) -> number; the register id becomes `<figure id>.<key>`."""
    width_cm: float = 16.0
    cells: tuple[ConfidentialCell, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceExhibit:
    """A sentence made from numbers: text with `{key}` where a number stands (`{key:form}` for a form)."""

    text: str
    numbers: Mapping[str, Number]
    cells: tuple[ConfidentialCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One municipality on the tile map. `category` is "" unless its answer may be shown by name."""

    code: str
    name: str
    label: str
    row: int
    column: int
    state: Literal["shown", "no_answer", "no_consent"]
    category: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ReleasedTiles:
    """Named answers with consent, ready for a map. Only `present.disclosure` makes one.

    categories : code and label in order. source : as for an estimate.
    """

    tiles: tuple[Tile, ...]
    categories: tuple[tuple[str, str], ...]
    source: Source


Exhibit = Number | TableExhibit | FigureExhibit | SentenceExhibit
