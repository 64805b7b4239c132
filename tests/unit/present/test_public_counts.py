"""Weights that were made to fit public counts are public: a weighted share is one more sum that a reader knows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from itertools import product

import pytest

from cell_attacker import EXACT, Attacker
from evaltools.dataset import Dataset, build_dataset
from evaltools.estimate import Estimate, design, poststratify, proportion, rake
from evaltools.present import number, plan, release
from evaltools.present.model import ConfidentialCell
from evaltools.store.model import Unit
from municipal_survey import QUESTIONNAIRE
from small_survey import response, snapshot

POPULATION = {"a": 30, "b": 25, "c": 25, "d": 18}
ANSWERED = {"a": 20, "b": 18, "c": 17, "d": 14}
SAY_TIME = {"a": 2, "b": 6, "c": 7, "d": 5}
"""Two of size a named time: too few to be shown."""


def planted() -> Dataset:
    units, answers = [], []
    for size, many in POPULATION.items():
        for place in range(many):
            unit = f"{size}{place}"
            units.append(Unit(unit, unit, {"size": size, "region": "east" if place % 2 else "west"}))
            if place < ANSWERED[size]:
                barrier = "time" if place < SAY_TIME[size] else "none" if place % 2 else "training"
                answers.append(response(unit, {"barrier": barrier, "placed": 40 + place, "network": 9}))
    return build_dataset(QUESTIONNAIRE, snapshot(*answers, questionnaire=QUESTIONNAIRE, units=tuple(units)))


def shown(weighted: Estimate) -> list[ConfidentialCell]:
    answered = design(planted())
    tables = [proportion(answered, "barrier", by="size"), proportion(answered, "barrier"), weighted]
    return [cell for table in tables for cell in release(table).cells]


def told(cells: list[ConfidentialCell], hidden: frozenset[str], weighted: float) -> dict[str, float]:
    """How wide the range of each size is to a reader who knows the counts: N of each size, and n."""
    reader = Attacker()
    reader.knows(dict.fromkeys(SAY_TIME, 1.0), sum(SAY_TIME.values()))
    weights: dict[Hashable, float] = {size: POPULATION[size] / ANSWERED[size] for size in POPULATION}
    reader.knows(weights, weighted * sum(POPULATION.values()))
    for cell in cells:
        if cell.key not in hidden and cell.codes == ("time",) and cell.group:
            reader.knows({cell.group[0][1]: 1.0}, cell.count)
    widths = {}
    for size in SAY_TIME:
        low, high = reader.range_of({size: 1.0})
        widths[size] = high - low
    return widths


def test_weights_post_stratified_to_public_counts_give_no_hidden_count_back() -> None:
    weighted = proportion(poststratify(design(planted()), "size"), "barrier")
    value = weighted.row(category="time").estimate
    cells = shown(weighted)
    blind = [replace(cell, tells=()) for cell in cells]
    assert told(cells, plan(blind).hidden, value)["a"] < EXACT, "a plan that knows no weights is broken"
    assert told(cells, plan(cells).hidden, value)["a"] >= 3


def test_raked_weights_are_known_by_every_combination_of_what_they_were_raked_to() -> None:
    row = proportion(rake(design(planted()), ["size", "region"]), "barrier").row(category="time")
    (found,) = row.tells
    assert {name for term in found.terms for name, _ in term.coordinates} >= {"size", "region"}
    assert len(found.terms) == 8
    assert abs(sum(term.weight * term.n for term in found.terms) - sum(POPULATION.values())) < 1e-6
    assert abs(found.value - row.estimate * row.base) < 1e-6


def test_the_weights_of_a_breakdown_are_those_of_the_question() -> None:
    for row in proportion(design(planted(), strata="region"), "barrier", by="size").rows:
        (found,) = row.tells
        assert abs(sum(term.weight * term.n for term in found.terms) - row.base) < 1e-9
        assert abs(found.value - row.estimate * row.base) < 1e-9


def fits(weighted: float, tolerance: float, others: int) -> set[int]:
    """Every count of size a that whole numbers allow: what a reader finds who tries them all, `others` named in all."""
    found = set()
    for a, b, c in product(*(range(ANSWERED[size] + 1) for size in "abc")):
        d = others - a - b - c
        if 0 <= d <= ANSWERED["d"]:
            named = dict(zip("abcd", (a, b, c, d), strict=True))
            share = sum(POPULATION[size] / ANSWERED[size] * named[size] for size in named) / sum(POPULATION.values())
            if abs(100 * share - weighted) <= tolerance:
                found.add(a)
    return found


def test_a_weighted_share_in_the_register_does_not_fix_the_counts_that_it_is_made_of() -> None:
    weighted = proportion(poststratify(design(planted()), "size"), "barrier")
    held = number(release(weighted), category="time")
    row = weighted.row(category="time")
    named = sum(SAY_TIME.values())
    assert held.decimals == 0
    assert held.value == round(100 * row.estimate)
    assert held.low is not None
    assert held.low == int(held.low)
    assert fits(100 * row.estimate, 1e-9, named) == {SAY_TIME["a"]}
    assert len(fits(float(held.value or 0), 0.5, named)) >= 5


def test_a_share_that_follows_from_shown_counts_is_held_in_full() -> None:
    held = number(release(proportion(design(planted()), "barrier")), category="time")
    assert held.decimals is None
    assert held.value == pytest.approx(100 * 20 / 69, rel=1e-12)
