"""What a register records of the published cases, so that it can be verified without the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaltools.estimate.indicators import read_published_cases


def published_content(dictionary: Path | None) -> Mapping[str, object]:
    """The published cases in a data dictionary; none where it has no such file."""
    if dictionary is None or not (dictionary / "published_cases.yaml").is_file():
        return {}
    return read_published_cases(dictionary)
