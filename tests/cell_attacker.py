"""An attacker who knows sums, and solves by linear programming between which values an unknown one lies.

It shares no code with what it attacks: a plain list of equations and one program per question.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Terms = Mapping[Hashable, float]

EXACT = 1e-4
FAR = 1e5


class Attacker:
    """What is known: sums of unknowns that are never negative."""

    def __init__(self) -> None:
        self.number: dict[Hashable, int] = {}
        self.equations: list[tuple[Terms, float]] = []

    def knows(self, terms: Terms, value: float) -> None:
        """Learn that a sum of unknowns has this value."""
        for name in terms:
            self.number.setdefault(name, len(self.number))
        self.equations.append((terms, value))

    def range_of(self, terms: Terms) -> tuple[float, float]:
        """The least and greatest value that a sum of unknowns can have."""
        for name in terms:
            self.number.setdefault(name, len(self.number))
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
