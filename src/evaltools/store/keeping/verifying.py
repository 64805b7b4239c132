"""Whether a store tells the truth: chains unbroken, values as recorded, current state what the events give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from evaltools.errors import Fault, SchemaError, StoreError
from evaltools.store.fieldwork.waves import read_waves
from evaltools.store.handle import Store, reading
from evaltools.store.keeping.journal_faults import RESTORE, damaged, journal_faults
from evaltools.store.log.events import FIRST, Key, event_hash, value_hash
from evaltools.store.log.folding import Folded, fold
from evaltools.store.log.state import Kept, standing
from evaltools.store.opening import refuse_surplus
from evaltools.store.tables import ANSWERS, EVENT_VALUES, EVENTS, RESPONSES


def verify_store(store: Store) -> tuple[Fault, ...]:
    """Every fault in the store, in order; empty when all is well.

    Codes: FILE_DAMAGED, CHAIN_BROKEN, VALUE_CHANGED, VALUE_LOST, STATE_DIFFERS, SCHEMA_CHANGED, JOURNAL_BROKEN,
    OPENING_NOT_SEALED, OPENING_CHANGED, SETTINGS_CHANGED, GRANT_CHANGED, MORE_RESPONSES_THAN_UNITS.
    A value that was erased on purpose is no fault: an event in the chain says so. Whole events missing from the end
    of a chain are seen by comparing its head with one that was published, such as the heads of a snapshot.

    >>> import tempfile
    >>> from evaltools.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/a.db", create=True) as store:
    ...     verify_store(store)
    ()
    """
    with reading(store) as connection:
        values = {(row.unit, row.seq): (row.salt, row.value) for row in connection.execute(select(EVENT_VALUES))}
        events = connection.execute(select(EVENTS).order_by(EVENTS.c.unit, EVENTS.c.seq)).all()
        folded = fold(events, values)
        return (
            *damaged(connection, store),
            *_broken_chains(events),
            *_changed_values(events, values, folded),
            *_state_differs(connection, folded),
            *_changed_schemas(connection),
            *journal_faults(connection),
            *_surplus(connection, store),
        )


def _broken_chains(events: Iterable[Row[Any]]) -> Iterator[Fault]:
    unit, seq, previous = "", 0, FIRST
    for event in events:
        if event.unit != unit:
            unit, seq, previous = event.unit, 0, FIRST
        seq += 1
        if event.seq != seq or event.previous != previous or event_hash(dict(event._mapping)) != event.hash:
            yield Fault(
                "CHAIN_BROKEN", f"unit {unit}, event {event.seq}", "the chain of events is broken here", RESTORE
            )
            seq = event.seq
        previous = event.hash


def _changed_values(
    events: Iterable[Row[Any]], values: Mapping[tuple[str, int], tuple[str, str]], folded: Folded
) -> Iterator[Fault]:
    for event in events:
        place = (event.unit, event.seq)
        where = f"unit {event.unit}, event {event.seq} ({event.field})"
        if place in values:
            if value_hash(*values[place]) != event.value_sha256:
                yield Fault("VALUE_CHANGED", where, "the value is not the one that was received", RESTORE)
        elif event.value_sha256 and place not in folded.erased:
            yield Fault("VALUE_LOST", where, "the value is gone, and no event says it was erased", RESTORE)


def _state_differs(connection: Connection, folded: Folded) -> Iterator[Fault]:
    kept: dict[Key, dict[str, Kept]] = {}
    for row in connection.execute(select(ANSWERS)):
        fields = kept.setdefault(_key(row), {})
        fields[row.field] = Kept(row.value, row.version)
    standings = {_key(row): standing(row) for row in connection.execute(select(RESPONSES))}
    for key in sorted(set(standings) | set(folded.standings), key=lambda key: tuple(key.row().values())):
        where = f"{key.survey}/{key.wave}, unit {key.unit}" + (f", record {key.record}" if key.record else "")
        if standings.get(key) != folded.standings.get(key):
            yield Fault("STATE_DIFFERS", where, "how far the response has come is not what its events say", RESTORE)
        theirs, ours = kept.get(key, {}), folded.answers.get(key, {})
        for field in sorted(set(theirs) | set(ours)):
            if theirs.get(field) != ours.get(field):
                problem = "the current answer is not what the events say"
                yield Fault("STATE_DIFFERS", f"{where}, {field}", problem, RESTORE)


def _changed_schemas(connection: Connection) -> Iterator[Fault]:
    try:
        waves = read_waves(connection)
    except SchemaError as error:
        yield Fault("SCHEMA_CHANGED", "waves", f"a questionnaire can no longer be read ({error.code})", RESTORE)
        return
    for opened in waves:
        if opened.questionnaire.content_sha256 != opened.schema_sha256:
            where = opened.questionnaire.id
            yield Fault("SCHEMA_CHANGED", where, "the questionnaire is not the one that was opened", RESTORE)


def _surplus(connection: Connection, store: Store) -> Iterator[Fault]:
    try:
        refuse_surplus(connection, store.path)
    except StoreError as error:
        yield from error.faults


def _key(row: Row[Any]) -> Key:
    return Key(row.survey, row.wave, row.unit, row.record)
