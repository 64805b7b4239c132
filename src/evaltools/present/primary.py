"""Primary rules: which cells are hidden because of what they count, and how wide a range must stay open for them.

The rules hang on what the variable counts (`confidentiality` in the data dictionary), not on the table it stands in.
Dominance after Hundepool et al. (2012), chapter 4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from evaltools.estimate.result import Measured, Row, Source
from evaltools.schema.thresholds import thresholds

_WITH_COMPLEMENT: Final[frozenset[Measured]] = frozenset({"share", "ratio"})
NOT_COUNTED: Final[frozenset[Measured]] = frozenset({"difference", "quantile", "coefficient"})
_COUNTS_UNITS: Final[frozenset[Measured]] = frozenset({"share", "count"})
_SOLVED: Final = frozenset({"children", "families", "staff"})
_LEAST_TIMES: Final[Mapping[Measured, int]] = {"total": 1, "mean": 1, "ratio": 1, "quantile": 2}
"""How many times the smallest count must be in a group whose sums or quantiles are told."""
_MUNICIPALITY: Final = "municipality"


def rule_of(row: Row, measure: Measured, source: Source) -> str:
    """The rule that hides this row; "" where none does."""
    if 0 < row.n < least_group(measure, source):
        return "small_group"
    limit = limit_of(measure, source)
    counted, base = numerator(row, measure), _denominator(row, measure)
    if 0 < counted < limit:
        return "small_count"
    if measure in _WITH_COMPLEMENT and (0 < base - counted < limit or 0 < base < limit):
        return "small_complement"
    return "dominance" if _is_dominated(row, measure, source) else ""


def width_of(row: Row, measure: Measured, source: Source, rule: str) -> float:
    """How wide the range must stay that can be worked out for the row while it is hidden.

    Of a count, as many values as the smallest count that may be shown, so that nobody can say that it is smaller;
    everything, where the group is smaller than that. Of a sum, also that each unit's own amount cannot be told more
    closely than by some per cent. A row that is hidden to protect others must not be exactly known.
    """
    if measure in _COUNTS_UNITS or row.summed is None:
        return float(min({"": 1, "small_group": row.n}.get(rule, limit_of(measure, source)), row.n))
    if not rule:
        return 1.0
    close = thresholds()["told_within_percent"] / 100
    return max(1.0, float(limit_of(measure, source)), 2 * close * max(row.largest, default=row.summed))


def _is_dominated(row: Row, measure: Measured, source: Source) -> bool:
    """Whether one or two units make up so much of a sum that it tells their amounts."""
    if source.confidentiality not in _SOLVED or measure not in _LEAST_TIMES or not row.summed or not row.largest:
        return False
    limits = thresholds()
    first, second = (*row.largest, 0.0)[:2]
    return (
        100 * first > limits["one_unit_percent"] * row.summed
        or 100 * (first + second) > limits["two_units_percent"] * row.summed
        or 100 * (row.summed - first - second) < limits["told_within_percent"] * first
    )


def least_group(measure: Measured, source: Source) -> int:
    """The smallest group that anything is told about.

    Sums need more: a total and its standard error give the sum and the sum of squares, and quartiles give three
    values more, from which the few single numbers of a small group can be solved.
    """
    limits = thresholds()
    if source.confidentiality not in _SOLVED or measure not in _LEAST_TIMES:
        return limits["municipalities"]
    return max(limits["municipalities"], _LEAST_TIMES[measure] * limits[source.confidentiality])


def limit_of(measure: Measured, source: Source) -> int:
    """The smallest count that may be shown; 0 where counts may be of any size.

    A share of municipalities counts municipalities, whatever the question is about.
    """
    kind, limits = source.confidentiality, thresholds()
    counts_units = measure in _COUNTS_UNITS
    if kind == "practice" or measure in NOT_COUNTED or (kind == "opinion" and not counts_units):
        return 0
    if kind == "opinion" or (counts_units and source.unit == _MUNICIPALITY):
        return limits["municipalities"]
    return limits[kind]


def numerator(row: Row, measure: Measured) -> int:
    """How many units or cases a row counts, as far as it can be known or worked out from what would be shown."""
    if row.count is not None or row.summed is not None:
        return round(row.count if row.count is not None else row.summed or 0)
    by_measure: Mapping[Measured, float] = {
        "share": row.estimate * row.n,
        "mean": row.estimate * row.n,
        "ratio": row.estimate * row.base,
    }
    value = by_measure.get(measure, row.estimate)
    return round(value) if math.isfinite(value) else 0


def _denominator(row: Row, measure: Measured) -> int:
    if measure == "share":
        return row.n
    return round(row.base if row.summed_of is None else row.summed_of)
