"""What may be shown: primary and complementary suppression, the release plan, and the gate that makes `Released`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from evaltools.dataset import Dataset
from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Curve, Estimate, Measured, Row, Source, Test
from evaltools.language import Language
from evaltools.present.model import ConfidentialCell, Released, ReleasedTiles, ReleasePlan
from evaltools.present.tiles import categories_of, source_of, tiles_of, variable_of
from evaltools.provenance import sha256_of
from evaltools.schema.thresholds import thresholds

_MAY_BE_NAMED: Final = ("practice", "opinion")
_PUBLISHED: Final = "published_case("
_CHOICE: Final = ".only("
_WITH_COMPLEMENT: Final[frozenset[Measured]] = frozenset({"share", "ratio"})
_NOT_COUNTED: Final[frozenset[Measured]] = frozenset({"difference", "quantile", "coefficient"})
_MUNICIPALITY: Final = "municipality"
_NOT_ADDED_UP: Final = frozenset({"variable", "item", "row", "choice", "method"})
"""Coordinates along which the base is the same for every row: nobody adds along them to get a total."""
_CATEGORY: Final = "category"
"""Adds up to the base where every category of a single choice is there; ticks of a multiple item do not."""


def release(result: Estimate | Curve | Test, plan: ReleasePlan | None = None) -> Released:
    """The result with the cells that must stay hidden: the only way to a table, chart, sentence or number.

    result : from `estimate`. plan : hides more where other exhibits of the memo ask for it; never less.
    Results taken from the file of published cases are shown whole, because they are public already.
    Raises `ReleaseError` NEVER_RELEASED for personal data and PUBLISHED_WITHOUT_SOURCE.
    Rules: docs/showing-numbers.md, after the confidentiality policy of Danmarks Statistik.
    """
    source = result.source
    if source.confidentiality == "personal":
        remedy = "Personal data and free text are never shown."
        raise ReleaseError(Fault("NEVER_RELEASED", source.question, "the answers are personal data", remedy))
    if source.origin == "published":
        _check_published(source)
        return Released(result, "published_elsewhere", frozenset())
    if not isinstance(result, Estimate):
        return Released(result, "checked", _hidden_points(result))
    rules = [_rule(row, result.measure, source) for row in result.rows]
    keys = [cell_key(source, row) for row in result.rows]
    fixed = plan.hidden if plan else frozenset()
    hidden = {index for index, rule in enumerate(rules) if rule or keys[index] in fixed}
    hidden = _with_complements(result.rows, hidden)
    cells = tuple(
        ConfidentialCell(key, numerator(row, result.measure), row.n, rule or "complementary", index in hidden)
        for index, (key, row, rule) in enumerate(zip(keys, result.rows, rules, strict=True))
    )
    return Released(result, "checked", frozenset(hidden), cells)


def release_tiles(
    data: Dataset,
    variable: str,
    *,
    consent: str,
    agreeing: str = "1",
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    language: Language = "da",
) -> ReleasedTiles:
    """Named answers for a tile map: only of those who agreed; the others are told as "not shown".

    variable : a question with categories on practice or opinion. consent : the variable that asks whether answers of
    that kind may be shown by name, and `agreeing` its code for yes. groups : label -> codes drawn alike.
    Raises `ReleaseError` NEVER_NAMED for counts of children, families or staff and for personal data,
    NO_SUCH_VARIABLE, NOT_CATEGORIES, TOO_MANY_CATEGORIES, NO_TILE_POSITIONS.
    """
    asked = variable_of(data, variable)
    kind = asked.field.item.confidentiality
    if kind not in _MAY_BE_NAMED:
        remedy = "Show it in a table of totals."
        raise ReleaseError(Fault("NEVER_NAMED", variable, f"answers about {kind} are never shown by name", remedy))
    variable_of(data, consent)
    categories, keys = categories_of(asked, groups, language)
    tiles = tiles_of(data, variable, (consent, agreeing), keys)
    return ReleasedTiles(tiles, categories, source_of(data, asked, consent, language))


def plan(cells: Iterable[ConfidentialCell], previous: ReleasePlan | None = None) -> ReleasePlan:
    """Which cells stay hidden, decided over all exhibits of a memo at once. A later plan only adds.

    cells : from the exhibits of all chapters. previous : the plan that they were released with.
    """
    hidden = previous.hidden if previous else frozenset()
    hidden |= {cell.key for cell in cells if cell.hidden}
    limits = dict(thresholds())
    return ReleasePlan(sha256_of([sorted(hidden), limits])[:16], hidden, MappingProxyType(limits))


def cell_key(source: Source, row: Row) -> str:
    """The key of one cell: what computes it and which row it is, the same in every exhibit and run.

    A choice of rows (`.only(...)`) does not make another cell.
    """
    code = source.code
    while code.endswith(")") and "(" not in code.rpartition(_CHOICE)[2] and _CHOICE in code:
        code = code.rpartition(_CHOICE)[0]
    coordinates = ", ".join(f"{name}={value}" for name, value in sorted(row.coordinates))
    return f"{code} | {coordinates}"


def numerator(row: Row, measure: Measured) -> int:
    """How many units or cases a row counts, as far as it can be known or worked out from what would be shown."""
    if row.count is not None or row.summed is not None:
        return round(row.count if row.count is not None else row.summed or 0)
    by_measure: Mapping[Measured, float] = {
        "share": row.estimate * row.n,
        "mean": row.estimate * row.n,
        "ratio": row.estimate * row.base,
    }
    value = by_measure.get(measure, row.estimate)
    return round(value) if math.isfinite(value) else 0


def _rule(row: Row, measure: Measured, source: Source) -> str:
    """The rule that hides this row; "" where none does."""
    limits = thresholds()
    if 0 < row.n < limits["municipalities"]:
        return "small_group"
    limit = _limit(measure, source)
    counted = numerator(row, measure)
    if 0 < counted < limit:
        return "small_count"
    if measure in _WITH_COMPLEMENT and 0 < _denominator(row, measure) - counted < limit:
        return "small_complement"
    return ""


def _limit(measure: Measured, source: Source) -> int:
    """The smallest count that may be shown; 0 where counts may be of any size.

    A share of municipalities counts municipalities, whatever the question is about.
    """
    kind, limits = source.confidentiality, thresholds()
    counts_units = measure in ("share", "count")
    if kind == "practice" or measure in _NOT_COUNTED or (kind == "opinion" and not counts_units):
        return 0
    if kind == "opinion" or (counts_units and source.unit == _MUNICIPALITY):
        return limits["municipalities"]
    return limits[kind]


def _denominator(row: Row, measure: Measured) -> int:
    if measure == "share":
        return row.n
    return round(row.base if row.summed_of is None else row.summed_of)


def _hidden_points(result: Curve | Test) -> frozenset[int]:
    """Points of a curve that rest on fewer cases than may be shown."""
    if isinstance(result, Test) or "n" not in result.points.columns:
        return frozenset()
    limit = thresholds().get(result.source.confidentiality, thresholds()["municipalities"])
    return frozenset(index for index, n in enumerate(result.points["n"]) if 0 < n < limit)


def _check_published(source: Source) -> None:
    if not source.citation or _PUBLISHED not in source.code or "load(" in source.code:
        remedy = "Put the case with its source into data_dictionary/published_cases.yaml and read it from there."
        problem = "a published number must come from the file of published cases"
        raise ReleaseError(Fault("PUBLISHED_WITHOUT_SOURCE", source.question, problem, remedy))


def _with_complements(rows: Sequence[Row], hidden: set[int]) -> set[int]:
    """Hide one more cell wherever a single hidden one could be found again from a total."""
    groups = list(_totals(rows))
    grown = set(hidden)
    while True:
        before = len(grown)
        for group in groups:
            alone = [index for index in group if index in grown]
            open_cells = [index for index in group if index not in grown]
            if len(alone) == 1 and open_cells:
                grown.add(min(open_cells, key=_cheapest(rows)))
        if len(grown) == before:
            return grown


def _cheapest(rows: Sequence[Row]) -> Callable[[int], tuple[bool, int]]:
    """Order of cells to hide: the smallest that is not empty, an empty one only where there is no other."""

    def cost(index: int) -> tuple[bool, int]:
        row = rows[index]
        known = row.summed if row.count is None else row.count
        size = row.n if known is None else round(known)
        return size == 0, size

    return cost


def _totals(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Groups of rows that add up to a total: alike in all coordinates but one."""
    names = {name for row in rows for name, _ in row.coordinates} - _NOT_ADDED_UP
    for free in sorted(names):
        groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for index, row in enumerate(rows):
            groups.setdefault(tuple(part for part in row.coordinates if part[0] != free), []).append(index)
        yield from (group for group in groups.values() if len(group) > 1 and (free != _CATEGORY or _whole(rows, group)))


def _whole(rows: Sequence[Row], group: Sequence[int]) -> bool:
    """Whether these categories share out one base."""
    counts = [rows[index].count for index in group]
    bases = {rows[index].n for index in group}
    return None not in counts and bases == {sum(count or 0 for count in counts)}
