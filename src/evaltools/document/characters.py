"""Which characters a document can hold: control characters stand in no XML and in no font."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


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


def spelled_throughout(value: Any, unknown: Container[str]) -> Any:
    """A JSON value in which each unknown character is spelled by its number, so that nothing of a text is lost.

    >>> spelled_throughout({"said": ["Tak \U0001f600"]}, "\U0001f600")
    {'said': ['Tak [U+1F600]']}
    """
    if isinstance(value, str):
        return "".join(f"[U+{ord(each):04X}]" if each in unknown else each for each in value)
    if isinstance(value, dict):
        return {key: spelled_throughout(entry, unknown) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [spelled_throughout(entry, unknown) for entry in value]
    return value
