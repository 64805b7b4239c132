"""Tables for annexes: every answer to every item, made from the questionnaire alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, choices, mean, proportion, ratio, total
from evaltools.language import Language, texts
from evaltools.present.disclosure import release
from evaltools.present.model import Released, ReleasePlan, TableExhibit
from evaltools.present.notes import brief_note
from evaltools.present.series import estimate_of
from evaltools.present.tables import Column, count_table, crosstab_table, share_table
from evaltools.schema.model import Item, Section

_SHARES: Final[tuple[Column, ...]] = ("estimate", "count", "n", "interval")
_AMOUNTS: Final[tuple[Column, ...]] = ("estimate", "n", "interval")
_SUMMED: Final = frozenset({"children", "families", "staff"})
_NOT_COUNTED: Final = frozenset({"NEVER_ASKED", "NO_ANSWERS"})


def section_tables(
    design: Design, section: Section, *, plan: ReleasePlan | None = None, language: Language = "da"
) -> tuple[tuple[str, TableExhibit], ...]:
    """The answers to every item of a section: pairs of a short name, unique in the wave, and a table.

    Single numbers that are summed alike (totals, or means) stand together in one table, where the first of them is.
    """
    made: list[tuple[str, TableExhibit]] = []
    alike: dict[bool, list[Item]] = {}
    for item in section.items:
        if item.kind in ("integer", "decimal") and item.confidentiality != "personal":
            alike.setdefault(_is_summed(item), []).append(item)
    for item in section.items:
        together = alike.get(_is_summed(item), [])
        if item not in together or len(together) == 1:
            tables = item_tables(design, item, plan=plan, language=language)
            made += [(f"{item.name}_{part}", table) for part, table in enumerate(tables, start=1)]
        elif item is together[0]:
            table = _amounts_together(design, section, together, plan, language)
            made += [(f"{section.name}_{item.name}", table)] if table else []
    return tuple(made)


def _amounts_together(
    design: Design, section: Section, items: Sequence[Item], plan: ReleasePlan | None, language: Language
) -> TableExhibit | None:
    names = [item.name for item in items if _is_counted(design, item)]
    if not names:
        return None
    summed = _is_summed(items[0])
    estimate = total(design, names) if summed else mean(design, names)
    key = "reporting.total" if summed else "reporting.mean"
    title = texts(language).say(key, item=section.title.to(language))
    released = release(estimate, plan)
    return _brief(count_table(released, title, columns=_AMOUNTS, language=language), released, language)


def _is_counted(design: Design, item: Item) -> bool:
    """Whether anybody was asked and answered."""
    try:
        mean(design, item.name)
    except DesignError as error:
        if error.code in _NOT_COUNTED:
            return False
        raise
    return True


def _brief(table: TableExhibit, released: Released, language: Language) -> TableExhibit:
    return replace(table, note=brief_note(released, language))


def _is_summed(item: Item) -> bool:
    return item.confidentiality in _SUMMED


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
    yield _brief(share_table(released, item.label.to(language), columns=_SHARES, language=language), released, language)


def _options(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(choices(design, item.name), plan)
    yield _brief(share_table(released, item.label.to(language), columns=_SHARES, language=language), released, language)


def _rows_by_category(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    """The longer side lies down, so that the table stays narrow."""
    released = release(proportion(design, item.name), plan)
    rows = estimate_of(released).rows
    sides = {side: len({row.coordinate(side) for row in rows}) for side in ("item", "category")}
    down, across = sorted(sides, key=lambda side: -sides[side])
    table = crosstab_table(released, item.label.to(language), rows=down, columns=across, language=language)
    yield _brief(table, released, language)


def _categories_by_row(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    for row in item.rows:
        try:
            released = release(choices(design, f"{item.name}_{row.name}"), plan)
        except DesignError as error:
            if error.code not in _NOT_COUNTED:
                raise
            continue
        title = texts(language).say("reporting.row", item=item.label.to(language), row=row.label.to(language))
        yield _brief(share_table(released, title, columns=_SHARES, language=language), released, language)


def _amounts(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    summed = _is_summed(item)
    estimate: Estimate = total(design, item.name) if summed else mean(design, item.name)
    title = texts(language).say("reporting.total" if summed else "reporting.mean", item=item.label.to(language))
    released = release(estimate, plan)
    yield _brief(count_table(released, title, columns=_AMOUNTS, language=language), released, language)


def _parts(design: Design, item: Item, plan: ReleasePlan | None, language: Language) -> Made:
    released = release(ratio(design, item.name, f"{item.name}_of"), plan)
    table = share_table(released, item.label.to(language), columns=_AMOUNTS, language=language)
    yield _brief(table, released, language)


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
