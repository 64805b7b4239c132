"""Kinds of missing as people choose them: `{"missing": kind}`, `<field>__missing`, or the words themselves."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaltools.collect.trouble import Trouble, shown
from evaltools.collect.values import MISSING_KEY
from evaltools.language import Language, texts
from evaltools.language.text import LANGUAGES
from evaltools.schema.missing import OFFERED, Missing, missing_label
from evaltools.schema.model import Field

MISSING_SUFFIX: Final = "__missing"


@dataclass(frozen=True, slots=True)
class Given:
    """What came in for one field: a value, a kind of missing as written, or (by mistake) both."""

    value: object
    missing: str | None = None


def split_missing(raw: Mapping[str, object], fields: Container[str]) -> dict[str, Given]:
    """The raw input by field, with `<field>__missing` and `{"missing": kind}` brought together."""
    given: dict[str, Given] = {}
    for name, value in raw.items():
        base = name.removesuffix(MISSING_SUFFIX)
        if base != name and base in fields:
            kind = str(value).strip() if value is not None else ""
            given[base] = replace(given.get(base, Given(None)), missing=kind or None)
        elif isinstance(value, Mapping) and set(value) == {MISSING_KEY}:
            given[name] = Given(None, str(value[MISSING_KEY]))
        else:
            given[name] = replace(given.get(name, Given(None)), value=value)
    return given


def read_missing(field: Field, given: Given, language: Language) -> Missing | Trouble:
    """The kind of missing that was chosen, if the field offers it. What the system sets itself comes back as blank."""
    if isinstance(given.value, Missing):
        kind: Missing | None = given.value
    elif given.value not in (None, "", [], ()):
        return Trouble("MISSING_AND_VALUE", {"given": shown(given.value)})
    else:
        kind = kind_called(given.missing or "")
    if kind in (Missing.NOT_ANSWERED, Missing.NOT_ASKED):
        return Missing.NOT_ANSWERED
    if kind is not None and kind in field.item.missing:
        return kind
    return Trouble("MISSING_NOT_OFFERED", {"offered": _offered(field, language)})


def kind_called(written: str) -> Missing | None:
    """The kind of missing of that name or label in either language.

    >>> kind_called("Ved ikke")
    <Missing.DONT_KNOW: -8>
    """
    folded = " ".join(written.casefold().rstrip(".").split())
    for kind in (*OFFERED, Missing.NOT_ANSWERED, Missing.NOT_ASKED):
        if folded in (kind.kind, *(missing_label(kind, language).casefold() for language in LANGUAGES)):
            return kind
    return None


def _offered(field: Field, language: Language) -> str:
    words = texts(language)
    if not field.item.missing:
        return words.say("collect.offered_none")
    return words.say("collect.offered", labels="; ".join(missing_label(kind, language) for kind in field.item.missing))
