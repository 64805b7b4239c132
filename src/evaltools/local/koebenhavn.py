"""København: respite care in the child's own network, with other municipalities beside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import comb
from typing import Final

from evaltools.document.model import Block, Paragraph
from evaltools.estimate.curve import Curve
from evaltools.estimate.durations import cumulative_incidence, waiting_list
from evaltools.estimate.indicators import binomial_test, rate, shares, status
from evaltools.language import number as in_digits
from evaltools.language import percent, texts
from evaltools.local.blocks import (
    drawn,
    heading,
    indicators_block,
    own_table,
    said_share,
    words,
)
from evaltools.local.counting import tally
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.spans import waits
from evaltools.present import Released, number
from evaltools.present.charts import step_chart
from evaltools.present.tables import Entry

_COUNTED: Final = (
    "r2_network_families", "r2_network_children", "r2_network_asked", "r2_ruled_out", "r2_genogram", "r2_waiting",
)  # fmt: skip
_SAID: Final = ("r2_network_children", "r2_ruled_out", "r2_genogram")
_NEW: Final = "r2_network_families"
_MOST_BESIDE: Final = 4
_SIGNIFICANT: Final = 0.05
_QUARTERS: Final = 8
"""Quarters (for publication years, in which counts are larger) of the waiting list that are shown."""


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
        indicator = local.indicators[name]
        tallies = [tally(indicator, local.file.questionnaire, local.file.of(place)) for place in places]
        rows.append([indicator.label.to(local.language), *(_told(local, one.count, one.base, name) for one in tallies)])
    yield own_table(local, "koebenhavn.beside", ["", *places], rows, widths=(3.0, *(1.6,) * len(places)))


def _told(local: Local, count: int, base: int, name: str) -> str:
    """A municipality's count as it may be shown."""
    if not base:
        return "–"
    made = shares(rate(local.indicators[name], count, base), language=local.language)
    shown = number(local.released(made, code=f'tally("{name}")'), language=local.language)
    return shown.shown[""] if shown.disclosure == "hidden" else shown.shown["counts"]


def _waiting(local: Local) -> Iterator[Block]:
    """How long it takes until a place is found, those still waiting among them, and how many wait."""
    found = waits(local, (local.place,))
    if found is None:
        return
    incidence = local.released(cumulative_incidence(found))
    yield drawn(local, "found", local.say("koebenhavn.found"), partial(step_chart, incidence, language=local.language))
    yield from _list(local, local.released(waiting_list(found, every="quarter" if local.internal else "year")))


def _list(local: Local, queue: Released) -> Iterator[Block]:
    """The waiting list as a counting process: who came, who left in which way, who waits at the end."""
    assert isinstance(queue.result, Curve)
    told: dict[str, dict[str, str]] = {}
    flows: dict[str, str] = {}
    for place, point in enumerate(queue.result.points):
        flow = point.coordinate("flow")
        flows[flow] = point.labels[-1]
        shown = texts(local.language).say("present.hidden") if place in queue.hidden else _whole(local, point.y)
        told.setdefault(point.at, {})[flow] = shown
    rows = [[at, *(of_period.get(flow, "") for flow in flows)] for at, of_period in list(told.items())[-_QUARTERS:]]
    yield own_table(local, "koebenhavn.list", ["", *flows.values()], rows)


def _whole(local: Local, value: float | None) -> str:
    return "–" if value is None else in_digits(value, 0, local.language)


def _places(local: Local) -> tuple[str, ...]:
    """The municipality first, then the others in the file."""
    others = tuple(place for place in local.file.places if place != local.place)
    return (local.place, *others)[:_MOST_BESIDE]


KOEBENHAVN: Final = System("koebenhavn", "respite", _COUNTED, _says, _shows, beside=True)
