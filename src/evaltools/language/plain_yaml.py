"""YAML files of the program itself, read as plain text: no value is guessed to be a number, a date or a truth value."""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Makes text only. The one in C, which most installations have, is ten times as fast."""


def plain_yaml(text: str) -> Any:
    """The mappings, lists and texts of a small YAML file; an empty mapping for an empty file.

    Files that other people write are read by `schema.reading`, which is strict and names the line of a fault.

    >>> plain_yaml("children: 05"), plain_yaml("")
    ({'children': '05'}, {})
    """
    return yaml.load(text, _LOADER) or {}  # noqa: S506 makes text only
