"""Other ways than hiding: groups or categories merged until each may be shown; what hiding or rounding costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, texts
from evaltools.present.model import Released
from evaltools.present.primary import limit_of, numerator
from evaltools.present.series import estimate_of
from evaltools.schema.thresholds import thresholds


@dataclass(frozen=True, slots=True)
class Lost:
    """What discretion takes from a result; for the author, never for the reader, whom it would tell the hidden.

    cells, of : cells that are hidden, of how many. counted : the share, 0 to 1, of all that is counted that stands in
    hidden cells. moved : how far a shown count was rounded, on average.
    """

    cells: int
    of: int
    counted: float
    moved: float


def information_lost(released: Released) -> Lost:
    """How much of a result readers do not get, because it is hidden or rounded.

    released : from `release` or `release_rounded`. Returns a `Lost`. Raises `ReleaseError` NOT_AN_ESTIMATE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> ev.information_lost(ev.release(ev.proportion(design, "uses"))).cells
    0
    """
    result = estimate_of(released)
    counts = [cell.count for cell in released.cells]
    hidden = sum(count for place, count in enumerate(counts) if place in released.hidden)
    shown = [
        abs(cell.count - numerator(row, result.measure))
        for place, (cell, row) in enumerate(zip(released.cells, result.rows, strict=False))
        if place not in released.hidden
    ]
    return Lost(
        cells=len(released.hidden),
        of=len(result.rows),
        counted=hidden / max(sum(counts), 1.0),
        moved=sum(shown) / max(len(shown), 1),
    )


def rounded(result: Estimate, *, base: int, language: Language = "da") -> Estimate:
    """The result with every count rounded to the nearest multiple of `base`, and shares that follow from these.

    It has no intervals, because they would tell the count. `release_rounded` shows it.
    language : of the method's name.
    """
    method = texts(language).say("present.rounded", base=base)
    named = f"rounded({result.source.code}, base={base})"
    rows = tuple(_rounded_row(row, base, method) for row in result.rows)
    return replace(result, rows=rows, source=replace(result.source, code=named), covariance=None, influence=None)


def counts_alike(row: Row, base: int) -> tuple[float, float]:
    """The least and greatest count that would be rounded to the same."""
    shown = _nearest(row.count or 0, row.n, base)
    alike = [count for count in range(row.n + 1) if _nearest(count, row.n, base) == shown]
    return float(alike[0]), float(alike[-1])


def _rounded_row(row: Row, base: int, method: str) -> Row:
    shown = _nearest(row.count or 0, row.n, base)
    share = shown / row.n if row.n else row.estimate
    return replace(
        row, count=shown, estimate=share, method=method, se=None, low=None, high=None, bounds_low=None,
        bounds_high=None, tells=(),
    )  # fmt: skip


def _nearest(count: int, most: int, base: int) -> int:
    """The nearest multiple of `base` that is not more than all; halves go down, so that nought means up to half."""
    nearest = (count + (base - 1) // 2) // base * base
    return nearest if nearest <= most else most // base * base


def merges(result: Estimate, coordinate: str) -> tuple[tuple[str, ...], ...]:
    """Neighbouring values of a coordinate put together until each set may be shown.

    result : shares or counts. coordinate : what to merge, such as `size` or `category`; neighbours are those beside
    each other in the result, so order matters. The other coordinates are kept.
    Returns the values of each set. Raises `ReleaseError` NO_SUCH_COORDINATE and NOTHING_TO_MERGE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21, "size": ["s"] * 2 + ["m"] * 30 + ["l"] * 39})
    >>> ev.merges(ev.proportion(ev.survey_design(frame), "uses", by="size"), "size")
    (('l',), ('m', 's'))
    """
    values = list(dict.fromkeys(row.coordinate(coordinate) for row in result.rows))
    if "" in values or not values:
        known = ", ".join(dict.fromkeys(name for row in result.rows for name, _ in row.coordinates))
        problem, remedy = f'there is no coordinate "{coordinate}"', f"The coordinates are: {known}."
        raise ReleaseError(Fault("NO_SUCH_COORDINATE", result.source.question, problem, remedy))
    sets = [[value] for value in values]
    while len(sets) > 1:
        unsafe = [place for place, each in enumerate(sets) if not _may_be_shown(result, coordinate, each)]
        if not unsafe:
            return tuple(map(tuple, sets))
        place = min(unsafe, key=lambda each: _size(result, coordinate, sets[each]))
        beside = [each for each in (place - 1, place + 1) if 0 <= each < len(sets)]
        other = min(beside, key=lambda each: _size(result, coordinate, sets[each]))
        low, high = sorted((place, other))
        sets[low : high + 1] = [[*sets[low], *sets[high]]]
    problem = f'no two sets of "{coordinate}" may be shown beside each other'
    raise ReleaseError(Fault("NOTHING_TO_MERGE", result.source.question, problem, "Show the total only."))


def _rows(result: Estimate, coordinate: str, values: Sequence[str]) -> list[Row]:
    return [row for row in result.rows if row.coordinate(coordinate) in values]


def _size(result: Estimate, coordinate: str, values: Sequence[str]) -> int:
    return sum(numerator(row, result.measure) for row in _rows(result, coordinate, values))


def _may_be_shown(result: Estimate, coordinate: str, values: Sequence[str]) -> bool:
    """Whether no line of the merged rows counts too few, or all but too few."""
    limit = limit_of(result.measure, result.source)
    lines: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for row in _rows(result, coordinate, values):
        lines.setdefault(tuple(part for part in row.coordinates if part[0] != coordinate), []).append(row)
    for rows in lines.values():
        count = sum(numerator(row, result.measure) for row in rows)
        base = max(row.n for row in rows) if coordinate == "category" else sum(row.n for row in rows)
        if 0 < base < thresholds()["municipalities"] or 0 < count < limit or 0 < base - count < limit:
            return False
    return True
