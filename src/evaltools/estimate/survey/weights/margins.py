"""Known counts and totals, as a user writes them or as the population gives them, read into `Auxiliaries`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column, code_text
from evaltools.estimate.survey.designs.model import Auxiliaries, Design

Counts = Mapping[Any, float]
"""Units by category (a text or a number); the categories of crossed columns are joined by " x "."""
Margins = str | Sequence[str] | Mapping[str, Counts | str]
"""Counts by column, or columns of the frame whose counts the population gives. `"region x size"` crosses two."""
Totals = str | Sequence[str] | Mapping[str, Counts | float | str]
"""As `Margins`, and totals of numbers; `counts` and `sum` say that the population gives them."""

CROSSED: Final = " x "
FROM_POPULATION: Final = ("counts", "sum")


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One column, or several that are crossed: category of each row and known number of units in each.

    codes : -1 for rows that the margin says nothing of. For a number, `values` are added up and there is one total.
    """

    name: str
    categories: tuple[str, ...]
    codes: Codes
    totals: Floats
    values: Floats | None = None


def read_margins(design: Design, margins: Totals, rows: Mask) -> list[Margin]:
    """The margins in the order they are named; only `rows` are looked at.

    Raises `DesignError`: NO_MARGIN, NO_SUCH_VARIABLE, NOT_IN_FRAME, POPULATION_UNKNOWN, AUXILIARY_MISSING,
    AUXILIARY_NOT_A_NUMBER, CATEGORY_WITHOUT_COUNT, EMPTY_CATEGORY, COUNT_NOT_POSITIVE, MARGINS_DIFFER.
    """
    named: Mapping[str, Counts | float | str] = (
        margins
        if isinstance(margins, Mapping)
        else dict.fromkeys([margins] if isinstance(margins, str) else margins, "counts")
    )
    if not named:
        problem = "no known counts are given"
        raise DesignError(Fault("NO_MARGIN", "margins", problem, "Name a column with the number of units by category."))
    found = [_margin(design, name, known, rows) for name, known in named.items()]
    _check_sums(found)
    return found


def written(margins: Totals) -> object:
    """The margins as recorded code says them: categories are texts.

    >>> written({"size": {1: 40, 2: 58}})
    {'size': {'1': 40, '2': 58}}
    """
    if not isinstance(margins, Mapping):
        return margins
    return {
        name: {code_text(category): count for category, count in known.items()} if isinstance(known, Mapping) else known
        for name, known in margins.items()
    }


def auxiliaries(margins: Sequence[Margin], units: float | None = None) -> Auxiliaries:
    """The margins as what weights are made to fit. units : that the weights shall add up to as well."""
    numbers = [margin for margin in margins if margin.values is not None]
    counted = [margin for margin in margins if margin.values is None]
    cell, places = _cells(counted, [margin.values for margin in numbers if margin.values is not None])
    parts = [
        (places[:, [number]] == np.arange(len(margin.categories))).astype(float)
        for number, margin in enumerate(counted)
    ]
    parts += [places[:, [number]] for number in range(len(counted), len(counted) + len(numbers))]
    totals = [margin.totals for margin in (*counted, *numbers)]
    names = [f'{margin.name} "{category}"' for margin in counted for category in margin.categories]
    names += [f'the numbers "{margin.name}"' for margin in numbers]
    if units is not None:
        parts.append(np.ones((len(places), 1)))
        totals.append(np.array([units]))
        names.append("all units")
    return Auxiliaries(
        cell=cell,
        table=np.concatenate(parts, axis=1),
        totals=np.concatenate(totals),
        names=tuple(names),
        blocks=tuple(part.shape[1] for part in parts),
        variables=frozenset(name for margin in margins for name in margin.name.split(CROSSED)),
    )


def _cells(counted: Sequence[Margin], numbers: Sequence[Floats]) -> tuple[Codes, Floats]:
    """The different combinations of categories that rows have (rows to cells, cells x margins); all rows if numbers."""
    if numbers:
        columns = [*(margin.codes.astype(float) for margin in counted), *numbers]
        return np.arange(len(numbers[0])), np.stack(columns, axis=1)
    lacking = int(any(margin.codes.min() < 0 for margin in counted))
    sizes = [len(margin.categories) + lacking for margin in counted]
    crossed = counted[0].codes + lacking
    for margin, size in zip(counted[1:], sizes[1:], strict=True):
        crossed *= size
        crossed += margin.codes + 1 if lacking else margin.codes
    used, cell = _compact(crossed, math.prod(sizes))
    return cell, (np.stack(np.unravel_index(used, sizes), axis=1) - lacking).astype(np.float64)


