"""What tests of association are made of: tables of two variables, their cells with joint covariance, their statistics.

A multiple item is one table for each option. Rao and Scott (1984), Annals of Statistics 12; for several tables together
Thomas and Decady (2004), International Journal of Testing 4, and Bilder and Loughin (2004), Biometrics 60.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import chdtrc, fdtrc

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.cells import Cells, one_cell
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Block, blocks, option_blocks
from evaltools.estimate.survey.linearised.linear import (
    covariance,
    degrees_of_freedom_of_all,
    joined,
    shares_of_all,
    totals,
)
from evaltools.estimate.survey.tables.mixtures import mixture_tail

Statistic = Literal["F", "Chisq", "lincom", "Wald"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The cells of one table, which go by row; `shape` is rows x columns.

    known : rows that answered both questions, or are known to be outside one of them.
    """

    cells: Cells
    shape: tuple[int, int]
    known: Mask


@dataclass(frozen=True, slots=True)
class Found:
    """A statistic with its degrees of freedom (none for a mixture) and the p-value.

    As in R, Pearson's chi-squared counts all answering units of the domain, also those without an answer to both;
    the p-value does not depend on that.
    """

    statistic: float
    df: tuple[float, ...]
    p_value: float


def check_statistic(statistic: str, *, several: bool) -> None:
    """`DesignError` NO_SUCH_STATISTIC for a word that is not one of the choices, or not for several choices."""
    known = [name for name in get_args(Statistic) if not (several and name == "Wald")]
    if statistic not in known:
        problem = f'there is no statistic "{statistic}" for this table'
        raise DesignError(Fault("NO_SUCH_STATISTIC", "statistic", problem, near(statistic, known)))


def check_different(design: Design, first: str, second: str) -> None:
    """`DesignError` SAME_VARIABLE where a variable is set against itself."""
    if first == second:
        problem = f'"{first}" is compared with itself'
        raise DesignError(Fault("SAME_VARIABLE", design.answers.survey or "data", problem, "Name two variables."))


def is_multiple(design: Design, name: str) -> bool:
    """Whether the name is that of an item whose answers are several choices."""
    answers = design.answers
    if name not in answers.families or name in answers.frame.columns:
        return False
    return all(answers.variables[each].category is not None for each in answers.families[name])


def tables_of(design: Design, row: str, column: str) -> tuple[Table, ...]:
    """The table of two variables; of a multiple item as column, one table for each option."""
    check_different(design, row, column)
    if not is_multiple(design, column):
        (block,) = blocks(design.answers, [column], None)
        if block.column.is_option:
            return (_table(design, row, _yes_or_no(block.hits[:, 0]), block),)
        return (_table(design, row, block.cells, block),)
    return tuple(
        _table(design, row, _yes_or_no(hits), block) for block in option_blocks(design.answers, column)
        for hits in block.hits.T
    )  # fmt: skip


def _yes_or_no(hits: Floats) -> Cells:
    """Those who did not choose an option, and those who did."""
    return Cells(hits.astype(np.int64), 2)


def _table(design: Design, row: str, across: Cells, block: Block) -> Table:
    down = groups(design, row).cells.where(block.valid)
    return table_of(across.within(down), (down.size, across.size), settled(design.answers.column(row), block.column))


def table_of(crossed: Cells, shape: tuple[int, int], known: Mask) -> Table:
    """The table of these cells, without the rows and columns that are empty."""
    full = crossed.counts.reshape(shape) > 0
    down, across = np.flatnonzero(full.any(axis=1)), np.flatnonzero(full.any(axis=0))
    used = (down[:, None] * shape[1] + across).ravel()
    return Table(crossed.only(used), (len(down), len(across)), known)


def settled(one: Column, other: Column) -> Mask:
    """Rows that answered both questions, or are known to be outside one of them."""
    return (one.valid & other.valid) | one.outside | other.outside


def association(design: Design, tables: Sequence[Table], statistic: Statistic) -> Found | None:
    """The test that nothing depends on the row variable; None where one category only is in use, or nothing varies."""
    used = [table for table in tables if min(table.shape) > 1]
    if not used:
        return None
    return _wald(design, used[0]) if statistic == "Wald" else _rao_scott(design, used, statistic)


