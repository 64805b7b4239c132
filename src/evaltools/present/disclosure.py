"""What may be shown: primary and complementary suppression, the release plan, and the gate that makes `Released`."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Final

from evaltools.dataset import Dataset
from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Curve, Estimate, Measured, Row, Source, Test
from evaltools.language import Language
from evaltools.present.linked import also_hidden
from evaltools.present.model import ConfidentialCell, Released, ReleasedTiles, ReleasePlan
from evaltools.present.tiles import categories_of, source_of, tiles_of, variable_of
from evaltools.provenance import sha256_of
from evaltools.schema.thresholds import thresholds

_MAY_BE_NAMED: Final = ("practice", "opinion")
_PUBLISHED: Final = "published_case("
_CHOICE: Final = ".only("
_WITH_COMPLEMENT: Final[frozenset[Measured]] = frozenset({"share", "ratio"})
_NOT_COUNTED: Final[frozenset[Measured]] = frozenset({"difference", "quantile", "coefficient"})
_SOLVED: Final = frozenset({"children", "families", "staff"})
_LEAST_TIMES: Final[Mapping[Measured, int]] = {"total": 1, "mean": 1, "ratio": 1, "quantile": 2}
"""How many times the smallest count must be in a group whose sums or quantiles are told."""
_MUNICIPALITY: Final = "municipality"
_NOT_ADDED_UP: Final = frozenset({"variable", "item", "row", "choice", "method", "figure"})
"""Coordinates along which the base is the same for every row: nobody adds along them to get a total."""
_CATEGORY: Final = "category"
_ALIKE: Final[Mapping[Measured, str]] = {
    "share": "",
    "count": "",
    "total": " summed",
    "mean": " summed",
    "ratio": " summed",
}
"""Measures that tell the same count or sum of one column, and what is added to the column's name."""
_LOAD: Final = "load("
_DATA: Final = frozenset({"load", "domain"})


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
    fixed = plan.hidden if plan else frozenset()
    cells = [_cell(result, row, rule, fixed) for row, rule in zip(result.rows, rules, strict=True)]
    more = also_hidden(cells)
    whole = tuple(replace(cell, hidden=cell.hidden or cell.key in more) for cell in cells)
    return Released(result, "checked", frozenset(place for place, cell in enumerate(whole) if cell.hidden), whole)


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
    data : from `load`. language : of the labels. Returns a `ReleasedTiles`, which `tile_map` takes.
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
    Returns a `ReleasePlan`; equal cells give an equal plan. Raises nothing.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses", category="yes"))
    >>> plan(released.cells).hidden
    frozenset()
    """
    known = previous.hidden if previous else frozenset()
    marked = [replace(cell, hidden=cell.hidden or cell.key in known) for cell in cells]
    hidden = known | {cell.key for cell in marked if cell.hidden} | also_hidden(marked)
    limits = dict(thresholds())
    return ReleasePlan(sha256_of([sorted(hidden), limits])[:16], hidden, MappingProxyType(limits))


def cell_key(result: Estimate, row: Row) -> str:
    """The key of one cell: what is counted in which data and group, the same in every exhibit and run.

    One cell asked for in two ways (a grid and one of its rows, a concept and its categories, with and without
    weights, a choice of rows) is one cell. So are the sums behind a total, a mean and the numerator of a ratio.
    """
    whole, group, codes = _place(result, row)
    coordinates = ", ".join(f"{name}={value}" for name, value in group)
    return f"{whole} | {'+'.join(codes)} | {coordinates}"


def _place(result: Estimate, row: Row) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What the cell is a part of, its group, and the categories counted in it."""
    column, codes = row.counted
    apart = {_CATEGORY, "kind"} if column else {_CATEGORY}
    group = tuple(sorted(part for part in row.coordinates if part[0] not in _NOT_ADDED_UP | apart))
    if column and result.measure in _ALIKE:
        return f"{_data(result.source.code)} | {column}{_ALIKE[result.measure]}", group, tuple(sorted(codes))
    along = sorted(f"{name}={value}" for name, value in row.coordinates if name in _NOT_ADDED_UP)
    codes = tuple(value for name, value in row.coordinates if name == _CATEGORY)
    return f"{_without_choice(result.source.code)} | {', '.join(along)}", group, codes


def _without_choice(code: str) -> str:
    while code.endswith(")") and "(" not in code.rpartition(_CHOICE)[2] and _CHOICE in code:
        code = code.rpartition(_CHOICE)[0]
    return code


@cache
def _data(code: str) -> str:
    """The data in recorded code, with their domain but without weights: these do not change who is counted."""
    if _LOAD not in code:
        return _without_choice(code)
    calls = [node for node in ast.walk(ast.parse(code, mode="eval")) if isinstance(node, ast.Call)]
    named = [(ast.unparse(call.func).rpartition(".")[2], call) for call in calls]
    return " ".join(sorted(f"{name} {ast.unparse(call.args[0])}" for name, call in named if name in _DATA))


def _cell(result: Estimate, row: Row, rule: str, fixed: frozenset[str]) -> ConfidentialCell:
    whole, group, codes = _place(result, row)
    key = cell_key(result, row)
    return ConfidentialCell(
        key=key,
        count=numerator(row, result.measure),
        base=row.n if row.summed_of is None else round(row.summed_of),
        rule=rule or "complementary",
        hidden=bool(rule) or key in fixed,
        whole="" if result.measure in _NOT_COUNTED else whole,
        group=group,
        codes=codes,
        limit=_limit(result.measure, result.source),
    )


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
    if 0 < row.n < _least_group(measure, source):
        return "small_group"
    limit = _limit(measure, source)
    counted = numerator(row, measure)
    if 0 < counted < limit:
        return "small_count"
    if measure in _WITH_COMPLEMENT and 0 < _denominator(row, measure) - counted < limit:
        return "small_complement"
    return ""


def _least_group(measure: Measured, source: Source) -> int:
    """The smallest group that anything is told about.

    Sums need more: a total and its standard error give the sum and the sum of squares, and quartiles give three
    values more, from which the few single numbers of a small group can be solved.
    """
    limits = thresholds()
    if source.confidentiality not in _SOLVED or measure not in _LEAST_TIMES:
        return limits["municipalities"]
    return max(limits["municipalities"], _LEAST_TIMES[measure] * limits[source.confidentiality])


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
