"""Who adopts when: by lot in waves, or settled unit by unit."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes
from evaltools.estimate.calls import call, literal
from evaltools.estimate.rollout.planning.baseline import Baseline
from evaltools.estimate.rollout.planning.checking import check_whole
from evaltools.estimate.rollout.planning.periods import following, in_order, written

Period = str | int
_NEVER: Final = frozenset({"", "0", "nan", "none", "inf", "<na>"})


@dataclass(frozen=True, slots=True)
class Order:
    """Who adopts when. waves : units in each period that adopts, where lots are drawn; else first : the period by unit.

    until : the last period that is measured; that of the last adoption where it is empty.
    """

    waves: tuple[tuple[str, int], ...] = ()
    first: tuple[tuple[str, str], ...] = ()
    until: str = ""

    @property
    def by_lot(self) -> bool:
        """Whether chance decides who is early."""
        return bool(self.waves)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods in which somebody adopts, in order."""
        return tuple(sorted({period for period, _ in self.waves} | {period for _, period in self.first}, key=in_order))

    @property
    def code(self) -> str:
        """The expression that gives it again."""
        told = dict(self.waves) if self.by_lot else dict(self.first)
        name = "order_by_lot" if self.by_lot else "order_by_unit"
        return call(f"rollout.{name}", literal(told), {"until": self.until or None})


def order_by_lot(waves: Mapping[str, int] | Mapping[int, int], *, until: Period = "") -> Order:
    """Lots decide which units adopt when.

    waves : how many adopt in each period ({2015: 25, 2016: 25}); the others never do.
    until : the last period that is measured. Returns an `Order`. Raises `DesignError`: NO_ADOPTERS, NOT_A_WHOLE_NUMBER.

    >>> order_by_lot({2015: 25, 2016: 25}).periods
    ('2015', '2016')
    """
    _check_any(waves)
    for period, number in waves.items():
        check_whole(f"waves[{period}]", number, 1)
    return Order(waves=tuple((written(period), int(number)) for period, number in waves.items()), until=written(until))


def order_by_unit(first: Mapping[str, Period | None], *, until: Period = "") -> Order:
    """It is settled which unit adopts when. first : by unit its first period with the method; None where it never does.

    until : the last period that is measured. Returns an `Order`. Raises `DesignError`: NO_ADOPTERS.

    >>> order_by_unit({"Aalborg": 2015, "Randers": 2016, "Skive": None}).first
    (('Aalborg', '2015'), ('Randers', '2016'))
    """
    known = {written(unit): written(period) for unit, period in first.items()}
    adopting = {unit: period for unit, period in known.items() if period.casefold() not in _NEVER}
    _check_any(adopting)
    return Order(first=tuple(adopting.items()), until=written(until))


def starts_of(known: Baseline, order: Order) -> tuple[Codes, tuple[str, ...]]:
    """By unit the place of its first period with the method, and all periods: those of the baseline and those after."""
    until = order.until or order.periods[-1]
    periods = [*known.periods]
    while in_order(periods[-1]) < in_order(max(until, order.periods[-1], key=in_order)):
        periods.append(following(periods[-1]))
    early = [each for each in order.periods if each not in periods[len(known.periods) :]]
    if early:
        problem = f'somebody adopts in "{early[0]}", and the baseline has the periods {", ".join(known.periods)}'
        remedy = f"Adoption comes after the baseline, in periods such as {following(known.periods[-1])}."
        raise DesignError(Fault("ADOPTION_IN_BASELINE", "order", problem, remedy))
    starts = np.full(len(known.units), len(periods), dtype=np.int64)
    if order.by_lot:
        _check_room(order, known)
        places = [periods.index(period) for period, number in order.waves for _ in range(number)]
        starts[: len(places)] = places
        return starts, tuple(periods)
    _check_units(order, known)
    place_of = {unit: place for place, unit in enumerate(known.units)}
    for unit, period in order.first:
        if unit in place_of:
            starts[place_of[unit]] = periods.index(period)
    return starts, tuple(periods)


def _check_any(adopting: Sized) -> None:
    if not adopting:
        raise DesignError(Fault("NO_ADOPTERS", "order", "nobody adopts", "Say who adopts the method, and when."))


def _check_room(order: Order, known: Baseline) -> None:
    asked = sum(number for _, number in order.waves)
    if asked > len(known.units):
        problem = f"{asked} units are to adopt, and {len(known.units)} of the baseline can be used"
        left = f" (left out for want of cases: {', '.join(known.left_out[:6])})" if known.left_out else ""
        raise DesignError(Fault("MORE_THAN_THERE_ARE", "order", problem + left, "Take fewer in some wave."))


def _check_units(order: Order, known: Baseline) -> None:
    everybody = {*known.units, *known.left_out}
    strange = [unit for unit, _ in order.first if unit not in everybody]
    if strange:
        problem = f'"{strange[0]}" adopts and is not in the baseline'
        raise DesignError(Fault("NO_SUCH_UNIT", "order", problem, near(strange[0], everybody)))
    if all(unit in known.left_out for unit, _ in order.first):
        problem = "all units that adopt are left out for want of cases"
        raise DesignError(Fault("NO_ADOPTERS", "order", problem, "Merge periods, so that each has cases."))
