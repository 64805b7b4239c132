"""Silence on one question: in a census, whoever left it open is silent on it, by chance within the response cell.

A question then has weights and a finite population correction of its own. Two questions, or two waves, that were
answered by different parts of one population vary together as far as the parts overlap: Kish (1965), section 12.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.linearised.adjusting import remade

LEAST_IN_CELL = 2
"""Answers to a question that a response cell needs for a variance of its own; smaller cells are merged."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Linearised values (units x k, 0 where not heard) and who was heard (units x k, 0/1), by response cell.

    cells : code of each unit. asked : units of the population in each cell; infinite for a superpopulation.
    """

    influence: Floats
    known: Floats
    cells: Codes
    asked: Floats


def item_weights(design: Design, known: Mask) -> Floats:
    """Population units that each row stands for on a question that these rows settle; 0 for the others.

    In a design without silence on single questions, these are the weights of the design.
    """
    return weight_steps(design, known)[-1]


def weight_steps(design: Design, known: Mask) -> tuple[Floats, ...]:
    """Weights on a question that these rows settle: before any adjustment, and after each.

    Silence on a question is treated like silence altogether: first the response cells of the question, then the same
    adjustments to the same totals as for all who answered. Raises `DesignError` EMPTY_CATEGORY or TOTALS_NOT_MET where
    those who answered the question cannot meet them.
    """
    if not design.by_item or known.all():
        return (*(step.before for step in design.adjustments), design.weights)
    key = ("weights", known.tobytes())
    if key not in design.memo:
        design.memo[key] = tuple(_steps_of_item(design, known))
    found = design.memo[key]
    assert isinstance(found, tuple)
    return found


def _steps_of_item(design: Design, known: Mask) -> Iterator[Floats]:
    cells, asked = merged_cells(design, few_in(design, known), design.cells)
    answered = np.bincount(cells, known, len(asked))
    weights = np.where(known, (asked / np.maximum(answered, 1))[cells], 0.0)
    yield weights
    for step in design.adjustments:
        weights = remade(step, weights)
        yield weights


def few_in(design: Design, known: Mask) -> frozenset[int]:
    """The cells to be merged for a question: those with too few answers, and the next smallest until they suffice."""
    answered, asked = np.bincount(design.cells, known, len(design.cell_names)), asked_by_cell(design)
    small = (answered < LEAST_IN_CELL) & (answered < asked)
    if not small.any():
        return frozenset()
    order = sorted(range(len(answered)), key=lambda code: (not small[code], answered[code]))
    take = int(small.sum())
    while take < len(order) and answered[order[:take]].sum() < LEAST_IN_CELL:
        take += 1
    return frozenset(order[:take])


def asked_by_cell(design: Design) -> Floats:
    """Units of the population in each response cell."""
    population = design.stages[0].population
    assert population is not None
    asked = np.zeros(len(design.cell_names))
    asked[design.cells] = population
    return asked


def covariance_by_item(design: Design, influence: Floats, known: Floats) -> Floats:
    """Design covariance of values that different rows settle (rows x k each)."""
    sets, which = distinct_columns(known)
    by_set = [few_in(design, column > 0) for column in sets.T]
    merged = [by_set[place] for place in which.tolist()]
    result = np.zeros((len(merged),) * 2)
    for one in set(merged):
        for other in set(merged):
            here, there = (np.array([each == chosen for each in merged]) for chosen in (one, other))
            cells, asked = merged_cells(design, one | other, design.cells)
            asked = asked if design.target == "finite" else np.full(len(asked), np.inf)
            first = Heard(influence[:, here], known[:, here], cells, asked)
            second = first if one == other else Heard(influence[:, there], known[:, there], cells, asked)
            result[np.ix_(here, there)] = covariance_between(first, second)
    return result


def covariance_between(one: Heard, other: Heard) -> Floats:
    """Covariance of the values of two sets of columns over the same units and cells (k x l).

    In a cell with N units, m and l of them heard and b heard by both: S (b - m l / N), with S the covariance of the
    linearised values among the b. For one column with itself that is the variance of a sample of m from N.
    """
    sets, which = distinct_columns(one.known)
    other_sets, other_which = (sets, which) if one is other else distinct_columns(other.known)
    result = np.zeros((len(which), len(other_which)))
    for cell, size in enumerate(one.asked):
        rows = one.cells == cell
        if not rows.any():
            continue
        first, second = sets[rows], other_sets[rows]
        both, heard, also = first.T @ second, first.sum(axis=0), second.sum(axis=0)
        here = _centred(one.influence[rows], first[:, which], heard[which])
        there = here if one is other else _centred(other.influence[rows], second[:, other_which], also[other_which])
        factor = (both - np.outer(heard, also) / size) / np.maximum(both - 1, 1)
        products = here.T @ there
        if len(heard) > 1 or one is not other:
            lost = (here.T @ second)[:, other_which] * (first.T @ there)[which]
            products -= lost / np.maximum(both, 1)[np.ix_(which, other_which)]
        result += products * factor[np.ix_(which, other_which)]
    return result


def distinct_columns(known: Floats) -> tuple[Floats, Codes]:
    """The different columns in the order they come (rows x d), and which of them each column is (k).

    >>> distinct_columns(np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]))[1].tolist()
    [0, 1, 0]
    """
    places: dict[bytes, int] = {}
    which = np.array([places.setdefault(column.tobytes(), len(places)) for column in known.T], dtype=np.intp)
    firsts = np.unique(which, return_index=True)[1]
    return known[:, firsts], which


def _centred(influence: Floats, known: Floats, heard: Floats) -> Floats:
    """Values less the mean of those heard, in one cell; 0 for the others."""
    return np.asarray((influence - influence.sum(axis=0) / np.maximum(heard, 1)) * known)


def merged_cells(design: Design, merged: frozenset[int], cells: Codes) -> tuple[Codes, Floats]:
    """The cells with the merged ones under the code of the first, and the units asked in each."""
    target = np.arange(len(design.cell_names))
    if merged:
        target[sorted(merged)] = min(merged)
    units = np.bincount(target, asked_by_cell(design), len(target))
    return target[cells].astype(np.int64), units.astype(np.float64)
