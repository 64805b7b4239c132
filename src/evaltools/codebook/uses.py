"""Which figures, tables and sentences of a memo use an item, by the register of its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaltools.codebook.wording import variable_names
from evaltools.dataset import Dataset
from evaltools.schema.describing import fields_of

QUOTED_NAME: Final = re.compile(r'"([a-z][a-z0-9_]*)"')


def uses_of(data: Dataset, register: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The exhibits that use each item of a dataset, in the order of the memo.

    register : the content of `notat.json`. An item is used where its own name, or that of one of its fields or
    columns, stands in the recorded expression of a number that comes from this wave.
    """
    owner = dict(_owners(data))
    uses: dict[str, dict[str, None]] = {}
    titles = {each["id"]: each["title"] for kind in ("figures", "tables") for each in register.get(kind, ())}
    for number in register["numbers"]:
        code = number.get("code", "")
        if f'"{data.questionnaire.id}"' not in code:
            continue
        for name in QUOTED_NAME.findall(code):
            if name in owner:
                uses.setdefault(owner[name], {})[_exhibit(number["id"], titles)] = None
    return {item: tuple(exhibits) for item, exhibits in uses.items()}


def _owners(data: Dataset) -> Iterator[tuple[str, str]]:
    """Every name that means an item, with the item's own name."""
    for item in data.questionnaire.items:
        yield item.name, item.name
        for field in fields_of(item, data.questionnaire):
            yield field.name, item.name
        for column in variable_names(item, data.questionnaire):
            yield column, item.name


def _exhibit(identity: str, titles: Mapping[str, str]) -> str:
    """The exhibit that a number belongs to: its title, or its id where it stands alone."""
    exhibit = identity.split(".", maxsplit=1)[0]
    return titles.get(exhibit) or exhibit
