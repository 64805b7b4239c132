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
from evaltools.estimate.curve import Curve
from evaltools.estimate.result import Estimate, Measured, Row, Sum, Test
from evaltools.language import Language, texts
from evaltools.present.curves import as_estimate, is_open, without_traces
from evaltools.present.families import NO_NESTING, Nested, key_of, told_of
from evaltools.present.grounds import check_not_typed, check_published, check_test
from evaltools.present.linked import also_hidden, audit
from evaltools.present.model import (
    ConfidentialCell,
    Group,
    Part,
    Range,
    Released,
    ReleasedTiles,
    ReleasePlan,
    Told,
)
from evaltools.present.primary import NOT_COUNTED, limit_of, numerator, rule_of, width_of
from evaltools.present.softening import counts_alike, rounded
from evaltools.present.stepping import hidden_steps, hidden_stock
from evaltools.present.tiles import categories_of, source_of, tiles_of, variable_of
from evaltools.provenance import sha256_of
from evaltools.schema.thresholds import thresholds

_MAY_BE_NAMED: Final = ("practice", "opinion")
_CHOICE: Final = ".only("
_NOT_ADDED_UP: Final = frozenset({"variable", "item", "row", "choice", "method", "figure"})
"""Coordinates along which the base is the same for every row: nobody adds along them to get a total."""
_CATEGORY: Final = "category"
_SUMMED: Final = " summed"
_TINY: Final = 1e-6
_ALIKE: Final[Mapping[Measured, str]] = {
    "share": "",
    "count": "",
    "total": _SUMMED,
    "mean": _SUMMED,
    "ratio": _SUMMED,
}
"""Measures that tell the same count or sum of one column, and what is added to the column's name."""
_LOAD: Final = "load("
_DATA: Final = frozenset({"load", "domain"})


def release(result: Estimate | Curve | Test, plan: ReleasePlan | None = None) -> Released:
    """The result with the cells that must stay hidden: the only way to a table, chart, sentence or number.

    result : from `estimate`. plan : hides more where other exhibits of the memo ask for it; never less.
    Results taken from the file of published cases are shown whole, because they are public already.
    Raises `ReleaseError` NEVER_RELEASED for personal data, PUBLISHED_WITHOUT_SOURCE, TYPED_COUNT_HIDDEN for rates typed
    by hand whose counts are too small to be shown, and TEST_TELLS_COUNTS for a test of such a share.
    Rules: docs/showing-numbers.md, after the confidentiality policy of Danmarks Statistik.
    """
    source = result.source
    if source.confidentiality == "personal":
        remedy = "Personal data and free text are never shown."
        raise ReleaseError(Fault("NEVER_RELEASED", source.question, "the answers are personal data", remedy))
    if source.origin == "published":
        check_published(source)
        return Released(result, "published_elsewhere", frozenset())
    if isinstance(result, Test):
        check_test(result)
        return Released(result, "checked", frozenset())
    return _released_curve(result, plan) if isinstance(result, Curve) else _checked(result, plan)


def _checked(result: Estimate, plan: ReleasePlan | None) -> Released:
    cells = confidential_cells(result, plan)
    more = also_hidden(cells) if plan is None or {cell.key for cell in cells} - plan.decided else frozenset()
    whole = tuple(replace(cell, hidden=cell.hidden or cell.key in more) for cell in cells)
    hidden = frozenset(place for place, cell in enumerate(whole) if cell.hidden)
    if hidden:
        check_not_typed(result.source)
    return Released(result, "checked", hidden, whole)


def confidential_cells(result: Estimate, plan: ReleasePlan | None = None) -> tuple[ConfidentialCell, ...]:
    """The cells of a result for a plan to decide over; only those are hidden that must be by themselves, or by `plan`.

    Returns a cell for each row. Raises nothing.
    """
    fixed = plan.hidden if plan else frozenset()
    return tuple(_cell(result, row, rule_of(row, result.measure, result.source), fixed) for row in result.rows)


def release_rounded(
    result: Estimate, plan: ReleasePlan | None = None, *, base: int = 0, language: Language = "da"
) -> Released:
    """The shares of a result with every count rounded to a multiple of `base`, in place of hidden cells.

    base : twice the smallest count that may be shown when 0, and never less. Each count is rounded by itself, totals
    too, so that none is false by more than half the base; shares follow from the rounded counts, without intervals.
    plan : hides what the rounded figures would tell too closely. language : of the method's name.
    Raises `ReleaseError` NOT_ROUNDED, and those of `release`.
    """
    exact = release(result, plan)
    limit = limit_of(result.measure, result.source)
    known = [(row.count, row.counted[0]) for row in result.rows]
    if result.measure != "share" or not limit or any(count is None or not column for count, column in known):
        problem, remedy = "only shares that hide small counts are rounded", "Release it as it is."
        raise ReleaseError(Fault("NOT_ROUNDED", result.source.question, problem, remedy))
    step = max(base, 2 * limit)
    cells = [
        replace(cell, hidden=True, rule=_open_rule(cell), tells=(), within=counts_alike(row, step))
        for cell, row in zip(exact.cells, result.rows, strict=True)
    ]
    too_close = {found.cell.key for found in audit(cells, frozenset()).breaches}
    hidden = frozenset(place for place, cell in enumerate(cells) if cell.key in too_close or cell.base < limit)
    return Released(rounded(result, base=step, language=language), "checked", hidden, tuple(cells))


def _open_rule(cell: ConfidentialCell) -> str:
    return cell.rule if cell.rule != "complementary" else "rounded"


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


