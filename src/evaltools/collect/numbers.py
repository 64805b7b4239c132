"""Numbers as people write them: `1.234,5`, `1 234`, a true minus, with a unit; guesses and ranges refused kindly."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from evaltools.collect.trouble import Trouble, shown
from evaltools.language import Language, Text, texts
from evaltools.language.text import LANGUAGES

LARGEST: Final = 10**15
"""Larger numbers are a slip of the hand, and rules cannot count with them."""

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_MINUSES: Final = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
_DIGITS: Final = tuple("0123456789")
_SIGN: Final = r"[+-]?"
_RANGE: Final = re.compile(r"\d\s*-\s*\d")
_BOUND: Final = re.compile(r"^[<>≤≥]|\d\s*\+$")


def read_number(given: object, *, decimals: int, unit: Text | None, language: Language) -> int | float | Trouble:
    """A number, or why it is none.

    :param given: text in the respondent's way of writing, or a number from JSON or a workbook
    :param decimals: how many decimals are allowed; 0 asks for a whole number
    :param unit: may stand after the number, such as `12 børn`

    >>> read_number("1.234,5", decimals=1, unit=None, language="da")
    1234.5
    >>> read_number("ca. 40", decimals=0, unit=None, language="da").code
    'APPROXIMATE'
    """
    number = _decimal(given, unit, language)
    if isinstance(number, Trouble):
        return number
    if abs(number) > LARGEST:
        return Trouble("TOO_LARGE", {"given": shown(given)})
    if number == number.to_integral_value():
        return int(number)
    if decimals == 0:
        return Trouble("NOT_WHOLE", {"given": shown(given)})
    if -int(number.normalize().as_tuple().exponent) > decimals:
        return Trouble("TOO_MANY_DECIMALS", {"given": shown(given), "decimals": decimals})
    return float(number)


def _decimal(given: object, unit: Text | None, language: Language) -> Decimal | Trouble:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return Trouble("NOT_A_NUMBER", {"given": shown(given)})
    if isinstance(given, str):
        return _from_text(given, unit, language)
    return Decimal(repr(given)) if math.isfinite(given) else Trouble("NOT_A_NUMBER", {"given": shown(given)})


def _from_text(given: str, unit: Text | None, language: Language) -> Decimal | Trouble:
    text = _without_unit(_SPACES.sub(" ", given.translate(_MINUSES)).strip(), unit)
    text = text.removesuffix(".") if text[:-1].endswith(_DIGITS) else text
    if text.casefold() in _words("zero"):
        return Decimal(0)
    for pattern, group, comma in written_numbers(language):
        if pattern.fullmatch(text):
            return Decimal(text.replace(" ", "").replace(group, "").replace(comma, "."))
    return Trouble(_slip(text), {"given": shown(given)})


@cache
def written_numbers(language: Language) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """How numbers may be written, with their thousands separator and decimal mark. First match counts.

    A single mark of the other language is a decimal mark where it cannot separate thousands: `1.5` is one and a half,
    `1.500` is fifteen hundred in Danish, `0.125` is an eighth.
    """
    group, comma = (".", ",") if language == "da" else (",", ".")
    g, c = re.escape(group), re.escape(comma)
    spelled = (
        (rf"{_SIGN} ?[1-9]\d{{0,2}}(?:{g}\d{{3}})+(?:{c}\d+)?", group, comma),
        (rf"{_SIGN} ?[1-9]\d{{0,2}}(?: \d{{3}})+(?:{c}\d+)?", " ", comma),
        (rf"{_SIGN} ?\d*{c}\d+|{_SIGN} ?\d+", " ", comma),
        (rf"{_SIGN} ?\d*{g}\d+", " ", group),
    )
    return tuple((re.compile(pattern, re.ASCII), thousands, mark) for pattern, thousands, mark in spelled)


def _without_unit(text: str, unit: Text | None) -> str:
    """The text without the unit after it, whatever the language and case."""
    for word in _unit_words(unit):
        if word and text.casefold().endswith(word):
            return text[: -len(word)].strip()
    return text


def _unit_words(unit: Text | None) -> Iterable[str]:
    if unit is None:
        return ()
    own = {unit.da.casefold(), unit.en.casefold()}
    percent = _words("percent")
    return own | set(percent) if own & set(percent) else own


def _slip(text: str) -> str:
    """The code of the usual slip that the text shows."""
    lower = text.casefold()
    if lower and not lower.strip("-./*x"):
        return "DASH"
    if _begins(lower, "about") or "~" in text:
        return "APPROXIMATE"
    if _begins(lower, "bound") or _BOUND.search(text):
        return "BOUND"
    if _RANGE.search(text) or _begins(lower, "between"):
        return "RANGE"
    return "PERCENT" if lower.endswith(_words("percent")) else "NOT_A_NUMBER"


def _begins(text: str, kind: str) -> bool:
    """Whether the text begins with one of the words, and not only with its letters."""
    return any(text.startswith(word) and not text[len(word) : len(word) + 1].isalpha() for word in _words(kind))


@cache
def _words(kind: str) -> tuple[str, ...]:
    """Words that people write around numbers, in both languages; they stand in `language/*/collect.yaml`."""
    return tuple(word for language in LANGUAGES for word in texts(language).say(f"collect.words.{kind}").split("|"))
