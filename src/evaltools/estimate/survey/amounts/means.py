"""Means, totals and ratios of totals, with t intervals from the linearised variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Measured, Row
from evaltools.estimate.survey.amounts.quantities import Quantity, quantities, quotient
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.groups import Coordinates, Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, Names, names_of, nobody_answered
from evaltools.estimate.survey.intervals.interval import Interval, t_quantile
from evaltools.estimate.survey.linearised.linear import (
    Linear,
    base_sizes,
    degrees_of_freedom,
    joint,
    ratios,
    totals,
)
from evaltools.estimate.survey.writing import given_away, rcode, words

Amount = Literal["mean", "total", "ratio"]


def mean(
    design: Design,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Means of numbers among those asked who gave one.

    design, by : as in `proportion`.
    variable : a name, several, or a grid of numbers. category : makes it the mean of "is one of these codes".
    Returns rows with coordinates `item` (and `category`) and those of `by`, in the unit of the variable.
    Raises `DesignError`: NO_SUCH_VARIABLE, NOT_NUMBERS, NEVER_ASKED, NO_ANSWERS, LEVEL_NOT_A_SHARE,
    INTERVAL_FOR_SHARES.
    Source: Särndal, Swensson and Wretman (1992), section 5.7.
    interval : as in `proportion`; for a mean it is left out. level : 0.95 for 95 pct.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> row = mean(survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0]}), population=3), "weeks").rows[0]
    >>> row.estimate, row.se
    (8.0, 0.0)
    """
    found = quantities(design, "mean", variable, category)
    return _amounts(design, _Asked("mean", (variable,), by, interval, level, category), found)


