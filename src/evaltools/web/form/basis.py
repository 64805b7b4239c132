"""What a page goes by: the version of the answers it shows, and older ones of fields it still shows as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_MOST_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Basis:
    """Stands in the page as `base_version`, and is posted back with it.

    older: the version of each field that others have changed since, while the page still shows what stood before.
    """

    version: int = 0
    older: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """The version of one field that the page shows."""
        return min(self.version, self.older.get(name, self.version))

    def __str__(self) -> str:
        return " ".join((str(self.version), *(f"{name}:{version}" for name, version in sorted(self.older.items()))))


def read_basis(text: str) -> Basis:
    """What a page posts; what cannot be read counts as nothing seen, so that nothing is overwritten unseen.

    >>> read_basis("7 placed:3")
    Basis(version=7, older={'placed': 3})
    >>> read_basis("seven placed:x").of("placed")
    0
    """
    first, *others = text.split() or [""]
    pairs = (other.rpartition(":") for other in others)
    return Basis(whole_number(first), {name: whole_number(version) for name, _, version in pairs})


def whole_number(text: str) -> int:
    """A small count as a page posts it; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