def _compact(codes: Codes, most: int) -> tuple[Codes, Codes]:
    """The codes that occur (out of `most`), and for each row the place of its own among them."""
    if most > max(len(codes), 1000):
        used, place = np.unique(codes, return_inverse=True)
        return used, place.astype(np.int64)
    used = np.flatnonzero(np.bincount(codes, minlength=most))
    if len(used) == most:
        return used, codes
    table = np.zeros(most, dtype=np.int64)
    table[used] = np.arange(len(used))
    return used, table[codes]


def _margin(design: Design, name: str, known: Counts | float | str, rows: Mask) -> Margin:
    if known == "sum" or isinstance(known, (int, float)):
        return _number(design, name, known, rows)
    if isinstance(known, str) and known not in FROM_POPULATION:
        problem = f'"{known}" says nothing of "{name}"'
        remedy = f"Give the number of units by category, or one of {', '.join(FROM_POPULATION)}."
        raise DesignError(Fault("NO_MARGIN", "margins", problem, remedy))
    columns = [design.answers.column(part) for part in name.split(CROSSED)]
    for column in columns:
        _check_complete(column, rows)
    codes = _crossed(columns)
    labels = _labels(columns)
    counts = _of_population(design, name, columns) if isinstance(known, str) else _counts(name, known, labels)
    return _counted(name, labels, codes, counts, rows)


def _counted(name: str, labels: Sequence[str], codes: Codes, counts: Floats, rows: Mask) -> Margin:
    """The margin with the categories that have units or rows; both, or neither."""
    everyone = bool(rows.all())
    present = np.bincount(codes if everyone else codes[rows], minlength=len(labels)) > 0
    for place in np.flatnonzero(present & ~(counts > 0)).tolist():
        if np.isnan(counts[place]):
            problem = f'some rows are {name} "{labels[place]}", and how many units there are of it is not given'
            remedy = "Give its number, or merge it with another category."
            raise DesignError(Fault("CATEGORY_WITHOUT_COUNT", "margins", problem, remedy))
        problem = f'{name} "{labels[place]}" is said to have {counts[place]:g} units, and some rows are of it'
        raise DesignError(Fault("COUNT_NOT_POSITIVE", "margins", problem, "Correct the number, or the rows."))
    for place in np.flatnonzero(~present & (np.nan_to_num(counts) != 0)).tolist():
        problem = (
            f'there are {counts[place]:g} units of {name} "{labels[place]}", and none of those who answered is one'
        )
        remedy = "Merge the category with another one, in the answers and in the known counts."
        raise DesignError(Fault("EMPTY_CATEGORY", "margins", problem, remedy))
    kept = np.flatnonzero(present).tolist()
    if len(kept) < len(labels):
        table = np.full(len(labels) + 1, -1, dtype=np.int64)
        table[kept] = np.arange(len(kept))
        codes = table[codes]
    categories = tuple(labels[place] for place in kept)
    return Margin(name, categories, codes if everyone else np.where(rows, codes, -1), counts[kept])


def _check_complete(column: Column, rows: Mask) -> None:
    absent = int((~column.valid & rows).sum())
    if absent:
        problem = f'"{column.name}" is missing in {absent} of the {int(rows.sum())} rows that are to be weighted'
        remedy = "Fill it in, or make `unknown` a category of its own with a count of its own."
        raise DesignError(Fault("AUXILIARY_MISSING", "margins", problem, remedy))
    if not column.categories:
        problem = f'"{column.name}" is not a list of categories that can be counted'
        remedy = "Group its values into classes; `calibrate` takes the total of a number."
        raise DesignError(Fault("NOT_CATEGORIES", "margins", problem, remedy))


def _crossed(columns: Sequence[Column]) -> Codes:
    if len(columns) == 1:
        return columns[0].codes
    codes = np.zeros(len(columns[0].codes), dtype=np.int64)
    good = np.ones(len(codes), dtype=bool)
    for column in columns:
        good &= column.codes >= 0
        codes = codes * len(column.categories) + column.codes
    return np.where(good, codes, -1)


def _labels(columns: Sequence[Column]) -> list[str]:
    labels = [""]
    for column in columns:
        labels = [
            f"{label}{CROSSED}{category}" if label else category for label in labels for category in column.categories
        ]
    return labels


