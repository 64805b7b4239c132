"""One replication of the simulation: what each estimator says of 98 municipalities from the answers of some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from evaltools.errors import DesignError
from evaltools.estimate import (
    Design,
    Row,
    bootstrap,
    calibrate,
    change,
    design,
    interval,
    jackknife,
    poststratify,
    proportion,
    rake,
    ratio,
    total,
)
from evaltools.estimate.arrays import Floats
from silent_population import SHARES, SIZES, Silence, Truth, answering, dataset, population

ESTIMATORS: Final = ("unweighted", "cells", "poststratified", "raked", "calibrated", "bootstrap", "jackknife")
REPLICATED: Final = ("bootstrap", "jackknife")
"""For these only intervals that use their standard error are of interest, and no question that some left open."""
CLOSELY: Final = ("unweighted", "cells", "raked")
"""For these also domains and the change between waves."""
REPLICATES: Final = 200


def estimated(name: str, plain: Design, cells: Design) -> Design:
    """The design of an estimator, from those without and with response cells."""
    made: Mapping[str, Callable[[], Design]] = {
        "unweighted": lambda: plain,
        "cells": lambda: cells,
        "poststratified": lambda: poststratify(plain, "region"),
        "raked": lambda: rake(plain, ["region", "size"]),
        "calibrated": lambda: calibrate(plain, {"region": "counts", "inhabitants": "sum"}),
        "bootstrap": lambda: bootstrap(cells, replicates=REPLICATES, seed=1),
        "jackknife": lambda: jackknife(cells),
    }
    return made[name]()


class Case(NamedTuple):
    """What is simulated: the way of being silent, the estimator, what is estimated, and the interval."""

    silence: Silence
    estimator: str
    target: str
    interval: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replication of a case. error : estimate less truth. held, bounded : whether the interval, and the bounds that
    assume nothing, hold the truth; None where there are none. Amounts are relative to the truth."""

    error: float
    held: bool
    width: float
    bounded: bool | None


Asked = tuple[str, str, Row, float]
"""What is estimated, the interval, the row and the truth."""


def replication(
    seed: np.random.SeedSequence, silences: Sequence[Silence], estimators: Sequence[str]
) -> dict[Case, Outcome]:
    """One population, silent in each of the ways, and what the estimators say; a case that was refused is left out."""
    rng = np.random.default_rng(seed)
    truth = population(rng)
    found: dict[Case, Outcome] = {}
    for silence in silences:
        before, after = (answering(truth, silence, rng) for _ in range(2))
        data = dataset(truth, truth.earlier, before, rng), dataset(truth, truth.later, after, rng)
        waves = [(design(one), design(one, strata="region")) for one in data]
        for name in estimators:
            try:
                asked = list(_asked(name, waves, truth))
            except DesignError:
                continue
            found |= {Case(silence, name, target, kind): _outcome(row, value) for target, kind, row, value in asked}
    return found


def _asked(name: str, waves: Sequence[tuple[Design, Design]], truth: Truth) -> Iterator[Asked]:
    made = estimated(name, *waves[1])
    yield from _shares(name, made, truth)
    yield from _amounts(made, truth)
    if name in CLOSELY:
        yield from _domains(made, truth)
        moved = change(estimated(name, *waves[0]), made, "p30", category="1")
        yield "change", "default", moved.rows[0], _mean(truth.later, "p30") - _mean(truth.earlier, "p30")


def _shares(name: str, made: Design, truth: Truth) -> Iterator[Asked]:
    names = [*SHARES] if name in REPLICATED else [*SHARES, "open"]
    for kind, chosen in _intervals(name):
        for row in proportion(made, names, category="1", interval=chosen).rows:
            yield row.coordinate("item"), kind, row, _mean(truth.later, row.coordinate("item"))


def _intervals(name: str) -> list[tuple[str, interval.Interval | None]]:
    return [("wald", interval.wald())] if name in REPLICATED else [("default", None), ("wald", interval.wald())]


def _amounts(made: Design, truth: Truth) -> Iterator[Asked]:
    children, network = (truth.later[name].sum() for name in ("children", "network"))
    yield "total", "default", total(made, "children").rows[0], float(children)
    yield "ratio", "default", ratio(made, "network", "children").rows[0], float(network / children)


def _domains(made: Design, truth: Truth) -> Iterator[Asked]:
    """A domain that the frame tells (small municipalities), and one that only answers tell."""
    small, trained = truth.size == 0, truth.later["trained"] == 1
    by_size = proportion(made, "p30", category="1", by="size")
    yield "small", "default", by_size.row(size=SIZES[0]), float(truth.later["p30"][small].mean())
    own = proportion(made.domain("trained == '1'"), "p30", category="1")
    yield "trained", "default", own.rows[0], float(truth.later["p30"][trained].mean())


def _mean(answers: Mapping[str, Floats], name: str) -> float:
    return float(answers[name].mean())


def _outcome(row: Row, truth: float) -> Outcome:
    """Shares as they are; amounts (of more than 1) relative to the truth."""
    scale = truth if truth > 1 else 1.0
    shown = row.low is not None and row.high is not None
    low, high = (row.low or 0.0, row.high or 0.0) if shown else (np.inf, np.inf)
    bounded = None
    if row.bounds_low is not None and row.bounds_high is not None:
        bounded = row.bounds_low - 1e-9 <= truth <= row.bounds_high + 1e-9
    return Outcome(
        error=(row.estimate - truth) / scale,
        held=bool(low - 1e-9 <= truth <= high + 1e-9),
        width=(high - low) / scale if shown else 0.0,
        bounded=bounded,
    )
