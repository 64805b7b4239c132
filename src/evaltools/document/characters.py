"""Which characters a document can hold: control characters stand in no XML and in no font."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without control characters; line ends and tabs stay.

    >>> printable("a" + chr(0) + "b")
    'ab'
    """
    return _CONTROL.sub("", text)


def spelled(text: str, is_unknown: Callable[[str], bool]) -> str:
    """The text in which each unknown character is spelled by its number, so that nothing is lost.

    >>> spelled("Tak \U0001f600", lambda character: character > "z")
    'Tak [U+1F600]'
    """
    return "".join(f"[U+{ord(each):04X}]" if is_unknown(each) else each for each in text)


def throughout(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value in which every text is changed; the names of its entries stay.

    >>> throughout({"said": ["a", 1]}, str.upper)
    {'said': ['A', 1]}
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: throughout(entry, change) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [throughout(entry, change) for entry in value]
    return value
