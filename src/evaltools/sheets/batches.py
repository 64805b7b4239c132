"""Which answers are taken into the groups' figures together, so that no sequence of pages tells the answers of few.

The argument, and what it does not cover, stands in `docs/showing-numbers.md`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

LEAST: Final = 5
"""The fewest units that any sum or difference of published figures is about: two may know their own, three stay."""

Cell = tuple[str, str]
"""A unit's group in each of two ways of grouping, such as its region and its size; "" where there is none."""
Node = frozenset[tuple[int, str]]
"""One group, of the first way (0) or the second (1), or several that are taken as one."""
Weights = dict[Node, dict[Node, int]]
"""Node -> neighbouring node -> units between them."""


def next_batch(waiting: Mapping[str, Cell]) -> frozenset[str]:
    """The most units, of those that have answered and wait, that can be taken in together; perhaps none.

    waiting : unit -> its cell. Groups are nodes, cells are edges that weigh their units. What can be computed from the
    sums of all groups is, on each connected part, the sum over a cut; so units stay whose part has no cut lighter
    than `LEAST`. In particular every group that gets an answer gets at least `LEAST`. Only who has answered plays a
    part, never what was answered.

    >>> north = {f"n{i}": ("north", "small") for i in range(5)}
    >>> sorted(next_batch({**north, "s1": ("south", "small")}))
    ['n0', 'n1', 'n2', 'n3', 'n4']
    """
    kept = _without_light_cuts(Counter(waiting.values()))
    return frozenset(unit for unit, cell in waiting.items() if cell in kept)


def _without_light_cuts(sizes: Mapping[Cell, int]) -> frozenset[Cell]:
    """The cells that stay when those of light cuts have been taken away, again and again, until there is none."""
    kept: set[Cell] = set()
    parts = _parts(sizes)
    while parts:
        part = parts.pop()
        side = _light_side(part, sizes)
        if side is None:
            kept |= part
        else:
            parts += _parts(cell for cell in part if len({node <= side for node in _nodes(cell)}) == 1)
    return frozenset(kept)


def _nodes(cell: Cell) -> tuple[Node, Node]:
    first, second = cell
    return frozenset({(0, first)}), frozenset({(1, second)})


def _parts(cells: Iterable[Cell]) -> list[frozenset[Cell]]:
    """The connected parts: cells that hang together by their groups."""
    parts: list[tuple[set[Node], set[Cell]]] = []
    for cell in cells:
        nodes, joined = set(_nodes(cell)), {cell}
        touching = [part for part in parts if part[0] & nodes]
        for part in touching:
            nodes |= part[0]
            joined |= part[1]
        parts = [part for part in parts if part not in touching] + [(nodes, joined)]
    return [frozenset(joined) for _, joined in parts]


def _light_side(part: frozenset[Cell], sizes: Mapping[Cell, int]) -> Node | None:
    """One side of a cut of a connected part that is lighter than `LEAST`; None where there is none.

    Stoer and Wagner (1997): in a maximum adjacency order the last node is a smallest cut between it and the last but
    one; joining these two and going on finds a smallest cut of all.
    """
    between: Weights = defaultdict(lambda: defaultdict(int))
    for cell in part:
        first, second = _nodes(cell)
        between[first][second] += sizes[cell]
        between[second][first] += sizes[cell]
    while len(between) > 1:
        before, last = _last_two(between)
        if sum(between[last].values()) < LEAST:
            return last
        _join(between, before, last)
    return None


def _last_two(between: Weights) -> tuple[Node, Node]:
    """The last two nodes of a maximum adjacency order."""
    waiting = dict.fromkeys(sorted(between, key=sorted), 0)
    order: list[Node] = []
    while waiting:
        nearest = max(waiting, key=lambda node: waiting[node])
        order.append(nearest)
        del waiting[nearest]
        for node in waiting:
            waiting[node] += between[nearest].get(node, 0)
    return order[-2], order[-1]


def _join(between: Weights, one: Node, other: Node) -> None:
    """Take two nodes as one, with the neighbours of both."""
    joined: dict[Node, int] = defaultdict(int)
    for node in (one, other):
        for neighbour, weight in between.pop(node).items():
            if neighbour not in (one, other):
                joined[neighbour] += weight
    between[one | other] = joined
    for neighbour, weight in joined.items():
        for node in (one, other):
            between[neighbour].pop(node, None)
        between[neighbour][one | other] = weight
