"""Breakdowns: which rows, and which units of the population, belong to each group of `by`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Names, check_answered, names_of

_MOST_GROUPS: Final = 10_000

Coordinates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The groups of a breakdown that have rows, in the order of their categories; one group without `by`.

    cells : the rows of the domain by group. everyone : all rows by group, `size` where that is unknown.
    population : groups x response cells, units that may belong, None where nothing is known of the population.
    certain : whether those units surely belong. of_frame : whether the group of every unit of the population is known.
    settled : rows whose group is known. empty : groups without rows.
    """

    coordinates: tuple[Coordinates, ...]
    labels: tuple[tuple[str, ...], ...]
    cells: Cells
    everyone: Cells
    population: Floats | None
    certain: bool
    of_frame: bool
    settled: Mask
    empty: tuple[str, ...]

    def with_rows(self, valid: Mask) -> tuple[Cells, Codes]:
        """The valid rows by group, and the groups that have any: the others are left out of the cells."""
        base = self.cells.where(valid)
        used = np.flatnonzero(base.counts)
        return base.only(used), used


def groups(design: Design, by: Names) -> Groups:
    """The groups of a breakdown; `DesignError` NO_SUCH_VARIABLE, CHOICE_OF_MANY, NOT_A_BREAKDOWN."""
    names = names_of(by)
    key = ("groups", names)
    if key not in design.memo:
        design.memo[key] = _groups(design, names)
    found = design.memo[key]
    assert isinstance(found, Groups)
    return found


def _groups(design: Design, names: tuple[str, ...]) -> Groups:
    columns = [_breakdown(design.answers, name) for name in names]
    for name in names:
        check_answered(design.answers, [name])
    codes, sizes = _crossed(columns, len(design.weights)), [len(column.categories) for column in columns]
    total = math.prod(sizes)
    if total > _MOST_GROUPS:
        problem = f"{' x '.join(names)} are {total} groups, more than the {_MOST_GROUPS} that can be counted"
        raise DesignError(Fault("TOO_MANY_GROUPS", design.answers.survey or "data", problem, "Cross fewer columns."))
    settled = codes >= 0
    everyone = Cells(codes if settled.all() else np.where(settled, codes, total), total)
    cells = everyone.where(design.mask)
    used = np.flatnonzero(cells.counts)
    population, certain = _population(design, names, columns, total)
    combos = [_words(columns, int(code)) for code in range(total)]
    possible = population.sum(axis=1) > 0 if population is not None and certain else np.zeros(total, bool)
    return Groups(
        coordinates=tuple(combos[code][0] for code in used),
        labels=tuple(combos[code][1] for code in used),
        cells=cells.only(used),
        everyone=everyone.only(used),
        population=None if population is None else population[used],
        certain=certain,
        of_frame=design.population is not None and set(names) <= set(design.population.kinds.columns),
        settled=settled,
        empty=tuple(" x ".join(combos[code][1]) for code in np.flatnonzero(possible) if code not in set(used)),
    )


def _breakdown(answers: Answers, name: str) -> Column:
    if name in answers.families and name not in answers.frame.columns:
        problem = f'"{name}" has several columns ({", ".join(answers.families[name][:4])})'
        raise DesignError(Fault("CHOICE_OF_MANY", answers.survey, problem, "Break down by one of its columns."))
    column = answers.column(name)
    if not column.categories:
        problem = f'"{name}" is not a list of categories'
        raise DesignError(Fault("NOT_A_BREAKDOWN", answers.survey, problem, "Group its values into classes first."))
    return column


def _crossed(columns: Sequence[Column], rows: int) -> Codes:
    """One code per row for the crossing, -1 where a part is missing. One column stands for itself, uncopied."""
    if len(columns) == 1:
        return columns[0].codes
    codes = np.zeros(rows, dtype=np.int64)
    good = np.ones(rows, dtype=bool)
    for column in columns:
        good &= column.codes >= 0
        codes = codes * len(column.categories) + column.codes
    return np.where(good, codes, -1)


def _words(columns: Sequence[Column], code: int) -> tuple[Coordinates, tuple[str, ...]]:
    places: list[tuple[str, str, str]] = []
    for column in reversed(columns):
        code, place = divmod(code, len(column.categories))
        places.insert(0, (column.name, column.categories[place], column.labels[place]))
    return tuple((name, value) for name, value, _ in places), tuple(label for _, _, label in places)


def _population(
    design: Design, names: tuple[str, ...], columns: Sequence[Column], total: int
) -> tuple[Floats | None, bool]:
    """Units by group and cell. Groups that answers decide can hold any unit that the domain can hold."""
    known = design.population
    if known is None or design.target == "superpopulation":
        return None, False
    size = len(design.cell_names)
    if not set(names) <= set(known.kinds.columns):
        anyone = np.bincount(known.cell, known.count * known.inside, size)
        return np.tile(anyone, (total, 1)).astype(float), False
    everyone = replace(design.answers, frame=known.kinds, missing=None, memo={})
    aligned = [_as(column, everyone.column(column.name)) for column in columns]
    codes = _crossed(aligned, len(known.count))
    keep = (codes >= 0) & known.inside
    table = np.bincount(codes[keep] * size + known.cell[keep], known.count[keep], total * size)
    return table.reshape(total, size).astype(float), known.certain


def _as(column: Column, other: Column) -> Column:
    """The other column with its codes counted in this column's categories (-1 for categories without rows)."""
    place = {name: index for index, name in enumerate(column.categories)}
    table = np.array([place.get(name, -1) for name in other.categories] + [-1])
    return replace(other, codes=table[other.codes], categories=column.categories, labels=column.labels)
