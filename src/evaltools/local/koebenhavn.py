"""København: respite care in the child's own network, with other municipalities beside."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Final

from evaltools.document.model import Block, Paragraph
from evaltools.estimate.curve import Curve
from evaltools.estimate.durations import Spells, waiting_list
from evaltools.estimate.durations.queue import Period
from evaltools.estimate.indicators import binomial_test, rate, shares, status
from evaltools.language import number as in_digits
from evaltools.language import percent
from evaltools.local.blocks import (
    NOTHING,
    heading,
    indicators_block,
    note,
    own_table,
    part_of,
    said_share,
    steps_drawn,
    words,
)
from evaltools.local.curves import may_tell_stock
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import WAITS, waits
from evaltools.present import Released
from evaltools.present.tables import Entry

_COUNTED: Final = (
    "r2_network_families", "r2_network_children", "r2_network_asked", "r2_ruled_out", "r2_genogram", "r2_waiting",
)  # fmt: skip
_SAID: Final = ("r2_network_children", "r2_ruled_out", "r2_genogram")
_NEW: Final = "r2_network_families"
_MOST_BESIDE: Final = 4
_SIGNIFICANT: Final = 0.05
_PERIODS: Final[tuple[Period, ...]] = ("quarter", "year")
_QUARTERS: Final = 8
"""Periods of the waiting list that are shown, the last ones."""


def _says(local: Local) -> list[str]:
    return [said_share(local, _NEW), *_target(local), *(said_share(local, name) for name in _SAID)]


def _target(local: Local) -> Iterator[str]:
    """Where new families stand against the target, and what so few could have shown."""
    found, released = local.tally(_NEW), local.share(_NEW)
    goal = found.indicator.target_share
    if released is None or goal is None or released.hidden:
        return
    now = shares(rate(found.indicator, found.count, found.base), language=local.language)
    made = status(now, goal)
    yield made.notes[0]
    power = power_against(found.base, found.count / found.base, goal)
    shown = {"n": in_digits(found.base, 0, local.language), "target": percent(goal, 0, local.language)}
    shown |= {"now": percent(found.count / found.base, 0, local.language), "power": percent(power, 0, local.language)}
    yield local.say("koebenhavn.power", **shown)


def power_against(n: int, share: float, target: float) -> float:
    """How often the exact test would reject the target if the true share were `share`, with `n` cases.

    Source: enumeration of the binomial distribution; the test as R's `binom.test`.

    >>> round(power_against(98, 22 / 98, 0.33), 2)
    0.56
    """
    chances = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return sum(chance for k, chance in enumerate(chances) if binomial_test(k, n, target) < _SIGNIFICANT)


def _shows(local: Local) -> list[Block]:
    return [
        indicators_block(local, _COUNTED, local.say("koebenhavn.indicators")),
        Paragraph(words(local.say("koebenhavn.units"))),
        heading(local.say("koebenhavn.more")),
        *_beside(local),
        *_waiting(local),
    ]


def _beside(local: Local) -> Iterator[Block]:
    """The same indicators of every municipality in the file: the same unit and base in each line, never ranked."""
    places = _places(local)
    if len(places) < 2:
        return
    rows: list[list[Entry]] = []
    for name in _COUNTED:
        facts = [local.tally(name, place).fact for place in places]
        told = [part_of(local, fact) if fact is not None else NOTHING for fact in facts]
        rows.append([local.indicators[name].label.to(local.language), *told])
    yield own_table(local, "koebenhavn.beside", ["", *places], rows, widths=(3.0, *(1.6,) * len(places)))
    if len(local.file.places) > len(places):
        yield note(local.say("koebenhavn.more_places", shown=len(places), all=len(local.file.places)))


def _waiting(local: Local) -> Iterator[Block]:
    """How long it takes until a place is found, those still waiting among them, and how many wait.

    For publication waits end in the largest number of ways in which that may be shown.
    """
    title = local.say("koebenhavn.found")
    found = [spells for kinds in WAITS if (spells := waits(local, kinds)) is not None]
    if not found:
        return
    figures = (steps_drawn(local, "found", title, spells) for spells in found)
    figure = next((each for each in figures if each is not None), None)
    yield figure or Paragraph(words(local.say("not_drawn", title=title)))
    yield from _list(local, found)


def _list(local: Local, found: list[Spells]) -> Iterator[Block]:
    """The waiting list as a counting process: who came, who left in which way, who waits at the end.

    In the shortest periods and the largest number of ways in which nothing of it is hidden: quarters, else years.
    """
    for spells in found:
        for every in _PERIODS:
            queue = local.released(waiting_list(spells, every=every))
            if local.internal or may_tell_stock(local, spells, queue):
                yield _list_table(local, queue)
                return
    yield Paragraph(words(local.say("not_drawn", title=local.say("koebenhavn.list"))))


def _list_table(local: Local, queue: Released) -> Block:
    assert isinstance(queue.result, Curve)
    told: dict[str, dict[str, str]] = {}
    flows: dict[str, str] = {}
    for point in queue.result.points:
        flow = point.coordinate("flow")
        flows[flow] = point.labels[-1]
        told.setdefault(point.at, {})[flow] = NOTHING if point.y is None else in_digits(point.y, 0, local.language)
    rows = [[at, *(of_period.get(flow, "") for flow in flows)] for at, of_period in list(told.items())[-_QUARTERS:]]
    return own_table(local, "koebenhavn.list", ["", *flows.values()], rows)


def _places(local: Local) -> tuple[str, ...]:
    """The municipality first, then the others in the file."""
    others = tuple(place for place in local.file.places if place != local.place)
    return (local.place, *others)[:_MOST_BESIDE]


KOEBENHAVN: Final = System("koebenhavn", "respite", _COUNTED, _says, _shows, beside=True)
