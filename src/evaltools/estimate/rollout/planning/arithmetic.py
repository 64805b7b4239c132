"""Two estimators of a staged rollout in closed form, for many made-up panels at a time.

Complete panels without covariates need no regression: sums over cohorts are enough. Tests hold the numbers to those of
`group_time_effects` and `imputation`, which use diff-diff.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.rollout.unlike import degrees, widened

Found = tuple[Floats, Floats, Floats]
"""By panel: the effect, its standard error, and the degrees of freedom of the interval (infinite: a normal one)."""

Estimator = Literal["imputation", "group_time"]


@dataclass(frozen=True, eq=False)
class Timing:
    """Who adopts when. starts : by unit the place of its first period with the method; `periods` where it has none."""

    starts: Codes
    periods: int

    @cached_property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Cohort and period of every effect that can be told: there is a period before, and a unit still without."""
        last = int(self.starts.max())
        cohorts = [int(start) for start in np.unique(self.starts) if 0 < start < self.periods]
        return tuple((start, time) for start in cohorts for time in range(start, min(last, self.periods)))

    @cached_property
    def told(self) -> Mask:
        """Units x periods: whether the effect there can be told."""
        found = np.zeros((len(self.starts), self.periods), dtype=bool)
        for start, time in self.cells:
            found[self.starts == start, time] = True
        return found


def group_time(values: Floats, weights: Floats, timing: Timing) -> Found:
    """Average effect of Callaway and Sant'Anna (2021) against units that have not adopted yet, with standard errors.

    values : panels x units x periods. weights : panels x units. The average is over all cells that can be told, each by
    the weight of its cohort ("simple"). Where units count unlike, errors are widened (`unlike`).
    """
    influence = np.zeros(weights.shape)
    of_cohort, cells = np.zeros(weights.shape), np.zeros(len(timing.starts))
    summed, total = np.zeros(len(values)), np.zeros(len(values))
    for start, time in timing.cells:
        treated, control = timing.starts == start, timing.starts > time
        change = values[:, :, time] - values[:, :, start - 1]
        size = weights[:, treated].sum(axis=1)
        here, there = (_centred(change[:, group], weights[:, group]) for group in (treated, control))
        effect = here[0] - there[0]
        influence[:, treated] += size[:, None] * here[1]
        influence[:, control] -= size[:, None] * there[1]
        of_cohort[:, treated] += effect[:, None]
        cells[treated] += 1
        summed, total = summed + size * effect, total + size
    average = summed / total
    influence += weights * (of_cohort - cells * average[:, None])
    return _found(average, influence / total[:, None], weights, timing.starts)


def _found(effect: Floats, influence: Floats, weights: Floats, starts: Codes) -> Found:
    error = np.sqrt((influence**2).sum(axis=1))
    df = degrees(influence, weights, starts) if _unlike(weights) else np.full(len(effect), np.inf)
    return effect, error, df


def _unlike(weights: Floats) -> bool:
    return bool(np.ptp(weights) > 0)


def _centred(change: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean by panel, and what each unit adds to its error."""
    whole = weights.sum(axis=1)
    mean = (weights * change).sum(axis=1) / whole
    factor = widened(weights) if _unlike(weights) else 1.0
    return mean, factor * weights * (change - mean[:, None]) / whole[:, None]


def imputation(values: Floats, weights: Floats, timing: Timing) -> Found:
    """Average effect by imputation, with conservative standard errors: Borusyak, Jaravel and Spiess (2024).

    Units and periods without the method give the level of each unit and the movement of each period; what is above
    them is the effect. Arguments and result as in `group_time`. Errors are around the mean of each cohort and period.
    """
    cohorts, of_unit = np.unique(timing.starts, return_inverse=True)
    place = np.arange(timing.periods)
    before = (place < cohorts[:, None]).astype(float)
    after = ((place >= cohorts[:, None]) & (place < cohorts.max()) & (cohorts[:, None] > 0)).astype(float)
    lengths = np.maximum(before.sum(axis=1), 1.0)
    centre = (
        before[:, :, None] * np.eye(timing.periods) - before[:, :, None] * before[:, None, :] / lengths[:, None, None]
    )
    member = (of_unit == np.arange(len(cohorts))[:, None]).astype(float)
    size = np.einsum("rn,cn->rc", weights, member)
    sums = np.einsum("rnt,rn,cn->rct", values, weights, member)
    known = slice(1, int(min(cohorts.max(), timing.periods)))
    system = np.einsum("rc,cst->rst", size, centre)[:, known, known]
    movement = np.zeros((len(values), timing.periods))
    movement[:, known] = _solved(system, np.einsum("cst,rct->rs", centre, sums)[:, known])
    total = np.einsum("rc,ct->r", size, after)
    own = after - (after.sum(axis=1) / lengths)[:, None] * before
    through = np.zeros_like(movement)
    through[:, known] = _solved(system, np.einsum("rc,ct->rt", size, own)[:, known])
    per_value = (own - np.einsum("cst,rt->rcs", centre, through)) / total[:, None, None]
    influence = _influence(values - movement[:, None, :], weights, per_value, _Cohorts(of_unit, before, after, lengths))
    return _found(np.einsum("rct,rct->r", per_value, sums), influence, weights, timing.starts)


@dataclass(frozen=True, eq=False)
class _Cohorts:
    """of_unit : the cohort of each unit. before, after : cohorts x periods. lengths : periods before, by cohort."""

    of_unit: Codes
    before: Floats
    after: Floats
    lengths: Floats


def _influence(moved: Floats, weights: Floats, per_value: Floats, cohorts: _Cohorts) -> Floats:
    """Moved : values less the movement of the periods. per_value : what each weighted value adds to the estimate."""
    of_unit, after = cohorts.of_unit, cohorts.after[cohorts.of_unit]
    level = (moved * cohorts.before[of_unit]).sum(axis=2) / cohorts.lengths[of_unit]
    left = moved - level[:, :, None]
    squared = weights**2
    for place in range(len(cohorts.lengths)):
        unit = of_unit == place
        mean = np.einsum("rnt,rn->rt", left[:, unit], squared[:, unit]) / squared[:, unit].sum(axis=1)[:, None]
        left[:, unit] -= mean[:, None, :] * after[unit]
    if _unlike(weights):
        left *= _factors(weights, cohorts)
    return np.asarray(weights * np.einsum("rnt,rnt->rn", per_value[:, of_unit], left))


def _factors(weights: Floats, cohorts: _Cohorts) -> Floats:
    """Panels x units x periods: what residuals are multiplied with where units count unlike."""
    before, after = (each[cohorts.of_unit] > 0 for each in (cohorts.before, cohorts.after))
    found = np.ones((*weights.shape, before.shape[1]))
    for place in range(len(cohorts.lengths)):
        mine = cohorts.of_unit == place
        found[:, mine] = np.where(after[mine], widened(weights[:, mine] ** 2)[:, :, None], 1.0)
    for period in np.flatnonzero(before.any(axis=0)):
        without = before[:, period]
        found[:, without, period] = widened(weights[:, without])
    return found


def _solved(system: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.solve(system, right[:, :, None])[:, :, 0])


ESTIMATORS = {"imputation": imputation, "group_time": group_time}
