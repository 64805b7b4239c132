"""Whole responses made from the answers of an example respondent: every field that they are asked has an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaltools.collect import asked, read_answers
from evaltools.schema import Questionnaire, fields
from evaltools.schema.model import Field

WORDS = "Vi inddrager netværket tidligt."


def filled(q: Questionnaire, given: Mapping[str, object]) -> dict[str, Any]:
    """The given answers, and a plain one for each other field that is asked once the earlier ones are answered.

    Raw answers, as a person writes them. Numbers are small.
    """
    raw: dict[str, Any] = {name: str(value) for name, value in given.items()}
    known = _read(q, raw)
    for field in fields(q):
        if field.kind != "computed" and field.name not in raw and field.name in asked(q, known):
            raw[field.name] = _plain(field)
            known |= _read(q, {field.name: raw[field.name]})
    return {name: value for name, value in raw.items() if name in asked(q, known)}


def _read(q: Questionnaire, raw: Mapping[str, object]) -> dict[str, Any]:
    return dict(read_answers(q, raw, "da").changes)


def _plain(field: Field) -> Any:
    if field.kind in ("single", "multiple"):
        assert field.item.codelist is not None
        first = field.item.codelist.categories[0].code
        return first if field.kind == "single" else [first]
    low, high = field.item.minimum, field.item.maximum
    return {
        "year": str(int(low or 2012)),
        "month": "2018-03",
        "date": "2018-03-01",
        "email": "leder@example.dk",
        "text": WORDS,
    }.get(field.kind, str(min(1 if field.part == "of" else 0, int(high or 1))))
