"""What a row gives away besides its own count: sums that follow for anybody who knows the public weights.

The release of a memo needs them: a weighted share and an unweighted count of the same answers are two equations.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.result import Row, Sum, Term
from evaltools.estimate.survey.model import Design
from evaltools.estimate.survey.silence import item_weights

Counted = tuple[str, tuple[str, ...]]
"""A column and the codes of it that are counted; no codes where its numbers are summed."""

_STRATA: Final = "strata"
_EVEN: Final = 1e-12
_TOP: Final = 2


def largest(design: Design, values: Floats) -> Floats:
    """The two largest amounts that single units have in each sum, in falling order (2 x sums).

    values : rows x sums, 0 where a row does not count. Several rows of one unit are one amount.
    """
    frame = design.answers.frame
    if "unit" in frame:
        units, codes = np.unique(frame["unit"].astype(str), return_inverse=True)
        by_unit = np.zeros((len(units), values.shape[1]))
        np.add.at(by_unit, codes, values)
        values = by_unit
    top = np.sort(values, axis=0)[::-1][:_TOP]
    return np.vstack([top, np.zeros((_TOP - len(top), values.shape[1]))])


def weighted(design: Design, hits: Floats, base: Floats, counted: Counted, row: Row) -> tuple[Sum, ...]:
    """The weighted total behind a row as a sum over strata; none where these do not alone decide the weights.

    hits : by row of the data, what counts. base : whether it is in the row's base.
    """
    inside = base > 0
    if design.is_even or design.adjustments or not counted[0] or not inside.any():
        return ()
    weights = item_weights(design, inside)
    cells, first = np.unique(design.cells[inside], return_index=True)
    by_cell = weights[inside][first]
    if np.ptp(by_cell) <= _EVEN * by_cell.max() or _varies(design, weights, inside):
        return ()
    name = _strata(design)
    terms = tuple(
        Term(
            weight=float(weight),
            code=design.code,
            column=counted[0],
            n=int((design.cells[inside] == cell).sum()),
            coordinates=tuple(dict.fromkeys((*row.coordinates, (name, design.cell_names[cell])))),
            codes=counted[1],
        )
        for cell, weight in zip(cells.tolist(), by_cell.tolist(), strict=True)
    )
    return (Sum(float(weights @ (hits * inside)), terms),)


def _varies(design: Design, weights: Floats, inside: Mask) -> bool:
    """Whether rows of one stratum weigh differently, so that the weights are not those of the strata alone."""
    cells = design.cells[inside]
    highest, lowest = (np.full(len(design.cell_names), edge) for edge in (-np.inf, np.inf))
    np.maximum.at(highest, cells, weights[inside])
    np.minimum.at(lowest, cells, weights[inside])
    return bool((highest[cells] - lowest[cells] > _EVEN * weights[inside]).any())


def denominator(design: Design, column: str, row: Row) -> tuple[Sum, ...]:
    """The sum that a ratio is taken of, which follows from its base."""
    if row.summed_of is None:
        return ()
    return (Sum(row.summed_of, (Term(1.0, design.code, column, row.n, row.coordinates),)),)


def difference(before: tuple[Design, Row], after: tuple[Design, Row]) -> tuple[Sum, ...]:
    """The difference between two waves as what it adds up from: whoever knows one wave has the other."""
    sides = [_as_share(design, row, sign) for (design, row), sign in ((after, 1.0), (before, -1.0))]
    if not all(sides):
        return ()
    return (Sum(after[1].estimate - before[1].estimate, tuple(term for side in sides for term in side)),)


def _as_share(design: Design, row: Row, sign: float) -> tuple[Term, ...]:
    """The terms that give the share or mean of a row."""
    column, codes = row.counted
    if not column or not row.base:
        return ()
    over = [found for found in row.tells if {term.column for term in found.terms} == {column}]
    own = over[0].terms if over else (Term(1.0, design.code, column, row.n, row.coordinates, codes),)
    return tuple(replace(term, weight=sign * term.weight / row.base) for term in own)


def _strata(design: Design) -> str:
    """The frame column that makes the strata, as the design was called with; another word where there are several."""
    for node in ast.walk(ast.parse(design.code, mode="eval")):
        if isinstance(node, ast.keyword) and node.arg == _STRATA and isinstance(node.value, ast.Constant):
            return str(node.value.value)
    return "stratum"
