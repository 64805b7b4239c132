"""The guard against personal data, one for every entry: CPR numbers are refused, phone numbers and mails looked at."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

EMAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")

_DASH: Final = r" {0,3}[-_/.:]? {0,3}"
_CPR: Final = (
    re.compile(rf"(?<!\d)(\d\d)(\d\d)(\d\d){_DASH}\d{{4}}(?!\d)", re.ASCII),
    re.compile(r"(?<!\d)(\d\d)(\d\d)(?:18|19|20)(\d\d) {0,3}[-_/:] {0,3}\d{4}(?!\d)", re.ASCII),
    re.compile(r"(?<!\d)(\d\d)([-_/. ])(\d\d)\2(\d\d)(?: {0,3}[-_/:] {0,3}|\2)\d{4}(?!\d)", re.ASCII),
)
"""Day, month and year with the last four: together, with the century, and with a mark between all parts."""

_ELEVEN_DIGITS: Final = 10**10
_PHONE: Final = re.compile(
    r"(?<![\d-])(?<!\d[.,])(?:(?:\+|00) ?45[ -]?)?"
    r"(?:[2-9]\d{7}|[2-9]\d([ .-])\d\d\1\d\d\1\d\d|[2-9]\d{3}[ -]\d{4})(?![\d-]|[.,]\d)",
    re.ASCII,
)
_YEARS: Final = re.compile(r"20\d\d[ -]?20\d\d")

_UNUSUAL: Final = re.compile(r"[^\x20-\x7e\xc0-\xff]")
"""All but plain letters, digits and marks, and the letters with accents of Western Europe: those stay as they are."""
_OTHER_DASHES: Final = "\u2212\u2043\u02d7\u30fc"


def has_cpr_number(text: str) -> bool:
    """Whether ten digits stand together, with or without a mark between, whose first six are a day, month and year.

    Digits, dashes and blanks of every script count; what cannot be seen does not separate. The check digit is not
    tested: since 2007 there are numbers without one.

    >>> has_cpr_number("010203-1234"), has_cpr_number("3113991234"), has_cpr_number("1.012.001.234 kr.")
    (True, False, False)
    """
    folded = _folded(text)
    return any(_is_date(match) for pattern in _CPR for match in pattern.finditer(folded))


def holds_cpr_number(given: object) -> bool:
    """Whether raw input of any shape holds a CPR number: text, a number, or a list or object of them.

    >>> holds_cpr_number(["a", "010203-1234"]), holds_cpr_number(3112991234), holds_cpr_number(12.5)
    (True, True, False)
    """
    if isinstance(given, str):
        return has_cpr_number(given)
    if isinstance(given, Mapping):
        return holds_cpr_number([*given, *given.values()])
    if isinstance(given, Iterable):
        return any(holds_cpr_number(one) for one in given)
    if not isinstance(given, int | float) or abs(given) >= _ELEVEN_DIGITS:
        return False
    return float(given).is_integer() and has_cpr_number(f"{given:.0f}")


def has_contact(text: str) -> bool:
    """Whether the text seems to hold a Danish phone number or an e-mail address.

    >>> has_contact("Ring 22 34 56 78"), has_contact("fra 31.12.2018 kostede det 1.234.567 kr.")
    (True, False)
    """
    folded = _folded(text)
    phones = (match.group() for match in _PHONE.finditer(folded))
    return bool(EMAIL.search(folded)) or any(not _YEARS.fullmatch(phone) for phone in phones)


def _folded(text: str) -> str:
    """The text with plain digits, dashes and blanks, and without what cannot be seen."""
    normal = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _UNUSUAL.sub(lambda found: _plain(found.group()), normal)


def _plain(mark: str) -> str:
    if mark.isspace():
        return " "
    if mark.isascii():
        return mark
    kind = unicodedata.category(mark)
    if kind == "Nd":
        return str(unicodedata.decimal(mark))
    if kind == "Pd" or mark in _OTHER_DASHES:
        return "-"
    return "" if kind in ("Cf", "Mn", "Me", "Cc") else mark


def _is_date(match: re.Match[str]) -> bool:
    day, month, year = (int(part) for part in match.groups() if part.isdigit())
    for century in (1900, 2000):
        try:
            dt.date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
