"""Made-up rollouts on a baseline: counts drawn by chance, an effect that is planted, and what the estimator finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.random import Generator, SeedSequence

from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.rollout.planning.arithmetic import ESTIMATORS, Estimator, Timing
from evaltools.estimate.rollout.unlike import reach
from evaltools.estimate.spreading import Progress, replicated

Outcome = Literal["flow", "stock"]
Average = Literal["unit", "size"]


@dataclass(frozen=True, eq=False)
class World:
    """One way that a rollout could go. level : by unit. bases : units x periods. effects : planted, one after another.

    by_lot : whether units are shuffled over `starts`. ramp : periods until the effect is whole. trend : standard
    deviation of units' own steady movement in each period. led : whether those that rise fastest adopt first.
    turnover : share of the stock that is new in each period, where the stock is measured.
    """

    level: Floats
    bases: Codes
    starts: Codes
    noise: float
    effects: tuple[float, ...]
    by_lot: bool = False
    ramp: int = 1
    trend: float = 0.0
    led: bool = False
    outcome: Outcome = "flow"
    turnover: float = 1.0
    estimator: Estimator = "imputation"
    average: Average = "size"

    @property
    def timing(self) -> Timing:
        """When each place in the order begins."""
        return Timing(self.starts, self.bases.shape[1])


@dataclass(frozen=True, eq=False)
class Found:
    """Replications x effects: what was estimated, its standard error, and the average effect that was really there.

    df : degrees of freedom of the intervals, infinite where they are normal.
    """

    estimates: Floats
    errors: Floats
    truths: Floats
    df: Floats

    @property
    def replications(self) -> int:
        """How many."""
        return len(self.estimates)

    def rejected(self, significance: float) -> Codes:
        """By effect, in how many replications 0 was outside the interval."""
        half = reach(1 - significance, self.df) * self.errors
        return np.asarray((np.abs(self.estimates) > half).sum(axis=0), dtype=np.int64)


def found(world: World, replications: int, seed: int, progress: Progress | None = None) -> Found:
    """Many replications of a world."""
    made = replicated(partial(_chunk, world=world), replications, seed=seed, progress=progress)
    return Found(*(np.array(column) for column in zip(*made, strict=True)))


def _chunk(seeds: Sequence[SeedSequence], world: World) -> list[tuple[Floats, Floats, Floats, Floats]]:
    """What the estimator finds in one panel for each seed and effect."""
    drawn = [_panels(world, np.random.default_rng(seed)) for seed in seeds]
    values, weights, truths = (np.array(column) for column in zip(*drawn, strict=True))
    estimate = ESTIMATORS[world.estimator]
    columns = [estimate(values[:, place], weights, world.timing) for place in range(len(world.effects))]
    estimates, errors, df = (np.column_stack(part) for part in zip(*columns, strict=True))
    return list(zip(estimates, errors, truths, df, strict=True))


def _panels(world: World, chance: Generator) -> tuple[Floats, Floats, Floats]:
    """Shares (effects x units x periods), weights by unit, and the true average effects."""
    units, periods = world.bases.shape
    slope = np.asarray(chance.normal(0.0, world.trend, units))
    order = _order(world, slope, chance)
    bases, slope = world.bases[order], slope[order]
    moved = slope[:, None] * (np.arange(periods) - (periods - 1) / 2)
    before = np.clip(world.level[order][:, None] + moved + chance.normal(0.0, world.noise, (units, periods)), 0.0, 1.0)
    since = np.arange(periods) - world.starts[:, None] + 1
    reached = np.clip(since / world.ramp, 0.0, 1.0)
    after = np.clip(before + np.array(world.effects)[:, None, None] * reached, 0.0, 1.0)
    draw = _stock if world.outcome == "stock" else _flow
    shares = draw(world, (before, after), bases, chance)
    first = int(world.starts.min())
    weights = bases[:, :first].mean(axis=1) if world.average == "size" else np.ones(units)
    told = world.timing.told * weights[:, None]
    truths = ((after - before) * told).sum(axis=(1, 2)) / told.sum()
    return shares, weights / weights.mean(), truths


def _order(world: World, slope: Floats, chance: Generator) -> Codes:
    """Which unit stands at each place of the order."""
    shuffled = chance.permutation(len(world.starts))
    if world.led:
        places, fastest = np.argsort(world.starts, kind="stable"), np.argsort(-slope, kind="stable")
        order = np.empty_like(places)
        order[places] = fastest
        return order
    return shuffled if world.by_lot else np.arange(len(world.starts))


def _flow(world: World, shares: tuple[Floats, Floats], bases: Codes, chance: Generator) -> Floats:
    """Shares of new cases. An effect changes single cases, so that effects of all sizes share their chance."""
    before, after = shares
    counts = chance.binomial(bases, before)
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.nan_to_num(np.clip((after - before) / (1 - before), 0.0, 1.0))
        lost = np.nan_to_num(np.clip((before - after) / before, 0.0, 1.0))
    return np.asarray((counts + chance.binomial(bases - counts, gained) - chance.binomial(counts, lost)) / bases)


def _stock(world: World, shares: tuple[Floats, Floats], bases: Codes, chance: Generator) -> Floats:
    """Shares of the stock: in each period some leave, whoever they are, and as many come as the new shares say."""
    before, after = shares
    size = np.broadcast_to(bases[:, 0], (len(after), len(bases)))
    inside = np.broadcast_to(chance.binomial(bases[:, 0], before[:, 0]), size.shape)
    told = np.empty(after.shape)
    for period in range(after.shape[2]):
        left = chance.binomial(inside, world.turnover)
        others = chance.binomial(size - inside, world.turnover)
        inside = inside - left + chance.binomial(left + others, after[:, :, period])
        told[:, :, period] = inside / size
    return told
