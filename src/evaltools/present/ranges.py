"""The range that can be worked out for each hidden cell: its least and greatest value, by linear programming.

After Fischetti and Salazar (2001): an attacker knows every shown cell, all that adds up, and that nothing counts less
than none. Only the unknowns that are left open are solved for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.csgraph import connected_components

from evaltools.present.system import Floats, Ints, Mask, System

_PROBES: Final = 6
"""Directions that are tried for all cells at once, before each cell is solved for by itself."""
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """The unknowns that the shown cells leave open: equations over them, and the hidden cells that count some of them.

    block : by hidden cell, the number of the set of unknowns that depend on each other; cells of different sets have
    nothing to do with each other, so that one program solves for a cell of each.
    """

    rows: csr_matrix
    most: Floats
    start: Floats
    counts: csr_matrix
    fixed: Floats
    block: Ints

    def values_at_least(self, cost: Floats) -> Floats:
        """What the hidden cells count where the cost is least."""
        bounds = np.column_stack([np.zeros(len(self.most)), self.most])
        solved = linprog(cost, A_eq=self.rows, b_eq=self.rows @ self.start, bounds=bounds, method="highs")
        assert solved.x is not None, "the true values are a solution, and no unknown is without bounds"
        return np.asarray(self.counts @ solved.x + self.fixed)


def ranges(system: System, hidden: Mask, *, enough: bool = False) -> tuple[Floats, Floats]:
    """The least and greatest value of every cell (a shown one has no range) while these are hidden.

    enough : stop looking at a cell that is seen to have the range it needs; its limits are then inner ones.
    """
    low = np.array(system.values[: len(system.cells)])
    high = low.copy()
    cells = np.flatnonzero(hidden)
    found = _left_open(system, hidden, cells)
    if found is not None:
        widths = np.array([system.cells[cell].width if enough else np.inf for cell in cells])
        low[cells], high[cells] = _solved(found, widths)
    return low, high


def _solved(found: _Open, widths: Floats) -> tuple[Floats, Floats]:
    """A cell that is seen at its outer bounds, or as wide as it must be, needs no program of its own."""
    low = np.asarray(found.counts @ found.start + found.fixed)
    high = low.copy()

    def look(cost: Floats) -> None:
        values = found.values_at_least(cost)
        np.minimum(low, values, out=low)
        np.maximum(high, values, out=high)

    rng = np.random.default_rng(len(low))
    for _ in range(_PROBES):
        look(np.asarray(rng.uniform(-1, 1, len(low)) @ found.counts))
    floor, ceiling = _outer(found)
    for sign in (1.0, -1.0):
        done = np.zeros(len(low), dtype=bool)
        while True:
            done |= low <= floor + _TINY if sign > 0 else high >= ceiling - _TINY
            done |= high - low >= widths
            _, first = np.unique(np.where(done, -1, found.block), return_index=True)
            turn = first[~done[first]]
            if not len(turn):
                break
            look(sign * np.asarray(found.counts[turn].sum(axis=0)).ravel())
            done[turn] = True
    return low, high


def _outer(found: _Open) -> tuple[Floats, Floats]:
    """Bounds that hold for sure: each unknown is at least none and at most what its sums leave for it."""
    most = found.most.copy()
    totals = found.rows @ found.start
    for row in range(found.rows.shape[0]):
        inside = slice(found.rows.indptr[row], found.rows.indptr[row + 1])
        if (found.rows.data[inside] > 0).all():
            columns = found.rows.indices[inside]
            most[columns] = np.minimum(most[columns], totals[row] / found.rows.data[inside])
    return found.fixed, np.asarray(found.counts @ most + found.fixed)


def _left_open(system: System, hidden: Mask, cells: Ints) -> _Open | None:
    """What is open while these cells are hidden; None where nothing is."""
    rows, _ = system.known(hidden)
    free = _unsettled(rows, system.start, system.most)
    if not free.any():
        return None
    held, counts = rows[:, free].tocsr(), system.told[cells][:, free].tocsr()
    held = held[np.diff(held.indptr) > 0]
    pattern = abs(vstack([held, counts]))
    _, part = connected_components(pattern.T @ pattern, directed=False)
    first = [counts.indices[counts.indptr[row]] if counts[[row]].nnz else -1 for row in range(len(cells))]
    block = np.array([part[column] if column >= 0 else -1 for column in first], dtype=np.int64)
    used = np.isin(part, block)
    if not used.any():
        return None
    held = held[:, used]
    return _Open(
        rows=held[np.diff(held.indptr) > 0],
        most=system.most[free][used],
        start=system.start[free][used],
        counts=counts[:, used],
        fixed=np.asarray(system.told[cells] @ np.where(free, 0.0, system.start)),
        block=block,
    )


def _unsettled(rows: csr_matrix, start: Floats, most: Floats) -> Mask:
    """The unknowns that no equation settles by itself: as its only open one, or because nothing is left for any."""
    free = most > 0
    positive = np.asarray(rows.minimum(0).sum(axis=1)).ravel() == 0
    pattern = (rows != 0).astype(float).tocsr()
    while True:
        left = pattern @ free
        value = rows @ np.where(free, start, 0.0)
        settles = (left == 1) | (positive & (left > 0) & (np.abs(value) < _TINY))
        if not settles.any():
            return np.asarray(free)
        free = free & ~(np.asarray(pattern[settles].sum(axis=0)).ravel() > 0)
