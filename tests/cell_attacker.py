"""An attacker who knows sums, and solves by linear programming between which values an unknown one lies.

It shares no code with what it attacks: a plain list of equations, and a program per question over those that are
connected with what is asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Terms = Mapping[Hashable, float]

EXACT = 1e-4
FAR = 1e6


@dataclass
class Part:
    """Equations that are connected with each other, and with no other; solved each time for another sum."""

    number: dict[Hashable, int]
    known: csr_matrix
    values: npt.NDArray[np.float64]
    most: npt.NDArray[np.float64]

    def range_of(self, terms: Terms) -> tuple[float, float]:
        """The least and greatest value that a sum of unknowns can have."""
        cost = np.zeros(len(self.number))
        for name, weight in terms.items():
            cost[self.number[name]] += weight
        bounds = np.column_stack([np.zeros(len(self.most)), self.most])
        found = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * cost, A_eq=self.known, b_eq=self.values, bounds=bounds, method="highs")
            assert solved.x is not None, "what is known is true, so it has a solution"
            found.append(float(cost @ solved.x))
        return found[0], found[1]


class Attacker:
    """What is known: sums of unknowns that are never negative, and the most that some of them can be."""

    def __init__(self) -> None:
        self.equations: list[tuple[Terms, float]] = []
        self.most: dict[Hashable, float] = {}
        self.leader: dict[Hashable, Hashable] = {}
        self.parts: dict[Hashable, Part] = {}

    def knows(self, terms: Terms, value: float) -> None:
        """Learn that a sum of unknowns has this value."""
        self.equations.append((terms, value))
        self._join(terms)
        self.parts.clear()

    def knows_most(self, name: Hashable, value: float) -> None:
        """Learn that an unknown is at most so much."""
        self.most[name] = min(value, self.most.get(name, FAR))
        self.parts.clear()

    def range_of(self, terms: Terms) -> tuple[float, float]:
        """The least and greatest value that a sum of unknowns can have."""
        if not self.parts:
            self.parts = self._parts()
        apart: dict[Hashable, dict[Hashable, float]] = {}
        for name, weight in terms.items():
            apart.setdefault(self._find(name), {})[name] = weight
        ranges = [
            self.parts[first].range_of(own) if first in self.parts else (0.0, FAR) for first, own in apart.items()
        ]
        return sum(low for low, _ in ranges), sum(high for _, high in ranges)

    def _parts(self) -> dict[Hashable, Part]:
        equations: dict[Hashable, list[tuple[Terms, float]]] = {}
        for terms, value in self.equations:
            equations.setdefault(self._find(next(iter(terms))), []).append((terms, value))
        names: dict[Hashable, list[Hashable]] = {}
        for name in self.leader:
            names.setdefault(self._find(name), []).append(name)
        return {first: self._part(own, equations.get(first, [])) for first, own in names.items()}

    def _part(self, names: Sequence[Hashable], equations: Sequence[tuple[Terms, float]]) -> Part:
        number = {name: place for place, name in enumerate(names)}
        entries = [
            (row, number[name], weight) for row, (terms, _) in enumerate(equations) for name, weight in terms.items()
        ]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        known = csr_matrix((weights, (rows, columns)), shape=(len(equations), len(number)))
        most = np.array([self.most.get(name, FAR) for name in names])
        return Part(number, known, np.array([value for _, value in equations]), most)

    def _join(self, names: Iterable[Hashable]) -> None:
        """Take what stands in one sum as connected."""
        leaders = {self._find(name) for name in names}
        self.leader.update(dict.fromkeys(leaders, next(iter(leaders))))

    def _find(self, name: Hashable) -> Hashable:
        way = []
        while (above := self.leader.setdefault(name, name)) != name:
            way.append(name)
            name = above
        self.leader.update(dict.fromkeys(way, name))
        return name
