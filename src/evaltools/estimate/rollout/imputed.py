"""What each unit adds to the error of effects by imputation, so that all times since adoption have a joint uncertainty.

The model of unit and period (and covariates) is fitted to all rows without the method. An effect is a sum of all
values, each times a number; a unit adds those numbers times its residuals. Source: Borusyak, Jaravel and Spiess (2024),
Review of Economic Studies 91, equations 6 to 8: residuals with the method are from the mean of their cohort and period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.rollout.engine import Layout
from evaltools.estimate.rollout.unlike import widened


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """By time since adoption, then over all rows with the method. influence : units x effects."""

    effects: Floats
    influence: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Units with the same columns. columns : periods x columns, less their mean before. wanted : periods x effects."""

    units: Codes
    start: int
    before: Mask
    columns: Floats
    wanted: Floats

    @property
    def own(self) -> Floats:
        """What a value adds through its unit's own level: periods x effects."""
        return np.asarray(self.wanted - np.outer(self.before, self.wanted.sum(axis=0)) / self.before.sum())


def imputed(layout: Layout, events: Sequence[int]) -> Imputed:
    """Effects at these times since adoption and over all, with the influence of every unit (widened by weight)."""
    groups = list(_groups(layout, events))
    weights = layout.weights
    system = sum(weights[g.units].sum() * (g.columns[g.before].T @ g.columns[g.before]) for g in groups)
    moved = sum(g.columns[g.before].T @ (weights[g.units] @ layout.values[g.units][:, g.before]) for g in groups)
    wanted = sum(weights[g.units].sum() * (g.columns.T @ g.wanted) for g in groups)
    total = sum(weights[g.units].sum() * g.wanted.sum(axis=0) for g in groups)
    inverse = np.linalg.pinv(np.asarray(system), hermitian=True)
    beta, through = inverse @ moved, inverse @ wanted
    left = _residuals(layout, groups, beta) * _factors(layout)
    effects, influence = np.zeros(len(events) + 1), np.zeros((len(weights), len(events) + 1))
    for g in groups:
        per_value = (g.own - g.before[:, None] * (g.columns @ through)) / total
        effects += weights[g.units] @ layout.values[g.units] @ per_value
        influence[g.units] = weights[g.units, None] * (left[g.units] @ per_value)
    return Imputed(effects, influence)


def _groups(layout: Layout, events: Sequence[int]) -> Iterator[_Group]:
    """Cohorts; single units where covariates make each unlike the others."""
    periods = layout.values.shape[1]
    last = min(int(layout.starts.max()), periods)
    place = np.arange(periods)
    for start in np.unique(layout.starts).tolist():
        members = np.flatnonzero(layout.starts == start)
        before, after = place < min(start, last), (place >= start) & (place < last)
        wanted = np.stack([after & (place - start == event) for event in events] + [after], axis=1).astype(float)
        common = np.eye(periods)[:, 1:last]
        for units in [members] if not layout.covariates else members[:, None]:
            more = [matrix[units[0]][:, None] for _, matrix in layout.covariates]
            columns = np.hstack([common, *more])
            yield _Group(units, start, before, columns - columns[before].mean(axis=0), wanted)


def _residuals(layout: Layout, groups: Sequence[_Group], beta: Floats) -> Floats:
    """Units x periods: from the model; with the method, from the mean of the cohort and period besides."""
    left = np.zeros_like(layout.values)
    for g in groups:
        values = layout.values[g.units]
        left[g.units] = values - values[:, g.before].mean(axis=1, keepdims=True) - g.columns @ beta
    square = layout.weights**2
    for g in {g.start: g for g in groups}.values():
        mine, after = layout.starts == g.start, g.wanted[:, -1] > 0
        mean = square[mine] @ left[np.ix_(mine, after)] / square[mine].sum()
        left[np.ix_(mine, after)] -= mean
    return left


def _factors(layout: Layout) -> Floats:
    """Units x periods: what residuals are multiplied with where units count unlike."""
    found = np.ones_like(layout.values)
    if not layout.weighted:
        return found
    for start in np.unique(layout.starts).tolist():
        mine = layout.starts == start
        found[mine, start:] = widened(layout.weights[mine] ** 2)[:, None]
    for period in range(found.shape[1]):
        without = layout.starts > period
        if without.any():
            found[without, period] = widened(layout.weights[without])
    return found
