"""The row of a counted share: its interval, and the same in R."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evaltools.estimate.indicators.binomial import check_counts, clopper_pearson, wilson
from evaltools.estimate.result import NO_R, Row
from evaltools.language import Language, texts

LARGEST_BASE: Final = 10_000_000
"""Exact tests go through every count up to the base."""
_RARE: Final = 5
"""With fewer cases than this, or fewer than this left over, the interval is the exact one."""


def counted_row(
    coordinates: tuple[tuple[str, str], ...],
    labels: tuple[str, ...],
    counts: tuple[int, int],
    *,
    level: float = 0.95,
    language: Language = "da",
) -> Row:
    """A row with Wilson's interval, or Clopper and Pearson's where few are counted or left over.

    >>> counted_row((), (), (1, 38), language="en").method
    'binomial share, exact interval (Clopper-Pearson)'
    """
    count, n = counts
    check_counts(count, n)
    rare = _is_rare(count, n)
    low, high = (clopper_pearson if rare else wilson)(count, n, level)
    return Row(
        coordinates=coordinates,
        labels=labels,
        estimate=count / n,
        n=n,
        base=float(n),
        method=texts(language).say(f"estimate.method.{'binomial_exact' if rare else 'binomial_wilson'}"),
        low=low,
        high=high,
        level=level,
        count=count,
    )


def r_of(rows: Sequence[Row]) -> str:
    """The interval of each counted share in base R; words where none is counted."""
    lines = [_r(row, row.count) for row in rows if row.count is not None]
    return "\n".join(lines) or f"{NO_R}percentages without counts are cited"


def _r(row: Row, count: int) -> str:
    test = "binom.test(" if _is_rare(count, row.n) else "prop.test(correct = FALSE, "
    return f"{test}{count}, {row.n}, conf.level = {row.level!r})$conf.int"


def _is_rare(count: int, n: int) -> bool:
    return min(count, n - count) < _RARE
