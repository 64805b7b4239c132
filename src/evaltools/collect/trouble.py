"""Why a value cannot be read, before it is said in anybody's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from evaltools.collect.model import Problem
from evaltools.collect.personal import has_cpr_number
from evaltools.language import Language, texts
from evaltools.schema.model import Level

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


def shown(given: object) -> str:
    """The given value as a message repeats it: on one line, not too long, and never with a CPR number.

    >>> shown("ca. 40"), shown("010203-1234")
    ('ca. 40', '…')
    """
    text = " ".join(str(given).split())
    if has_cpr_number(text):
        return "…"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
