"""What a row gives away besides its own count: sums that follow for anybody who knows the public weights.

The release of a memo needs them: a weighted share and an unweighted count of the same answers are two equations.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.result import Row, Sum, Term
from evaltools.estimate.survey.designs.answers import code_text
from evaltools.estimate.survey.designs.model import Auxiliaries, Design
from evaltools.estimate.survey.linearised.silence import item_weights

Counted = tuple[str, tuple[str, ...]]
"""A column and the codes of it that are counted; no codes where its numbers are summed."""
Coordinates = tuple[tuple[str, str], ...]

_STRATA: Final = "strata"
_KIND: Final = "weighed"
_EVEN: Final = 1e-9
_TOP: Final = 2


def largest(design: Design, values: Floats) -> Floats:
    """The two largest amounts that single units have in each sum, in falling order (2 x sums).

    values : rows x sums, 0 where a row does not count. Several rows of one unit are one amount.
    """
    frame = design.answers.frame
    if len(values) and "unit" in frame:
        units, codes = np.unique(frame["unit"].astype(str), return_inverse=True)
        by_unit = np.zeros((len(units), values.shape[1]))
        np.add.at(by_unit, codes, values)
        values = by_unit
    top = np.sort(values, axis=0)[::-1][:_TOP]
    return np.vstack([top, np.zeros((_TOP - len(top), values.shape[1]))])


def weighted(design: Design, hits: Floats, base: Floats, known: Mask, counted: Counted, row: Row) -> tuple[Sum, ...]:
    """The weighted total behind a row as a sum over strata and over what the weights were made to fit.

    None where rows weigh differently for another reason, such as weights of their own: these are not public.
    hits : by row of the data, what counts. base : whether it is in the row's base. known : whether it settles the
    question, in whatever group, which decides the weights.
    """
    inside = base > 0
    if design.is_even or not counted[0] or not inside.any():
        return ()
    kinds, coordinates = _public_kinds(design)
    weights = item_weights(design, known)
    found, first = np.unique(kinds[inside], return_index=True)
    by_kind = weights[inside][first]
    if np.ptp(by_kind) <= _EVEN * by_kind.max() or _varies(kinds, weights, inside):
        return ()
    terms = tuple(
        Term(
            weight=float(weight),
            code=design.code,
            column=counted[0],
            n=int((kinds[inside] == kind).sum()),
            coordinates=tuple(dict.fromkeys((*row.coordinates, *coordinates[kind]))),
            codes=counted[1],
        )
        for kind, weight in zip(found.tolist(), by_kind.tolist(), strict=True)
    )
    return (Sum(float(weights @ (hits * inside)), terms),)


def _public_kinds(design: Design) -> tuple[Codes, tuple[Coordinates, ...]]:
    """By row, the kind that decides its weight for anybody who knows the public counts, and what tells kinds apart.

    That is its stratum and the values of what the weights were post-stratified, raked or calibrated to: such weights
    follow from the known totals and from how many of each kind answered.
    """
    if "public kinds" not in design.memo:
        design.memo["public kinds"] = _made_kinds(design)
    found = design.memo["public kinds"]
    assert isinstance(found, tuple)
    return found


def _made_kinds(design: Design) -> tuple[Codes, tuple[Coordinates, ...]]:
    fitted = [step.auxiliaries for step in design.adjustments if step.auxiliaries is not None]
    if not fitted:
        name = _strata(design)
        return design.cells, tuple(((name, cell),) for cell in design.cell_names)
    parts = np.stack([design.cells, *(known.cell for known in fitted)], axis=1)
    _, first, kinds = np.unique(parts, axis=0, return_index=True, return_inverse=True)
    named = [_named(design, fitted, place) for place in first.tolist()]
    alike = Counter(named)
    apart = (((*each, (_KIND, str(number))) if alike[each] > 1 else each) for number, each in enumerate(named))
    return kinds.ravel().astype(np.int64), tuple(apart)


def _named(design: Design, fitted: Sequence[Auxiliaries], place: int) -> Coordinates:
    """What is public of one row: its stratum, and the categories or numbers that its weight was made to fit."""
    stratum = ((_strata(design), design.cell_names[design.cells[place]]),) if len(design.cell_names) > 1 else ()
    names = sorted(frozenset().union(*(known.variables for known in fitted)))
    values = design.answers.frame[names].iloc[place]
    return tuple(dict.fromkeys((*stratum, *((name, code_text(values[name])) for name in names))))


def _varies(kinds: Codes, weights: Floats, inside: Mask) -> bool:
    """Whether rows of one kind weigh differently, so that the weights are not those of the kinds alone."""
    found = kinds[inside]
    highest, lowest = (np.full(found.max() + 1, edge) for edge in (-np.inf, np.inf))
    np.maximum.at(highest, found, weights[inside])
    np.minimum.at(lowest, found, weights[inside])
    return bool((highest[found] - lowest[found] > _EVEN * weights[inside]).any())


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
