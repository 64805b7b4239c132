"""The rows of a released result as points that tables and charts show: label, number, and whether it is hidden."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language
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
    keys = _keys(result.rows)
    made = [
        Point(key, label_of(row, result.rows), row, row_number(released, row, language=language))
        for key, row in zip(keys, result.rows, strict=True)
    ]
    if order == "given":
        return tuple(made)
    sign = -1 if order == "largest" else 1
    return tuple(sorted(made, key=lambda point: (point.value is None, sign * (point.value or 0.0))))


def label_of(row: Row, rows: Sequence[Row], without: str = "") -> str:
    """What tells this row from the others, in words: the labels that are not the same for all rows.

    rows : the rows it stands among. without : name of a coordinate that is told elsewhere.
    """
    names = [name for name, _ in row.coordinates]
    if len(row.labels) != len(names) or any(len(other.labels) != len(names) for other in rows):
        return ", ".join(row.labels)
    places = [place for place, name in enumerate(names) if name != without]
    varying = [place for place in places if len({other.labels[place] for other in rows}) > 1]
    return ", ".join(row.labels[place] for place in varying or places)


def label_for(row: Row, coordinate: str) -> str:
    """The words for one coordinate of a row."""
    names = [name for name, _ in row.coordinates]
    if coordinate not in names:
        return ""
    place = names.index(coordinate)
    return row.labels[place] if len(row.labels) == len(names) else row.coordinate(coordinate)


def in_percent(result: Estimate) -> bool:
    """Whether the result is shown in per cent of a base."""
    return result.measure == "share"


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
