"""Change between two waves of one population: paired through the units that answered both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.amounts.means import mean
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, items
from evaltools.estimate.survey.intervals.interval import Interval
from evaltools.estimate.survey.linearised.silence import Heard, asked_by_cell, covariance_between, few_in, merged_cells
from evaltools.estimate.survey.shares.proportions import proportion
from evaltools.estimate.survey.writing import given_away, words


def change(
    earlier: Design,
    later: Design,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Later minus earlier: shares (as `proportion`) or means of numbers, of one population asked twice.

    earlier, later : designs made by `design`, of the same units, with the same strata. variable, category, interval,
    level : as in `proportion`; each wave keeps its own interval, and the two are joined.
    Returns rows of measure `difference` (`mean` for numbers) with coordinates `item` and `category`; `n` is the
    smaller of the two bases. A note per row gives both bases, and how many units answered both times;
    `extra` has the least and greatest of these, `both_least` and `both_most`.

    Raises `DesignError` CHANGE_OF_REPLICATES,
    CHANGE_NEEDS_UNITS, CHANGE_OF_UNLIKE_DESIGNS, NO_SUCH_ROW and those of `proportion`.
    Source: covariance from the overlap, Kish (1965), section 12.4; joint interval, Zou and Donner (2008).
    """
    _check(earlier, later)
    asked = {"category": category, "interval": interval, "level": level}
    estimator = mean if category is None and _are_numbers(later, variable) else proportion
    before, after = (estimator(design, variable, **asked) for design in (earlier, later))  # type: ignore[arg-type]
    pairs = _pairs(before, after)
    first, second = ([pair[place] for pair in pairs] for place in (0, 1))
    one, other = _side(earlier, before, first), _side(later, after, second)
    across = _across(one, other)
    assert before.covariance is not None
    assert after.covariance is not None
    own = before.covariance[np.ix_(first, first)], after.covariance[np.ix_(second, second)]
    both = one.known_by_unit(other)
    method = words.say(later, "method.change")
    size = float(asked_by_cell(later).sum())
    rows = []
    for place, (here, there) in enumerate(pairs):
        first_row, second_row = before.rows[here], after.rows[there]
        fewer = _cautious(first_row.n, second_row.n, float(both[place]), size) if after.measure == "share" else 0.0
        rows.append(_row(first_row, second_row, (float(across[place, place]), fewer), method))
        told = given_away.difference((earlier, first_row), (later, second_row))
        rows[-1] = replace(rows[-1], tells=told)
    inner = f"{earlier.code}, {later.code}"
    said = {**asked, "level": None if level == 0.95 else level}
    return Estimate(
        measure="mean" if after.measure == "mean" else "difference",
        rows=tuple(rows),
        source=replace(after.source, code=words.call("change", inner, said, variable), title=_titles(before, after)),
        notes=tuple(
            words.say(later, "note.change", row=", ".join(row.labels), earlier=before.rows[pair[0]].n,
                      later=after.rows[pair[1]].n, both=int(both[place]))
            for place, (row, pair) in enumerate(zip(rows, pairs, strict=True))
        ),
        extra={"both_least": float(both.min()), "both_most": float(both.max())},
        covariance=own[0] + own[1] - across - across.T,
        unit=after.unit,
        r=f"{NO_R}survey knows no two waves that different units of one population answered",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One wave: units, their linearised values and who was heard (units x rows), and in the base (units x rows)."""

    design: Design
    units: Sequence[str]
    influence: Floats
    known: Floats
    base: Floats

    def known_by_unit(self, other: _Side) -> Floats:
        """How many units are in the base of both waves, row by row."""
        _, here, there = np.intersect1d(np.array(self.units), np.array(other.units), return_indices=True)
        return np.asarray((self.base[here] * other.base[there]).sum(axis=0))


def _check(earlier: Design, later: Design) -> None:
    where = later.answers.survey or "data"
    if not (earlier.by_item and later.by_item):
        problem = "a change needs two waves of one population whose units are known"
        remedy = "Make both with `design(load(...))`; for two samples take `contrast`, or `two_proportions` for counts."
        raise DesignError(Fault("CHANGE_NEEDS_UNITS", where, problem, remedy))
    if earlier.replicates is not None or later.replicates is not None:
        problem = "the two waves have replicates that were not drawn together"
        remedy = "Use the designs without replicates: the covariance of the waves comes from the units in both."
        raise DesignError(Fault("CHANGE_OF_REPLICATES", where, problem, remedy))
    alike = (
        earlier.cell_names == later.cell_names
        and earlier.target == later.target
        and np.array_equal(asked_by_cell(earlier), asked_by_cell(later))
    )
    if not alike or _moved(earlier, later):
        problem = "the two waves have different response cells, populations or targets"
        remedy = "Give both designs the same strata; a municipality must lie in the same cell both times."
        raise DesignError(Fault("CHANGE_OF_UNLIKE_DESIGNS", where, problem, remedy))


def _moved(earlier: Design, later: Design) -> bool:
    """Whether a unit changed cell between the waves."""
    cells = dict(zip(_units(earlier), earlier.cells.tolist(), strict=True))
    return any(cells.get(unit, cell) != cell for unit, cell in zip(_units(later), later.cells.tolist(), strict=True))


def _units(design: Design) -> list[str]:
    return [str(unit) for unit in design.answers.frame["unit"]]


def _are_numbers(design: Design, variable: str | Sequence[str]) -> bool:
    names = [name for _, name in items(design.answers, variable)]
    return all(design.answers.column(name).is_measured and not design.answers.column(name).is_option for name in names)


def _pairs(before: Estimate, after: Estimate) -> list[tuple[int, int]]:
    """Places of the same row in both waves; `DesignError` NO_SUCH_ROW for a category that the earlier one lacks."""
    rows = list(before.rows)
    return [(rows.index(before.row(**dict(row.coordinates))), place) for place, row in enumerate(after.rows)]


def _side(design: Design, estimate: Estimate, rows: Sequence[int]) -> _Side:
    assert estimate.influence is not None
    valid, known = [], []
    for place in rows:
        column = design.answers.column(_column_of(design, estimate, place))
        valid.append(column.valid & design.mask)
        known.append(column.valid | column.outside)
    stacked = np.stack(known, axis=1).astype(float), np.stack(valid, axis=1).astype(float)
    return _Side(design, _units(design), estimate.influence[:, list(rows)], *stacked)


def _column_of(design: Design, estimate: Estimate, place: int) -> str:
    """The variable behind a row: `b1_stage_m1` where the coordinate is the grid's row `m1`."""
    return estimate.rows[place].counted[0]


def _across(one: _Side, other: _Side) -> Floats:
    """Covariance of the rows of one wave with those of the other (rows x rows)."""
    units = sorted({*one.units, *other.units})
    place = {unit: index for index, unit in enumerate(units)}
    cells = np.zeros(len(units), dtype=np.int64)
    merged: frozenset[int] = frozenset()
    for side in (one, other):
        cells[[place[unit] for unit in side.units]] = side.design.cells
        merged = merged.union(*(few_in(side.design, column > 0) for column in side.known.T))
    codes, asked = merged_cells(one.design, merged, cells)
    if one.design.target == "superpopulation":
        asked = np.full(len(asked), np.inf)
    return covariance_between(_placed(one, place, codes, asked), _placed(other, place, codes, asked))


def _placed(side: _Side, place: dict[str, int], cells: Codes, asked: Floats) -> Heard:
    """A wave set out over the units of both."""
    influence, known = (np.zeros((len(place), side.known.shape[1])) for _ in range(2))
    rows = [place[unit] for unit in side.units]
    influence[rows], known[rows] = side.influence, side.known
    return Heard(influence, known, cells, asked)


def _cautious(earlier: int, later: int, both: float, size: float) -> float:
    """What two units more that changed, one each way, would take from the covariance of two shares.

    Where hardly any of those seen changed, the interval would else be far too sure; after Agresti and Min (2005).
    """
    return max(both / (earlier * later) - 1 / size, 0.0) / max(both, 1.0)


def _row(before: Row, after: Row, across: tuple[float, float], method: str) -> Row:
    """The difference, with the limits that those of each wave and their correlation give (Zou and Donner 2008).

    across : the covariance, and what caution takes from it in the interval.
    """
    assert before.se is not None
    assert after.se is not None
    together = before.se * after.se
    correlation = min(max((across[0] - across[1]) / together, -1.0), 1.0) if together > 0 else 0.0
    value = after.estimate - before.estimate
    low, high = _limits(before, after, correlation, value)
    variance = before.se**2 + after.se**2 - 2 * across[0]
    open_bounds = None in (before.bounds_low, before.bounds_high, after.bounds_low, after.bounds_high)
    return Row(
        coordinates=after.coordinates,
        labels=after.labels,
        estimate=value,
        n=min(before.n, after.n),
        base=min(before.base, after.base),
        method=method,
        se=float(np.sqrt(max(variance, 0.0))),
        low=low,
        high=high,
        level=after.level,
        df=min(before.df or np.inf, after.df or np.inf),
        N=after.N if after.N == before.N else None,
        bounds_low=None if open_bounds else (after.bounds_low or 0.0) - (before.bounds_high or 0.0),
        bounds_high=None if open_bounds else (after.bounds_high or 0.0) - (before.bounds_low or 0.0),
    )


def _limits(before: Row, after: Row, correlation: float, value: float) -> tuple[float | None, float | None]:
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return None, None
    down = after.estimate - after.low, before.high - before.estimate
    up = after.high - after.estimate, before.estimate - before.low
    lengths = _length(*down, correlation), _length(*up, correlation)
    if sum(lengths) <= 1e-12 < sum(down) + sum(up):
        return None, None
    return value - lengths[0], value + lengths[1]


def _length(one: float, other: float, correlation: float) -> float:
    return float(np.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0)))


def _titles(before: Estimate, after: Estimate) -> str:
    return "; ".join(dict.fromkeys((before.source.title, after.source.title)))
