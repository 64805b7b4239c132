"""Free text and e-mail addresses."""

from __future__ import annotations

import unicodedata

from evaltools.collect.personal import EMAIL, has_cpr_number
from evaltools.collect.trouble import Trouble, shown


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
    if has_cpr_number(text):
        return Trouble("CPR_NUMBER")
    return text if EMAIL.fullmatch(text) else Trouble("NOT_AN_EMAIL", {"given": shown(given)})


def _cleaned(text: str) -> str:
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(mark for mark in normal if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs")).strip()
