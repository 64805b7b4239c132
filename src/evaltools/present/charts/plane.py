"""A plotting area with an upright value axis: its scale, grid, and an axis below of periods, numbers or sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from evaltools.estimate.monitor.periods import Period, kind_named
from evaltools.language import Language, number, percent_sign
from evaltools.present.charts.canvas import text_width, write
from evaltools.present.charts.furniture import Scale
from evaltools.present.charts.style import HAIRLINE, MUTED, QUIET_INK, SMALL

Dashes = str | tuple[int, tuple[float, ...]]
"""How a line is drawn, as matplotlib says it."""
DASHED: Final[Dashes] = (0, (4, 2.5))
_FROM_ZERO: Final = 0.6
"""The axis begins at zero unless the smallest value is more than so much of the largest."""
_LINE: Final = 0.38
_BETWEEN: Final = 0.25
_APART: Final = 0.42


@dataclass(frozen=True, slots=True)
class Plane:
    """Where values lie on the paper. `x` runs to the right, `y` upwards.

    percent : y is a share 0-1. whole : y counts, so that the axis names whole numbers only. most_ticks : how many
    values it names at most, the ends first; 0 for as many as are round.
    """

    x: Scale
    y: Scale
    percent: bool
    language: Language
    whole: bool = False
    most_ticks: int = 0

    @property
    def ticks(self) -> list[float]:
        """The values that the upright axis names."""
        found = [value for value in self.y.ticks if not self.whole or float(value).is_integer()]
        return [found[0], found[-1]] if 0 < self.most_ticks < len(found) else found

    def shown(self, value: float) -> str:
        """A value of the axis, with as many decimals as its steps have."""
        step = self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 1.0
        scaled = step * (100 if self.percent else 1)
        digits = next((each for each in range(6) if abs(scaled * 10**each - round(scaled * 10**each)) < 1e-6), 6)
        return percent_sign(value, digits, self.language) if self.percent else number(value, digits, self.language)


def value_scale(values: Sequence[float], ends: tuple[float, float], *, percent: bool) -> Scale:
    """A scale from bottom to top (cm) with room for all values; it begins at zero unless all values are far from it."""
    low, high = min(values), max(values)
    start = low if low > 0 and low > _FROM_ZERO * high else min(low, 0.0)
    room = 0.06 * ((high - start) or abs(high) or 1.0)
    bottom = start - room if start > 0 else start
    top = min(high + room, 1.0) if percent and high <= 1 else high + room
    return Scale(bottom, max(top, bottom + 1e-9), *ends)


def draw_values(sheet: Axes, plane: Plane, title: str) -> None:
    """Quiet level lines with their values at the left, and what they are above them."""
    for value in plane.ticks:
        y = plane.y.at(value)
        sheet.plot([plane.x.left, plane.x.right], [y, y], color=HAIRLINE, linewidth=0.7, zorder=0)
        write(sheet, plane.x.left - 0.15, y, plane.shown(value), ha="right", size=SMALL, color=QUIET_INK)
    bottom = plane.y.left
    sheet.plot([plane.x.left, plane.x.right], [bottom, bottom], color=MUTED, linewidth=0.9, zorder=1)
    if title:
        write(sheet, 0.04, plane.y.right - 0.35, title, ha="left", size=SMALL, color=QUIET_INK)


def draw_periods(sheet: Axes, plane: Plane, kind: str, title: str) -> None:
    """Names of periods below, as many as fit, and under them the year where one begins; numbers where kind is ""."""
    places = range(math.ceil(plane.x.low), math.floor(plane.x.high) + 1)
    names = {place: _names(kind, place, plane.language) for place in places}
    step = _step([name for name, _ in names.values()], (plane.x.right - plane.x.left) / (plane.x.high - plane.x.low))
    below = plane.y.left + 0.3
    for place in places[::step]:
        x = plane.x.at(place)
        sheet.plot([x, x], [plane.y.left, plane.y.left + 0.08], color=MUTED, linewidth=0.8)
        write(sheet, x, below, names[place][0], ha="center", size=SMALL, color=QUIET_INK)
    free = -math.inf
    for place in (place for place in places if names[place][1] or place == places[0]):
        x, year = plane.x.at(place), names[place][1] or _year_of(kind, place)
        half = text_width(year, SMALL) / 2
        if year and x - half > free:
            write(sheet, x, below + _LINE, year, ha="center", size=SMALL, weight="semibold", color=QUIET_INK)
            free = x + half + _BETWEEN
    last = below + _LINE * (1 if free == -math.inf else 2)
    write(sheet, plane.x.right, last, title, ha="right", size=SMALL, color=QUIET_INK)


def _names(kind: str, place: int, language: Language) -> tuple[str, str]:
    """What stands below a place, in two lines."""
    return Period(kind_named(kind), place).parts(language) if kind else (str(place), "")


def draw_sizes(sheet: Axes, plane: Plane, title: str) -> None:
    """Numbers below, such as the sizes of bases."""
    for value in plane.x.ticks:
        x = plane.x.at(value)
        sheet.plot([x, x], [plane.y.left, plane.y.left + 0.08], color=MUTED, linewidth=0.8)
        write(sheet, x, plane.y.left + 0.3, number(value, 0, plane.language), ha="center", size=SMALL, color=QUIET_INK)
    write(sheet, plane.x.right, plane.y.left + 0.3 + _LINE, title, ha="right", size=SMALL, color=QUIET_INK)


def apart(places: Sequence[float]) -> list[float]:
    """Heights at which labels beside these heights do not touch, in the same order.

    >>> apart([1.0, 1.1, 3.0])
    [0.84, 1.26, 3.0]
    """
    order = sorted(range(len(places)), key=lambda each: places[each])
    found = [places[each] for each in order]
    for _ in range(len(found) ** 2):
        for left in range(len(found) - 1):
            missing = _APART - (found[left + 1] - found[left])
            if missing > 1e-9:
                found[left] -= missing / 2
                found[left + 1] += missing / 2
    moved = dict(zip(order, found, strict=True))
    return [round(moved[place], 9) for place in range(len(places))]


def _step(names: Sequence[str], per_place: float) -> int:
    """Every how many names fit beside one another."""
    widest = max((text_width(name, SMALL) for name in names), default=0.1) + _BETWEEN
    needed = max(1, math.ceil(widest / per_place))
    return next((step for step in (1, 2, 3, 4, 6, 12, 13, 26, 52, 104) if step >= needed), needed)


def _year_of(kind: str, place: int) -> str:
    """The year a period lies in, where a second line tells years."""
    return "" if kind in ("", "year") else Period(kind_named(kind), place).words("en").rpartition(" ")[2]


def dash(colour: str, style: Dashes) -> Callable[[Axes, float, float], None]:
    """The sign of a line in a legend: a short piece of it."""

    def draw(sheet: Axes, x: float, y: float) -> None:
        sheet.plot([x, x + 0.36], [y, y], color=colour, linestyle=style, linewidth=1.2)

    return draw
