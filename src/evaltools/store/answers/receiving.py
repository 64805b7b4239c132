"""The one way in: every answer of every channel is read, checked, merged and kept here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from evaltools.collect import check_answers, read_answers, unexplained
from evaltools.collect.model import Problem
from evaltools.errors import Fault, StoreError
from evaltools.language import Language
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.store.answers.keys import check_record
from evaltools.store.answers.merging import Merged, Stand, merge
from evaltools.store.answers.previous import last_answers, wave_before
from evaltools.store.fieldwork.settings import refuse_closed
from evaltools.store.fieldwork.waves import KnownWave, OpenedWave, Population, known_wave
from evaltools.store.handle import Store, write
from evaltools.store.log.events import Entry, Key, Who, append, pseudonym
from evaltools.store.log.state import (
    NOTHING,
    Kept,
    Standing,
    content_hash,
    read_kept,
    read_standing,
    texts_of,
    value_of,
    value_text,
    write_kept,
    write_standing,
)
from evaltools.store.model import Conflict, NotReceived, Outcome, Refused, Saved, Submission
from evaltools.store.moments import moment, moment_text

_BLANK = value_text(Missing.NOT_ANSWERED)


def receive(
    store: Store, submission: Submission, *, at: dt.datetime, language: Language = "da"
) -> Saved | Refused | Conflict:
    """Take in one set of answers: all of it is kept, or nothing.

    Parameters: at - when, with time zone. language - of the problems.
    Returns: `Saved` (a draft keeps everything that can be read; its problems are listed), `Refused` when a
    submission has problems that stop or doubts without a reason, `Conflict` when somebody else has changed the
    same fields since `base_version`, or fields that a sum ties to them. Sending the same content again changes
    nothing and gives the same `Saved`.
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, WRONG_SCHEMA, RECORD_MISSING, RECORD_NOT_USED,
    BASE_VERSION_MISSING (by form, workbook and api), WAVE_CLOSED (likewise), DISK_FULL.
    """
    return write(store, lambda connection: _enter(_Batch(connection, store), submission, at, language))


def receive_all(
    store: Store, arrivals: Iterable[tuple[Submission, dt.datetime]], *, language: Language = "da"
) -> tuple[Outcome, ...]:
    """Take in many sets of answers, each with the time it came, in one transaction.

    Each is kept or refused by itself, as `receive` would; one that names no known wave or unit gives `NotReceived`.
    Raises: `StoreError` DISK_FULL and the like: then none of them was kept.
    """
    coming = tuple(arrivals)

    def work(connection: Connection) -> tuple[Outcome, ...]:
        batch = _Batch(connection, store)
        return tuple(_enter_or_report(batch, submission, at, language) for submission, at in coming)

    return write(store, work)


@dataclass(frozen=True)
class _Batch:
    """What the sets of answers of one transaction share: people, and the waves before, are looked up once."""

    connection: Connection
    store: Store
    before: dict[tuple[str, str], str | None] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def wave_before(self, known: KnownWave) -> str | None:
        asked = (known.opened.questionnaire.survey, known.opened.questionnaire.wave)
        if asked not in self.before:
            self.before[asked] = wave_before(self.store, self.connection, known.opened)
        return self.before[asked]

    def pseudonym(self, name: str) -> str:
        if name not in self.people:
            self.people[name] = pseudonym(self.connection, name, self.store.token)
        return self.people[name]


def _enter_or_report(batch: _Batch, submission: Submission, at: dt.datetime, language: Language) -> Outcome:
    try:
        return _enter(batch, submission, at, language)
    except StoreError as error:
        return NotReceived(error.faults)


def _enter(batch: _Batch, submission: Submission, at: dt.datetime, language: Language) -> Saved | Refused | Conflict:
    wave = known_wave(batch.store, batch.connection, submission.survey, submission.wave)
    opened = wave.opened
    key = _key(submission, opened, wave.population)
    refuse_closed(batch.connection, key.survey, key.wave, submission.channel, at)
    reading = read_answers(opened.questionnaire, submission.answers, language)
    before = read_standing(batch.connection, key)
    kept = {} if before is NOTHING else read_kept(batch.connection, key)
    stand = Stand(opened.questionnaire, key, kept, before.version, submission.base_version, submission.seen_at)
    merged = merge(batch.connection, stand, reading.changes, language, submit=submission.submit)
    if isinstance(merged, Conflict):
        return merged
    after = {**{name: value_of(one.value) for name, one in kept.items()}, **merged.changes}
    checked = check_answers(
        opened.questionnaire,
        after,
        language,
        references=wave.population.figures.get(key.unit, {}),
        last=last_answers(batch.connection, batch.wave_before(wave), key),
    )
    problems = reading.problems + checked
    if submission.submit and _blocks(problems, after):
        return Refused(problems)
    saved = _keep(batch, _Change(key, opened, submission, at, before, kept, merged), problems)
    return replace(saved, answers=after, checked=checked)


def _key(submission: Submission, opened: OpenedWave, population: Population) -> Key:
    where = opened.questionnaire.id
    if submission.schema_sha256 and submission.schema_sha256 != opened.schema_sha256:
        problem = "these answers were given to another version of the questionnaire"
        raise StoreError(Fault("WRONG_SCHEMA", where, problem, "Fetch the questionnaire again, and answer that."))
    if submission.base_version is None and submission.channel != "file":
        problem = "these answers do not say which version they were based on"
        raise StoreError(Fault("BASE_VERSION_MISSING", where, problem, "Give `base_version`; 0 where none was seen."))
    unit = population.code(submission.unit, where)
    check_record(opened.questionnaire, submission.record)
    return Key(submission.survey, submission.wave, unit, submission.record)


def _blocks(problems: tuple[Problem, ...], answers: Mapping[str, Value]) -> bool:
    return any(problem.level == "stop" for problem in problems) or bool(unexplained(problems, answers))


@dataclass(frozen=True, slots=True)
class _Change:
    """What is about to be kept, and what stood before."""

    key: Key
    opened: OpenedWave
    submission: Submission
    at: dt.datetime
    before: Standing
    kept: dict[str, Kept]
    merged: Merged


def _keep(batch: _Batch, change: _Change, problems: tuple[Problem, ...]) -> Saved:
    texts = {name: value_text(value) for name, value in change.merged.changes.items()}
    texts = {name: text for name, text in texts.items() if text != _standing_text(change.kept, name)}
    is_submitted = change.before.disposition == "submitted"
    entries = [Entry("answer", name, text) for name, text in texts.items()]
    if entries and change.before.disposition in ("submitted", "refused"):
        entries.insert(0, Entry("reopen"))
    if change.submission.submit and (entries or not is_submitted):
        entries.append(Entry("submit"))
    if not entries:
        at = moment(change.before.changed_at) if change.before is not NOTHING else change.at
        return Saved(
            change.before.version, content_hash(change.key, texts_of(change.kept)), at, problems, change.merged.others
        )
    return _write(batch, change, entries, problems)


def _standing_text(kept: Mapping[str, Kept], name: str) -> str:
    """The text of an answer as it stands; a field left blank and a field never touched are alike."""
    return kept[name].value if name in kept else _BLANK


def _write(batch: _Batch, change: _Change, entries: list[Entry], problems: tuple[Problem, ...]) -> Saved:
    key, connection, token = change.key, batch.connection, batch.store.token
    who = Who(batch.pseudonym(change.submission.actor), change.submission.channel, change.at)
    places = append(connection, key, change.opened.schema_sha256, entries, who, token)
    at = moment_text(change.at)
    now = Standing(
        "submitted" if change.submission.submit else "partial",
        places[-1],
        at if change.submission.submit else None,
        change.submission.channel,
        at,
    )
    write_standing(connection, key, now, is_new=change.before is NOTHING)
    fresh = {
        entry.field: Kept(entry.value, place)
        for entry, place in zip(entries, places, strict=True)
        if entry.value is not None
    }
    write_kept(connection, key, fresh, change.kept)
    return Saved(
        now.version, content_hash(key, texts_of(change.kept | fresh)), moment(at), problems, change.merged.others
    )
