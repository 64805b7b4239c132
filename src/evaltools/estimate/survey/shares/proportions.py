"""Shares: of one choice (`proportion`) and of several (`choices`), with interval, bounds and joint covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.designs.cells import Cells, one_cell
from evaltools.estimate.survey.designs.groups import Coordinates, Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Block, Category, Names, blocks, nobody_answered, option_blocks
from evaltools.estimate.survey.intervals.interval import Interval, Shares, default_for
from evaltools.estimate.survey.linearised.linear import (
    Linear,
    base_sizes,
    degrees_of_freedom,
    joint,
    ratios,
)
from evaltools.estimate.survey.writing import given_away, rcode, words


def proportion(
    design: Design,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
    with_missing: Sequence[str] = (),
) -> Estimate:
    """Shares of those asked who gave a valid answer.

    variable : a name, several, or the name of a grid item (one block of rows per row of the grid); the covariance
    is joint. category : a code, several codes counted as one, or a concept that names a set of categories (`user`);
    without it every category has a row. by : column, or columns that are crossed. interval : a value of `interval`,
    chosen by the design when absent (then never wider than the bounds). level : 0.95 for 95 pct.
    with_missing : kinds of missing, such as `dont_know`, that count as categories of their own, inside the base.

    Returns rows with coordinates `item`, `category` and those of `by`; `estimate` is 0-1, `count` of `n` unweighted,
    `bounds_low` and `bounds_high` what any answers of the silent could make it.
    Raises `DesignError`: NO_SUCH_VARIABLE, NO_SUCH_CATEGORY, MULTIPLE_ITEM, NOT_CATEGORIES, NEVER_ASKED, NO_ANSWERS,
    LEVEL_NOT_A_SHARE, INTERVAL_NEEDS_POPULATION, INTERVAL_NEEDS_BASE, INTERVAL_NEEDS_EVEN.
    Source: docs/methods.md, section on shares.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> answered = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21})
    >>> row = proportion(survey_design(answered, population=98), "uses", category="yes").rows[0]
    >>> round(row.estimate, 3), row.counts
    (0.704, (63, 74))
    """
    check_level(level)
    found = blocks(design.answers, variable, category, with_missing)
    estimate = shares_of(design, found, groups(design, by), interval, level)
    said = {"category": category, "by": by, "interval": interval, "level": level, "with_missing": tuple(with_missing)}
    columns = [block.column for block in found]
    return replace(
        estimate,
        source=words.source(design, "proportion", (variable,), columns, **said),
        r=rcode.shares(design, found, by, interval),
    )


def choices(
    design: Design,
    item: str,
    *,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Shares of those asked who chose each option of a multiple item; they need not add to 1.

    item : a multiple item, or a grid of them (one block per row). The base is those asked who chose anything at
    all or said none. Rows have coordinates `item` (field or grid row), `category` (option) and those of `by`.

    Raises `DesignError`: NO_SUCH_VARIABLE, NOT_A_MULTIPLE and those of `proportion`.
    design, interval, level : as in `proportion`. Returns an `Estimate` of shares (0-1).
    """
    check_level(level)
    found = option_blocks(design.answers, item)
    estimate = shares_of(design, found, groups(design, by), interval, level)
    columns = [block.column for block in found]
    return replace(
        estimate,
        source=words.source(design, "choices", (item,), columns, by=by, interval=interval, level=level),
        notes=(*estimate.notes, words.say(design, "note.several_choices")),
        r=rcode.shares(design, found, by, interval),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One block over the groups that have answers to it: everything by group x category, groups first."""

    block: Block
    linear: Linear
    labels: tuple[tuple[str, ...], ...]
    coordinates: tuple[Coordinates, ...]
    base: Floats
    cells: Cells
    shares: Shares


def shares_of(
    design: Design, found: Sequence[Block], breakdown: Groups, interval: Interval | None, level: float
) -> Estimate:
    """The shares of blocks over a breakdown, before the call that asked for them has signed its source."""
    parts = [part for block in found if (part := _part(design, block, breakdown)) is not None]
    if not parts:
        raise nobody_answered(design.answers, [block.column for block in found])
    linear, matrix, se = joint(design, [part.linear for part in parts])
    rows: list[Row] = []
    clipped = False
    for part in parts:
        own = replace(part.shares, se=se[len(rows) : len(rows) + len(part.linear.values)])
        rows += _rows(design, part, own, interval, level)
        clipped = clipped or bool((part.shares.estimate != part.linear.values).any())
    columns = [replace(block.column, valid=block.valid) for block in found]
    notes = words.notes(design, columns, breakdown)
    return Estimate(
        measure="share",
        rows=tuple(rows),
        source=words.source(design, "proportion", (), columns),
        notes=(*notes, words.say(design, "note.clipped")) if clipped else notes,
        covariance=matrix,
        influence=linear.influence,
        known=linear.known,
    )


def _part(design: Design, block: Block, breakdown: Groups) -> _Part | None:
    """Sums and linearised columns of one block; None where no group has an answer."""
    base, used = breakdown.with_rows(block.valid)
    if not len(used):
        return None
    hits, width = block.cells.within(base), block.cells.width
    known = block.valid | block.outside
    linear = ratios(design, hits, base, known)
    sizes, counts = _by_cell(design, base), _by_cell(design, hits)
    outside = _settled_outside(design, block, breakdown, base, used)
    unseen = None if breakdown.population is None else breakdown.population[used] - sizes - outside
    asked = breakdown.cells.only(used).where(~block.outside)
    n = sizes.sum(axis=1)
    estimate = linear.values
    if unseen is not None and not design.is_even:
        low, high = _bounds(counts.sum(axis=1), np.repeat(n, width), np.repeat(unseen.sum(axis=1), width))
        estimate = np.clip(estimate, low, high)
        linear = linear.varying(np.repeat(unseen.sum(axis=1) > 0, width))
    shares = Shares(
        estimate=estimate,
        se=np.zeros(len(estimate)),
        df=np.repeat(degrees_of_freedom(design, base if design.by_item else asked), width),
        count=counts.sum(axis=1),
        n=np.repeat(n, width),
        counts=counts,
        sizes=np.repeat(sizes, width, axis=0),
        outside=np.repeat(outside, width, axis=0),
        unseen=None if unseen is None else np.repeat(unseen, width, axis=0),
        closed=breakdown.certain and bool((asked.counts == breakdown.cells.only(used).counts).all()),
        even=design.is_even,
        elements=design.is_element_sample and not design.adjustments,
    )
    return _Part(
        block=block,
        linear=linear,
        labels=tuple(breakdown.labels[group] for group in used),
        coordinates=tuple(breakdown.coordinates[group] for group in used),
        base=base_sizes(design, base, known),
        cells=base,
        shares=shares,
    )


def _settled_outside(design: Design, block: Block, breakdown: Groups, base: Cells, used: Codes) -> Floats:
    """Rows among the units that may belong to a group's base, but known not to (groups x cells)."""
    if breakdown.population is None:
        return np.zeros((base.size, 1))
    groups = breakdown.everyone.only(used)
    out = design.possible & (block.outside | ~design.mask)
    if breakdown.of_frame:
        return _by_cell(design, groups.where(out & ~base.anywhere))
    elsewhere = design.possible & design.mask & ~block.outside & breakdown.settled
    everywhere = one_cell(out | elsewhere)
    return _by_cell(design, everywhere) - _by_cell(design, base.where(out)) - _by_cell(design, groups.where(elsewhere))


def _by_cell(design: Design, cells: Cells) -> Floats:
    """Rows of each column by response cell (columns x cells); all in one where no population is known."""
    if design.population is None:
        return cells.sums()[:, None]
    return cells.by_unit(None, design.cells, len(design.cell_names)).T


def _bounds(count: Floats, n: Floats, unseen: Floats) -> tuple[Floats, Floats]:
    """Manski's bounds without any assumption: all the unseen lack the trait, or all of them have it."""
    return count / (n + unseen), (count + unseen) / (n + unseen)


def _rows(design: Design, part: _Part, shares: Shares, interval: Interval | None, level: float) -> list[Row]:
    chosen = default_for(shares) if interval is None else interval
    low, high = chosen.limits(shares, level)
    low, high = np.minimum(low, shares.estimate), np.maximum(high, shares.estimate)
    unseen = None if shares.unseen is None else shares.unseen.sum(axis=1)
    if unseen is not None:
        floor, ceiling = _bounds(shares.count, shares.n, unseen)
        if interval is None:
            low, high = np.maximum(low, floor), np.minimum(high, ceiling)
    width = len(part.block.categories)
    method, counted = words.method(design, chosen), words.say(design, "method.census")
    rows = []
    for index, estimate in enumerate(shares.estimate.tolist()):
        group, category = divmod(index, width)
        code, label = part.block.categories[category]
        silent = None if unseen is None else float(unseen[index])
        rows.append(
            Row(
                coordinates=(("item", part.block.item), ("category", code), *part.coordinates[group]),
                labels=(part.block.item_label, label, *part.labels[group]),
                estimate=estimate,
                n=int(shares.n[index]),
                base=float(part.base[group]),
                method=counted if silent == 0 and shares.closed else method,
                se=float(shares.se[index]),
                low=float(low[index]),
                high=float(high[index]),
                level=level,
                df=float(shares.df[index]),
                N=None if silent is None or not shares.closed else int(shares.n[index] + silent),
                count=int(shares.count[index]),
                bounds_low=None if silent is None else float(floor[index]),
                bounds_high=None if silent is None else float(ceiling[index]),
                counted=_counted(part.block, category),
            )
        )
    return rows if part.block.column.variable is None else _telling(design, part, rows)


def _telling(design: Design, part: _Part, rows: Sequence[Row]) -> list[Row]:
    """The rows with the weighted sums that follow from them."""
    hits, inside = part.block.hits, part.cells.dense()
    known = part.block.valid | part.block.outside
    places = (divmod(index, hits.shape[1]) for index in range(len(rows)))
    return [
        replace(row, tells=given_away.weighted(design, hits[:, category], inside[:, group], known, row.counted, row))
        for row, (group, category) in zip(rows, places, strict=True)
    ]


def _counted(block: Block, category: int) -> tuple[str, tuple[str, ...]]:
    """What one category of the block counts; unknown where kinds of missing are among the categories."""
    return block.terms[category] if len(block.terms) == len(block.categories) else ("", ())
