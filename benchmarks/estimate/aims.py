"""What each task is to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEGABYTE = 1_000_000
MOST_OF_DATA = 1.3
BESIDE_DATA = 200 * MEGABYTE
SAME = 1e-9
"""Ours and direct give the same numbers when none differs by more than this part of itself."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Most times the direct way takes, and how many times faster than the best peer; None where that is no aim."""

    direct: float | None
    peers: float | None = None


AIMS: Mapping[str, Aim] = {
    "mean": Aim(2.5, 20),
    "mean by domain": Aim(2.5, 20),
    "total by domain": Aim(2.5, 20),
    "share by domain": Aim(2.5, 20),
    "crosstab": Aim(2.5, 20),
    "rake": Aim(2.5, 20),
    "quantiles": Aim(2.0),
    "logistic model": Aim(None, 1),
    "bootstrap": Aim(3.0),
}


def memory_limit(data: int) -> float:
    """The most memory (bytes) that a process of ours may hold with data of this size."""
    return MOST_OF_DATA * data + BESIDE_DATA
