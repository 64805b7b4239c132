"""Raw input of any channel read into typed values, with a friendly problem for each that cannot be read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.collect.choices import read_code, read_codes
from evaltools.collect.free_text import read_email, read_text
from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.collect.missing_input import Given, kind_called, read_missing, split_missing
from evaltools.collect.model import Problem, Reading
from evaltools.collect.moments import read_date, read_month, read_year
from evaltools.collect.numbers import read_number
from evaltools.collect.personal import holds_cpr_number
from evaltools.collect.trouble import Trouble, labelled_problems, problem, shown
from evaltools.errors import CollectError, Fault
from evaltools.language import Language, texts
from evaltools.schema import fields
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Field, Kind, Level, Questionnaire, Value

LONGEST_REASON: Final = 1000
ANY_DECIMALS: Final = 6
"""A decimal item that does not say how many decimals it takes."""

TEN_DIGITS: Final = 10**9
"""From here on a whole number has as many digits as a CPR number."""

_Reader = Callable[[Field, object, Language], Value | Trouble]


def read_answers(q: Questionnaire, raw: Mapping[str, object], language: Language) -> Reading:
    """What was understood of raw input, and the problems of the rest.

    :param raw: by field name: text as people write it, numbers, lists of codes, or `{"missing": kind}`; a kind may
        also stand under `<field>__missing`, and a reason under `<rule>__reason`. Nothing and blank text clear a field
    :param language: the language of the problems, and of decimal marks
    :returns: values in the order of the form; a cleared field is `not_answered`. A field with a problem is not among
        the changes
    :raises CollectError: `ANSWERS_NO_MAPPING` if `raw` is not answers by name at all
    """
    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw):
        remedy = 'Give an object such as {"f1_placed": 12}.'
        raise CollectError(Fault("ANSWERS_NO_MAPPING", "answers", "the answers are not given by field name", remedy))
    by_name = {field.name: field for field in fields(q)}
    given = split_missing(raw, by_name)
    changes: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, field in by_name.items():
        if name in given:
            _keep(name, _read(field, given[name], language), language, changes, problems)
    for name in (name for name in given if name not in by_name):
        _keep(name, _read_other(q, name, given[name], language), language, changes, problems)
    return Reading(changes, labelled_problems(q, problems, language))


def _keep(
    name: str, value: Value | Trouble, language: Language, changes: dict[str, Value], problems: list[Problem]
) -> None:
    if isinstance(value, Trouble):
        level: Level = "note" if value.code == "COMPUTED" else "stop"
        problems.append(problem(value, name, language, level))
    else:
        changes[name] = value


def _read(field: Field, given: Given, language: Language) -> Value | Trouble:
    if field.kind == "computed":
        return Trouble("COMPUTED")
    if given.missing is not None or isinstance(given.value, Missing):
        return read_missing(field, given, language)
    if _is_blank(given.value):
        return Missing.NOT_ANSWERED
    if holds_cpr_number(given.value) and not (field.item.maximum and field.item.maximum >= TEN_DIGITS):
        return Trouble("CPR_NUMBER") if field.kind in _WRITTEN else Trouble("CPR_AS_ANSWER")
    value = _READERS[field.kind](field, given.value, language)
    if isinstance(value, Trouble) and isinstance(given.value, str) and kind_called(given.value) is not None:
        return read_missing(field, Given(None, given.value), language)
    return Missing.NOT_ANSWERED if value in ("", ()) else value


def _read_other(q: Questionnaire, name: str, given: Given, language: Language) -> Value | Trouble:
    """A reason, or a name that nothing in the questionnaire has."""
    if name.endswith(REASON_SUFFIX) and name.removesuffix(REASON_SUFFIX) in set(_reason_names(q)):
        return Missing.NOT_ANSWERED if _is_blank(given.value) else read_text(given.value, LONGEST_REASON)
    near = difflib.get_close_matches(name, _all_names(q), n=3, cutoff=0.6)
    hint = texts(language).say("collect.did_you_mean", names=", ".join(near)) if near else ""
    return Trouble("UNKNOWN_FIELD", {"given": shown(name), "hint": hint})


def _reason_names(q: Questionnaire) -> Iterator[str]:
    yield from (rule.name for rule in q.rules)
    yield from (CONTACT_PREFIX + field.name for field in fields(q) if field.kind == "text")


def _all_names(q: Questionnaire) -> list[str]:
    return [field.name for field in fields(q)] + [name + REASON_SUFFIX for name in _reason_names(q)]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def _whole(field: Field, given: object, language: Language) -> Value | Trouble:
    return read_number(given, decimals=0, unit=field.item.unit, language=language)


def _decimal(field: Field, given: object, language: Language) -> Value | Trouble:
    decimals = field.item.decimals or ANY_DECIMALS
    return read_number(given, decimals=decimals, unit=field.item.unit, language=language)


def _single(field: Field, given: object, language: Language) -> Value | Trouble:
    assert field.item.codelist is not None
    return read_code(given, field.item.codelist, language)


def _multiple(field: Field, given: object, language: Language) -> Value | Trouble:
    assert field.item.codelist is not None
    return read_codes(given, field.item, field.item.codelist, language)


def _text(field: Field, given: object, _language: Language) -> Value | Trouble:
    return read_text(given, field.item.max_length)


_WRITTEN: Final = ("text", "email")

_READERS: Final[Mapping[Kind, _Reader]] = MappingProxyType(
    {
        "single": _single,
        "multiple": _multiple,
        "integer": _whole,
        "count": _whole,
        "decimal": _decimal,
        "year": lambda _field, given, _language: read_year(given),
        "month": lambda _field, given, _language: read_month(given),
        "date": lambda _field, given, _language: read_date(given),
        "text": _text,
        "email": lambda _field, given, _language: read_email(given),
    }
)
