"""Cells of one column over its groups: what adds up to what, and which sums follow although no exhibit shows them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from evaltools.present.model import ConfidentialCell, Group
from evaltools.schema.thresholds import thresholds

Nested = Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
"""A value of a coordinate and the values of others that follow from it: a municipality and its region."""
Place = tuple[str, Group, str]
"""What is unknown to a reader: how often one code (or the sum of numbers) comes in one group of one column."""
Equation = Mapping[Place, float]

NO_NESTING: Final[Nested] = MappingProxyType({})
SUMMED: Final = "sum"
REST: Final = ""
"""The categories, or the groups, that no cell tells of."""
BEYOND: Final = "pages"
"""Coordinate of the units that the comparison pages count, or do not."""
ASSUMED: Final = "assumed"
"""Rule of a total that no exhibit shows, but that a reader may know from elsewhere."""


@dataclass(slots=True)
class Family:
    """The cells of one column, by group and codes, and the size of each group."""

    whole: str
    bases: dict[Group, int] = field(default_factory=dict)
    cells: dict[tuple[Group, tuple[str, ...]], ConfidentialCell] = field(default_factory=dict)
    equations: list[Equation] = field(default_factory=list)

    def add(self, cell: ConfidentialCell) -> None:
        """Take a cell in; one that is already there stays, hidden where either is."""
        self.bases.setdefault(cell.group, cell.base)
        known = self.cells.setdefault((cell.group, cell.codes), cell)
        chosen = max(known, cell, key=lambda each: (each.rule not in ("complementary", ASSUMED), each.width))
        hidden, public = known.hidden or cell.hidden, known.public or cell.public
        tells = tuple(dict.fromkeys((*known.tells, *cell.tells)))
        within = known.within or cell.within
        self.cells[cell.group, cell.codes] = replace(chosen, hidden=hidden, public=public, tells=tells, within=within)

    def codes(self, group: Group | None = None) -> list[str]:
        """All single codes that cells tell of, in one group or in any."""
        found = (codes or (SUMMED,) for place, codes in self.cells if group in (None, place))
        return sorted({code for codes in found for code in codes})

    def count(self, group: Group, code: str) -> float | None:
        """What the cell of one code counts; None where there is none."""
        cell = self.cells.get((group, () if code == SUMMED else (code,)))
        return None if cell is None else cell.count


def key_of(whole: str, group: Group, codes: Sequence[str]) -> str:
    """The key of a cell, the same in every exhibit and run."""
    return f"{whole} | {'+'.join(codes)} | {', '.join(f'{name}={value}' for name, value in group)}"


def places_of(whole: str, group: Group, codes: Sequence[str]) -> Iterator[Place]:
    """The unknowns that a cell counts together."""
    return ((whole, group, code) for code in codes or (SUMMED,))


def told_of(cells: Iterable[ConfidentialCell]) -> list[ConfidentialCell]:
    """The cells, but for units beyond the comparison pages in groups that nothing else tells of."""
    found = list(cells)
    told = {(cell.whole, cell.group) for cell in found}
    return [cell for cell in found if (cell.whole, tuple(part for part in cell.group if part[0] != BEYOND)) in told]


def nesting(frames: Iterable[Mapping[str, str]]) -> Nested:
    """Which values of which columns of a frame follow from others: regions from municipalities, the country from both.

    frames : what is known of each unit. A column that has one value for each value of another is above it.

    >>> nesting([{"region": "A", "town": "x"}, {"region": "A", "town": "y"}, {"region": "B", "town": "z"}])["town", "x"]
    (('region', 'A'),)
    """
    rows = [dict(frame) for frame in frames]
    seen: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in rows:
        for part in row.items():
            others = seen.setdefault(part, {})
            for name, value in row.items():
                others.setdefault(name, set()).add(value)
    names = {name for name, _ in seen}
    below = {
        (low, high)
        for low in names
        for high in names - {low}
        if all(len(others.get(high, ())) == 1 for (name, _), others in seen.items() if name == low)
        and any(len(others[low]) > 1 for (name, _), others in seen.items() if name == high)
    }
    return {
        part: tuple(sorted((high, min(others[high])) for low, high in below if low == part[0]))
        for part, others in seen.items()
        if any(low == part[0] for low, _ in below)
    }


def families(cells: Iterable[ConfidentialCell], nested: Nested = NO_NESTING) -> list[Family]:
    """The cells by column, each with all that adds up in it. Cells that are linked to nothing are left out."""
    found: dict[str, Family] = {}
    for cell in cells:
        if cell.whole:
            found.setdefault(cell.whole, Family(cell.whole)).add(cell)
    for cell in [cell for family in found.values() for cell in family.cells.values()]:
        for part in (part for told in cell.tells for part in told.parts):
            found.setdefault(part.whole, Family(part.whole)).bases.setdefault(part.group, part.base)
    for family in found.values():
        for (parent, name), parts in _divided(family, nested):
            _divide(family, parent, name, parts)
        closed = [group for group in family.bases if _is_closed(family, group)]
        for group in list(family.bases):
            _share_out(family, group, closed)
    return list(found.values())


def _divided(family: Family, nested: Nested) -> Iterator[tuple[tuple[Group, str], list[Group]]]:
    """Each group that others divide, with the coordinate along which they do; the finest divisions first."""
    done: set[tuple[Group, str]] = set()
    while True:
        found: dict[tuple[Group, str], list[Group]] = {}
        for group in family.bases:
            for name, parent in _parents(group, nested, family.bases):
                found.setdefault((parent, name), []).append(group)
        waiting = sorted((each for each in found if each not in done), key=lambda each: (-len(each[0]), each))
        if not waiting:
            return
        done.add(waiting[0])
        yield waiting[0], sorted(found[waiting[0]])


def _parents(group: Group, nested: Nested, known: Container[Group]) -> Iterator[tuple[str, Group]]:
    """What a group is a part of: itself without one coordinate, or with one that follows from it.

    Of a remainder nothing is known but what it is left of: remainders of two groups need not be of the same values.
    """
    if any(value == REST for _, value in group):
        return
    for part in group:
        rest = tuple(other for other in group if other != part)
        yield part[0], rest
        for follows in nested.get(part, ()):
            parent = tuple(sorted((*rest, follows)))
            if parent != group and follows not in group and parent in known:
                yield part[0], parent


def _divide(family: Family, parent: Group, name: str, parts: list[Group]) -> None:
    """Let the parts add up to the parent; what is missing becomes a group of its own, hidden where it is small."""
    if parent not in family.bases:
        if len(parts) < 2:
            return
        family.bases[parent] = sum(family.bases[part] for part in parts)
        _assume(family, parent, parts)
    left = family.bases[parent] - sum(family.bases[part] for part in parts)
    if left < 0:
        return
    if left > 0:
        rest = tuple(sorted((*parent, (name, REST))))
        family.bases[rest] = left
        _leave_over(family, parent, rest, parts)
        parts = [*parts, rest]
    for code in family.codes():
        equation = {(family.whole, part, code): 1.0 for part in parts}
        family.equations.append({**equation, (family.whole, parent, code): -1.0})


def _assume(family: Family, parent: Group, parts: Sequence[Group]) -> None:
    """The totals of parts whose whole is not shown count as known: a reader may have them from elsewhere."""
    for code in family.codes(parts[0]):
        counts = [family.count(part, code) for part in parts]
        if None not in counts:
            _imply(family, parent, code, sum(count or 0.0 for count in counts), ASSUMED)


def _leave_over(family: Family, parent: Group, rest: Group, parts: Sequence[Group]) -> None:
    """What a total leaves when the shown parts are taken from it."""
    for code in family.codes(parent):
        counts = [family.count(part, code) for part in (parent, *parts)]
        if None not in counts:
            whole, *taken = (count or 0.0 for count in counts)
            _imply(family, rest, code, max(whole - sum(taken), 0.0), "")


def _imply(family: Family, group: Group, code: str, count: float, rule: str) -> None:
    """A cell that no exhibit shows: a total that counts as known, or a remainder, where that is small."""
    codes = () if code == SUMMED else (code,)
    limit = max(cell.limit for (_, each), cell in family.cells.items() if each == codes)
    base = family.bases[group]
    rule = rule or _small(count, base, limit, counts=bool(codes))
    if rule:
        width = limit if rule != "small_group" else base
        room = min(width, base) if codes else max(width, 1)
        key = key_of(family.whole, group, codes)
        hidden = rule != ASSUMED
        family.add(ConfidentialCell(key, count, base, rule, hidden, family.whole, group, codes, limit, room))


def _small(count: float, base: int, limit: int, *, counts: bool) -> str:
    if 0 < base < thresholds()["municipalities"]:
        return "small_group"
    if 0 < count < limit:
        return "small_count"
    return "small_complement" if counts and 0 < base - count < limit else ""


def _is_closed(family: Family, group: Group) -> bool:
    """Whether the categories that are told of share out the group, with none left over."""
    counts = [family.count(group, code) for code in family.codes(group) if code != SUMMED]
    return len(counts) > 1 and None not in counts and sum(count or 0.0 for count in counts) == family.bases[group]


def _share_out(family: Family, group: Group, closed: Sequence[Group]) -> None:
    """All categories of a group add up to its size, those that no cell tells of as one rest; ticks do not."""
    above = [each for each in closed if set(each) <= set(group)]
    codes = [code for code in family.codes(above[0] if above else group) if code != SUMMED]
    if not codes:
        return
    counts = [family.count(group, code) for code in codes]
    left = family.bases[group] - sum(count or 0.0 for count in counts)
    if left < 0:
        return
    named = codes if above else [*codes, REST]
    family.equations.append(dict.fromkeys(((family.whole, group, code) for code in named), 1.0))
    limit = max((cell.limit for (place, _), cell in family.cells.items() if place == group), default=0)
    if not above and None not in counts and len(codes) > 1 and 0 < left < limit:
        room = min(limit, family.bases[group])
        key = key_of(family.whole, group, (REST,))
        base = family.bases[group]
        family.add(ConfidentialCell(key, left, base, "small_count", True, family.whole, group, (REST,), limit, room))
