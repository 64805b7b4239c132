"""Why a value cannot be read, before it is said in anybody's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from evaltools.collect.model import Problem
from evaltools.collect.personal import has_cpr_number
from evaltools.language import Language, texts
from evaltools.schema import fields
from evaltools.schema.model import Level, Questionnaire

LONGEST_SHOWN: Final = 60
"""Characters of the given text that a message repeats."""

NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Trouble:
    """A code, such as `NOT_A_NUMBER`, and the words that its two texts in `language/*/collect.yaml` need."""

    code: str
    words: Mapping[str, object] = field(default_factory=dict)


def problem(trouble: Trouble, field_name: str, language: Language, level: Level = "stop") -> Problem:
    """The trouble as a problem beside its field, in the respondent's language."""
    say, key = texts(language).say, f"collect.{trouble.code.lower()}"
    message, remedy = (say(f"{key}.{part}", **trouble.words).strip() for part in ("message", "remedy"))
    return Problem(level, trouble.code, field_name, message, remedy)


def labelled_problems(q: Questionnaire, problems: Iterable[Problem], language: Language) -> tuple[Problem, ...]:
    """The problems with what their fields are called in the questionnaire."""
    found = tuple(problems)
    labels = {field.name: field.label.to(language) for field in fields(q)} if found else {}
    return tuple(replace(each, label=labels.get(each.field, "")) for each in found)


def shown(given: object) -> str:
    """The given value as a message repeats it: on one line, not too long, and never with a CPR number.

    >>> shown("ca. 40"), shown("010203-1234")
    ('ca. 40', '…')
    """
    text = " ".join(str(given).split())
    if has_cpr_number(text):
        return "…"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
