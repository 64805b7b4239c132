"""What several charts share: the scale of an axis, its grid and ticks, a row of keys, and label columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.language import Language, number, percent_sign
from evaltools.present.charts.canvas import LINE_CM, Lettering, lines_in, text_width, wrapped, write
from evaltools.present.charts.style import HAIRLINE, INK, QUIET_INK, SMALL, Look, Weight
from evaltools.present.series import Point, is_known

MOST_LABEL: Final = 6.6
"""Labels wider than this (cm) are broken into lines."""
KEY_ROW: Final = 0.55
_MANY: Final = 12
_SWATCH: Final = 0.34


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from values to centimetres."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Where a value lies, in centimetres from the left edge."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    @property
    def ticks(self) -> list[float]:
        """Five to seven round values."""
        step = _round_step(self.high - self.low)
        first = int(self.low // step)
        values = [step * place for place in range(first, int(self.high // step) + 2)]
        return [value for value in values if self.low - 1e-9 <= value <= self.high + 1e-9]


@dataclass(frozen=True, slots=True)
class Lines:
    """The label column of a chart with one line per point: wrapped names, their width and each line's height."""

    names: tuple[str, ...]
    width: float
    heights: tuple[float, ...]

    @property
    def height(self) -> float:
        """All lines together."""
        return sum(self.heights)

    def middles(self, top: float) -> list[float]:
        """The middle of each line, the first one starting at `top`."""
        middles = []
        for height in self.heights:
            middles.append(top + height / 2)
            top += height
        return middles


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: its words and what draws its sign at (left, middle), such as `swatch(look)`."""

    label: str
    draw: Callable[[Axes, float, float], None]


def swatch(look: Look) -> Callable[[Axes, float, float], None]:
    """The sign of a surface: a small square that looks like it."""

    def draw(sheet: Axes, x: float, y: float) -> None:
        sheet.add_patch(Rectangle((x, y - _SWATCH / 2), _SWATCH, _SWATCH, **look))

    return draw


def lines_for(labels: Sequence[str], *, most: float = MOST_LABEL, row: float = 0.78) -> Lines:
    """The labels broken to at most that width, with room for each; many lines stand closer."""
    row = row if len(labels) <= _MANY else min(row, 0.66)
    width = min(max((text_width(label) for label in labels), default=1.0), most) + 0.1
    names = tuple(wrapped(label, width) for label in labels)
    width = max((text_width(line) for name in names for line in name.split("\n")), default=1.0) + 0.1
    return Lines(names, width, tuple(max(row, lines_in(name) * LINE_CM + 0.22) for name in names))


def scale_for(
    points: Sequence[Point], ends: tuple[float, float], *, percent: bool, also: Sequence[float] = ()
) -> Scale:
    """A scale between two ends (cm) that holds all values, limits, zero and `also`.

    percent : shares that go beyond a half get the whole 0 to 100.
    """
    numbers = [point.number for point in points if is_known(point)]
    values = [value for number in numbers for value in (number.value, number.low, number.high) if value is not None]
    low, high = min([0.0, *also, *values]), max([0.0, *also, *values])
    if percent and high > 50:
        return Scale(0.0, 100.0, *ends)
    step = _round_step(high - low or 1.0)
    return Scale(step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9) or 1.0, *ends)


def draw_axis(sheet: Axes, scale: Scale, top: float, bottom: float, unit: str, language: Language = "da") -> None:
    """Quiet vertical grid lines with their values below."""
    step = scale.ticks[1] - scale.ticks[0] if len(scale.ticks) > 1 else 1.0
    digits = 0 if step >= 1 else 1
    for value in scale.ticks:
        x = scale.at(value)
        sheet.plot([x, x], [top, bottom], color=QUIET_INK if value == 0 else HAIRLINE, linewidth=0.7, zorder=0)
        shown = percent_sign(value / 100, 0, language) if unit == "percent" else number(value, digits, language)
        write(sheet, x, bottom + 0.28, shown, ha="center", size=SMALL, color=QUIET_INK)


def key_lines(keys: Sequence[Key], width: float) -> list[list[Key]]:
    """The keys in as many lines as they need."""
    lines: list[list[Key]] = [[]]
    used = 0.0
    for key in keys:
        wide = _key_width(key)
        if lines[-1] and used + wide > width:
            lines.append([])
            used = 0.0
        lines[-1].append(key)
        used += wide
    return lines


def value_look(point: Point, ha: Literal["left", "right"], weight: Weight = "regular") -> Lettering:
    """How the value beside a point is written: quietly where there is none to tell."""
    if is_known(point):
        return {"ha": ha, "weight": weight}
    return {"ha": ha, "weight": "italic", "color": QUIET_INK}


def draw_keys(sheet: Axes, keys: Sequence[Key], left: float, top: float, width: float) -> None:
    """A legend of swatches and words, from left to right in the order of the chart."""
    for place, line in enumerate(key_lines(keys, width)):
        x, y = left, top + (place + 0.5) * KEY_ROW
        for key in line:
            key.draw(sheet, x, y)
            write(sheet, x + _SWATCH + 0.12, y, key.label, ha="left", size=SMALL, color=INK)
            x += _key_width(key)


def _key_width(key: Key) -> float:
    return _SWATCH + 0.12 + text_width(key.label, SMALL) + 0.5


def _round_step(span: float) -> float:
    power = 10.0
    while power > span / 5:
        power /= 10
    while power * 10 <= span / 5:
        power *= 10
    return next(step * power for step in (1, 2, 2.5, 5, 10) if span / (step * power) <= 6)
