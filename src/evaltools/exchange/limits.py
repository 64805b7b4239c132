"""What other programs cannot hold: texts that are too long, and names they refuse."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text a format takes, counted in characters or in UTF-8 bytes."""

    size: int
    counted_in: Literal["characters", "bytes"]

    def holds(self, text: str) -> bool:
        """Whether the text fits."""
        return len(text if self.counted_in == "characters" else text.encode()) <= self.size

    def fit(self, text: str) -> str:
        """The text, cut between characters and ended by an ellipsis where it does not fit.

        >>> Limit(6, "bytes").fit("æøå!")
        'æ…'
        """
        if self.holds(text):
            return text
        cut = text[: self.size]
        while not self.holds(cut + ELLIPSIS):
            cut = cut[:-1]
        return cut.rstrip() + ELLIPSIS


def safe_names(names: Iterable[str], limit: Limit, reserved: Collection[str]) -> dict[str, str]:
    """A name that the format takes for each name, unique without regard to case; most are unchanged.

    >>> safe_names(["by", "placed"], Limit(8, "bytes"), {"by"})
    {'by': 'by_', 'placed': 'placed'}
    """
    wanted = list(names)
    fine = {name: limit.holds(name) and name.lower() not in reserved for name in wanted}
    taken = {name.lower() for name in wanted if fine[name]}
    safe: dict[str, str] = {}
    for name in wanted:
        safe[name] = name if fine[name] else _free_name(name, limit, taken)
        taken.add(safe[name].lower())
    return safe


def _free_name(name: str, limit: Limit, taken: Collection[str]) -> str:
    number = 1
    while True:
        tail = "_" if number == 1 else f"_{number}"
        candidate = name[: limit.size - len(tail)] + tail
        if candidate.lower() not in taken:
            return candidate
        number += 1
