"""A check of association for small tables: answers permuted among the units of each stratum."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.combinatorics import log_choose
from evaltools.estimate.printing import told_p
from evaltools.estimate.result import NO_R, Test
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.linearised.silence import asked_by_cell, few_in, item_weights, merged_cells
from evaltools.estimate.survey.tables.associations import Table, association, is_multiple, tables_of
from evaltools.estimate.survey.writing import words

_EXACT: Final = 20_000
"""Up to so many different tables are counted one by one."""

_FEW_SILENT: Final = 10
"""With fewer silent units the p-value is too small for rare answers; `tests/properties/test_permutation_size.py`."""

_CHUNK: Final = 2_000_000
"""Permuted answers that are held at once."""


def permutation_test(design: Design, row: str, column: str, *, permutations: int = 9_999, seed: int = 1) -> Test:
    """Whether two variables are associated within strata, by permuting one of them among the units of each stratum.

    The statistic is the sum over cells of (D² / E): E is what the margins of the strata imply, D the weighted sum over
    strata of answers less that. In a finite population, deviations of a stratum shrink as fewer are silent: the
    statistic is set against the permuted ones times the factor by which that lowers their mean (between two possible
    values, the p-value is interpolated). Where everyone answered nothing is left to chance.
    Where the strata allow no more than 20,000 different tables and weigh evenly, every table is counted with its chance
    (Fisher's exact test where there is one stratum and no finite population); else `permutations` are drawn with
    `seed`, and the observed table counts as one more. A note says which, and gives the Rao-Scott p-value beside it.
    Of 98 units, it finds an association where there is none about as often as its level says as long as 10 or more are
    silent (at 10 per cent, up to 13 in small strata); with fewer too often, and a note says so (docs/methods.md).
    Raises `DesignError` as `rao_scott`, PERMUTES_UNITS for clusters or multiple items, FEW_PERMUTATIONS.
    Source: Fisher (1935); Freeman and Halton (1951), Biometrika 38; Phipson and Smyth (2010) for the 1 added.
    design : as in `proportion`; row, column : as in `rao_scott`. Returns a `Test`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"size": ["big"] * 5 + ["small"] * 5, "uses": [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]})
    >>> round(permutation_test(ev.survey_design(frame), "size", "uses").p_value, 4)
    0.2063
    """
    _check(design, column, permutations)
    (table,) = tables_of(design, row, column)
    strata = _strata(design, table)
    observed = _statistic(sum((stratum.deviation for stratum in strata), np.zeros(table.shape)), strata)
    if not any(stratum.movable for stratum in strata):
        problem = f'"{row}" or "{column}" is the same for all units of each stratum, so that nothing can be permuted'
        raise DesignError(Fault("NO_TEST", design.answers.survey or "data", problem, "Describe the table instead."))
    every = _every_table(strata)
    if every is None:
        found = _drawn(strata, observed, permutations, seed)
        note = words.say(design, "note.permuted", n=permutations, seed=seed)
    else:
        found, note = every, words.say(design, "note.enumerated", n=len(every.values))
    columns = [design.answers.column(row), design.answers.column(column)]
    beside = association(design, [table], "F")
    notes = [note]
    if beside is not None:
        notes.append(words.say(design, "note.beside", p=told_p(beside.p_value, design.answers.language)))
    if _few_silent(design, table):
        notes.append(words.say(design, "note.few_silent", limit=_FEW_SILENT))
    said = {} if every is not None else {"permutations": permutations, "seed": seed}
    return Test(
        name=f"{row} x {column}",
        statistic=observed,
        p_value=_p_value(observed, found),
        method=words.say(design, f"method.permutation_{'drawn' if every is None else 'exact'}"),
        source=words.source(design, "permutation_test", (row, column), columns, **said),
        notes=(*notes, *words.notes(design, columns, groups(design, None))),
        r=f"{NO_R}survey does not permute within strata of a finite population",
    )


def _check(design: Design, column: str, permutations: int) -> None:
    where = design.answers.survey or "data"
    if is_multiple(design, column) or not design.is_element_sample:
        problem = f'"{column}": only single answers of units that were drawn one by one can be permuted'
        raise DesignError(Fault("PERMUTES_UNITS", where, problem, "Use `rao_scott`, which respects clusters."))
    if permutations < 99:
        problem = f"{permutations} permutations say little"
        raise DesignError(Fault("FEW_PERMUTATIONS", "permutations", problem, "Draw 999 or more."))


@dataclass(frozen=True, slots=True, eq=False)
class _Stratum:
    """The rows of one stratum that are in the table: row and column of each in it, and its weight.

    shrink : root of what is left of the variance of permuted deviations; 1 for a superpopulation.
    """

    down: Codes
    across: Codes
    weights: Floats
    shape: tuple[int, int]
    shrink: float

    @property
    def movable(self) -> bool:
        """Whether permuting changes the table."""
        return bool(np.ptp(self.down) and np.ptp(self.across))

    @property
    def even(self) -> bool:
        """Whether all rows weigh the same."""
        return bool(np.ptp(self.weights) <= 1e-12 * self.weights[0])

    @property
    def expected(self) -> Floats:
        """The weighted cells that the margins of the stratum imply."""
        mean = self.weights.mean()
        down, across = (np.bincount(codes, minlength=size) for codes, size in self._sides)
        return np.asarray(mean * np.outer(down, across) / len(self.down))

    @property
    def _sides(self) -> tuple[tuple[Codes, int], tuple[Codes, int]]:
        return (self.down, self.shape[0]), (self.across, self.shape[1])

    @property
    def table(self) -> Floats:
        """The weighted cells."""
        cells = np.bincount(self.down * self.shape[1] + self.across, self.weights, self.shape[0] * self.shape[1])
        return np.asarray(cells.reshape(self.shape), dtype=np.float64)

    @property
    def deviation(self) -> Floats:
        """How far the cells are from what the margins imply."""
        return self.table - self.expected


def _strata(design: Design, table: Table) -> list[_Stratum]:
    inside = np.flatnonzero(table.cells.anywhere)
    down, across = np.divmod(table.cells.codes[inside], table.shape[1])
    cells, left = _variance_left(design, table.known)
    weights = item_weights(design, table.known)
    strata = []
    for code in np.unique(cells[inside]).tolist():
        rows = cells[inside] == code
        shrink = math.sqrt(float(left[code]))
        strata.append(_Stratum(down[rows], across[rows], weights[inside][rows], table.shape, shrink))
    return strata


def _variance_left(design: Design, known: Mask) -> tuple[Codes, Floats]:
    """The stratum of each row, and what is left of the variance of permuted deviations as so many have answered both.

    With n of N heard, N (N - n) / (N - 1)²: permuting all N, (n - 1) / (N - 1) of the variance lies between whole
    populations, and where the whole of it is exactly independent, the rest is N / (N - 1) times larger.
    """
    if design.stages[0].population is None or design.target != "finite":
        return design.cells, np.ones(len(design.cell_names))
    cells, asked, heard = design.cells, asked_by_cell(design), np.ones(len(known), dtype=bool)
    if design.by_item:
        cells, asked = merged_cells(design, few_in(design, known), cells)
        heard = known
    answered = np.bincount(cells, heard, len(asked))
    return cells, np.clip(asked * (asked - answered) / np.maximum(asked - 1, 1) ** 2, 0.0, 1.0)


def _few_silent(design: Design, table: Table) -> bool:
    """Whether the deviations are made by so few silent units that shrunk permutations do not describe them."""
    population = design.stages[0].population
    if population is None or design.target != "finite":
        return False
    return bool(0 < asked_by_cell(design).sum() - int(table.known.sum()) < _FEW_SILENT)


def _statistic(deviation: Floats, strata: list[_Stratum]) -> float:
    return float((deviation**2 / _expected(strata)).sum())


def _expected(strata: list[_Stratum]) -> Floats:
    """The weighted cells that the margins of all strata imply."""
    return sum((stratum.expected for stratum in strata), np.zeros(strata[0].shape))


@dataclass(frozen=True, slots=True, eq=False)
class _Permuted:
    """The statistic of permuted tables, what shrunk deviations would make of it, and the chance of each table."""

    values: Floats
    lowered: Floats
    chance: Floats


def _p_value(observed: float, found: _Permuted) -> float:
    """The chance of a statistic as large, after those permuted are lowered by the factor of the finite population."""
    if observed <= 1e-12:
        return 1.0
    factor = float(found.chance @ found.lowered) / float(found.chance @ found.values)
    if factor <= 1e-12:
        return 0.0
    values, place = np.unique(np.round(found.values / observed, 9), return_inverse=True)
    tail = np.cumsum(np.bincount(place, found.chance)[::-1])[::-1]
    target = 1 / factor
    if target > values[-1]:
        return float(tail[-1] * values[-1] / target)
    return min(1.0, float(np.interp(target, values, tail)))


def _every_table(strata: list[_Stratum]) -> _Permuted | None:
    """Every table that permuting can give; None where they are too many."""
    if not all(stratum.even for stratum in strata):
        return None
    lists, total = [], 1
    for stratum in strata:
        found = list(itertools.islice(_tables(*_margins(stratum)), _EXACT // total + 1))
        total *= len(found)
        if total > _EXACT:
            return None
        lists.append(np.array(found, dtype=np.float64))
    plain, shrunk, chance = np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1)
    for stratum, tables in zip(strata, lists, strict=True):
        deviation = (stratum.weights[0] * tables - stratum.expected).reshape(len(tables), -1)
        plain, shrunk = _each_with_each(plain, deviation), _each_with_each(shrunk, stratum.shrink * deviation)
        chance = np.outer(chance, _chances(tables)).ravel()
    expected = _expected(strata).ravel()
    return _Permuted((plain**2 / expected).sum(axis=1), (shrunk**2 / expected).sum(axis=1), chance)


def _each_with_each(one: Floats, other: Floats) -> Floats:
    """The sums of each row of one table with each row of another."""
    together = one[:, None, :] + other[None, :, :]
    return np.asarray(together.reshape(-1, together.shape[2]))


def _margins(stratum: _Stratum) -> tuple[tuple[int, ...], tuple[int, ...]]:
    down, across = (np.bincount(codes, minlength=size) for codes, size in stratum._sides)
    return tuple(down.tolist()), tuple(across.tolist())


def _tables(down: tuple[int, ...], across: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """All tables of whole numbers with these margins."""
    if len(down) == 1:
        yield [across]
        return
    for first in _shared(down[0], across):
        rest = tuple(size - taken for size, taken in zip(across, first, strict=True))
        for others in _tables(down[1:], rest):
            yield [first, *others]


def _shared(number: int, sizes: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """All ways to take a number from boxes of these sizes."""
    if len(sizes) == 1:
        if number <= sizes[0]:
            yield (number,)
        return
    for taken in range(min(number, sizes[0]) + 1):
        for others in _shared(number - taken, sizes[1:]):
            yield (taken, *others)


def _chances(tables: Floats) -> Floats:
    """The chance of each of some tables with the same margins: multiple hypergeometric."""
    left, chance = tables.sum(axis=1), np.zeros(len(tables))
    for row in np.moveaxis(tables[:, :-1], 1, 0):
        chance += log_choose(left, row).sum(axis=1) - log_choose(left.sum(axis=1), row.sum(axis=1))
        left = left - row
    return np.exp(chance)


def _drawn(strata: list[_Stratum], observed: float, permutations: int, seed: int) -> _Permuted:
    """Tables permuted at random, with the observed one among them."""
    rng = np.random.default_rng(seed)
    cells = math.prod(strata[0].shape)
    expected = _expected(strata).ravel()
    size = max(1, _CHUNK // max(len(stratum.down) for stratum in strata))
    values, lowered = [], []
    for start in range(0, permutations, size):
        count = min(size, permutations - start)
        plain, shrunk = np.zeros((count, cells)), np.zeros((count, cells))
        for stratum in strata:
            deviation = _permuted(rng, stratum, count) - stratum.expected.ravel()
            plain, shrunk = plain + deviation, shrunk + stratum.shrink * deviation
        values.append((plain**2 / expected).sum(axis=1))
        lowered.append((shrunk**2 / expected).sum(axis=1))
    factor = float(np.concatenate(lowered).sum() / np.concatenate(values).sum())
    chance = np.full(permutations + 1, 1 / (permutations + 1))
    drawn = np.concatenate([[observed], *values]), np.concatenate([[observed * factor], *lowered])
    return _Permuted(*drawn, chance)


def _permuted(rng: np.random.Generator, stratum: _Stratum, count: int) -> Floats:
    """The weighted cells of a stratum after as many permutations (count x cells)."""
    cells = math.prod(stratum.shape)
    moved = rng.permuted(np.tile(stratum.across, (count, 1)), axis=1)
    place = stratum.down * stratum.shape[1] + moved + cells * np.arange(count)[:, None]
    weights = np.broadcast_to(stratum.weights, place.shape).ravel()
    found = np.bincount(place.ravel(), weights, count * cells)
    return np.asarray(found.reshape(count, cells), dtype=np.float64)
