"""Tables for annexes: every answer to every item, made from the questionnaire alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, choices, mean, proportion, ratio, total
from evaltools.language import Language, texts
from evaltools.present.disclosure import release
from evaltools.present.model import ReleasePlan, TableExhibit
from evaltools.present.tables import Column, count_table, crosstab_table, share_table
from evaltools.schema.model import Item

_SHARES: Final[tuple[Column, ...]] = ("estimate", "count", "n", "interval")
_AMOUNTS: Final[tuple[Column, ...]] = ("estimate", "n", "interval")
_SUMMED: Final = frozenset({"children", "families", "staff"})
_NOT_COUNTED: Final = frozenset({"NEVER_ASKED", "NO_ANSWERS"})


def item_tables(
    design: Design, item: Item, *, plan: ReleasePlan | None = None, language: Language = "da"
) -> tuple[TableExhibit, ...]:
    """The answers to one item, as one table; none for notes, texts, personal data and what nobody answered.

    design : of the wave that asks the item. plan : of the memo.
    Choices give shares, numbers of children, families and staff totals, other numbers means, `count` items a ratio.
    """
    if item.confidentiality == "personal":
        return ()
    make = _MAKERS.get(f"{item.kind}:{item.cell}" if item.kind == "grid" else item.kind)
    if make is None:
        return ()
    try:
        return tuple(make(design, item, plan, language))
    except DesignError as error:
        if error.code in _NOT_COUNTED:
            return ()
        raise


Made = Iterator[TableExhibit]
Maker = Callable[[Design, Item, ReleasePlan | None, Language], Made]


def _shares(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(proportion(design, item.name), plan)
    yield share_table(released, item.label.to(language), columns=_SHARES, language=language)


def _options(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(choices(design, item.name), plan)
    yield share_table(released, item.label.to(language), columns=_SHARES, language=language)


def _rows_by_category(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(proportion(design, item.name), plan)
    yield crosstab_table(released, item.label.to(language), rows="item", columns="category", language=language)


def _categories_by_row(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    for row in item.rows:
        try:
            released = release(choices(design, f"{item.name}_{row.name}"), plan)
        except DesignError as error:
            if error.code not in _NOT_COUNTED:
                raise
            continue
        title = texts(language).say("reporting.row", item=item.label.to(language), row=row.label.to(language))
        yield share_table(released, title, columns=_SHARES, language=language)


def _amounts(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    summed = item.confidentiality in _SUMMED
    estimate: Estimate = total(design, item.name) if summed else mean(design, item.name)
    title = texts(language).say("reporting.total" if summed else "reporting.mean", item=item.label.to(language))
    yield count_table(release(estimate, plan), title, columns=_AMOUNTS, language=language)


def _parts(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(ratio(design, item.name, f"{item.name}_of"), plan)
    yield share_table(released, item.label.to(language), columns=_AMOUNTS, language=language)


_MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "single": _shares,
        "computed": _shares,
        "year": _shares,
        "multiple": _options,
        "grid:single": _rows_by_category,
        "grid:year": _rows_by_category,
        "grid:multiple": _categories_by_row,
        "grid:integer": _amounts,
        "integer": _amounts,
        "decimal": _amounts,
        "count": _parts,
    }
)
