"""An attacker who knows sums, and solves by linear programming between which values an unknown one lies.

It shares no code with what it attacks: a plain list of equations, and a program per question over those that are
connected with what is asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Terms = Mapping[Hashable, float]

EXACT = 1e-4
FAR = 1e6


@dataclass
class Part:
    """Equations that are connected with each other, and with no other; solved each time for another sum."""

    number: dict[Hashable, int] = field(default_factory=dict)
    equations: list[tuple[Terms, float]] = field(default_factory=list)

    def range_of(self, terms: Terms) -> tuple[float, float]:
        """The least and greatest value that a sum of unknowns can have."""
        entries = [
            (row, self.number[name], weight)
            for row, (each, _) in enumerate(self.equations)
            for name, weight in each.items()
        ]
        rows, columns, weights = zip(*entries, strict=True)
        known = csr_matrix((weights, (rows, columns)), shape=(len(self.equations), len(self.number)))
        values = np.array([value for _, value in self.equations])
        cost = np.zeros(len(self.number))
        for name, weight in terms.items():
            cost[self.number[name]] += weight
        found = []
        for sign in (1.0, -1.0):
            solved = linprog(sign * cost, A_eq=known, b_eq=values, bounds=(0, FAR), method="highs")
            assert solved.x is not None, "what is known is true, so it has a solution"
            found.append(float(cost @ solved.x))
        return found[0], found[1]


class Attacker:
    """What is known: sums of unknowns that are never negative."""

    def __init__(self) -> None:
        self.equations: list[tuple[Terms, float]] = []
        self.leader: dict[Hashable, Hashable] = {}
        self.parts: dict[Hashable, Part] = {}

    def knows(self, terms: Terms, value: float) -> None:
        """Learn that a sum of unknowns has this value."""
        self.equations.append((terms, value))
        self._join(terms)
        self.parts.clear()

    def range_of(self, terms: Terms) -> tuple[float, float]:
        """The least and greatest value that a sum of unknowns can have."""
        self._join(terms)
        first = self._find(next(iter(terms)))
        if first not in self.parts:
            self.parts[first] = self._part(first)
        for name in terms:
            self.parts[first].number.setdefault(name, len(self.parts[first].number))
        return self.parts[first].range_of(terms) if self.parts[first].equations else (0.0, FAR)

    def _part(self, first: Hashable) -> Part:
        part = Part()
        for terms, value in self.equations:
            if terms and self._find(next(iter(terms))) == first:
                part.equations.append((terms, value))
                for name in terms:
                    part.number.setdefault(name, len(part.number))
        return part

    def _join(self, names: Iterable[Hashable]) -> None:
        """Take what stands in one sum as connected."""
        leaders = {self._find(name) for name in names}
        if len(leaders) > 1:
            self.parts.clear()
            first = leaders.pop()
            self.leader.update(dict.fromkeys(leaders, first))

    def _find(self, name: Hashable) -> Hashable:
        while self.leader.setdefault(name, name) != name:
            name = self.leader[name]
        return name
