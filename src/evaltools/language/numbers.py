"""Numbers, percentages, ranges, counts in words and dates, as Danish and English readers expect them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from evaltools.language.text import Language
from evaltools.language.texts import texts

NBSP: Final = "\u00a0"
"""Stands between a number and its unit, so that a line never breaks there."""
MINUS: Final = "\u2212"
EN_DASH: Final = "\u2013"
UNKNOWN: Final = "\u00b7"
"""Stands where a number cannot be told."""

_ARTICLES: Final = frozenset({"en", "et", "a", "an"})

Gender = Literal["common", "neuter"]


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted: `kommune`, `kommuner`, `kommunerne`, common gender (Danish "en"; neuter is "et")."""

    one: str
    many: str
    the: str = ""
    gender: Gender = "common"


def half_up(value: float | Decimal, digits: int = 0) -> Decimal:
    """The value as it is written, rounded half away from zero on decimals (not on binary fractions).

    >>> half_up(2.675, 2), half_up(-0.5)
    (Decimal('2.68'), Decimal('-1'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: float | Decimal, digits: int = 0, language: Language = "da") -> str:
    """A number with thousands separator, decimal mark and a true minus; a dot where it cannot be told.

    >>> number(1234.5, 1), number(1234.5, 1, "en"), number(-0.5, 1), number(float("nan"))
    ('1.234,5', '1,234.5', '−0,5', '·')
    """
    if not math.isfinite(value):
        return UNKNOWN
    rounded = half_up(value, digits)
    body = f"{abs(rounded):,.{digits}f}"
    if language == "da":
        body = body.translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{body}" if rounded < 0 else body


def percent(share: float, digits: int = 0, language: Language = "da") -> str:
    """A share (0-1) as per cent, with the words that running text uses.

    >>> tuple(shown.replace(NBSP, " ") for shown in (percent(0.0914, 2), percent(0.5, language="en")))
    ('9,14 pct.', '50 per cent')
    """
    return with_unit(number(100 * _decimal(share), digits, language), "percent", language)


def percent_sign(share: float, digits: int = 0, language: Language = "da") -> str:
    """A share (0-1) with the sign that figures and tables use.

    >>> tuple(shown.replace(NBSP, " ") for shown in (percent_sign(0.625), percent_sign(0.625, 1, "en")))
    ('63 %', '62.5%')
    """
    gap = NBSP if language == "da" else ""
    return f"{number(100 * _decimal(share), digits, language)}{gap}%"


def percentage_points(difference: float, digits: int = 0, language: Language = "da") -> str:
    """A difference between two shares, which is never called per cent.

    >>> percentage_points(0.084, 1).replace(NBSP, " "), percentage_points(-0.01, language="en").replace(NBSP, " ")
    ('8,4 procentpoint', '−1 percentage point')
    """
    shown = number(100 * _decimal(difference), digits, language)
    return with_unit(shown, "point" if shown.lstrip(MINUS) == "1" else "points", language)


def with_unit(shown: str, unit: str, language: Language) -> str:
    """A shown number and its unit (`percent`, `point`, `points`, `kroner`) on one line.

    >>> with_unit("45.500", "kroner", "da").replace(NBSP, " ")
    '45.500 kr.'
    """
    return f"{shown} {texts(language).say(f'language.unit.{unit}')}".replace(" ", NBSP)


def number_range(low: str, high: str, language: Language = "da") -> str:
    """Two shown numbers as a range; one number where they are alike; words where a minus would meet the dash.

    >>> number_range("15", "32"), number_range("−5", "20"), number_range("3", "3")
    ('15–32', '−5 til 20', '3')
    """
    if low == high:
        return low
    if MINUS in low + high:
        return f"{low} {texts(language).say('language.to')} {high}"
    return f"{low}{EN_DASH}{high}"


def words(count: int, language: Language = "da", *, gender: Gender = "common") -> str:
    """A count in prose: words up to ten, digits above.

    >>> words(3), words(1, gender="neuter"), words(11), words(1200), words(1, "en")
    ('tre', 'et', '11', '1.200', 'one')
    """
    if not 0 <= count <= 10:
        return number(count, 0, language)
    suffix = "_neuter" if count == 1 and gender == "neuter" else ""
    return texts(language).say(f"language.number.n{count}{suffix}")


def counted(count: int, noun: Noun, language: Language = "da") -> str:
    """A count with its noun in the right number.

    >>> counted(1, Noun("barn", "børn", "børnene", "neuter")), counted(22, noun("family"))
    ('et barn', '22 familier')
    """
    return f"{words(count, language, gender=noun.gender)} {noun.one if count == 1 else noun.many}"


def noun(unit: str, language: Language = "da") -> Noun | None:
    """The noun for a unit such as `municipality` or `municipalities`, or for its forms as `noun_of` reads them.

    None where the language files have none.

    >>> noun("municipality").the, noun("families").one, noun("moon") is None
    ('kommunerne', 'familie', True)
    """
    if "," in unit:
        return noun_of(unit)
    english = texts("en").by_key
    plurals = (key for key in english if key.startswith("language.noun.") and key.endswith(".many"))
    names = {english[key]: key.split(".")[2] for key in plurals}
    name = names.get(unit, unit)
    say = texts(language)
    if f"language.noun.{name}.one" not in say.by_key:
        return None
    one, many, the, gender = (say.say(f"language.noun.{name}.{form}") for form in ("one", "many", "the", "gender"))
    return Noun(one, many, the, "neuter" if gender == "neuter" else "common")


def noun_of(forms: str) -> Noun | None:
    """A noun from its forms: one (with its article), many, all of them; None where there are not three.

    >>> noun_of("et bibliotek, biblioteker, bibliotekerne")
    Noun(one='bibliotek', many='biblioteker', the='bibliotekerne', gender='neuter')
    """
    parts = [part.strip() for part in forms.split(",")]
    if len(parts) != 3 or not all(parts):
        return None
    article, _, rest = parts[0].partition(" ")
    one = rest if rest and article in _ARTICLES else parts[0]
    return Noun(one, parts[1], parts[2], "neuter" if article == "et" else "common")


def out_of(count: int, base: int, language: Language = "da") -> str:
    """A numerator and its base.

    >>> out_of(3, 8).replace(NBSP, " ")
    '3 ud af 8'
    """
    shown = (number(value, 0, language) for value in (count, base))
    return texts(language).say("language.out_of").join(shown).replace(" ", NBSP)


def date(day: dt.date, language: Language = "da") -> str:
    """A date in words.

    >>> date(dt.date(2018, 12, 31)), date(dt.date(2018, 12, 31), "en")
    ('31. december 2018', '31 December 2018')
    """
    month = texts(language).say(f"language.month.m{day.month}")
    return texts(language).say("language.date", day=day.day, month=month, year=day.year)


def _decimal(share: float) -> Decimal:
    return Decimal(repr(float(share)))
