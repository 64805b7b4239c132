"""Fills a store with made-up answers, through the same entry as real ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from evaltools.collect import Answers
from evaltools.errors import Fault, StoreError
from evaltools.rehearsal.model import Rehearsal, WaveCount
from evaltools.rehearsal.population import invented_units
from evaltools.rehearsal.settings import read_settings
from evaltools.rehearsal.sheets import Sheet, record_sheets, unit_sheets
from evaltools.schema.model import Questionnaire
from evaltools.store import NotReceived, Outcome, Refused, Saved, Store, Unit, decline, open_wave, receive_all


def rehearse(
    store: Store,
    questionnaires: Iterable[Questionnaire],
    units: Sequence[Unit],
    *,
    seed: int,
    at: dt.datetime,
    progress: Callable[[str], None] = lambda line: None,
) -> Rehearsal:
    """Let made-up municipalities answer every questionnaire; all of it carries the origin `rehearsal`.

    Parameters: units - the real frame; only regions, groups, size classes and tile places are taken from it.
    seed - equal seeds give equal answers, whatever else is rehearsed. at - when the waves are opened, with time
    zone; the answers come in during the year of answering. progress - is called with a line per wave.
    Returns: how each wave went.
    Raises: `StoreError` CANNOT_BE_ANSWERED where the rules leave no answer, REHEARSAL_REFUSED where the store did
    not take one in, and what `open_wave` raises.
    """
    seeded = replace(store, token=_tokens(seed))
    invented = invented_units(units)
    ordered = sorted(questionnaires, key=lambda one: (one.survey, one.reference_year))
    counts = []
    last: dict[tuple[str, str], Answers] = {}
    for questionnaire in ordered:
        earlier = sum(one.survey == questionnaire.survey for one in ordered[: ordered.index(questionnaire)])
        open_wave(seeded, questionnaire, invented, origin="rehearsal", at=at)
        sheets = _sheets(questionnaire, invented, earlier, seed, last)
        _send(seeded, questionnaire, sheets)
        last |= {(questionnaire.survey, one.unit): one.answers for one in sheets if one.disposition == "submitted"}
        counts.append(_count(questionnaire, invented, sheets))
        progress(_line(counts[-1]))
    return Rehearsal(seed, tuple(counts))


def _sheets(
    questionnaire: Questionnaire,
    units: Sequence[Unit],
    wave: int,
    seed: int,
    last: Mapping[tuple[str, str], Answers],
) -> tuple[Sheet, ...]:
    settings = read_settings(questionnaire.survey)
    if questionnaire.many_records:
        return tuple(record_sheets(questionnaire, settings, units, seed))
    before = {unit.code: last.get((questionnaire.survey, unit.code), {}) for unit in units}
    return tuple(unit_sheets(questionnaire, settings, units, wave, seed, before))


def _send(store: Store, questionnaire: Questionnaire, sheets: Sequence[Sheet]) -> None:
    arrivals = [arrival for sheet in sheets for arrival in sheet.arrivals(questionnaire)]
    outcomes = receive_all(store, arrivals)
    for (submission, _), outcome in zip(arrivals, outcomes, strict=True):
        if not isinstance(outcome, Saved):
            where = f"{questionnaire.id}, unit {submission.unit} {submission.record}".strip()
            raise StoreError(Fault("REHEARSAL_REFUSED", where, _why(outcome), "Report this as a fault of evaltools."))
    for sheet in sheets:
        if sheet.disposition == "refused":
            decline(store, questionnaire.survey, questionnaire.wave, sheet.unit, at=sheet.at, actor=sheet.actor)


def _why(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return "; ".join(f"{one.field}: {one.message}" for one in outcome.problems if one.level != "note")
    return str(outcome.faults[0]) if isinstance(outcome, NotReceived) else "somebody else has answered"


def _count(questionnaire: Questionnaire, units: Sequence[Unit], sheets: Sequence[Sheet]) -> WaveCount:
    by = Counter(sheet.disposition for sheet in sheets)
    records = len(sheets) if questionnaire.many_records else 0
    return WaveCount(questionnaire.id, len(units), by["submitted"], by["partial"], by["refused"], records)


def _line(count: WaveCount) -> str:
    if count.records:
        return f"{count.id}: {count.records} records"
    return f"{count.id}: {count.submitted} of {count.units} submitted, {count.partial} drafts, {count.refused} declined"


def _tokens(seed: int) -> Callable[[int], str]:
    """Salts and pseudonyms that follow from the seed: they guard made-up answers only, and make stores repeatable."""
    numbers = count()

    def token(size: int) -> str:
        return hashlib.blake2b(f"{seed}:{next(numbers)}".encode(), digest_size=size).hexdigest()

    return token
