"""Which cells to hide besides those that must be hidden, so that no hidden one can be worked out or bounded closely.

After Kelly, Golden and Assad (1992) and Fischetti and Salazar (2001): for each hidden cell whose range is too narrow,
the cheapest change of other cells is sought under which it could count so much more, or less, while all that adds up
still does. The cells that would change are hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack

from evaltools.present.families import ASSUMED, NO_NESTING, Family, Nested, families
from evaltools.present.model import Audit, ConfidentialCell, Range
from evaltools.present.ranges import ranges
from evaltools.present.system import Floats, Mask, System, linked_sets, system_of

_PER_LEVEL: Final = 20.0
"""How many times dearer a total is than the cells that add up to it."""
_EMPTY: Final = 20.0
"""How much dearer an empty cell is than one that counts something."""
_OF_SEVERAL: Final = 0.05
"""How much cheaper a set of categories is than a single one."""
_NEVER_SHOWN: Final = 1e4
_TINY: Final = 1e-6


def also_hidden(cells: Iterable[ConfidentialCell], nested: Nested = NO_NESTING) -> frozenset[str]:
    """The keys of the cells to hide so that no hidden cell can be computed, or bounded closely, from the shown ones.

    cells : of one exhibit or of a whole memo; a cell that several exhibits show counts once. Totals and bases count
    as known, also where no exhibit shows them. nested : coordinates that follow from others.
    Each hidden cell keeps the range that its `width` asks for, where hiding cells that are not public can bring it.
    """
    found: set[str] = set()
    sets = list(linked_sets(families(cells, nested)))
    narrow = _too_narrow([family for linked in sets for family in linked])
    for linked in sets:
        if narrow & {cell.key for family in linked for cell in family.cells.values()}:
            system = system_of(linked)
            more = _protected(system) & ~system.hidden
            found |= {cell.key for cell, gained in zip(system.cells, more, strict=True) if gained}
    return frozenset(found)


def _too_narrow(found: Sequence[Family]) -> set[str]:
    """The keys of the hidden cells whose range is too narrow as things stand."""
    if not found:
        return set()
    system = system_of(found)
    low, high = ranges(system, system.hidden, enough=True)
    each = zip(system.cells, low, high, strict=True)
    return {cell.key for cell, least, most in each if cell.hidden and not Range(cell, least, most).is_wide}


def audit(cells: Iterable[ConfidentialCell], hidden: frozenset[str], nested: Nested = NO_NESTING) -> Audit:
    """What an attacker can work out who knows every cell that is not hidden: the range of each that is.

    cells : of the whole memo. hidden : keys of the cells that are not shown. nested : as in `also_hidden`.
    """
    marked = [replace(cell, hidden=cell.hidden or cell.key in hidden) for cell in cells]
    found: dict[str, Range] = {}
    linked = [family for each in linked_sets(families(marked, nested)) for family in each]
    if linked:
        system = system_of(linked)
        masked = _as_planned(system, hidden)
        low, high = ranges(system, masked)
        kept = [place for place in np.flatnonzero(masked) if system.cells[place].rule != ASSUMED]
        found.update({system.cells[place].key: Range(system.cells[place], low[place], high[place]) for place in kept})
    all_hidden = {cell.key: cell for cell in marked if cell.hidden}
    alike = {
        cell.key for cell in marked if not cell.hidden and cell.limit and 0 < cell.count == cell.base and cell.codes
    }
    primary = sum(cell.rule != "complementary" for cell in all_hidden.values())
    alone = len(all_hidden.keys() - found.keys())
    return Audit(len(all_hidden), primary, alone, tuple(found.values()), tuple(sorted(alike)))


def _as_planned(system: System, hidden: frozenset[str]) -> Mask:
    return np.array([cell.hidden or cell.key in hidden for cell in system.cells])


def _protected(system: System) -> Mask:
    """The cells to hide, by cell, those that were hidden before among them.

    First as if every total were known for sure; where that cannot give a cell its range, a total that no exhibit
    shows is taken for unknown, and so is never shown.
    """
    public = np.array([cell.public for cell in system.cells])
    assumed = np.array([cell.rule == ASSUMED for cell in system.cells])
    search = _Search(system, system.hidden, np.array(list(_prices(system))))
    for fixed in dict.fromkeys([tuple(public | assumed), tuple(public)]):
        search.widen_all(np.array(fixed))
    return search.hidden


class _Search:
    """The cells hidden so far, and between which values each cell has been seen to lie, given what is shown."""

    def __init__(self, system: System, hidden: Mask, price: Floats) -> None:
        self.system, self.hidden, self.price = system, hidden, price
        self.low = np.array(system.values[: len(system.cells)])
        self.high = self.low.copy()

    def widen_all(self, fixed: Mask) -> None:
        """Give each hidden cell the range it needs, by hiding cells that are not fixed."""
        waiting = sorted(np.flatnonzero(self.hidden).tolist(), key=lambda place: -self.system.cells[place].width)
        for place in waiting:
            waiting += self._widen(place, fixed)

    def _widen(self, place: int, fixed: Mask) -> list[int]:
        """Upwards, then downwards, each as far as it goes. Returns the cells that were hidden for it."""
        before = self.hidden.copy()
        needed = self.system.cells[place].width
        for sign in (1.0, -1.0):
            if self.high[place] - self.low[place] < needed - _TINY:
                wanted = self.low[place] + needed if sign > 0 else max(self.high[place] - needed, 0.0)
                self._see(_nearest(self, fixed, place, sign * wanted, sign))
        return np.flatnonzero(self.hidden & ~before).tolist()

    def _see(self, solution: Floats) -> None:
        """Hide what differs at this solution from what is shown; from now on it cannot be told from the truth."""
        self.hidden = self.hidden | _changed(self.system, solution)
        values = self.system.told[: len(self.low)] @ solution
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)


def _prices(system: System) -> Iterator[float]:
    """What it costs to hide each cell: totals are dearest, then large cells; sets of categories are cheap."""
    deepest = max(len(cell.group) for cell in system.cells)
    for cell in system.cells:
        price = (1.0 + cell.count if cell.count > 0 else _EMPTY) * _PER_LEVEL ** (deepest - len(cell.group))
        price *= _OF_SEVERAL if len(cell.codes) > 1 else 1.0
        price = cell.price or price
        yield price * (_NEVER_SHOWN if cell.rule == ASSUMED else 1.0)


def _changed(system: System, solution: Floats) -> Mask:
    """By cell, whether something that it tells is not what it was."""
    moved = np.abs(system.told @ solution - system.values) > _TINY * (1 + np.abs(system.values))
    return np.bincount(system.owner, moved, len(system.cells)) > 0


def _nearest(search: _Search, fixed: Mask, place: int, wanted: float, sign: float) -> Floats:
    """The solution nearest to what is shown, by price, at which a cell reaches `wanted`, or all it can.

    sign : 1 where it is to count more, -1 for less; `wanted` has that sign. fixed : cells that cannot be hidden.
    """
    system = search.system
    shown = np.flatnonzero(~search.hidden[system.owner])
    loose = np.flatnonzero(~fixed[system.owner[shown]])
    moves = identity(len(shown), format="csc")[:, loose]
    unknowns, none = system.told.shape[1], csr_matrix((system.sums.shape[0], 2 * len(loose)))
    rows = vstack([hstack([system.sums, none]), hstack([system.told[shown], moves, -moves])], format="csr")
    held = np.concatenate([system.totals, system.values[shown]])
    most = np.concatenate([system.most, np.full(2 * len(loose), np.inf)])
    bounds = np.column_stack([np.zeros(len(most)), most])
    size = np.maximum(abs(system.told[shown[loose]]).max(axis=1).toarray().ravel(), _TINY)
    cost = np.concatenate([np.zeros(unknowns), *[search.price[system.owner[shown[loose]]] / size] * 2])
    target = hstack([-sign * system.told[[place]], csr_matrix((1, 2 * len(loose)))], format="csr")
    known = {"A_eq": rows, "b_eq": held, "bounds": bounds, "method": "highs"}
    solved = linprog(cost, A_ub=target, b_ub=[-wanted], **known)
    if solved.x is None:
        farthest = linprog(target.toarray()[0], **known)
        solved = linprog(cost, A_ub=target, b_ub=[farthest.fun + _TINY], **known)
    return np.asarray(solved.x[:unknowns])