def _rao_scott(design: Design, tables: Sequence[Table], statistic: Statistic) -> Found | None:
    linear = joined([shares_of_all(design, table.cells, table.known) for table in tables])
    n = float(design.mask.sum())
    edges = np.cumsum([0, *(table.cells.width for table in tables)])
    shares = np.split(linear.values, edges[1:-1])
    pearson = n * sum(_pearson(share, table.shape) for share, table in zip(shares, tables, strict=True))
    effect = _design_effect(shares, [table.shape for table in tables], n, covariance(design, linear))
    trace = float(np.trace(effect))
    if trace <= 1e-12:
        return None
    first = trace**2 / float(np.trace(effect @ effect))
    second = first * degrees_of_freedom_of_all(design, _anywhere(tables))
    if statistic == "F":
        return Found(pearson / trace, (first, second), float(fdtrc(first, min(second, 1e12), pearson / trace)))
    if statistic == "Chisq":
        return Found(pearson, (float(len(effect)),), float(chdtrc(len(effect), pearson * len(effect) / trace)))
    weights = np.linalg.eigvals(effect).real
    return Found(pearson, (), mixture_tail(pearson, weights[weights > 1e-12 * weights.max()], second))


def _anywhere(tables: Sequence[Table]) -> Cells:
    """The rows that are in any of the tables."""
    if len(tables) == 1:
        return tables[0].cells
    return one_cell(np.logical_or.reduce([table.cells.anywhere for table in tables]))


def _pearson(share: Floats, shape: tuple[int, int]) -> float:
    """Pearson's chi-squared for one answer."""
    table = share.reshape(shape)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    return float(((table - expected) ** 2 / expected).sum())


def _design_effect(shares: Sequence[Floats], shapes: Sequence[tuple[int, int]], n: float, matrix: Floats) -> Floats:
    """The matrix whose eigenvalues are the generalised design effects of the interaction contrasts of all tables."""
    contrasts = [_interaction(share, shape) for share, shape in zip(shares, shapes, strict=True)]
    inverse = [np.where(share > 0, 1 / np.where(share > 0, share, 1), 0)[:, None] for share in shares]
    inner = [contrast.T @ (each / n * contrast) for contrast, each in zip(contrasts, inverse, strict=True)]
    scaled = [each * contrast for contrast, each in zip(contrasts, inverse, strict=True)]
    outer = _diagonal(scaled)
    return np.asarray(np.linalg.solve(_diagonal(inner), outer.T @ matrix @ outer), dtype=np.float64)


def _interaction(share: Floats, shape: tuple[int, int]) -> Floats:
    """Interaction contrasts of the cells, free of the main effects (cells x contrasts)."""
    place = np.arange(share.size)
    down = (place[:, None] // shape[1] == np.arange(1, shape[0])).astype(float)
    across = (place[:, None] % shape[1] == np.arange(1, shape[1])).astype(float)
    main = np.column_stack([np.ones(share.size), down, across])
    both = (down[:, :, None] * across[:, None, :]).reshape(share.size, -1)
    return np.asarray(both - main @ np.linalg.lstsq(main, both, rcond=None)[0])


def _diagonal(parts: Sequence[Floats]) -> Floats:
    """The matrices along the diagonal of one."""
    heights, widths = ([part.shape[axis] for part in parts] for axis in (0, 1))
    whole = np.zeros((sum(heights), sum(widths)))
    down, across = np.cumsum([0, *heights]), np.cumsum([0, *widths])
    for place, part in enumerate(parts):
        whole[down[place] : down[place + 1], across[place] : across[place + 1]] = part
    return whole


def _wald(design: Design, table: Table) -> Found | None:
    """Wald's test that the totals of the cells are what their margins imply; Koch, Freeman and Freeman (1975)."""
    linear = totals(design, table.cells, table.known)
    cells = linear.values.reshape(table.shape)
    whole, down, across = cells.sum(), cells.sum(axis=1), cells.sum(axis=0)
    i, j = np.divmod(np.arange(cells.size), table.shape[1])
    slope = np.eye(cells.size) + np.outer(down[i] * across[j], np.ones(cells.size)) / whole**2
    slope -= ((i[:, None] == i) * across[j][:, None] + (j[:, None] == j) * down[i][:, None]) / whole
    use = (i > 0) & (j > 0)
    excess = (cells - np.outer(down, across) / whole).ravel()[use]
    matrix = (slope @ covariance(design, linear) @ slope.T)[np.ix_(use, use)]
    if np.linalg.matrix_rank(matrix) < len(excess):
        return None
    size, nu = len(excess), degrees_of_freedom_of_all(design, table.cells)
    statistic = float(excess @ np.linalg.solve(matrix, excess)) / size
    return Found(statistic, (float(size), nu), float(fdtrc(size, min(nu, 1e12), statistic)))