def total(
    design: Design,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Weighted totals of numbers, or of units in each category.

    variable : as in `mean`; for a variable of categories the total is the number of units in each.
    In a census (`design`), those who left the question open are taken to be like the others of their response cell. In
    a sample (`survey_design`, as in R) they add nothing. A note says which, and how many they are.
    Raises `DesignError` as `mean`. Source: Särndal, Swensson and Wretman (1992), section 2.8.
    design, by, interval, level : as in `mean`. Returns rows of measure `total`, or `count` for categories.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> total(survey_design(pd.DataFrame({"weeks": [6.0, 10.0]}), population=4), "weeks").rows[0].estimate
    32.0
    """
    found = quantities(design, "total", variable, category)
    return _amounts(design, _Asked("total", (variable,), by, interval, level, category), found)


def ratio(
    design: Design,
    numerator: str | Sequence[str],
    denominator: str,
    *,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Ratio of two totals (not the mean of ratios), over those who gave both numbers.

    numerator : a name, or several over the same denominator (one block of rows each; the covariance is joint).
    Raises `DesignError` as `mean`, and ZERO_DENOMINATOR. Source: Särndal, Swensson and Wretman (1992), section 5.6.
    design, by, interval, level : as in `mean`. denominator : a name. Returns rows of measure `ratio`.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> months = pd.DataFrame({"used": [6.0, 2.0], "had": [10.0, 10.0]})
    >>> ratio(survey_design(months, population=2), "used", "had").rows[0].estimate
    0.4
    """
    named = numerator if isinstance(numerator, str) else tuple(numerator)
    found = [quotient(design, name, denominator) for name in names_of(named)]
    if len(found) > 1:
        found = [replace(each, label=_numerator_label(design, each)) for each in found]
    return _amounts(design, _Asked("ratio", (named, denominator), by, interval, level), found)


def _numerator_label(design: Design, quantity: Quantity) -> str:
    """Among several numerators over one denominator, the numerator tells them apart."""
    above = quantity.columns[0]
    row = None if above.variable is None else above.variable.field.row
    return above.label if row is None else row.label.to(design.answers.language)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The call as the user wrote it."""

    function: Amount
    positional: tuple[object, ...]
    by: Names
    interval: Interval | None
    level: float
    category: Category = None


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One quantity over the groups that have answers to it."""

    quantity: Quantity
    linear: Linear
    df: Floats
    n: Floats
    base: Floats
    summed: Floats
    summed_of: Floats | None
    cells: Cells
    N: tuple[int | None, ...]
    labels: tuple[tuple[str, ...], ...]
    coordinates: tuple[Coordinates, ...]


def _amounts(design: Design, asked: _Asked, found: Sequence[Quantity]) -> Estimate:
    check_level(asked.level)
    if asked.interval is not None and asked.interval.name != "wald":
        problem = f"{asked.interval!r} is for shares, not for a {asked.function}"
        raise DesignError(Fault("INTERVAL_FOR_SHARES", "interval", problem, "Leave it out: a t interval is used."))
    breakdown = groups(design, asked.by)
    parts = [part for quantity in found if (part := _part(design, asked.function, quantity, breakdown)) is not None]
    columns = [column for quantity in found for column in quantity.columns]
    if not parts:
        raise nobody_answered(design.answers, columns)
    linear, matrix, se = joint(design, [part.linear for part in parts])
    rows: list[Row] = []
    for part in parts:
        rows += _rows(design, part, se[len(rows) : len(rows) + len(part.df)], asked.level)
    said = {"category": asked.category, "by": asked.by, "level": asked.level}
    return Estimate(
        measure=_measure(asked.function, found),
        rows=tuple(rows),
        source=words.source(design, asked.function, asked.positional, columns, **said),
        notes=_notes(design, asked.function, columns, breakdown),
        covariance=matrix,
        influence=linear.influence,
        known=linear.known,
        unit=unit_of(design, asked.function, columns),
        r=rcode.amounts(design, asked.function, [quantity.term for quantity in found], asked.by),
    )


def _part(design: Design, function: Amount, quantity: Quantity, breakdown: Groups) -> _Part | None:
    base, used = breakdown.with_rows(quantity.valid)
    if not len(used):
        return None
    values = base.with_values(quantity.values)
    below = base if quantity.below is None else base.with_values(quantity.below)
    asked = breakdown.cells.only(used).where(~quantity.outside)
    n = base.counts
    return _Part(
        quantity=quantity,
        linear=totals(design, values, quantity.known, base)
        if function == "total"
        else _ratios(design, quantity, values, below),
        df=np.full(len(used), np.inf)
        if design.unequal
        else degrees_of_freedom(design, base if design.by_item else asked),
        n=n.astype(float),
        base=base_sizes(design, base, quantity.known),
        summed=values.sums(),
        summed_of=None if quantity.below is None else below.sums(),
        cells=base,
        N=population_of(quantity, breakdown, used),
        labels=tuple(breakdown.labels[group] for group in used),
        coordinates=tuple(breakdown.coordinates[group] for group in used),
    )


def _ratios(design: Design, quantity: Quantity, values: Cells, below: Cells) -> Linear:
    if quantity.below is not None and (below.sums(design.weights) == 0).any():
        name = quantity.columns[-1].name
        problem = f'"{name}" adds to 0 in a group, so that nothing can be divided by it'
        raise DesignError(Fault("ZERO_DENOMINATOR", design.answers.survey or "data", problem, "Merge the group."))
    return ratios(design, values, below, quantity.known)


def population_of(quantity: Quantity, breakdown: Groups, used: Codes) -> tuple[int | None, ...]:
    """Units of the population in the base of each group that is used; None where nobody can know."""
    if breakdown.population is None or not breakdown.certain:
        return (None,) * len(used)
    outside = breakdown.cells.where(quantity.outside).counts > 0
    return tuple(None if outside[group] else int(breakdown.population[group].sum()) for group in used)


def _rows(design: Design, part: _Part, se: Floats, level: float) -> list[Row]:
    half = t_quantile(part.df, level) * se
    shown = (se > 0) | _settled(design, part)
    item = (("item", part.quantity.item), *(("category", code) for code, _ in part.quantity.category))
    label = (part.quantity.label, *(each for _, each in part.quantity.category))
    method = words.say(design, f"method.{words.way(design)}")
    counted = ("" if part.quantity.category else part.quantity.columns[0].name, ())
    rows = [
        Row(
            coordinates=(*item, *part.coordinates[group]),
            labels=(*label, *part.labels[group]),
            estimate=float(value),
            n=int(part.n[group]),
            base=float(part.base[group]),
            method=words.say(design, "method.census") if part.N[group] == int(part.n[group]) else method,
            se=float(se[group]),
            low=float(value - half[group]) if shown[group] else None,
            high=float(value + half[group]) if shown[group] else None,
            level=level,
            df=float(part.df[group]),
            N=part.N[group],
            summed=float(part.summed[group]),
            summed_of=None if part.summed_of is None else float(part.summed_of[group]),
            counted=counted,
        )
        for group, value in enumerate(part.linear.values)
    ]
    return rows if part.quantity.columns[0].variable is None else _telling(design, part, rows)


def _telling(design: Design, part: _Part, rows: Sequence[Row]) -> list[Row]:
    """The rows with the largest single amounts, and with the sums that follow from them."""
    inside, known, below = part.cells.dense(), part.quantity.known, part.quantity.columns[-1].name
    values = inside * part.quantity.values[:, None]
    most = given_away.largest(design, values)
    return [
        replace(
            row,
            largest=tuple(most[:, group].tolist()),
            tells=given_away.weighted(design, values[:, group], inside[:, group], known, row.counted, row)
            + given_away.denominator(design, below, row),
        )
        for group, row in enumerate(rows)
    ]


def _settled(design: Design, part: _Part) -> Mask:
    """By group, whether nobody is silent, or totals are known: only then does a variance of 0 mean certainty."""
    if design.fixes(column.name for column in part.quantity.columns):
        return np.ones(len(part.N), dtype=bool)
    everyone = design.full_response and bool(part.quantity.known.all())
    return np.array([everyone or size == n for size, n in zip(part.N, part.n, strict=True)])


def _measure(function: Amount, found: Sequence[Quantity]) -> Measured:
    if found[0].category:
        return "count" if function == "total" else "share"
    return function


def _notes(design: Design, function: Amount, columns: Sequence[Column], breakdown: Groups) -> tuple[str, ...]:
    found = words.notes(design, columns, breakdown)
    if function == "total" and (missing := max(words.unknown(design, column) for column in columns)):
        return (*found, words.say(design, f"note.total_of_{'all' if design.by_item else 'answers'}", missing=missing))
    return found


def unit_of(design: Design, function: str, columns: Sequence[Column]) -> str:
    """The unit of the variables; `percent` for a ratio of a part to its whole, which have one unit."""
    items = {column.variable.field.item.name: column.variable.field.item for column in columns if column.variable}
    units = {item.unit.to(design.answers.language) for item in items.values() if item.unit is not None}
    if function == "ratio":
        return "percent" if len(items) == 1 or (len(units) == 1 and all(item.unit for item in items.values())) else ""
    return units.pop() if len(units) == 1 else ""
