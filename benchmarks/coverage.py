"""Prints the exact coverage of the intervals for shares, N = 98: `python benchmarks/coverage.py [--all]`.

Without `--all` for 30, 45, 60, 69, 80 and 90 answers; with it for every number of answers from 30 to 97.
"""

from __future__ import annotations

import sys

import numpy as np

from evaltools.estimate.survey import interval
from evaltools.estimate.survey.intervals.coverage import coverage, coverage_in_cells

POPULATION = 98
SIZES = (30, 45, 60, 69, 80, 90)
REGIONS = (29, 17, 22, 19, 11)
ANSWERED = ((9, 5, 7, 6, 3), (20, 12, 15, 13, 8), (24, 12, 17, 16, 6))
SEED = 98


def main(arguments: list[str]) -> None:
    """One line per interval and number of answers: mean and least coverage over the true counts 0..98, mean width."""
    sizes = range(30, POPULATION) if "--all" in arguments else SIZES
    print(f"{'interval':<16} {'n':>3} {'mean':>6} {'least':>6} {'width, pp':>9}")
    for name in interval.__all__:
        found = [coverage(getattr(interval, name)(), n, POPULATION) for n in sizes]
        for each in found:
            mean, width = each.probability.mean(), 100 * each.width.mean()
            print(f"{name:<16} {each.n:>3} {mean:>6.3f} {each.least:>6.3f} {width:>9.1f}")
        print(f"{name:<16} all {'':>6} {min(each.least for each in found):>6.3f}")
    _in_regions()


def _in_regions() -> None:
    """The predictive interval in five regions, every true count 0..98, 2,000 random populations each."""
    rng = np.random.default_rng(SEED)
    for answered in ANSWERED:
        found = [coverage_in_cells(answered, REGIONS, truth, rng) for truth in range(POPULATION + 1)]
        held, width = np.array(found).T
        mean, least = held.mean(), held.min()
        print(f"{'in 5 regions':<16} {sum(answered):>3} {mean:>6.3f} {least:>6.3f} {100 * width.mean():>9.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
