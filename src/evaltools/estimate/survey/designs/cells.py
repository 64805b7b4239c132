"""The one pass over rows: sums by cell and by unit drawn. Tables of rows x cells are never made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask

Array = Floats | Codes | None

AT_ONCE = 4_000_000
"""Numbers of rows x columns that are laid out at a time where whole columns are needed."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Columns that differ from 0 in the rows of one cell only: column (cell, layer) is `values[:, layer]` there.

    codes : cell of each row, `size` where it lies in none. values : rows x layers; None for a single layer of 1.
    Cells come first in the order of columns.

    >>> cells = Cells(np.array([0, 1, 2, 1]), 2, np.array([[5.0], [6.0], [7.0], [8.0]]))
    >>> cells.dense().tolist()
    [[5.0, 0.0], [0.0, 6.0], [0.0, 0.0], [0.0, 8.0]]
    >>> cells.by_unit(None, np.array([0, 0, 1, 1]), 2).tolist()
    [[5.0, 6.0], [0.0, 8.0]]
    """

    codes: Codes
    size: int
    values: Floats | None = None
    memo: dict[tuple[int, int], tuple[Array, Array, Any]] = field(default_factory=dict, repr=False)
    """Of these codes only, shared by cells with the same codes and other values: keys by unit, and weighted counts."""

    @property
    def layers(self) -> int:
        """Columns of each cell."""
        return 1 if self.values is None else self.values.shape[1]

    @property
    def width(self) -> int:
        """All columns."""
        return self.size * self.layers

    @cached_property
    def anywhere(self) -> Mask:
        """Rows that lie in a cell."""
        return self.codes < self.size

    @cached_property
    def counts(self) -> Codes:
        """Rows of each cell."""
        return np.bincount(self.codes, minlength=self.size + 1)[: self.size]

    def by_unit(self, weights: Floats | None, unit: Codes, units: int) -> Floats:
        """Weighted sums of the columns over the rows of each unit (units x columns); `unit` is that of each row."""
        if self.values is None:
            return np.asarray(self._once(unit, weights, lambda: self._reduced(weights, unit, units)))
        return self._reduced(weights, unit, units)

    def _reduced(self, weights: Floats | None, unit: Codes, units: int) -> Floats:
        """The only pass over rows there is."""
        keys = self._once(unit, unit, lambda: _crossed(unit, self.size + 1, self.codes))
        bins = units * (self.size + 1)
        sums = [np.bincount(keys, layer, bins).reshape(units, -1)[:, :-1] for layer in self._weighted(weights)]
        if len(sums) == 1:
            return np.ascontiguousarray(sums[0], dtype=np.float64)
        return np.asarray(np.stack(sums, axis=2).reshape(units, -1), dtype=np.float64)

    def sums(self, weights: Floats | None = None) -> Floats:
        """Weighted sums of the columns over all rows."""
        if self.values is None and weights is None:
            return self.counts.astype(np.float64)
        if self.size == 1:
            rows = self.anywhere.astype(np.float64)
            return np.array([rows @ layer for layer in self._weighted(weights) if layer is not None])
        sums = [np.bincount(self.codes, layer, self.size + 1)[:-1] for layer in self._weighted(weights)]
        return np.asarray(np.stack(sums, axis=1).ravel(), dtype=np.float64)

    def _once(self, unit: Codes, other: Array, make: Callable[[], Any]) -> Any:
        """What was made for these two arrays, which are kept so that no others can take their place."""
        key = (id(unit), id(other))
        if key not in self.memo:
            self.memo[key] = (unit, other, make())
        return self.memo[key][2]

    def _weighted(self, weights: Floats | None) -> Iterator[Floats | None]:
        if self.values is None:
            yield weights
            return
        for layer in self.values.T:
            yield layer if weights is None else weights * layer

    def with_values(self, values: Floats) -> Cells:
        """The same cells with other values: one number a row, or rows x layers."""
        return replace(self, values=values.reshape(len(values), -1))

    def only(self, used: Codes) -> Cells:
        """The chosen cells only, in the order given."""
        if np.array_equal(used, np.arange(self.size)):
            return self
        place = np.full(self.size + 1, len(used), dtype=np.int64)
        place[used] = np.arange(len(used))
        return Cells(place[self.codes], len(used), self.values)

    def where(self, rows: Mask) -> Cells:
        """The rows of the mask only."""
        return self if rows.all() else Cells(np.where(rows, self.codes, self.size), self.size, self.values)

    def within(self, outer: Cells) -> Cells:
        """These cells within each of others, which come first in the order (their values are not taken)."""
        size = outer.size * self.size
        if self.size == 1 and self.anywhere.all():
            return replace(outer, values=self.values)
        inside = self.anywhere & outer.anywhere
        if outer.size == 1 and np.array_equal(inside, self.anywhere):
            return self
        crossed = _crossed(outer.codes, self.size, self.codes)
        return Cells(crossed if inside.all() else np.where(inside, crossed, size), size, self.values)

    def dense(self) -> Floats:
        """The columns themselves (rows x columns), for what must see whole columns."""
        made = np.zeros((len(self.codes), self.size + 1, self.layers))
        made[np.arange(len(self.codes)), self.codes] = 1.0 if self.values is None else self.values
        return np.ascontiguousarray(made[:, : self.size].reshape(len(self.codes), -1))

    def in_parts(self) -> Iterator[Cells]:
        """The cells a few at a time, so that not all columns need be laid out at once; in order."""
        few = max(AT_ONCE // max(len(self.codes) * self.layers, 1), 1)
        for start in range(0, self.size, few):
            yield self if few >= self.size else self.only(np.arange(start, min(start + few, self.size)))


def _crossed(outer: Codes, size: int, inner: Codes) -> Codes:
    """Codes of pairs, in one array of their own."""
    codes = outer * size
    codes += inner
    return codes


def one_cell(rows: Mask) -> Cells:
    """All rows of the mask in one cell.

    >>> one_cell(np.array([True, False])).counts.tolist()
    [1]
    """
    return Cells(np.where(rows, 0, 1), 1)


def laid_out(values: Floats) -> Cells:
    """Columns that are there already (rows x columns): one cell that all rows lie in.

    >>> laid_out(np.array([[1.0, 2.0]])).width
    2
    """
    return Cells(np.zeros(len(values), dtype=np.int64), 1, values)
