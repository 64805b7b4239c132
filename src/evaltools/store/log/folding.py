"""From events to state: what the log says each response looks like now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from evaltools.store.log.events import Key
from evaltools.store.log.state import Kept, Standing
from evaltools.store.model import Disposition


@dataclass(frozen=True)
class Folded:
    """The state that follows from the events, and the places whose values an event says are erased."""

    answers: dict[Key, dict[str, Kept]] = field(default_factory=lambda: defaultdict(dict))
    standings: dict[Key, Standing] = field(default_factory=dict)
    erased: set[tuple[str, int]] = field(default_factory=set)
    places: dict[Key, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    """Per response: the field of each answer event, by its place in the unit's chain."""


def fold(events: Iterable[Row[Any]], values: Mapping[tuple[str, int], tuple[str, str]]) -> Folded:
    """Fold events in the order of each chain. values: (salt, value) by (unit, seq)."""
    folded = Folded()
    for event in events:
        key = Key(event.survey, event.wave, event.unit, event.record)
        if event.kind == "answer":
            folded.places[key][event.seq] = event.field
            kept = values.get((event.unit, event.seq), ("", ""))[1]
            folded.answers[key][event.field] = Kept(kept, event.seq)
        if event.kind == "erase":
            _erase(folded, key, event)
        elif event.kind in _LEADS_TO:
            folded.standings[key] = _standing(event)
    return folded


_LEADS_TO: Mapping[str, Disposition] = {
    "answer": "partial",
    "reopen": "partial",
    "submit": "submitted",
    "decline": "refused",
}


def _standing(event: Row[Any]) -> Standing:
    now = _LEADS_TO[event.kind]
    submitted_at = event.at if now == "submitted" else None
    return Standing(now, event.seq, submitted_at, event.channel, event.at)


def _erase(folded: Folded, key: Key, event: Row[Any]) -> None:
    """An erase event without a field takes the whole response; with one, the values of that field."""
    for seq, name in folded.places[key].items():
        if event.field in ("", name):
            folded.erased.add((event.unit, seq))
    if not event.field:
        folded.answers.pop(key, None)
        folded.standings.pop(key, None)
    elif key in folded.standings:
        folded.answers[key].pop(event.field, None)
        folded.standings[key] = _touched(folded.standings[key], event)


def _touched(before: Standing, event: Row[Any]) -> Standing:
    return Standing(before.disposition, event.seq, before.submitted_at, before.channel, event.at)
