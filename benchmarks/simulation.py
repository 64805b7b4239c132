"""Simulates how often intervals hold the truth when municipalities are silent: `python benchmarks/simulation.py`.

Options: `--replications 2000`, `--seed 98`, `--processes 2`, `--table FILE.csv`. Ctrl-C prints what is done so far.
98 made-up municipalities, 68 or 69 answer: by chance, by chance within regions, or depending on what they would answer.
Prints for each estimator, target and interval: bias, its simulation error, coverage of 95 per cent intervals and mean
width (percentage points for shares and their change; per cent of the truth for amounts), and how often the bounds that
assume nothing hold the truth. The result does not depend on the number of processes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]  # what follows can be imported only from here on, hence E402

from silent_population import ANSWERED, ANSWERS  # noqa: E402
from silent_simulation import SILENCES, Found, Replication, replications, summary  # noqa: E402

SILENT: Final = {
    "chance": f"silent by chance, {sum(ANSWERED['chance'])} answers",
    "cells": f"silent by chance within regions, {sum(ANSWERED['cells'])} answers",
    "answer": f"silent depending on the answer, {ANSWERS} answers",
}
COLUMNS: Final = ("silence", "estimator", "target", "interval", "replications", "bias", "coverage", "width", "bounds")
EVERY: Final = 10
"""Seconds between two lines of progress."""


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    made = replications(options.replications, seed=options.seed, processes=options.processes)
    found = summary(_watched(made, options.replications))
    print(f"{found.replications} replications, seed {options.seed}")
    for line in lines(found):
        print(line)
    if options.table:
        options.table.write_text("\n".join([",".join(COLUMNS), *_rows(found)]) + "\n", "utf-8")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Coverage and bias under silence")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=98)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--table", type=Path)
    return parser.parse_args(arguments)


def lines(found: Found) -> Iterator[str]:
    """The table, one block for each way of being silent."""
    head = f"{'estimator':<15} {'target':<8} {'interval':<8}    bias   +/- coverage  width bounds"
    for silence in SILENCES:
        yield f"\n{SILENT[silence]}\n{head} refused"
        for case, tally in found.cases.items():
            if case.silence == silence:
                bounds = f"{tally.bounded / tally.with_bounds:6.3f}" if tally.with_bounds else f"{'':>6}"
                yield (
                    f"{case.estimator:<15} {case.target:<8} {case.interval:<8} {100 * tally.bias:>7.2f} "
                    f"{100 * tally.noise:>5.2f} {tally.coverage:>8.3f} {100 * tally.width / tally.told:>6.1f} "
                    f"{bounds} {found.replications - tally.told:>7}"
                )


def _rows(found: Found) -> Iterator[str]:
    """The same numbers as shares, for the figure."""
    for case, tally in found.cases.items():
        bounds = f"{tally.bounded / tally.with_bounds:.4f}" if tally.with_bounds else ""
        told = f"{tally.told},{tally.bias:.5f},{tally.coverage:.4f},{tally.width / tally.told:.5f},{bounds}"
        yield f"{','.join(case)},{told}"


def _watched(made: Iterable[Replication], count: int) -> Iterator[Replication]:
    """The replications, with a line of progress now and then."""
    started = told = time.perf_counter()
    for done, one in enumerate(made, 1):
        yield one
        if time.perf_counter() - told > EVERY:
            told = time.perf_counter()
            left = (told - started) / done * (count - done)
            print(
                f"\r{done} of {count} replications, {left / 60:.0f} minutes left", end="", file=sys.stderr, flush=True
            )
    print(file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
