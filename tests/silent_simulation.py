"""The simulation as a whole: many replications, in one process or in several with the same result, and their summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

import numpy as np

from silent_estimates import ESTIMATORS, Case, Outcome, replication
from silent_population import Silence

SILENCES: tuple[Silence, ...] = ("chance", "cells", "answer")
AT_ONCE = 5
"""Replications that a process takes at a time."""

Replication = dict[Case, Outcome]


@dataclass(slots=True)
class Tally:
    """What the replications of one case add up to; `told` are those that were not refused."""

    told: int = 0
    error: float = 0.0
    squared: float = 0.0
    held: int = 0
    width: float = 0.0
    bounded: int = 0
    with_bounds: int = 0

    def add(self, outcome: Outcome) -> None:
        """One more replication."""
        self.told += 1
        self.error += outcome.error
        self.squared += outcome.error**2
        self.held += outcome.held
        self.width += outcome.width
        self.with_bounds += outcome.bounded is not None
        self.bounded += bool(outcome.bounded)

    @property
    def bias(self) -> float:
        """Mean of estimate less truth."""
        return self.error / self.told

    @property
    def noise(self) -> float:
        """Standard error of the bias by the number of replications."""
        return float(np.sqrt(max(self.squared / self.told - self.bias**2, 0.0) / self.told))

    @property
    def coverage(self) -> float:
        """Share of the replications whose interval holds the truth; none is an interval that does not."""
        return self.held / self.told


@dataclass(slots=True)
class Found:
    """All cases in the order they came, and how many replications there were."""

    replications: int = 0
    cases: dict[Case, Tally] = field(default_factory=dict)

    def add(self, found: Replication) -> None:
        """One more replication of all cases."""
        self.replications += 1
        for case, outcome in found.items():
            self.cases.setdefault(case, Tally()).add(outcome)


def replications(
    count: int,
    *,
    seed: int,
    processes: int = 1,
    silences: Sequence[Silence] = SILENCES,
    estimators: Sequence[str] = ESTIMATORS,
) -> Iterator[Replication]:
    """The replications in order; each has a seed of its own, so that it does not matter which process makes it."""
    seeds = np.random.SeedSequence(seed).spawn(count)
    one = partial(replication, silences=tuple(silences), estimators=tuple(estimators))
    if processes == 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(one, seeds, chunksize=AT_ONCE)
        except (KeyboardInterrupt, GeneratorExit):
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def summary(made: Iterable[Replication]) -> Found:
    """What the replications add up to; those made before Ctrl-C where somebody presses it."""
    found = Found()
    with suppress(KeyboardInterrupt):
        for one in made:
            found.add(one)
    return found
