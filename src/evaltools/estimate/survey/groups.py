"""Breakdowns: which rows, and which units of the population, belong to each group of `by`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.answers import Answers, Column
from evaltools.estimate.survey.model import Design
from evaltools.estimate.survey.selection import Names, names_of

_MOST_GROUPS: Final = 10_000

Coordinates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The groups of a breakdown that have rows, in the order of their categories; one group without `by`.

    inside : rows x groups, 1 where the row belongs. population : groups x cells, units that may belong, None where
    nothing is known of the population. certain : whether those units surely belong. reach : rows x groups, the rows
    among the units that `population` counts. settled : rows whose group is known. empty : groups without rows.
    """

    coordinates: tuple[Coordinates, ...]
    labels: tuple[tuple[str, ...], ...]
    inside: Floats
    population: Floats | None
    certain: bool
    reach: Floats
    settled: Mask
    empty: tuple[str, ...]


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
    codes, sizes = _crossed(columns, len(design.weights)), [len(column.categories) for column in columns]
    inside = np.where(design.mask, codes, -1)
    total = math.prod(sizes)
    if total > _MOST_GROUPS:
        problem = f"{' x '.join(names)} are {total} groups, more than the {_MOST_GROUPS} that can be counted"
        raise DesignError(Fault("TOO_MANY_GROUPS", design.answers.survey or "data", problem, "Cross fewer columns."))
    indicator = (inside[:, None] == np.arange(total)).astype(float)
    used = np.flatnonzero(indicator.any(axis=0))
    population, certain = _population(design, names, columns, total)
    combos = [_words(columns, int(code)) for code in range(total)]
    possible = population.sum(axis=1) > 0 if population is not None and certain else np.zeros(total, bool)
    return Groups(
        coordinates=tuple(combos[code][0] for code in used),
        labels=tuple(combos[code][1] for code in used),
        inside=indicator[:, used],
        population=None if population is None else population[used],
        certain=certain,
        reach=_reach(design, names, codes, used),
        settled=codes >= 0,
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
    """One code per row for the crossing, -1 where a part is missing."""
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


def _reach(design: Design, names: tuple[str, ...], codes: Codes, used: Codes) -> Floats:
    of_frame = design.population is not None and set(names) <= set(design.population.kinds.columns)
    among = design.possible[:, None] & (codes[:, None] == used) if of_frame else design.possible[:, None]
    return np.broadcast_to(among, (len(codes), len(used))).astype(float)


def _as(column: Column, other: Column) -> Column:
    """The other column with its codes counted in this column's categories (-1 for categories without rows)."""
    place = {name: index for index, name in enumerate(column.categories)}
    table = np.array([place.get(name, -1) for name in other.categories] + [-1])
    return replace(other, codes=table[other.codes], categories=column.categories, labels=column.labels)
