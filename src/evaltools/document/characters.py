"""Which characters a document can hold: control characters stand in no XML and in no font."""

from __future__ import annotations

import re
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without control characters; line ends and tabs stay.

    >>> printable("a" + chr(0) + "b")
    'ab'
    """
    return _CONTROL.sub("", text)


def printable_throughout(value: Any) -> Any:
    """A JSON value in which every text is printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_throughout(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_throughout(entry) for entry in value]
    return value
