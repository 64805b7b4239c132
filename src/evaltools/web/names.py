"""Names of people as they write them themselves."""

from __future__ import annotations

import unicodedata
from typing import Final

from evaltools.collect.personal import has_cpr_number

LONGEST_NAME: Final = 100


def plain_name(text: str) -> str:
    """The name without control characters and superfluous blanks.

    >>> plain_name("  Lene   Holm ")
    'Lene Holm'
    """
    normal = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(mark for mark in normal if unicodedata.category(mark)[0] != "C")


def fault_of_name(name: str) -> str:
    """What is wrong with a name: `missing`, `long` or `cpr`; empty where nothing is.

    >>> fault_of_name("Lene Holm"), fault_of_name("12"), fault_of_name("")
    ('', 'missing', 'missing')
    """
    if not any(mark.isalpha() for mark in name):
        return "missing"
    if len(name) > LONGEST_NAME:
        return "long"
    return "cpr" if has_cpr_number(name) else ""
