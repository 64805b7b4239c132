"""The numbers of sections and questions, the same on a form page, on paper, in a workbook and in a memo's annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from evaltools.schema.fields import item_fields
from evaltools.schema.model import Item, Questionnaire


@dataclass(frozen=True, slots=True)
class Numbering:
    """What each part of a questionnaire is called by number, by the names of sections, items and fields.

    `sections`: "3". `items`: "3.2", for a note "", for an inner item of a repeat "3.2.1" under the name
    `<repeat>.<item>`. `fields`: the number of the item, for a row of a grid with its letter, "3.2 a"; the fields of
    one row or item (a count and what it is out of, a write-in, the turns of a repeat) share it.
    """

    sections: Mapping[str, str]
    items: Mapping[str, str]
    fields: Mapping[str, str]


@lru_cache(maxsize=64)
def numbering(questionnaire: Questionnaire) -> Numbering:
    """Number a questionnaire. Routing plays no part: a question has its number also where others are left out."""
    sections = {section.name: str(n) for n, section in enumerate(questionnaire.sections, start=1)}
    items = {
        name: number
        for section in questionnaire.sections
        for name, number in _item_numbers(section.items, sections[section.name])
    }
    fields = {name: number for item in questionnaire.items for name, number in _field_numbers(item, item.name, items)}
    return Numbering(sections, items, fields)


def row_letter(position: int) -> str:
    """The letter of a grid's row, counted from 0 as a spreadsheet counts its columns.

    >>> row_letter(0), row_letter(25), row_letter(26)
    ('a', 'z', 'aa')
    """
    before, rest = divmod(position, 26)
    return (row_letter(before - 1) if before else "") + chr(ord("a") + rest)


def _item_numbers(items: tuple[Item, ...], within: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Numbers of the items of a section or a repeat. A note asks nothing and has none."""
    count = 0
    for item in items:
        count += item.kind != "note"
        number = "" if item.kind == "note" else f"{within}.{count}"
        yield prefix + item.name, number
        yield from _item_numbers(item.items, number, f"{item.name}.")


def _field_numbers(item: Item, key: str, items: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Numbers of the fields of an item, which `items` holds under `key`."""
    for inner in item.items:
        for name, number in _field_numbers(inner, f"{item.name}.{inner.name}", items):
            yield from ((f"{item.name}_{turn}_{name}", number) for turn in range(1, item.repeat_max + 1))
    if item.items:
        return
    letters = {row.name: f" {row_letter(position)}" for position, row in enumerate(item.rows)}
    for field in item_fields(item):
        yield field.name, items[key] + (letters[field.row.name] if field.row else "")