def _counts(name: str, known: Counts | float, labels: Sequence[str]) -> Floats:
    """The counts given, in the order of the categories; NaN where none is given."""
    assert isinstance(known, Mapping)
    given = {code_text(category): float(count) for category, count in known.items()}
    for category, count in given.items():
        if not (math.isfinite(count) and count >= 0):
            problem = f'{name} "{category}" is said to have {count:g} units'
            raise DesignError(Fault("COUNT_NOT_POSITIVE", "margins", problem, "Give a number of units above 0."))
        if category not in labels and count:
            problem = f'there are {count:g} units of {name} "{category}", and none of those who answered is one'
            raise DesignError(
                Fault("EMPTY_CATEGORY", "margins", problem, f"Merge the category. {near(category, labels)}")
            )
    return np.array([given.get(label, np.nan) for label in labels])


def _kinds(design: Design, name: str) -> Answers:
    """What is known of every unit of the population, as columns; `DesignError` unless it has these columns."""
    known = design.population
    if known is None:
        problem = f'the counts of "{name}" are to come from the population, and nothing is known of it'
        remedy = "Give them: {'category': number of units, ...}."
        raise DesignError(Fault("POPULATION_UNKNOWN", "margins", problem, remedy))
    for part in name.split(CROSSED):
        if part not in known.kinds.columns:
            problem = f'"{part}" is not known of the units that are silent'
            remedy = f"Use a column of the frame: {', '.join(map(str, known.kinds.columns))}."
            raise DesignError(Fault("NOT_IN_FRAME", "margins", problem, remedy))
    return replace(design.answers, frame=known.kinds, missing=None, memo={})


def _of_population(design: Design, name: str, columns: Sequence[Column]) -> Floats:
    everyone = _kinds(design, name)
    assert design.population is not None
    theirs = [everyone.column(column.name) for column in columns]
    labels, found = _labels(theirs), _labels(columns)
    place = _crossed(theirs)
    if (place < 0).any():
        problem = f'"{name}" is missing for {int(design.population.count[place < 0].sum())} units of the frame'
        raise DesignError(Fault("AUXILIARY_MISSING", "margins", problem, "Fill it in, in the table of units."))
    sizes = np.bincount(place, design.population.count, len(labels))
    by_label = dict(zip(labels, sizes, strict=True))
    for label, size in by_label.items():
        if size and label not in found:
            problem = f'there are {size:g} units of {name} "{label}", and none of those who answered is one'
            raise DesignError(Fault("EMPTY_CATEGORY", "margins", problem, "Merge the category with another one."))
    return np.array([by_label.get(label, 0.0) for label in found])


def _number(design: Design, name: str, known: Counts | float | str, rows: Mask) -> Margin:
    column = design.answers.column(name)
    values = _as_numbers(name, design.answers.frame[name])
    absent = (~column.valid | np.isnan(values)) & rows
    if absent.any():
        problem = f'"{name}" is missing in {int(absent.sum())} of the {int(rows.sum())} rows that are to be weighted'
        raise DesignError(Fault("AUXILIARY_MISSING", "margins", problem, "Fill it in, or take another number."))
    if isinstance(known, str):
        everyone = _kinds(design, name).frame
        assert design.population is not None
        total = float(_as_numbers(name, everyone[name]) @ design.population.count)
    else:
        assert isinstance(known, (int, float))
        total = float(known)
    if not math.isfinite(total):
        problem = f'the total of "{name}" is not known for all units'
        raise DesignError(Fault("AUXILIARY_MISSING", "margins", problem, "Fill the column in, or give the total."))
    return Margin(name, (name,), np.zeros(len(values), dtype=np.int64), np.array([total]), np.where(rows, values, 0.0))


def _as_numbers(name: str, values: pd.Series) -> Floats:
    try:
        return pd.to_numeric(values.astype(object)).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        problem = f'"{name}" holds texts, whose total means nothing'
        remedy = "Give the number of units in each of its categories instead."
        raise DesignError(Fault("AUXILIARY_NOT_A_NUMBER", "margins", problem, remedy)) from None


def _check_sums(margins: Sequence[Margin]) -> None:
    """`DesignError` MARGINS_DIFFER unless all counts add up to the same number of units."""
    counted = [margin for margin in margins if margin.values is None]
    for margin in counted[1:]:
        first, here = counted[0].totals.sum(), margin.totals.sum()
        if abs(first - here) > 1e-9 * max(first, here):
            problem = (
                f'the counts of "{counted[0].name}" add up to {first:g} units, those of "{margin.name}" to {here:g}'
            )
            remedy = "Use counts of one population and one day; scale one margin if only its shares are known."
            raise DesignError(Fault("MARGINS_DIFFER", "margins", problem, remedy))
