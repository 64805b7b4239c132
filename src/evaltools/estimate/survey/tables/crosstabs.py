"""Two-way tables: shares or counts of their cells, and the Rao-Scott tests that respect the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row, Test
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.groups import Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Block, blocks, options
from evaltools.estimate.survey.intervals.interval import Interval, t_quantile
from evaltools.estimate.survey.linearised.linear import covariance, degrees_of_freedom, standard_errors, totals
from evaltools.estimate.survey.shares.proportions import shares_of
from evaltools.estimate.survey.tables.associations import (
    Statistic,
    Table,
    association,
    check_different,
    check_statistic,
    is_multiple,
    settled,
    table_of,
    tables_of,
)
from evaltools.estimate.survey.writing import rcode, words

Of = Literal["row", "all", "count"]

FEW = 5
"""With fewer answers than this expected in a cell, the distribution of the test is a rough guide."""


def crosstab(
    design: Design, row: str, column: str, *, of: Of = "row", interval: Interval | None = None, level: float = 0.95
) -> Estimate:
    """The cells of two variables with unweighted counts, and the Rao-Scott test of no association.

    of : `row` for shares of the column's categories within each of the row's; `all` for shares of all; `count` for
    the number of units in each cell of the population.
    Returns rows with coordinates `item` (the column), `category` and the row variable; `count` of `n` unweighted.
    `extra` holds `F`, `df1`, `df2` and `p_value` of the test, unless it cannot be made (see notes).
    Raises `DesignError` as `proportion`, SAME_VARIABLE, NO_SUCH_SHARE; INTERVAL_FOR_SHARES with `of="count"`.
    design, interval, level : as in `proportion`. row, column : variables with categories.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> [(row.key, row.count, row.n) for row in crosstab(design, "size", "uses").rows[:2]]
    [('uses/no/large', 10, 35), ('uses/yes/large', 25, 35)]
    >>> round(crosstab(design, "size", "uses", of="all").rows[0].estimate, 3)
    0.141
    """
    check_level(level)
    _check_of(of, interval)
    check_different(design, row, column)
    found = blocks(design.answers, column, None)
    crossed = None if of == "row" else _crossing(design, row, found)
    estimate = (
        _by_row(design, row, found, interval, level)
        if crossed is None
        else _counted(design, row, crossed, level)
        if of == "count"
        else _of_all(design, row, crossed, interval, level)
    )
    columns = [design.answers.column(row), *(block.column for block in found)]
    said = {"of": None if of == "row" else of, "interval": interval, "level": level}
    tested = _tested(design, estimate, (row, column), _tables(design, row, column, crossed))
    return replace(tested, source=words.source(design, "crosstab", (row, column), columns, **said))


def _by_row(design: Design, row: str, found: Sequence[Block], interval: Interval | None, level: float) -> Estimate:
    estimate = shares_of(design, found, groups(design, row), interval, level)
    return replace(estimate, r=rcode.shares(design, found, row, interval))


def _of_all(design: Design, row: str, crossed: Block, interval: Interval | None, level: float) -> Estimate:
    whole = shares_of(design, [crossed], groups(design, None), interval, level)
    shown = [_placed(each, row, crossed.item) for each in whole.rows]
    r = f"{rcode.design(design)}\nsvymean(~interaction({row}, {crossed.column.name}), d, na.rm = TRUE)"
    return replace(whole, rows=tuple(shown), r=r)


def _check_of(of: str, interval: Interval | None) -> None:
    if of not in get_args(Of):
        raise DesignError(Fault("NO_SUCH_SHARE", "of", f'there are no shares of "{of}"', near(of, get_args(Of))))
    if of == "count" and interval is not None and interval.name != "wald":
        problem = f"{interval!r} is for shares, not for counts"
        raise DesignError(Fault("INTERVAL_FOR_SHARES", "interval", problem, "Leave it out: a t interval is used."))


def _crossing(design: Design, row: str, found: Sequence[Block]) -> Block:
    """Two variables as one: a block with a category for each cell, which goes by row."""
    block = found[0]
    if len(found) > 1:
        problem = f'"{block.column.name}" and others are rows of one item, each of which is a table of its own'
        raise DesignError(Fault("MANY_TABLES", design.answers.survey or "data", problem, "Name one row of the item."))
    down: Groups = groups(design, row)
    valid = block.valid & (down.cells.anywhere | ~design.mask)
    names = [
        (f"{code}/{coordinates[0][1]}", f"{label}/{labels[0]}")
        for coordinates, labels in zip(down.coordinates, down.labels, strict=True)
        for code, label in block.categories
    ]
    outside = block.outside | design.answers.column(row).outside
    cells = block.cells.within(down.cells).where(valid)
    return Block(block.item, block.item_label, block.column, tuple(names), cells, valid, outside)


def _placed(cell: Row, row: str, item: str) -> Row:
    """A cell with the coordinates that it has in a table of row shares."""
    category, group = cell.coordinate("category").rsplit("/", 1)
    label, of_group = cell.labels[1].rsplit("/", 1)
    return replace(
        cell,
        coordinates=(("item", item), ("category", category), (row, group)),
        labels=(cell.labels[0], label, of_group),
    )


def _counted(design: Design, row: str, crossed: Block, level: float) -> Estimate:
    """Weighted numbers of units in each cell, with a t interval."""
    inside = groups(design, None).cells.where(crossed.valid)
    known = settled(design.answers.column(row), crossed.column)
    cells = crossed.cells.within(inside)
    linear = totals(design, cells, known)
    n, base, counts = int(inside.counts[0]), float(inside.sums(design.weights)[0]), cells.sums()
    matrix = covariance(design, linear)
    se = standard_errors(matrix, linear.influence)
    df = degrees_of_freedom(design, inside)
    half = float(t_quantile(df, level)[0]) * se
    rows = [
        _placed(
            Row(
                coordinates=(("item", crossed.item), ("category", code)),
                labels=(crossed.item_label, label),
                estimate=float(value),
                n=n,
                base=base,
                method=words.say(design, "method.linear"),
                se=float(se[place]),
                low=float(value - half[place]),
                high=float(value + half[place]),
                level=level,
                df=float(df[0]),
                count=int(counts[place]),
            ),
            row,
            crossed.item,
        )
        for place, ((code, label), value) in enumerate(zip(crossed.categories, linear.values, strict=True))
    ]
    return Estimate(
        measure="count",
        rows=tuple(rows),
        source=words.source(design, "crosstab", (), [crossed.column]),
        notes=words.notes(design, [design.answers.column(row), crossed.column], groups(design, row)),
        covariance=matrix,
        influence=linear.influence,
        known=linear.known,
        r=f"{rcode.design(design)}\nsvytotal(~interaction({row}, {crossed.column.name}), d, na.rm = TRUE)",
    )


def _tables(design: Design, row: str, column: str, crossed: Block | None) -> tuple[Table, ...]:
    """What is tested; none for the rows of a grid, each of which is a table of its own."""
    if column not in design.answers.frame.columns:
        return ()
    if crossed is None or crossed.column.is_option:
        return tables_of(design, row, column)
    down = groups(design, row).cells.size
    known = settled(design.answers.column(row), crossed.column)
    return (table_of(crossed.cells, (down, crossed.cells.size // down), known),)


def _tested(design: Design, estimate: Estimate, names: tuple[str, str], tables: tuple[Table, ...]) -> Estimate:
    """The table with the test of no association beside it."""
    found = association(design, tables, "F")
    if found is None:
        return replace(estimate, notes=(*estimate.notes, words.say(design, "note.no_test")))
    numbers = (found.statistic, *found.df, found.p_value)
    return replace(
        estimate,
        notes=(*estimate.notes, *_few(design, tables[0])),
        extra=dict(zip(("F", "df1", "df2", "p_value"), numbers, strict=True)),
        r=f'{estimate.r}\nsvychisq(~{names[0]} + {names[1]}, d, statistic = "F")',
    )


def _few(design: Design, table: Table) -> tuple[str, ...]:
    """A note where so few answers are expected in a cell that a permutation test should stand beside."""
    counts = table.cells.sums().reshape(table.shape)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return (words.say(design, "note.few_cells", limit=FEW),) if (expected < FEW).any() else ()


def rao_scott(design: Design, row: str, column: str, *, statistic: Statistic = "F") -> Test:
    """Test of no association between two variables, or between a variable and every option of a multiple item.

    row : a variable with categories. column : another, or a multiple item: then the tables of all its options are
    tested together, with the covariance that comes of the same units choosing several.
    statistic : `F` for the second-order F; `Chisq` for Pearson's chi-squared, whose p-value is corrected to first
    order; `lincom` for its p-value from the mixture of chi-squared variables that it follows (saddlepoint);
    `Wald` for Wald's F.
    Raises `DesignError` as `proportion`, NO_SUCH_STATISTIC, SAME_VARIABLE, and NO_TEST where one category only is in
    use or everyone answered. A note says where cells are so small that `permutation_test` should stand beside it.
    Source: Rao and Scott (1984), Annals of Statistics 12; Kuonen (1999), Biometrika 86; R `svychisq`. Several choices:
    Thomas and Decady (2004), International Journal of Testing 4; Bilder and Loughin (2004), Biometrics 60.
    design : as in `proportion`. Returns a `Test`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> round(rao_scott(design, "size", "uses").p_value, 2)
    0.73
    """
    several = is_multiple(design, column)
    check_statistic(statistic, several=several)
    tables = tables_of(design, row, column)
    found = association(design, tables, statistic)
    if found is None:
        problem = f'"{row}" and "{column}" cannot be tested: one category only is in use, or nothing varies by chance'
        raise DesignError(Fault("NO_TEST", design.answers.survey or "data", problem, "Describe the table instead."))
    columns = [design.answers.column(row), *_columns(design, column, several)]
    small = dict.fromkeys(note for table in tables for note in _few(design, table))
    key = f"rao_scott_{'several_' if several else ''}{statistic.lower()}".removesuffix("_f")
    return Test(
        name=f"{row} x {column}",
        statistic=found.statistic,
        p_value=found.p_value,
        method=words.say(design, f"method.{key}"),
        source=words.source(
            design, "rao_scott", (row, column), columns, statistic=None if statistic == "F" else statistic
        ),
        df=found.df,
        notes=(*words.notes(design, columns, groups(design, None)), *small),
        r=_r(
            design,
            row,
            [each.name for each, table in zip(columns[1:], tables, strict=True) if min(table.shape) > 1],
            statistic,
        ),
    )


def _columns(design: Design, column: str, several: bool) -> list[Column]:
    names = [each for field in options(design.answers, column) for each in field] if several else [column]
    return [design.answers.column(name) for name in names]


def _r(design: Design, row: str, names: Sequence[str], statistic: Statistic) -> str:
    """R code of the test. For several choices R has the first order only, made of the tests of the options."""
    head = rcode.design(design)
    if len(names) == 1 and statistic == "lincom" and design.replicates is not None:
        head = f"{rcode.OTHERWISE}with replicates it takes the denominator to be without end\n{head}"
    if len(names) == 1:
        said = "saddlepoint" if statistic == "lincom" else statistic
        return f'{head}\nsvychisq(~{row} + {names[0]}, d, statistic = "{said}")'
    if statistic != "Chisq":
        return f"{NO_R}for several choices R gives the parts of the first order only"
    tests = ", ".join(f"~{row} + {name}" for name in names)
    lines = [
        f"tables <- list({tests})",
        'x <- sapply(tables, function(f) svychisq(f, d, statistic = "Chisq")$statistic)',
        'df <- sum(sapply(tables, function(f) svychisq(f, d, statistic = "Chisq")$parameter))',
        'trace <- sum(x / sapply(tables, function(f) svychisq(f, d, statistic = "F")$statistic))',
        "c(sum(x), df, pchisq(sum(x) * df / trace, df, lower.tail = FALSE))",
    ]
    return "\n".join([head, *lines])
