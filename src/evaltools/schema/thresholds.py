"""The smallest numbers that may be shown: one setting for form, comparison page, tile map, sheets and memo."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from evaltools.language import plain_yaml


@cache
def thresholds() -> Mapping[str, int]:
    """Threshold by what is counted: `children`, `families`, `staff`, `municipalities`.

    >>> thresholds()["children"], thresholds()["municipalities"]
    (5, 3)
    """
    text = (resources.files("evaltools.schema") / "thresholds.yaml").read_text("utf-8")
    return MappingProxyType({name: int(limit) for name, limit in plain_yaml(text).items()})
