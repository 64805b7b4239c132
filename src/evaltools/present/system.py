"""What a reader of all exhibits knows, as linear equations: the shown cells, and what adds up whatever is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack
from scipy.sparse.csgraph import connected_components

from evaltools.present.families import SUMMED, Equation, Family, Place, places_of
from evaltools.present.model import ConfidentialCell, Group

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_CLOSE: Final = 1e-6
_ABOVE: Final = "above"
_ENDLESS: Final = 10.0
"""How many times all that is told a sum may be that nothing bounds."""


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Linked cells as equations over unknowns that are never negative.

    told : one row per sum that a cell tells, over the unknowns; its first rows are the cells' own counts, in order.
    values : of these sums. owner : the cell that tells each. sums, totals : what holds whatever is shown.
    most : the largest value of each unknown. start : one solution, from which `values` are taken.
    """

    cells: tuple[ConfidentialCell, ...]
    told: csr_matrix
    values: Floats
    owner: Ints
    sums: csr_matrix
    totals: Floats
    most: Floats
    start: Floats

    @property
    def hidden(self) -> Mask:
        """By cell, whether it is hidden as it was handed in."""
        return np.array([cell.hidden for cell in self.cells])

    def known(self, hidden: Mask) -> tuple[csr_matrix, Floats]:
        """All equations that a reader has while these cells are hidden, and their right sides."""
        shown = ~hidden[self.owner]
        return vstack([self.sums, self.told[shown]], format="csr"), np.concatenate([self.totals, self.values[shown]])


def system_of(linked: Sequence[Family]) -> System:
    """The cells of these columns as one system."""
    return _settled(_system(linked, [cell for family in linked for cell in family.cells.values()]))


def linked_sets(found: Sequence[Family]) -> Iterator[list[Family]]:
    """Columns in sets, those with something hidden; where a cell of one tells of another, they are in one set."""
    number = {family.whole: place for place, family in enumerate(found)}
    pairs = [
        (number[family.whole], number[part.whole])
        for family in found
        for cell in family.cells.values()
        for told in cell.tells
        for part in told.parts
    ]
    ones = np.ones(len(pairs)), tuple(np.array(pairs, dtype=int).reshape(-1, 2).T)
    _, part_of = connected_components(csr_matrix(ones, shape=(len(found), len(found))), directed=False)
    sets: dict[int, list[Family]] = {}
    for family, part in zip(found, part_of.tolist(), strict=True):
        sets.setdefault(part, []).append(family)
    for linked in sets.values():
        if any(cell.hidden for family in linked for cell in family.cells.values()):
            yield linked


def _system(linked: Sequence[Family], cells: Sequence[ConfidentialCell]) -> System:
    own: list[Equation] = [dict.fromkeys(places_of(cell.whole, cell.group, cell.codes), 1.0) for cell in cells]
    more = [(number, told) for number, cell in enumerate(cells) for told in cell.tells]
    told: list[Equation] = [
        {place: part.weight for part in each.parts for place in places_of(part.whole, part.group, part.codes)}
        for _, each in more
    ]
    rounded = [cell for cell in cells if cell.within is not None]
    held = [equation for family in linked for equation in family.equations]
    held += [
        {**dict.fromkeys(places_of(cell.whole, cell.group, cell.codes), 1.0), _above(cell): -1.0} for cell in rounded
    ]
    number: dict[Place, int] = {}
    for place in (place for equation in (*own, *told, *held) for place in equation):
        number.setdefault(place, len(number))
    bases = {(family.whole, group): base for family in linked for group, base in family.bases.items()}
    values = np.array([*(cell.count for cell in cells), *(each.value for _, each in more)], dtype=float)
    endless = _ENDLESS * (1.0 + np.abs(values).sum())
    most = np.array([endless if place[2] == SUMMED else bases.get(place[:2], 0) for place in number], dtype=float)
    for cell in rounded:
        low, high = cell.within or (0.0, 0.0)
        most[number[_above(cell)]] = high - low
    lows = {_above(cell): (cell.within or (0.0, 0.0))[0] for cell in rounded}
    totals = [_total(equation, bases, lows) for equation in held]
    return System(
        cells=tuple(cells),
        told=_matrix([*own, *told], number),
        values=values,
        owner=np.array([*range(len(cells)), *(cell for cell, _ in more)], dtype=np.int64),
        sums=_matrix(held, number),
        totals=np.array(totals),
        most=most,
        start=np.zeros(len(number)),
    )


def _above(cell: ConfidentialCell) -> Place:
    """How far a rounded cell lies above the least value that is rounded to what is shown."""
    return cell.key, (), _ABOVE


def _total(equation: Equation, bases: Mapping[tuple[str, Group], int], lows: Mapping[Place, float]) -> float:
    above = [place for place in equation if place in lows]
    if above:
        return lows[above[0]]
    return 0.0 if min(equation.values()) < 0 else float(bases[next(iter(equation))[:2]])


def _matrix(rows: Sequence[Equation], number: Mapping[Place, int]) -> csr_matrix:
    entries = [(place, number[name], weight) for place, row in enumerate(rows) for name, weight in row.items()]
    at, across, weights = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix((np.array(weights, dtype=float), (at, across)), shape=(len(rows), len(number)))


def _settled(system: System) -> System:
    """With one solution; figures that do not hold together exactly, as rounded ones, are moved as little as can be."""
    told, unknowns = system.told.shape
    slack = identity(told, format="csr")
    rows = vstack(
        [hstack([system.sums, csr_matrix((system.sums.shape[0], 2 * told))]), hstack([system.told, slack, -slack])]
    )
    cost = np.concatenate([np.zeros(unknowns), np.ones(2 * told)])
    bounds = np.column_stack([np.zeros(len(cost)), np.concatenate([system.most, np.full(2 * told, np.inf)])])
    solved = linprog(
        cost, A_eq=rows, b_eq=np.concatenate([system.totals, system.values]), bounds=bounds, method="highs"
    )
    assert solved.status == 0, "sums of counted answers always have a solution"
    start = np.clip(solved.x[:unknowns], 0.0, system.most)
    moved = system.told @ start
    values = np.where(np.abs(moved - system.values) > _CLOSE * (1 + np.abs(system.values)), moved, system.values)
    return System(system.cells, system.told, values, system.owner, system.sums, system.totals, system.most, start)
