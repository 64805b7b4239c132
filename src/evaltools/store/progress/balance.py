"""How skewed the answers so far are: the R-indicator of response propensities, and the group that is most behind.

The propensities are modelled by main effects of a few frame columns (a linear probability model), which fits small
populations better than one cell per combination: 98 municipalities have 24 cells of region and size, half of them
with one or two units. R = 1 - 2 S(p), where S is the standard deviation of the propensities over all units: 1 when
every group answers alike (Schouten, Cobben & Bethlehem 2009, Survey Methodology 35(1), 101-113). What chance alone
would add to S squared, the sum of leverage times p(1-p), is taken off (Shlomo, Skinner & Schouten 2012, Journal of
Statistical Planning and Inference 142(1), 201-211). The group behind is that with the lowest partial indicator at
category level, sqrt(N_k / N) (p_k - p) (Schouten, Shlomo & Skinner 2011, Journal of Official Statistics 27(2),
231-253).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from evaltools.store.model import UnitStatus
from evaltools.store.progress.counting import has_submitted, response_rates

Vector = Sequence[float]

_DEPENDENT: Final = 1e-9
"""A column this short once the others are taken out of it says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The group of the frame that is most behind the others: `column` is such as `region`, `lag` is below 0."""

    column: str
    group: str
    lag: float


@dataclass(frozen=True, slots=True)
class Balance:
    """How alike the groups answer.

    indicator : R, at most 1 (all groups answer alike). lowest : what R would be with as many answers, all of them
    from the units most willing; R is read between the two. columns : what the propensities depend on.
    """

    indicator: float
    lowest: float
    columns: tuple[str, ...]
    behind: Behind | None


def balance(statuses: Sequence[UnitStatus], by: Sequence[str]) -> Balance | None:
    """How skewed the answers so far are over columns of the frame.

    by : frame columns; those that hold one value only are left out.
    Returns None before the first answer, and where no column tells units apart.

    >>> balance((), ("region", "size")) is None
    True
    """
    columns = _telling(statuses, by)
    answered = [float(has_submitted(one)) for one in statuses]
    if not columns or not any(answered):
        return None
    contrasts = _contrasts(statuses, columns)
    total, rate = len(statuses), sum(answered) / len(statuses)
    fitted = _fitted(contrasts, answered, rate)
    leverages = [sum(contrast[place] ** 2 for contrast in contrasts) for place in range(total)]
    chance = sum(leverage * _variance(share) for leverage, share in zip(leverages, fitted, strict=True))
    spread = max(0.0, _squares(contrasts, answered) - chance)
    return Balance(
        indicator=1 - 2 * sqrt(spread / (total - 1)),
        lowest=1 - 2 * sqrt(rate * (1 - rate) * total / (total - 1)),
        columns=columns,
        behind=_behind(statuses, columns, rate),
    )


def gains(statuses: Sequence[UnitStatus], by: Sequence[str]) -> Mapping[str, float]:
    """By how much R (without the correction for chance) would rise if this unit were the next to answer, by unit code.

    For units that have not submitted. It can be below 0: then the unit belongs to a group that is well heard. Before
    the first answer it is 0 for all of them, since R is not defined.

    >>> gains((), ("region",))
    {}
    """
    columns = _telling(statuses, by)
    answered = [float(has_submitted(one)) for one in statuses]
    contrasts = _contrasts(statuses, columns)
    along = [_product(contrast, answered) for contrast in contrasts]
    now = sqrt(sum(each**2 for each in along))
    scale = 2 / sqrt(max(1, len(statuses) - 1))
    found = {}
    for place, status in enumerate(statuses):
        if not answered[place]:
            then = sum((each + contrast[place]) ** 2 for each, contrast in zip(along, contrasts, strict=True))
            found[status.unit.code] = scale * (now - sqrt(then)) if any(answered) else 0.0
    return found


def _telling(statuses: Sequence[UnitStatus], by: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in by if len({one.unit.frame.get(name, "") for one in statuses}) > 1)


def _contrasts(statuses: Sequence[UnitStatus], columns: Sequence[str]) -> list[Vector]:
    """Orthonormal vectors over the units that span the main effects, with what all units share taken out."""
    found: list[Vector] = [[1 / sqrt(len(statuses))] * len(statuses)] if statuses else []
    for indicator in _indicators(statuses, columns):
        rest = list(indicator)
        for known in found:
            along = _product(known, rest)
            rest = [value - along * each for value, each in zip(rest, known, strict=True)]
        length = sqrt(_product(rest, rest))
        if length > _DEPENDENT:
            found.append([value / length for value in rest])
    return found[1:]


def _indicators(statuses: Sequence[UnitStatus], columns: Sequence[str]) -> Iterator[Vector]:
    for name in columns:
        held = [one.unit.frame.get(name, "") for one in statuses]
        for group in sorted(set(held)):
            yield [float(value == group) for value in held]


def _fitted(contrasts: Sequence[Vector], answered: Vector, rate: float) -> list[float]:
    along = [_product(contrast, answered) for contrast in contrasts]
    return [
        rate + sum(each * contrast[place] for each, contrast in zip(along, contrasts, strict=True))
        for place in range(len(answered))
    ]


def _squares(contrasts: Sequence[Vector], answered: Vector) -> float:
    return sum(_product(contrast, answered) ** 2 for contrast in contrasts)


def _product(one: Vector, other: Vector) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


def _variance(share: float) -> float:
    inside = min(1.0, max(0.0, share))
    return inside * (1 - inside)


def _behind(statuses: Sequence[UnitStatus], columns: Sequence[str], rate: float) -> Behind | None:
    lags = [
        Behind(name, each.group, sqrt(each.asked / len(statuses)) * (each.share - rate))
        for name in columns
        for each in response_rates(statuses, name)
    ]
    last = min(lags, key=lambda one: one.lag)
    return last if last.lag < -_DEPENDENT else None
