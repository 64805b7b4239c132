"""Bias and coverage of estimators of a staged rollout: `python benchmarks/rollout_simulation.py`.

Options: `--replications 2000`, `--seed 98`, `--jobs 1`, `--keep FILE.json`. 98 made-up municipalities, adoption in four
yearly waves 2015-2018 and nobody who never adopts, yearly shares 2011-2018 of new placements, effect reached over two
years. Ctrl-C prints what is done so far; with `--keep` the replications that were made are kept, and the next run goes
on from there with the same result.

Inputs are assumptions: placements lognormal (median 75, sigma .75), 45 per cent of them new in a year, share 8 per cent
(standard deviation 3 points between municipalities), a common trend, municipality and year noise of 1.5 points.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import joblib
import numpy as np
from numpy.random import Generator, SeedSequence

from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout.planning.arithmetic import Timing, group_time, imputation
from evaltools.estimate.rollout.unlike import reach

UNITS: Final = 98
PERIODS: Final = 8
STARTS: Final = np.repeat([4, 5, 6, 7], [24, 25, 24, 25])
EFFECTS: Final = (0.0, 0.02, 0.04)
ESTIMATORS: Final = ("CS not-yet-treated", "CS, size-weighted", "BJS", "BJS, size-weighted", "TWFE")
CHUNK: Final = 25
Replication = list[list[list[float]]]
"""By effect and estimator: estimate, half of its 95 per cent interval, true average of all years with the method, and
of those that can be told."""


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    made = _kept(options.keep, options.seed)
    try:
        for part in _parts(options, len(made)):
            made += part
            print(f"\r{len(made)} of {options.replications}", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nstopped; what is done so far:", file=sys.stderr)
    print(file=sys.stderr)
    if options.keep:
        options.keep.write_text(json.dumps({"seed": options.seed, "halves": made}), "utf-8")
    if made:
        print(f"{len(made)} replications, seed {options.seed}")
        for line in lines(np.array(made)):
            print(line)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Bias and coverage of estimators of a staged rollout")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=98)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args(arguments)


def _kept(file: Path | None, seed: int) -> list[Replication]:
    """The replications of an earlier run with the same seed."""
    if file is None or not file.exists():
        return []
    kept = json.loads(file.read_text("utf-8"))
    made: list[Replication] = kept.get("halves", []) if kept["seed"] == seed else []
    return made[: len(made) // CHUNK * CHUNK]


def _parts(options: argparse.Namespace, done: int) -> Iterator[list[Replication]]:
    """The replications that are still to be made, in chunks that do not depend on where the last run stopped."""
    seeds = SeedSequence(options.seed).spawn(options.replications)
    chunks = [seeds[start : start + CHUNK] for start in range(done, len(seeds), CHUNK)]
    work = joblib.Parallel(n_jobs=options.jobs, return_as="generator")(
        joblib.delayed(replications)(chunk) for chunk in chunks
    )
    yield from work


def replications(seeds: Sequence[SeedSequence]) -> list[Replication]:
    """All effects and estimators on the panel of each seed."""
    panels = [panel(np.random.default_rng(seed)) for seed in seeds]
    shares, sizes, effects, told = (np.array(part) for part in zip(*panels, strict=True))
    timing = Timing(STARTS, PERIODS)
    alike = np.ones_like(sizes)
    fits: tuple[Callable[[Floats], tuple[Floats, Floats, Floats]], ...] = (
        partial(group_time, weights=alike, timing=timing),
        partial(group_time, weights=sizes, timing=timing),
        partial(imputation, weights=alike, timing=timing),
        partial(imputation, weights=sizes, timing=timing),
        two_way,
    )
    found = np.empty((len(seeds), len(EFFECTS), len(fits), 4))
    for place in range(len(EFFECTS)):
        for which, fit in enumerate(fits):
            found[:, place, which, 0], error, df = fit(shares[:, place])
            found[:, place, which, 1] = reach(0.95, df) * error
            by_size = int("size" in ESTIMATORS[which])
            found[:, place, which, 2], found[:, place, which, 3] = effects[:, place, by_size], told[:, place, by_size]
    result: list[Replication] = found.tolist()
    return result


def panel(chance: Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Shares (effects x units x years), sizes, and the true averages (effects x unweighted and weighted)."""
    placed = np.maximum(np.rint(chance.lognormal(np.log(75), 0.75, UNITS)), 5)
    new = np.maximum(np.rint(0.45 * placed), 2).astype(int)
    order = chance.permutation(UNITS)
    starts = STARTS
    level = np.clip(chance.normal(0.08, 0.03, UNITS), 0.005, None)[order]
    common = 0.003 * np.arange(PERIODS)
    before = np.clip(level[:, None] + common + chance.normal(0, 0.015, (UNITS, PERIODS)), 0.0, 1.0)
    since = np.arange(PERIODS) - starts[:, None] + 1
    reached = np.clip(since / 2, 0.0, 1.0)
    after = np.clip(before + np.array(EFFECTS)[:, None, None] * reached, 0.0, 1.0)
    shares = chance.binomial(new[:, None], after) / new[:, None]
    sizes = new / new.mean()
    treated, identified = since > 0, Timing(starts, PERIODS).told
    truths = [
        np.stack([_mean(after - before, where * weight[:, None]) for weight in (np.ones(UNITS), sizes)], axis=1)
        for where in (treated, identified)
    ]
    return shares, sizes, truths[0], truths[1]


