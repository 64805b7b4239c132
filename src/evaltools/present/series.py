"""The rows of a released result as points that tables and charts show: label, number, and whether it is hidden."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import EN_DASH, Language, without_common_start
from evaltools.present.forms import common_digits
from evaltools.present.model import Number, Released
from evaltools.present.numbers import row_number

Order = Literal["given", "largest", "smallest"]


@dataclass(frozen=True, slots=True)
class Point:
    """One row as it may be shown. `value` is None where the row is hidden or cannot be told."""

    key: str
    label: str
    row: Row
    number: Number

    @property
    def hidden(self) -> bool:
        """Whether discretion hides the row."""
        return self.number.disclosure == "hidden"

    @property
    def value(self) -> float | None:
        """Per cent, or the unit of the variable."""
        return None if self.number.value is None else float(self.number.value)


def estimate_of(released: Released) -> Estimate:
    """The estimate inside; `ReleaseError` NOT_AN_ESTIMATE for a curve or a test."""
    result = released.result
    if isinstance(result, Estimate):
        return result
    problem = f"a {type(result).__name__.lower()} has no rows of numbers"
    raise ReleaseError(Fault("NOT_AN_ESTIMATE", result.name, problem, "Release an estimate, such as a proportion."))


def points(released: Released, *, order: Order = "given", language: Language = "da") -> tuple[Point, ...]:
    """All rows as points. Sorted ones put those without a value last."""
    result = estimate_of(released)
    keys, digits = _keys(result.rows), common_digits(result)
    made = [
        Point(key, label, row, row_number(released, row, digits=digits, language=language))
        for key, label, row in zip(keys, labels_of(result.rows), result.rows, strict=True)
    ]
    if order == "given":
        return tuple(made)
    sign = -1 if order == "largest" else 1
    return tuple(sorted(made, key=lambda point: (point.value is None, sign * (point.value or 0.0))))


def labels_of(rows: Sequence[Row], without: str = "") -> list[str]:
    """What tells each row from the others, in words: the labels that are not the same for all rows.

    without : name of a coordinate that is told elsewhere.
    """
    names = [name for name, _ in rows[0].coordinates] if rows else []
    if any(len(row.labels) != len(names) for row in rows):
        return [tidy(", ".join(row.labels)) for row in rows]
    places = [place for place, name in enumerate(names) if name != without]
    varying = [place for place in places if len({row.labels[place] for row in rows}) > 1]
    columns = [without_common_start([row.labels[place] for row in rows]) for place in varying or places]
    return [", ".join(map(tidy, parts)) for parts in zip(*columns, strict=True)]


def labels_for(rows: Sequence[Row], coordinate: str) -> dict[str, str]:
    """The words for each value of one coordinate, in order; by size where they are figures and lines differ."""
    words: dict[str, str] = {}
    for row in rows:
        names = [name for name, _ in row.coordinates]
        if coordinate in names:
            told = row.labels if len(row.labels) == len(names) else tuple(value for _, value in row.coordinates)
            words.setdefault(row.coordinate(coordinate), told[names.index(coordinate)])
    told_apart = dict(zip(words, map(tidy, without_common_start(list(words.values()))), strict=True))
    first = {row.coordinate(coordinate) for row in rows if _others(row, coordinate) == _others(rows[0], coordinate)}
    if first != set(words) and all(value.isdigit() for value in words):
        return dict(sorted(told_apart.items(), key=lambda pair: int(pair[0])))
    return told_apart


def _others(row: Row, coordinate: str) -> list[tuple[str, str]]:
    return [part for part in row.coordinates if part[0] != coordinate]


def tidy(label: str) -> str:
    """A label for readers: without the figure that only sorts it, and with dashes between figures.

    >>> tidy("2: 20.000-39.999")
    '20.000–39.999'
    """
    return re.sub(r"(?<=\d)-(?=\d)", EN_DASH, re.sub(r"^\d+: ", "", label))


def is_known(point: Point) -> bool:
    """Whether the point has a value to draw."""
    return point.value is not None and math.isfinite(point.value)


def _keys(rows: Sequence[Row]) -> list[str]:
    """Short keys, unique within the result: the coordinates that vary."""
    names = [name for name, _ in rows[0].coordinates] if rows else []
    varying = [name for name in names if len({row.coordinate(name) for row in rows}) > 1] or names
    keys = ["_".join(_slug(row.coordinate(name)) for name in varying) or "value" for row in rows]
    return [key if keys.count(key) == 1 else f"{key}_{place}" for place, key in enumerate(keys)]


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text.casefold()).strip("_") or "x"
