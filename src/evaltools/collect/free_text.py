"""Free text and e-mail addresses, and the guard against personal data in them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

from evaltools.collect.trouble import Trouble, shown

_EMAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_CPR: Final = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\s?[-–‐‑−]?\s?\d{4}(?!\d)", re.ASCII)
_PHONE: Final = re.compile(r"(?<![\d.,])(?:(?:\+|00)45[ -]?)?(?:\d{2}[ .]?){3}\d{2}(?![\d.,]*\d)", re.ASCII)
_YEARS: Final = re.compile(r"(?:19|20)\d{2}[ -]?(?:19|20)\d{2}")


def read_text(given: object, longest: int) -> str | Trouble:
    """A text without control characters, or why it cannot be kept.

    >>> read_text(" Vi bruger mødet tidligt ", 1000)
    'Vi bruger mødet tidligt'
    >>> read_text("Barnet 010203-1234", 1000).code
    'CPR_NUMBER'
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return Trouble("NOT_A_TEXT")
    text = _cleaned(str(given))
    if has_cpr_number(text):
        return Trouble("CPR_NUMBER")
    if len(text) > longest:
        return Trouble("TOO_LONG", {"count": len(text), "most": longest})
    return text


def read_email(given: object) -> str | Trouble:
    """An e-mail address.

    >>> read_email("leder@kommune.dk"), read_email("leder(at)kommune.dk").code
    ('leder@kommune.dk', 'NOT_AN_EMAIL')
    """
    text = _cleaned(given) if isinstance(given, str) else ""
    return text if _EMAIL.fullmatch(text) else Trouble("NOT_AN_EMAIL", {"given": shown(given)})


def has_cpr_number(text: str) -> bool:
    """Whether ten digits stand together, with or without hyphen, whose first six are a day, month and year.

    The check digit is not tested: since 2007 there are numbers without one.

    >>> has_cpr_number("010203-1234"), has_cpr_number("3113991234")
    (True, False)
    """
    return any(_is_date(*(int(part) for part in match.groups())) for match in _CPR.finditer(text))


def has_contact(text: str) -> bool:
    """Whether the text seems to hold a phone number of eight digits or an e-mail address.

    >>> has_contact("Ring 12 34 56 78"), has_contact("i 2017-2018 var der 1.234.567 kr.")
    (True, False)
    """
    phones = (match.group().strip() for match in _PHONE.finditer(text))
    return bool(_EMAIL.search(text)) or any(not _YEARS.fullmatch(phone) for phone in phones)


def _is_date(day: int, month: int, year: int) -> bool:
    for century in (1900, 2000):
        try:
            dt.date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _cleaned(text: str) -> str:
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(mark for mark in normal if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs")).strip()
