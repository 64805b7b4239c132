"""What is measured in each unit and period, a number or a share of a base, and whom it is averaged over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.rollout.panels import RolloutPanel, named
from evaltools.schema.model import STRICTEST, Confidentiality

Outcome = str | tuple[str, str]
"""A column of numbers, or the columns of a count and its base, whose share is measured."""

Average = Literal["unit", "size"]
"""Whose average: each unit counts alike (the average municipality), or by its size (the average child)."""

_AVERAGES: Final = ("unit", "size")


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """An outcome without gaps. values : units x periods. weights : by unit, 1 on average.

    panel : of the units that are used. left_out : units that lack something. covariates : by name, units x periods.
    is_share : whether it is a share 0-1. name : the column, or `count / base`.
    """

    panel: RolloutPanel
    values: Floats
    weights: Floats
    name: str
    is_share: bool
    average: Average
    left_out: tuple[str, ...]
    covariates: tuple[tuple[str, Floats], ...] = ()


def measured(
    panel: RolloutPanel, outcome: Outcome, *, average: Average = "unit", covariates: Sequence[str] = ()
) -> Measured:
    """The outcome of every unit and period.

    Raises `DesignError`: NO_SUCH_VARIABLE, NOT_A_NUMBER, COUNT_ABOVE_BASE, ZERO_BASE, INCOMPLETE_PANEL, SIZE_NOT_GIVEN,
    SIZE_NOT_POSITIVE, NO_SUCH_AVERAGE, NO_UNITS_LEFT, OUTCOME_CONSTANT.
    """
    if average not in _AVERAGES:
        problem = f'there is no average "{average}"'
        raise DesignError(Fault("NO_SUCH_AVERAGE", "average", problem, 'Say "unit" or "size".'))
    values, empty = _values(panel, outcome)
    more = [(name, panel.matrix(name)) for name in covariates]
    gaps = np.logical_or.reduce([np.isnan(values), panel.unknown, *(np.isnan(matrix) for _, matrix in more)])
    _complete_or_refuse(panel, gaps, empty, _name(outcome))
    keep = ~gaps.any(axis=1)
    kept = panel if keep.all() else panel.of_units(keep)
    if not keep.any() or (kept.starts == kept.never).all():
        problem = "no unit that adopts has every period, outcome and base"
        raise DesignError(Fault("NO_UNITS_LEFT", _name(outcome), problem, "Merge periods, or look at the columns."))
    if not np.ptp(values[keep]):
        problem = f"it is {values[keep][0, 0]:g} in every unit and period"
        raise DesignError(Fault("OUTCOME_CONSTANT", _name(outcome), problem, "Nothing moves, so nothing can be told."))
    return Measured(
        panel=replace(kept, about=replace(kept.about, confidentiality=_strictest(kept, outcome))),
        values=values[keep],
        weights=_weights(kept, outcome, average),
        name=_name(outcome),
        is_share=not isinstance(outcome, str),
        average=average,
        left_out=tuple(name for name, kept in zip(panel.units, keep.tolist(), strict=True) if not kept),
        covariates=tuple((name, matrix[keep]) for name, matrix in more),
    )


def _strictest(panel: RolloutPanel, outcome: Outcome) -> Confidentiality:
    """What the outcome is about: what the user says, or the questionnaire where that is stricter."""
    columns = [outcome] if isinstance(outcome, str) else outcome
    kinds = [panel.about.confidentiality, *(panel.kinds[column] for column in columns if column in panel.kinds)]
    return min(kinds, key=STRICTEST.index)


def _name(outcome: Outcome) -> str:
    return outcome if isinstance(outcome, str) else " / ".join(outcome)


def _values(panel: RolloutPanel, outcome: Outcome) -> tuple[Floats, Mask]:
    """The values, nothing where they are not known; and where that is because the base is 0."""
    if isinstance(outcome, str):
        values = panel.matrix(outcome)
        return values, np.zeros(values.shape, dtype=bool)
    count, base = (panel.matrix(column) for column in outcome)
    above = (count > base) | (count < 0) | (base < 0)
    if above.any():
        where = _first(panel, above)
        problem = f'"{outcome[0]}" is not between 0 and "{outcome[1]}" in {where}'
        raise DesignError(
            Fault("COUNT_ABOVE_BASE", _name(outcome), problem, "Look at the two columns; are they swapped?")
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base > 0, count / base, np.nan), base == 0


def _complete_or_refuse(panel: RolloutPanel, gaps: Mask, empty: Mask, name: str) -> None:
    if panel.incomplete == "leave_out" or not gaps.any():
        return
    remedy = 'Merge periods or units, or say incomplete="leave_out" in `panel` to leave these units out.'
    if empty.any():
        units = _units(panel, empty)
        problem = f"the base is 0 in {int(empty.sum())} periods of {named(units)} (first in {_first(panel, empty)})"
        raise DesignError(Fault("ZERO_BASE", name, problem, remedy))
    units = _units(panel, gaps)
    problem = f"{len(units)} units lack a period or a value: {named(units)} (first {_first(panel, gaps)})"
    raise DesignError(Fault("INCOMPLETE_PANEL", name, problem, remedy))


def _units(panel: RolloutPanel, where: Mask) -> list[str]:
    return [panel.units[place] for place in np.flatnonzero(where.any(axis=1)).tolist()]


def _first(panel: RolloutPanel, where: Mask) -> str:
    unit, period = np.unravel_index(int(where.argmax()), where.shape)
    return f"{panel.units[unit]} {panel.periods[period]}"


def _weights(panel: RolloutPanel, outcome: Outcome, average: Average) -> Floats:
    """By unit, 1 on average: its mean size over the periods before anybody adopted (all, where there are none)."""
    if average == "unit":
        return np.ones(len(panel.units))
    column = panel.size or ("" if isinstance(outcome, str) else outcome[1])
    if not column:
        problem = "an average by size needs the size of each unit"
        raise DesignError(Fault("SIZE_NOT_GIVEN", "average", problem, "Name its column: panel(..., size=...)."))
    before = int(panel.starts.min()) or len(panel.periods)
    sizes = panel.matrix(column)[:, :before].mean(axis=1)
    if not (sizes > 0).all():
        which = panel.units[int((~(sizes > 0)).argmax())]
        problem = f'the mean of "{column}" before the first adoption is not above 0 in {which}'
        raise DesignError(Fault("SIZE_NOT_POSITIVE", column, problem, "Give the size of every unit, or leave it out."))
    return np.asarray(sizes / sizes.mean())
