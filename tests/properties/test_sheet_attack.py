"""The comparison sheets under attack: everything that was ever published, every group, and colluding municipalities.

An attacker collects all versions of all pages and may form any combination of their figures, with any weights. What
cannot be told from the figures by linear algebra cannot be told by comparing versions, subtracting groups, or both.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from evaltools.sheets.batches import LEAST, Cell, next_batch
from evaltools.store import read_units

COLLUDING = 2
STILL_UNKNOWN = 3

Vector = tuple[int, ...]


def published(cells: Mapping[str, Cell], order: Sequence[str], chunk: int = 1) -> Iterator[frozenset[str]]:
    """Who is counted in each version of the pages, as answers come in by the order."""
    counted: frozenset[str] = frozenset()
    answered: list[str] = []
    for place in range(0, len(order), chunk):
        answered += order[place : place + chunk]
        batch = next_batch({unit: cells[unit] for unit in answered if unit not in counted})
        if batch:
            counted |= batch
            yield counted


def groups_of(cells: Mapping[str, Cell]) -> list[frozenset[str]]:
    """Everybody, and every group of both ways."""
    by_group: dict[tuple[int, str], set[str]] = defaultdict(set)
    for unit, cell in cells.items():
        for way, name in enumerate(cell):
            by_group[way, name].add(unit)
    return [frozenset(cells), *map(frozenset, by_group.values())]


def figures(cells: Mapping[str, Cell], versions: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Whose answers each figure of each version counts."""
    return [group & counted for counted in versions for group in groups_of(cells) if group & counted]


def rank(rows: Sequence[Sequence[int]]) -> int:
    """The exact rank of a small matrix."""
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        left = [
            row if not row[column] else [a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)]
            for row in left
        ]
    return found


def smallest_told(queries: Sequence[frozenset[str]], most: int) -> int:
    """The fewest units that some combination of the figures is about, if that is at most `most`; else `most + 1`.

    Units that are in the same figures always go together. A combination that is about a set T only exists exactly when
    the figures have a smaller rank without T's columns.
    """
    alike: Counter[Vector] = Counter()
    for unit in frozenset().union(*queries):
        alike[tuple(int(unit in query) for query in queries)] += 1
    small = {atom: size for atom, size in alike.items() if size <= most}
    columns = list(alike)
    whole = rank(list(zip(*columns, strict=True))) if columns else 0
    best = most + 1
    for count in range(1, most + 1):
        for chosen in itertools.combinations(small, count):
            size = sum(small[atom] for atom in chosen)
            rest = [column for column in columns if column not in chosen]
            if size < best and (rank(list(zip(*rest, strict=True))) if rest else 0) < whole:
                best = size
    return best


def municipalities() -> dict[str, Cell]:
    """The 98 municipalities by region and size."""
    units = read_units(Path(__file__).parents[2] / "data_dictionary" / "codelists" / "municipalities.csv")
    return {unit.code: (unit.frame["region"], unit.frame["size"]) for unit in units}


def invented(dice: random.Random, units: int, first: int, second: int) -> dict[str, Cell]:
    return {f"u{i}": (f"r{dice.randrange(first)}", f"s{dice.randrange(second)}") for i in range(units)}


