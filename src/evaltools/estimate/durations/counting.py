"""What happened when, in one group: who was at risk just before each time, and how many ended in each way at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.durations.about import code_named
from evaltools.estimate.durations.model import Spells
from evaltools.estimate.durations.moments import column_of


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What happened in one group.

    times : at which rows were seen last, in order. at_risk : rows under observation just before each.
    ended : times x kinds, how many ended so. place : of each row's own time among `times`.
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    place: Codes

    @property
    def any_ended(self) -> Floats:
        """How many ended at each time, in whatever way."""
        return np.asarray(self.ended.sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The spells of one value of a column. coordinates, labels : as results tell them; empty for everybody."""

    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    spells: Spells


def counted(spells: Spells) -> Counted:
    """Rows at risk and endings by time. A row is at risk from after its entry up to and including its last time."""
    times, place = np.unique(spells.exit, return_inverse=True)
    kinds = len(spells.kinds)
    cells = np.bincount(place * (kinds + 1) + spells.ending, minlength=len(times) * (kinds + 1))
    by_ending = cells.reshape(len(times), kinds + 1).astype(float)
    return Counted(times, at_risk(spells, times), by_ending[:, 1:], place)


def at_risk(spells: Spells, times: Floats) -> Floats:
    """How many rows are under observation just before each of some times."""
    entered = np.searchsorted(np.sort(spells.entry), times, side="left")
    gone = np.searchsorted(np.sort(spells.exit), times, side="left")
    return (entered - gone).astype(float)


def groups_of(spells: Spells, by: str | None) -> tuple[Group, ...]:
    """The spells of each value of a column, figures by size; all in one group without a column.

    Raises `DesignError` NO_SUCH_VARIABLE, and GROUP_MISSING where a row has no value.
    """
    if by is None:
        return (Group((), (), spells),)
    place, names = group_codes(spells, by)
    words = spells.labels.get(by, {})
    return tuple(
        Group(((by, name),), (words.get(name, name),), spells.at(place == number)) for number, name in enumerate(names)
    )


def group_codes(spells: Spells, by: str) -> tuple[Codes, tuple[str, ...]]:
    """The group of each row as the place of its name."""
    column = column_of(spells.rows, by)
    if column.isna().any():
        problem = f'"{by}" is empty in {int(column.isna().sum())} rows'
        remedy = "Give them a group of their own, or leave the rows out on purpose."
        raise DesignError(Fault("GROUP_MISSING", by, problem, remedy))
    place, distinct = pd.factorize(column, sort=True)
    return place.astype(np.int64), tuple(code_named(value) for value in distinct)


def several_groups(spells: Spells, by: str) -> tuple[Codes, tuple[str, ...]]:
    """The group of each row; `DesignError` ONE_GROUP where there is nothing to compare."""
    place, names = group_codes(spells, by)
    if len(names) < 2:
        problem = f'all rows have the same "{by}" ({names[0]})'
        raise DesignError(Fault("ONE_GROUP", by, problem, "Name a column with two groups or more."))
    return place, names


def events_of(spells: Spells, ending: str | Sequence[str] | None) -> Mask:
    """The kinds that count as the event: all, or those named. Raises `DesignError` NO_SUCH_ENDING."""
    if ending is None:
        return np.ones(len(spells.kinds), dtype=bool)
    asked = (ending,) if isinstance(ending, str) else tuple(ending)
    for name in asked:
        if name not in spells.kinds:
            problem = f'there is no ending "{name}"'
            raise DesignError(Fault("NO_SUCH_ENDING", spells.source.question, problem, near(name, spells.kinds)))
    return np.array([kind in asked for kind in spells.kinds], dtype=bool)


def ended_so(spells: Spells, events: Mask) -> Mask:
    """Which rows ended with one of the events."""
    return np.append(False, events)[spells.ending]


def check_events(spells: Spells, events: Mask) -> None:
    """`DesignError` NO_EVENTS where no row ended so, so that there is nothing to compare."""
    if not ended_so(spells, events).any():
        kinds = [kind for kind, counts in zip(spells.kinds, events.tolist(), strict=True) if counts]
        problem = f"no row ended with {' or '.join(map(repr, kinds)) or 'anything'}"
        remedy = "Count another ending, or follow for longer: there is nothing to compare."
        raise DesignError(Fault("NO_EVENTS", spells.source.question, problem, remedy))


def each_kind(spells: Spells) -> Iterator[tuple[int, str, str]]:
    """Place, name and words of each kind of ending."""
    for place, kind in enumerate(spells.kinds):
        yield place, kind, spells.kind_named(kind)
