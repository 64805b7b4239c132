"""How often the permutation test finds an association where there is none, in finite populations of 98 units.

For two by two cells every sample is listed with its chance, so that nothing is simulated; with strata it is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import permutation_test, survey_design
from evaltools.estimate.combinatorics import log_choose

N = 98
INDEPENDENT = ((21, 21, 28, 28), (7, 7, 42, 42), (2, 12, 12, 72))
"""Populations of 98 in which two traits are exactly independent: both, the first, the second, neither."""
STRATA = ((7, 7, 7, 7), (5, 5, 5, 5), (6, 6, 6, 6), (4, 4, 4, 4), (2, 3, 2, 3))
"""A population in five regions, with independent traits in each."""
LEVELS = (0.01, 0.05, 0.10)
CELLS = (("x", 1), ("x", 0), ("y", 1), ("y", 0))


def rows(cells: tuple[int, ...]) -> list[tuple[str, int]]:
    """One row for each unit of a table."""
    return [cell for cell, count in zip(CELLS, cells, strict=True) for _ in range(count)]


def samples(population: tuple[int, ...], n: int) -> Iterator[tuple[tuple[int, ...], float]]:
    """The tables of n units, with their chances; those below one in a million are left out."""
    first, second, third, fourth = population
    for a in range(min(first, n) + 1):
        for b in range(min(second, n - a) + 1):
            for c in range(max(0, n - a - b - fourth), min(third, n - a - b) + 1):
                found = (a, b, c, n - a - b - c)
                chance = math.exp(float(log_choose(population, found).sum() - log_choose(N, n)))
                if chance > 1e-6:
                    yield found, chance


def p_value(cells: tuple[int, ...]) -> float:
    """The p-value through the public face; 1 where the table cannot be tested."""
    frame = pd.DataFrame(rows(cells), columns=["group", "uses"])
    try:
        return permutation_test(survey_design(frame, population=N), "group", "uses").p_value
    except DesignError:
        return 1.0


def size(population: tuple[int, ...], n: int) -> tuple[float, ...]:
    """The chance of a p-value at or below each level; what was left out counts as if it were."""
    listed = [(p_value(found), chance) for found, chance in samples(population, n)]
    rest = 1 - sum(chance for _, chance in listed)
    return tuple(rest + sum(chance for p, chance in listed if p <= level) for level in LEVELS)


def simulated(answered: tuple[int, ...], trials: int, rng: np.random.Generator) -> tuple[float, ...]:
    """The same in five regions by trials, with so many answers from each."""
    regions = [np.array(rows(cells), dtype=object) for cells in STRATA]
    sizes = {f"R{place}": len(region) for place, region in enumerate(regions)}
    values = []
    for _ in range(trials):
        frames = [
            pd.DataFrame(region[rng.choice(len(region), n, replace=False)], columns=["group", "uses"]).assign(
                region=f"R{place}"
            )
            for place, (region, n) in enumerate(zip(regions, answered, strict=True))
        ]
        design = survey_design(pd.concat(frames), strata="region", population=sizes)
        values.append(permutation_test(design, "group", "uses", permutations=499).p_value)
    return tuple(float(np.mean(np.array(values) <= level)) for level in LEVELS)


@pytest.mark.parametrize("population", [(7, 7, 42, 42), (2, 12, 12, 72)])
def test_the_size_is_at_most_the_level_where_ten_are_silent(population: tuple[int, ...]) -> None:
    assert holds(size(population, 88))


def holds(found: tuple[float, ...]) -> bool:
    """Whether the size is at most the level; at 1 per cent, where a few samples decide, at most 1.5."""
    return all(share <= most for share, most in zip(found, (0.015, *LEVELS[1:]), strict=True))


def test_the_size_in_regions_is_at_most_the_level() -> None:
    found = simulated((20, 14, 17, 11, 7), 60, np.random.default_rng(4))
    noise = [3 * math.sqrt(level * (1 - level) / 60) for level in LEVELS]
    assert all(share <= level + more for share, level, more in zip(found, LEVELS, noise, strict=True))


def test_where_few_are_silent_the_size_is_above_the_level_and_a_note_says_so() -> None:
    # three unseen units: one of the two with both traits is among them in 6 of 100 samples, and no more is needed
    assert 0.05 < size((2, 12, 12, 72), 95)[0] < 0.07
    frame = pd.DataFrame(rows((2, 12, 11, 70)), columns=["group", "uses"])
    notes = permutation_test(survey_design(frame, population=N), "group", "uses").notes
    assert any("fewer than 10" in note for note in notes)
    assert not any("fewer than 10" in note for note in permutation_test(survey_design(frame), "group", "uses").notes)


@pytest.mark.proof
def test_the_size_from_30_to_97_answers() -> None:
    print(f"{'population':<18} {'n':>3} size at levels {LEVELS}")  # noqa: T201  the figures of the proof
    for population in INDEPENDENT:
        for n in (30, 69, 88, 95):
            found = size(population, n)
            print(f"{population!s:<18} {n:>3} {' '.join(f'{share:.4f}' for share in found)}")  # noqa: T201  the figures of the proof
            assert n > 88 or holds(found)
    for answered in ((9, 7, 7, 4, 3), (20, 14, 17, 11, 7)):
        share = simulated(answered, 400, np.random.default_rng(sum(answered)))
        print(f"{'five regions':<18} {sum(answered):>3} {' '.join(f'{each:.3f}' for each in share)}")  # noqa: T201  the figures of the proof
        assert all(found <= level + 0.05 for found, level in zip(share, LEVELS, strict=True))
