"""Two-way tables: row shares with counts, and the Rao-Scott test that respects the design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import fdtrc

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.result import Estimate, Test
from evaltools.estimate.survey import rcode, words
from evaltools.estimate.survey.groups import groups
from evaltools.estimate.survey.interval import Interval
from evaltools.estimate.survey.linear import covariance, degrees_of_freedom, ratios
from evaltools.estimate.survey.model import Design
from evaltools.estimate.survey.selection import blocks
from evaltools.estimate.survey.shares import shares_of
from evaltools.estimate.survey.soundness import check_level


def crosstab(
    design: Design, row: str, column: str, *, interval: Interval | None = None, level: float = 0.95
) -> Estimate:
    """Shares of the column's categories within each of the row's, with unweighted counts and the Rao-Scott test.

    Returns rows with coordinates `item` (the column), `category` and the row variable; `count` of `n` unweighted.
    `extra` holds `F`, `df1`, `df2` and `p_value` of the test of no association, unless it cannot be made (see notes).
    Raises `DesignError` as `proportion`.
    design, interval, level : as in `proportion`. row, column : variables with categories.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> [(row.key, row.count, row.n) for row in crosstab(design, "size", "uses").rows[:2]]
    [('uses/no/large', 10, 35), ('uses/yes/large', 25, 35)]
    """
    check_level(level)
    found = blocks(design.answers, column, None)
    estimate = shares_of(design, found, groups(design, row), interval, level)
    statistic = _rao_scott(design, row, column)
    extra = {} if statistic is None else dict(zip(("F", "df1", "df2", "p_value"), statistic, strict=True))
    notes = estimate.notes if extra else (*estimate.notes, words.say(design, "note.no_test"))
    columns = [design.answers.column(row), *(block.column for block in found)]
    return replace(
        estimate,
        source=words.source(design, "crosstab", (row, column), columns, interval=interval, level=level),
        notes=notes,
        extra=extra,
        r=rcode.shares(design, found, row, interval) + f'\nsvychisq(~{row} + {column}, d, statistic = "F")',
    )


def rao_scott(design: Design, row: str, column: str) -> Test:
    """Test of no association between two variables: Rao and Scott's second-order F.

    Raises `DesignError` as `proportion`, and NO_TEST where one category only is in use or everyone answered.
    Source: Rao and Scott (1984), Annals of Statistics 12; R `svychisq(statistic = "F")`.
    design : as in `proportion`. row, column : variables with categories. Returns a `Test`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": (["small", "large"] * 36)[:71]})
    >>> design = ev.survey_design(frame, population=98)
    >>> round(rao_scott(design, "size", "uses").p_value, 2)
    0.73
    """
    found = _rao_scott(design, row, column)
    if found is None:
        problem = f'"{row}" and "{column}" cannot be tested: one category only is in use, or nothing varies by chance'
        raise DesignError(Fault("NO_TEST", design.answers.survey or "data", problem, "Describe the table instead."))
    columns = [design.answers.column(row), design.answers.column(column)]
    return Test(
        name=f"{row} x {column}",
        statistic=found[0],
        p_value=found[3],
        method=words.say(design, "method.rao_scott"),
        source=words.source(design, "rao_scott", (row, column), columns),
        df=found[1:3],
        notes=words.notes(design, columns, groups(design, None)),
    )


def _rao_scott(design: Design, row: str, column: str) -> tuple[float, float, float, float] | None:
    cells, shape = _cells(design, row, column)
    if min(shape) < 2:
        return None
    inside = cells.sum(axis=1, keepdims=True)
    linear = ratios(design, cells, np.repeat(inside, cells.shape[1], axis=1), _settled(design, row, column))
    share, matrix = linear.values, covariance(design, linear)
    table = share.reshape(shape)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    n = float(inside.sum())
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    effect = _design_effect(share, matrix, shape, n)
    trace = float(np.trace(effect))
    if trace <= 1e-12:
        return None
    first = trace**2 / float(np.trace(effect @ effect))
    second = first * float(degrees_of_freedom(design, inside)[0])
    statistic = pearson / trace
    return statistic, first, second, float(fdtrc(first, second, statistic))


def _settled(design: Design, row: str, column: str) -> Mask:
    """Rows that answered both questions, or are known to be outside one of them."""
    one, other = design.answers.column(row), design.answers.column(column)
    return (one.valid & other.valid) | one.outside | other.outside


def _cells(design: Design, row: str, column: str) -> tuple[Floats, tuple[int, int]]:
    """Rows x cells of the table, 1 where the row lies in the cell; only categories in use count."""
    (block,) = blocks(design.answers, [column], None)
    across = block.hits * block.valid[:, None] * design.mask[:, None]
    down = groups(design, row).inside * block.valid[:, None]
    across = across * down.any(axis=1, keepdims=True)
    across, down = across[:, across.any(axis=0)], down[:, down.any(axis=0)]
    if block.column.is_option:
        across = np.column_stack([down.any(axis=1) - across.sum(axis=1), across])
    cells = (down[:, :, None] * across[:, None, :]).reshape(len(down), -1)
    return cells, (down.shape[1], across.shape[1])


def _design_effect(share: Floats, matrix: Floats, shape: tuple[int, int], n: float) -> Floats:
    """The matrix whose eigenvalues are the generalised design effects of the interaction contrasts."""
    place = np.arange(share.size)
    down = (place[:, None] // shape[1] == np.arange(1, shape[0])).astype(float)
    across = (place[:, None] % shape[1] == np.arange(1, shape[1])).astype(float)
    main = np.column_stack([np.ones(share.size), down, across])
    both = (down[:, :, None] * across[:, None, :]).reshape(share.size, -1)
    contrast = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    inverse = np.diag(np.where(share > 0, 1 / np.where(share > 0, share, 1), 0))
    return np.linalg.solve(contrast.T @ (inverse / n) @ contrast, contrast.T @ inverse @ matrix @ inverse @ contrast)
