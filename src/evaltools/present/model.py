"""What may be shown and what is shown: released results and the exhibits made from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaltools.estimate.curve import Curve
from evaltools.estimate.result import Estimate, Source, Test

Ground = Literal["checked", "published_elsewhere"]


Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sum that a cell gives away: `weight` times the cell with this place, in a group of `base` units."""

    weight: float
    whole: str
    group: Group
    codes: tuple[str, ...]
    base: int


@dataclass(frozen=True, slots=True)
class Told:
    """A sum that follows from a cell besides its count, such as a weighted total or a difference between waves."""

    value: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ConfidentialCell:
    """One cell as the release plan sees it: its key, the units behind it and what they count.

    whole : data and column that it is a part of; "" where it is linked to no other cell. group : the coordinates of
    a breakdown. codes : the categories counted, none where numbers are summed. limit : the smallest count shown.
    width : how wide the range must stay that can be worked out for the cell while it is hidden. tells : what else
    follows from it where it is shown. public : whether it is known elsewhere, so that hiding it is of no use.
    within : what a rounded figure tells of a hidden cell. label : the question, answer and group in words.
    price : what it costs the reader to have it hidden; 0 where that follows from its count and its level.
    """

    key: str
    count: float
    base: int
    rule: str
    hidden: bool
    whole: str = ""
    group: Group = ()
    codes: tuple[str, ...] = ()
    limit: int = 0
    width: float = 1.0
    tells: tuple[Told, ...] = ()
    public: bool = False
    within: tuple[float, float] | None = None
    label: str = ""
    price: float = 0.0


@dataclass(frozen=True, slots=True)
class Range:
    """What can be worked out about one hidden cell from all that is shown: at least `low`, at most `high`."""

    cell: ConfidentialCell
    low: float
    high: float

    @property
    def is_wide(self) -> bool:
        """Whether it leaves the cell the room that it needs."""
        return self.share >= 1 - 1e-6

    @property
    def share(self) -> float:
        """How many times as wide as it must be."""
        return (self.high - self.low) / self.cell.width if self.cell.width else math.inf


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attacker can work out who has the whole memo: the range of each hidden cell.

    hidden : cells that are not shown, `primary` of them because of what they count, the others to protect these.
    unlinked : hidden cells that no shown sum touches; nothing can be worked out about them. ranges : of all others.
    alike : shown cells of groups in which everybody answered the same, for whoever signs the memo.
    """

    hidden: int
    primary: int
    unlinked: int
    ranges: tuple[Range, ...]
    alike: tuple[str, ...] = ()

    @property
    def narrowest(self) -> Range | None:
        """The range that leaves least of the room that its cell needs."""
        return min(self.ranges, key=lambda each: each.share, default=None)

    @property
    def breaches(self) -> tuple[Range, ...]:
        """Ranges that are too narrow."""
        return tuple(each for each in self.ranges if not each.is_wide)


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """Which cells stay hidden, over all exhibits of a memo. Plans only ever add hidden cells.

    decided : all cells that it was decided over; an exhibit of these needs no decision of its own.
    """

    id: str
    hidden: frozenset[str]
    thresholds: Mapping[str, int]
    audit: Audit | None = None
    decided: frozenset[str] = frozenset()


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
    decimals: int | None = None
    """How many decimals `value`, `low` and `high` are rounded to; None where they stand in full."""
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