def _mean(effect: Floats, weights: Floats) -> Floats:
    return np.asarray((effect * weights).sum(axis=(1, 2)) / weights.sum())


def two_way(values: Floats) -> tuple[Floats, Floats, Floats]:
    """The regression with fixed effects of unit and year, standard errors by unit (G/(G-1) (N-1)/(N-K))."""
    treated = (np.arange(PERIODS) >= STARTS[:, None]).astype(float)
    left = treated - treated.mean(axis=1, keepdims=True) - treated.mean(axis=0) + treated.mean()
    moved = (
        values
        - values.mean(axis=2, keepdims=True)
        - values.mean(axis=1, keepdims=True)
        + values.mean(axis=(1, 2))[:, None, None]
    )
    whole = (left**2).sum()
    effect = (left * moved).sum(axis=(1, 2)) / whole
    scores = ((moved - effect[:, None, None] * left) * left).sum(axis=2)
    rows = UNITS * PERIODS
    small = UNITS / (UNITS - 1) * (rows - 1) / (rows - PERIODS - 1)
    return effect, np.sqrt(small * (scores**2).sum(axis=1)) / whole, np.full(len(effect), np.inf)


def lines(made: Floats) -> Iterator[str]:
    """The table: for each effect and estimator the truth, the mean, their difference, and how often intervals hold."""
    names = ("truth", "mean", "bias", "+/-", "sd", "cover", "told", "cover", "reject")
    head = f"{'estimator':<20} " + " ".join(f"{name:>6}" for name in names)
    for place, effect in enumerate(EFFECTS):
        yield f"\neffect {100 * effect:g} points when it is whole (percentage points)\n{head}"
        for which, name in enumerate(ESTIMATORS):
            estimate, half, truth, told = made[:, place, which].T
            held = [np.mean(np.abs(estimate - each) <= half) for each in (truth, told)]
            rejected = np.mean(np.abs(estimate) > half)
            away = estimate - truth
            yield (
                f"{name:<20} {100 * truth.mean():>6.2f} {100 * estimate.mean():>6.2f} {100 * away.mean():>6.2f} "
                f"{100 * away.std() / np.sqrt(len(away)):>6.2f} {100 * estimate.std():>6.2f} {held[0]:>6.3f} "
                f"{100 * told.mean():>6.2f} {held[1]:>6.3f} {rejected:>6.3f}"
            )
    yield "\ntruth: all years with the method. told: those in which some municipality is without it"


if __name__ == "__main__":
    main(sys.argv[1:])
