"""Cells that are tied to each other: which hidden ones the shown ones would give back, and what to hide besides.

Cells of the same data and column share one system of equations: a set of categories is the sum of its categories,
all categories add up to the base, and groups add up to the whole that they divide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from evaltools.present.model import ConfidentialCell
from evaltools.schema.thresholds import thresholds

Group = tuple[tuple[str, str], ...]
Atom = tuple[Group, str]
Equation = Mapping[Atom, float]

_REST: Final = ""
"""Stands for the categories of a column that no cell tells of."""
_TINY: Final = 1e-7


def also_hidden(cells: Iterable[ConfidentialCell]) -> frozenset[str]:
    """The keys of the cells to hide so that no hidden cell can be computed from the shown ones.

    cells : of one exhibit or of a whole memo; a cell that several exhibits show counts once. Totals and bases count
    as known, also where no exhibit shows them. Cells that cannot be kept hidden by hiding others are left alone.
    """
    found: set[str] = set()
    linked = sorted((cell for cell in cells if cell.whole), key=lambda cell: cell.whole)
    for _, members in groupby(linked, key=lambda cell: cell.whole):
        family = _once(members)
        if any(cell.hidden for cell in family):
            found |= _hide(family)
    return frozenset(found)


def _once(cells: Iterable[ConfidentialCell]) -> list[ConfidentialCell]:
    """Each cell once: hidden where any exhibit hides it, with the rule that hides it."""
    by_key: dict[str, ConfidentialCell] = {}
    for cell in cells:
        known = by_key.get(cell.key, cell)
        chosen = max(known, cell, key=lambda each: each.rule.startswith("small"))
        by_key[cell.key] = replace(chosen, hidden=known.hidden or cell.hidden)
    return list(by_key.values())


def _hide(family: list[ConfidentialCell]) -> set[str]:
    before = {cell.key for cell in family if cell.hidden}
    while True:
        helper = next(_helpers(family), None)
        if helper is None:
            return {cell.key for cell in family if cell.hidden} - before
        family[family.index(helper)] = replace(helper, hidden=True)


def _helpers(family: Sequence[ConfidentialCell]) -> Iterator[ConfidentialCell]:
    """Cells to hide next: the cheapest of those from which a hidden cell follows, or with which it would be told."""
    for line in _lines(family):
        still = [cell for cell in line if not cell.hidden]
        if still and _too_few([cell for cell in line if cell.hidden]):
            yield min(still, key=_cost)
    yield from _giving_back(family)


def _cost(cell: ConfidentialCell) -> tuple[bool, bool, int]:
    """Order of cells to hide: sets of categories, then the smallest; an empty one only where there is no other."""
    return cell.count == 0, len(cell.codes) < 2, cell.count


def _lines(family: Sequence[ConfidentialCell]) -> Iterator[list[ConfidentialCell]]:
    """Cells that add up to a total which counts as known: groups of a breakdown, and categories of a base."""
    lines: dict[object, list[ConfidentialCell]] = {}
    for cell in family:
        for part in cell.group:
            rest = tuple(other for other in cell.group if other != part)
            lines.setdefault((cell.codes, part[0], rest), []).append(cell)
    yield from (line for line in lines.values() if len(line) > 1)
    for group, members in _by_group(family).items():
        if _is_whole(members):
            yield [cell for cell in family if cell.group == group and len(cell.codes) == 1]


def _too_few(hidden: Sequence[ConfidentialCell]) -> bool:
    """Whether the hidden cells of a line, whose sum can be told, are together still too few."""
    limit = max((cell.limit for cell in hidden), default=0)
    sums = {
        "small_count": (sum(cell.count for cell in hidden), limit),
        "small_complement": (sum(cell.base - cell.count for cell in hidden), limit),
        "small_group": (sum(cell.base for cell in hidden), thresholds()["municipalities"]),
    }
    return any(sums[cell.rule][0] < sums[cell.rule][1] for cell in hidden if cell.rule in sums)


def _giving_back(family: Sequence[ConfidentialCell]) -> Iterator[ConfidentialCell]:
    """The cheapest shown cell in each sum that gives a hidden cell back."""
    shown = [cell for cell in family if not cell.hidden]
    system = _System.of(family, shown)
    for hidden in (cell for cell in family if cell.hidden):
        weights = system.weights(_counts(hidden))
        if weights is not None:
            used = [cell for cell, weight in zip(shown, weights, strict=False) if abs(weight) > _TINY]
            yield from sorted(used, key=_cost)[:1]


@dataclass(frozen=True, slots=True)
class _System:
    """What is known: one row per shown cell, then one per sum that holds whatever is shown."""

    atoms: Mapping[Atom, int]
    rows: npt.NDArray[np.float64]

    @classmethod
    def of(cls, family: Sequence[ConfidentialCell], shown: Sequence[ConfidentialCell]) -> _System:
        equations = [*map(_counts, shown), *_wholes(family), *_divisions(family)]
        atoms = {atom for equation in (*equations, *map(_counts, family)) for atom in equation}
        numbered = {atom: place for place, atom in enumerate(sorted(atoms))}
        rows = np.zeros((len(equations), len(numbered)))
        for place, equation in enumerate(equations):
            for atom, weight in equation.items():
                rows[place, numbered[atom]] = weight
        return cls(numbered, rows)

    def weights(self, wanted: Equation) -> npt.NDArray[np.float64] | None:
        """How the known sums add up to what is wanted; None where they do not."""
        if not len(self.rows):
            return None
        target = np.zeros(len(self.atoms))
        for atom, weight in wanted.items():
            target[self.atoms[atom]] = weight
        found: npt.NDArray[np.float64] = np.linalg.lstsq(self.rows.T, target, rcond=None)[0].astype(np.float64)
        return found if np.abs(self.rows.T @ found - target).max() < _TINY else None


def _counts(cell: ConfidentialCell) -> Equation:
    return {(cell.group, code): 1.0 for code in cell.codes or ("sum",)}


def _by_group(family: Iterable[ConfidentialCell]) -> Mapping[Group, list[ConfidentialCell]]:
    groups: dict[Group, list[ConfidentialCell]] = {}
    for cell in family:
        groups.setdefault(cell.group, []).append(cell)
    return groups


def _is_whole(members: Sequence[ConfidentialCell]) -> bool:
    """Whether the single categories among these cells of one group share out the base."""
    single = {cell.codes: cell for cell in members if len(cell.codes) == 1}
    bases = {cell.base for cell in single.values()}
    return len(single) > 1 and bases == {sum(cell.count for cell in single.values())}


def _wholes(family: Sequence[ConfidentialCell]) -> Iterator[Equation]:
    """All categories of a group add up to its base; so do the named ones where nothing else was answered."""
    for group, members in _by_group(family).items():
        codes = {code for cell in members for code in cell.codes}
        if codes:
            rest = () if _is_whole(members) else (_REST,)
            yield dict.fromkeys(((group, code) for code in (*codes, *rest)), 1.0)


def _divisions(family: Sequence[ConfidentialCell]) -> Iterator[Equation]:
    """The groups of a breakdown add up, category by category, to what they divide."""
    groups = _by_group(family)
    parts: dict[tuple[str, Group], set[Group]] = {}
    for group in groups:
        for part in group:
            parts.setdefault((part[0], tuple(other for other in group if other != part)), set()).add(group)
    for (_, whole), divided in parts.items():
        if len(divided) < 2:
            continue
        known = whole in groups and _adds_up([groups[group] for group in divided], groups[whole])
        if whole in groups and not known:
            continue
        for code in {code for group in divided for cell in groups[group] for code in cell.codes or ("sum",)}:
            equation = {(group, code): 1.0 for group in divided}
            yield {**equation, (whole, code): -1.0} if known else equation


def _adds_up(parts: Sequence[Sequence[ConfidentialCell]], whole: Sequence[ConfidentialCell]) -> bool:
    return sum(cells[0].base for cells in parts) == whole[0].base
