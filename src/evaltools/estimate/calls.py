"""Calls written out as code that gives a result again: every argument is a literal or such a call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

UNSAID: Final[Mapping[str, object]] = {"level": 0.95, "target": "finite", "lonely": "fail", "language": "da"}
"""Arguments at the default that every verb has for them: code that gives a result again leaves them out."""


def call(function: str, inner: str, arguments: Mapping[str, object], *positional: object) -> str:
    """A call as code that gives the result again: every argument is a literal or such a call.

    >>> call("design", 'load("a/1")', {"strata": "region", "by": None})
    'design(load("a/1"), strata="region")'
    """
    said = [
        f"{name}={literal(value)}"
        for name, value in arguments.items()
        if value is not None and value != () and value != UNSAID.get(name)
    ]
    return f"{function}({', '.join([inner, *map(literal, positional), *said])})"


@dataclass(frozen=True, slots=True)
class Name:
    """A value too large to be written out: code says its name, as it says `frame` for a frame."""

    text: str


def literal(value: object) -> str:
    """A value as a Python literal with double quotes; an interval as its name."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, np.generic):
        return repr(value.item())
    return repr(value)