def shuffled(cells: Mapping[str, Cell], dice: random.Random) -> list[str]:
    order = sorted(cells)
    dice.shuffle(order)
    return order[: dice.randrange(len(order) // 2, len(order) + 1)]


def in_parts(versions: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The units that each version added."""
    return [now - before for before, now in zip([frozenset(), *versions], versions, strict=False)]


def attack_each_addition(cells: Mapping[str, Cell], versions: Sequence[frozenset[str]]) -> int:
    """The fewest units told by the figures of any one addition.

    All groups are renewed at once, so the figures of all versions span the same as those of all additions, and these
    are about different units: a combination over all time is about at least as many as in one of them.
    """
    told = [
        smallest_told(figures({unit: cells[unit] for unit in part}, [part]), LEAST - 1) for part in in_parts(versions)
    ]
    return min(told, default=LEAST)


def test_the_attack_finds_a_leak_where_pages_are_renewed_with_every_answer() -> None:
    cells = {f"u{i}": ("r0", "s0") for i in range(8)}
    versions = [frozenset(list(cells)[:n]) for n in range(5, 9)]
    assert smallest_told(figures(cells, versions), LEAST - 1) == 1


def test_the_attack_finds_a_leak_of_overlapping_groups_that_are_each_large_enough() -> None:
    cells = {
        **{f"a{i}": ("r0", "s0") for i in range(7)},
        "x": ("r1", "s0"),
        **{f"b{i}": ("r1", "s1") for i in range(7)},
    }
    everybody = frozenset(cells)
    assert smallest_told(figures(cells, [everybody]), LEAST - 1) == 1
    assert "x" not in next_batch(cells)
    assert next_batch(cells) == everybody - {"x"}


def test_groups_are_shown_from_five_answers_and_grow_by_five() -> None:
    cells = {f"u{i}": ("r0", "s0") for i in range(17)}
    assert [len(version) for version in published(cells, sorted(cells))] == [5, 10, 15]


def sequences(
    seeds: range, cells_of: Sequence[int] = (98, 40, 25)
) -> Iterator[tuple[str, dict[str, Cell], list[frozenset[str]]]]:
    real = municipalities()
    for seed in seeds:
        dice = random.Random(seed)
        yield f"98 municipalities, {seed}", real, list(published(real, shuffled(real, dice), dice.choice((1, 3, 10))))
        units = dice.choice(cells_of)
        cells = invented(dice, units, dice.randrange(1, 7), dice.randrange(1, 6))
        yield (
            f"{units} invented units, {seed}",
            cells,
            list(published(cells, shuffled(cells, dice), dice.choice((1, 4)))),
        )


def check(seeds: range) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, cells, versions in sequences(seeds):
        assert attack_each_addition(cells, versions) >= COLLUDING + STILL_UNKNOWN, name
        for part in in_parts(versions):
            assert min(len(group & part) for group in groups_of(cells) if group & part) >= LEAST, name
        counts.update(sequences=1, versions=len(versions), counted=len(versions[-1]) if versions else 0)
    return counts


def test_no_combination_of_figures_is_about_fewer_than_five_units() -> None:
    assert check(range(12))["versions"] > 20


def test_whole_sequences_at_once_tell_no_more_than_each_addition() -> None:
    for seed in range(30):
        dice = random.Random(seed)
        cells = invented(dice, 30, 2, 2)
        versions = list(published(cells, shuffled(cells, dice)))
        if versions:
            assert smallest_told(figures(cells, versions), LEAST - 1) == LEAST


def solutions(
    queries: Sequence[frozenset[str]], answers: Mapping[str, int], known: frozenset[str]
) -> list[dict[str, int]]:
    """Every way the others may have answered yes or no that gives the same figures, given what the attackers know."""
    units = sorted(frozenset().union(*queries))
    shown = [sum(answers[unit] for unit in query) for query in queries]
    open_units = [unit for unit in units if unit not in known]
    fitting = []
    for choice in itertools.product((0, 1), repeat=len(open_units)):
        tried = {**{unit: answers[unit] for unit in known}, **dict(zip(open_units, choice, strict=True))}
        if all(sum(tried[unit] for unit in query) == total for query, total in zip(queries, shown, strict=True)):
            fitting.append(tried)
    return fitting


def small_cases(seeds: range) -> Iterator[tuple[dict[str, Cell], list[frozenset[str]], dict[str, int], frozenset[str]]]:
    for seed in seeds:
        dice = random.Random(seed)
        cells = invented(dice, 16, 2, 2)
        versions = list(published(cells, sorted(cells, key=lambda _: dice.random())))
        if versions:
            answers = {unit: dice.randrange(2) for unit in cells}
            counted = sorted(versions[-1])
            yield cells, versions, answers, frozenset(dice.sample(counted, COLLUDING))


def check_by_trying_everything(seeds: range) -> Counter[str]:
    """No answer follows from the figures, unless all whose answers it could be mixed up with answered alike."""
    counts: Counter[str] = Counter()
    for cells, versions, answers, known in small_cases(seeds):
        queries = figures(cells, versions)
        fitting = solutions(queries, answers, known)
        counts.update(cases=1, fitting=len(fitting))
        for part in in_parts(versions):
            for unit in sorted(part - known):
                cell = frozenset(each for each in part if cells[each] == cells[unit])
                if len({one[unit] for one in fitting}) == 1:
                    counts.update(told=1)
                    assert len({answers[each] for each in cell - known}) == 1
                else:
                    counts.update(open=1)
    return counts


def test_an_answer_follows_only_where_all_it_could_be_mixed_up_with_are_alike() -> None:
    assert check_by_trying_everything(range(25))["open"] > 20


@pytest.mark.proof
def test_proof_that_no_sequence_of_pages_tells_of_fewer_than_five() -> None:
    counts = check(range(1000, 1100))
    tried = check_by_trying_everything(range(1000, 1200))
    print(  # noqa: T201
        f"{counts['sequences']} sequences of pages with {counts['versions']} versions: no combination of figures, over all "
        f"versions and groups, is about fewer than {LEAST} units; {counts['counted'] / counts['sequences']:.1f} units "
        f"counted on average; {tried['cases']} small cases tried with every possible answer, two municipalities "
        f"colluding: {tried['open']} answers stay open, {tried['told']} follow because all of their cell answered alike"
    )
