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
    """Most times the direct way takes, and how many times faster than peers; None where that is no aim.

    cold : than the first call of the best peer. warm : than the later calls of svy. Ours is a later call in both, with
    the codes of the design made, as in the direct way.
    """

    direct: float | None
    cold: float | None = None
    warm: float | None = None


AIMS: Mapping[str, Aim] = {
    "mean": Aim(2.5, 20, 1),
    "mean by domain": Aim(2.5, 20, 5),
    "total by domain": Aim(2.5, 20, 5),
    "share by domain": Aim(2.5, 20, 5),
    "crosstab": Aim(2.5, 20, 5),
    "rake": Aim(2.5, 20, 5),
    "quantiles": Aim(2.0),
    "logistic model": Aim(None, 1, 1),
    "bootstrap": Aim(3.0),
}


def memory_limit(data: int) -> float:
    """The most memory (bytes) that a process of ours may hold with data of this size."""
    return MOST_OF_DATA * data + BESIDE_DATA