def plan(
    cells: Iterable[ConfidentialCell],
    previous: ReleasePlan | None = None,
    *,
    nested: Nested = NO_NESTING,
    audited: bool = True,
) -> ReleasePlan:
    """Which cells stay hidden, decided over all exhibits of a memo at once. A later plan only adds.

    cells : from the exhibits of all chapters, and those known from elsewhere (`public`). previous : the plan that they
    were released with. nested : coordinates that follow from others, from `nesting`. audited : whether it is audited;
    of several plans for one memo, the last one must be.
    Returns a `ReleasePlan` with its audit; equal cells give an equal plan. Raises nothing.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21}), population=98)
    >>> released = ev.release(ev.proportion(design, "uses", category="yes"))
    >>> plan(released.cells).hidden
    frozenset()
    """
    known = previous.hidden if previous else frozenset()
    marked = [replace(cell, hidden=cell.hidden or cell.key in known) for cell in told_of(cells)]
    hidden = known | {cell.key for cell in marked if cell.hidden} | also_hidden(marked, nested)
    limits = dict(thresholds())
    name = sha256_of([sorted(hidden), limits])[:16]
    decided = frozenset(cell.key for cell in marked) | (previous.decided if previous else frozenset())
    found = audit(marked, hidden, nested) if audited else None
    return ReleasePlan(name, hidden, MappingProxyType(limits), found, decided)


def with_audit(decided: ReleasePlan, cells: Iterable[ConfidentialCell], *, nested: Nested = NO_NESTING) -> ReleasePlan:
    """The plan with its audit, where it was made without. cells, nested : as in `plan`."""
    return replace(decided, audit=audit(told_of(cells), decided.hidden, nested))


def check_audit(plan: ReleasePlan, *, language: Language = "en") -> None:
    """The gate of a whole memo: `ReleaseError` BOUNDED_CLOSELY for every hidden cell that can be told too closely.

    language : of the message, which names the cell, what is known of it and what to do.
    """
    faults = [_breach(each, language) for each in plan.audit.breaches] if plan.audit else []
    if faults:
        raise ReleaseError(*faults)


def _breach(found: Range, language: Language) -> Fault:
    cell, say = found.cell, texts(language).say
    told = math.floor(found.high - found.low + _TINY)
    name = next((name for name, _ in cell.group), _CATEGORY)
    where = cell.label or say(
        "present.audit.cell", codes="+".join(cell.codes), group=_words(cell.group), whole=cell.whole
    )
    problem = say(
        "present.audit.exactly" if told < 1 else "present.audit.closely", width=told, needed=round(cell.width)
    )
    remedy = say("present.audit.remedy", coordinate=name)
    return Fault("BOUNDED_CLOSELY", where, problem, remedy)


def _words(group: Group) -> str:
    return ", ".join(f"{name}={value}" for name, value in group)


def cell_key(result: Estimate, row: Row) -> str:
    """The key of one cell: what is counted in which data and group, the same in every exhibit and run.

    One cell asked for in two ways (a grid and one of its rows, a concept and its categories, with and without
    weights, a choice of rows) is one cell. So are the sums behind a total, a mean and the numerator of a ratio.
    """
    whole, group, codes = _place(result, row)
    return key_of(whole, group, codes)


def _place(result: Estimate, row: Row) -> tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What the cell is a part of, its group, and the categories counted in it."""
    column, codes = row.counted
    apart = {_CATEGORY, "kind"} if column else {_CATEGORY}
    group = _group(row.coordinates, apart)
    if column and result.measure in _ALIKE:
        return f"{_data(result.source.code)} | {column}{_ALIKE[result.measure]}", group, tuple(sorted(codes))
    along = sorted(f"{name}={value}" for name, value in row.coordinates if name in _NOT_ADDED_UP)
    codes = tuple(value for name, value in row.coordinates if name == _CATEGORY)
    return f"{_without_choice(result.source.code)} | {', '.join(along)}", group, codes


def _group(coordinates: Iterable[tuple[str, str]], apart: set[str]) -> Group:
    return tuple(sorted(part for part in coordinates if part[0] not in _NOT_ADDED_UP | apart))


def _told(found: Sum) -> Told:
    parts = (
        Part(
            weight=term.weight,
            whole=f"{_data(term.code)} | {term.column}{'' if term.codes else _SUMMED}",
            group=_group(term.coordinates, {_CATEGORY, "kind"}),
            codes=tuple(sorted(term.codes)),
            base=term.n,
        )
        for term in found.terms
    )
    return Told(found.value, tuple(parts))


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
        count=numerator(row, result.measure) if row.summed is None else row.summed,
        base=row.n,
        rule=rule or "complementary",
        hidden=bool(rule) or key in fixed,
        whole="" if result.measure in NOT_COUNTED and not row.tells else whole,
        group=group,
        codes=codes,
        limit=limit_of(result.measure, result.source),
        width=width_of(row, result.measure, result.source, rule),
        tells=tuple(map(_told, row.tells)),
        label=": ".join(filter(None, [result.source.question, ", ".join(filter(None, row.labels))])),
    )


def _released_curve(curve: Curve, plan: ReleasePlan | None) -> Released:
    """Points by the rules of tables, with what protects them; steps are put together, and no sum links them."""
    if is_open(curve):
        return Released(curve, "checked", frozenset())
    if curve.kind in ("steps", "stock"):
        return Released(curve, "checked", hidden_steps(curve) if curve.kind == "steps" else hidden_stock(curve))
    rows, places = as_estimate(curve)
    checked = _checked(rows, plan)
    hidden = frozenset(places[row] for row in checked.hidden)
    return Released(without_traces(curve, hidden), "checked", hidden, checked.cells)
