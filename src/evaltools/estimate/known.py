"""Which rows settle which values: many values rest on the same question, so that the question's rows are kept once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """sets : masks of rows, all different. which : by value, the place of its mask among them.

    >>> first, second = np.array([True, True]), np.array([True, False])
    >>> both = joined([of_all(first, 2), of_all(second, 1)])
    >>> len(both.sets), both.which.tolist(), both.complete
    (2, [0, 0, 1], False)
    """

    sets: tuple[Mask, ...]
    which: Codes

    @property
    def complete(self) -> bool:
        """Whether every row settles every value."""
        return all(bool(each.all()) for each in self.sets)

    @property
    def columns(self) -> Floats:
        """Rows x values, 1 where the row settles the value."""
        return np.stack([self.sets[place] for place in self.which.tolist()], axis=1).astype(float)

    def at(self, places: Sequence[int]) -> Known:
        """Of some of the values only, in the order of their places."""
        return _once([self.sets[place] for place in self.which[list(places)].tolist()])

    def of_several(self, places: Sequence[int]) -> Known:
        """Of one value that is made of several: the rows that settle them all."""
        return of_all(np.logical_and.reduce(self.at(places).sets), 1)


def of_all(rows: Mask, values: int) -> Known:
    """The same rows for a number of values."""
    return Known((rows,), np.zeros(values, dtype=np.int64))


def joined(parts: Sequence[Known]) -> Known:
    """Those of several lists of values, one after the other."""
    return _once([part.sets[place] for part in parts for place in part.which.tolist()])


def _once(masks: Sequence[Mask]) -> Known:
    if all(mask is masks[0] for mask in masks[1:]):
        return of_all(masks[0], len(masks))
    places: dict[bytes, int] = {}
    sets: list[Mask] = []
    of_mask = {id(mask): mask for mask in masks}
    place_of = {}
    for key, mask in of_mask.items():
        place_of[key] = places.setdefault(mask.tobytes(), len(places))
        if place_of[key] == len(sets):
            sets.append(mask)
    return Known(tuple(sets), np.array([place_of[id(mask)] for mask in masks], dtype=np.int64))
