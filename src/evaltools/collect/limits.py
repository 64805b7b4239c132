"""The checks that the language itself makes of one field: required, smallest and largest, x of y, personal data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaltools.collect.model import Answers, Problem
from evaltools.collect.personal import has_contact, has_cpr_number
from evaltools.collect.trouble import Trouble, problem
from evaltools.language import Language, number, texts
from evaltools.schema.missing import Missing
from evaltools.schema.model import Field, Value

CONTACT_PREFIX: Final = "contact_in_"
"""The doubt about a phone number or e-mail address in a text; its reason is `contact_in_<field>__reason`."""

OF_SUFFIX: Final = "_of"


def own_problems(field: Field, values: Answers, language: Language) -> Iterator[Problem]:
    """What is wrong with the value of one field that is asked, given complete answers."""
    value = values[field.name]
    if value is Missing.NOT_ANSWERED and field.item.required:
        yield problem(Trouble("REQUIRED"), field.name, language)
    if _is_number(value):
        yield from (problem(trouble, field.name, language) for trouble in _outside(field, value, values, language))
    if field.kind in ("text", "email") and isinstance(value, str):
        yield from _personal(field, value, language)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool | Missing)


def _outside(field: Field, value: Value, values: Answers, language: Language) -> Iterator[Trouble]:
    assert isinstance(value, int | float)
    smallest, largest = limits(field)
    words = {"given": _shown(field, value, language), "zero": _zero(smallest, largest, language)}
    if smallest is not None and value < smallest:
        yield Trouble("TOO_SMALL", {**words, "limit": _shown(field, smallest, language)})
    if largest is not None and value > largest:
        yield Trouble("ABOVE_LIMIT", {**words, "limit": _shown(field, largest, language)})
    base = values.get(field.name + OF_SUFFIX)
    if field.kind == "count" and field.part == "" and isinstance(base, int) and _is_number(base) and value > base:
        shown = {"part": shown_number(value, language), "whole": shown_number(base, language)}
        yield Trouble("MORE_THAN_ALL", shown)


def limits(field: Field) -> tuple[float | None, float | None]:
    """The smallest and largest value allowed. A count is never below zero; `min` of x of y is about the y."""
    smallest = field.item.minimum
    if field.kind == "count":
        smallest = max(smallest or 0, 0) if field.part == "of" else 0
    return smallest, field.item.maximum


def _zero(smallest: float | None, largest: float | None, language: Language) -> str:
    """The reminder that zero is a valid answer, where it is."""
    is_valid = (smallest is None or smallest <= 0) and (largest is None or largest >= 0)
    return texts(language).say("collect.zero") if is_valid else ""


def _shown(field: Field, value: float, language: Language) -> str:
    return str(int(value)) if field.kind == "year" else shown_number(value, language)


def shown_number(value: float, language: Language) -> str:
    """A number in a message, with the decimals it has.

    >>> shown_number(1234.5, "da")
    '1.234,5'
    """
    decimals = 0 if float(value).is_integer() else len(repr(float(value)).partition(".")[2])
    return number(value, decimals, language)


def _personal(field: Field, text: str, language: Language) -> Iterator[Problem]:
    if has_cpr_number(text):
        yield problem(Trouble("CPR_NUMBER"), field.name, language)
    elif field.kind == "text" and has_contact(text):
        said = problem(Trouble("CONTACT"), field.name, language, "explain")
        yield Problem("explain", CONTACT_PREFIX + field.name, field.name, said.message, said.remedy)


def reason_problems(field_name: str, reason: str, language: Language) -> Iterator[Problem]:
    """What to look at again in the reason that stands beside a field: a doubt about a doubt only asks for a look."""
    if has_cpr_number(reason):
        yield problem(Trouble("CPR_NUMBER"), field_name, language)
    elif has_contact(reason):
        yield problem(Trouble("CONTACT_IN_REASON"), field_name, language, "note")
