"""The guard against personal data in free text: CPR numbers, phone numbers, e-mail addresses."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

EMAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")

_BLANK: Final = r"[ \t\u00a0\u202f]?"
_CPR: Final = re.compile(rf"(?<!\d)(\d\d)(\d\d)(\d\d){_BLANK}[-–‐‑−_/.]?{_BLANK}\d{{4}}(?!\d)", re.ASCII)
_PHONE: Final = re.compile(
    r"(?<![\d-])(?<!\d[.,])(?:(?:\+|00)45[ -]?)?"
    r"(?:[2-9]\d{7}|[2-9]\d([ .])\d\d\1\d\d\1\d\d|[2-9]\d{3} \d{4})(?![\d-]|[.,]\d)",
    re.ASCII,
)
_YEARS: Final = re.compile(r"20\d\d ?20\d\d")


def has_cpr_number(text: str) -> bool:
    """Whether ten digits stand together, with or without hyphen, whose first six are a day, month and year.

    The check digit is not tested: since 2007 there are numbers without one.

    >>> has_cpr_number("010203-1234"), has_cpr_number("3113991234")
    (True, False)
    """
    return any(_is_date(*(int(part) for part in match.groups())) for match in _CPR.finditer(text))


def has_contact(text: str) -> bool:
    """Whether the text seems to hold a Danish phone number or an e-mail address.

    >>> has_contact("Ring 22 34 56 78"), has_contact("fra 31.12.2018 kostede det 1.234.567 kr.")
    (True, False)
    """
    phones = (match.group() for match in _PHONE.finditer(text))
    return bool(EMAIL.search(text)) or any(not _YEARS.fullmatch(phone) for phone in phones)


def _is_date(day: int, month: int, year: int) -> bool:
    for century in (1900, 2000):
        try:
            dt.date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
