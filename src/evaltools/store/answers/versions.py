"""Every submitted version of a response, read back from the log; and opening a submitted one again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from evaltools.errors import Fault, StoreError
from evaltools.store.answers.keys import response_key
from evaltools.store.fieldwork.settings import refuse_closed
from evaltools.store.fieldwork.waves import known_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import Entry, Key, Who, append, pseudonym
from evaltools.store.log.state import (
    NOTHING,
    Standing,
    content_hash,
    key_parameters,
    of_key,
    read_standing,
    value_of,
    write_standing,
)
from evaltools.store.model import Channel, Version
from evaltools.store.moments import moment, moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, EVENT_VALUES, EVENTS

_EVENTS_OF = Prepared(
    select(EVENTS.c.seq, EVENTS.c.at, EVENTS.c.channel, EVENTS.c.kind, EVENTS.c.field)
    .add_columns(EVENT_VALUES.c.value, ACTORS.c.name)
    .select_from(
        EVENTS.outerjoin(
            EVENT_VALUES, (EVENTS.c.unit == EVENT_VALUES.c.unit) & (EVENTS.c.seq == EVENT_VALUES.c.seq)
        ).outerjoin(ACTORS, EVENTS.c.actor == ACTORS.c.pseudonym)
    )
    .where(of_key(EVENTS))
    .order_by(EVENTS.c.seq)
)


def versions(store: Store, survey: str, wave: str, unit: str, record: str = "") -> tuple[Version, ...]:
    """Every version that was submitted, oldest first, as it stood then; what has been erased since is gone from all.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED.
    """
    with reading(store) as connection:
        key = response_key(store, connection, survey, wave, unit, record)
        return tuple(_submitted(key, _EVENTS_OF.rows(connection, key_parameters(key))))


def _submitted(key: Key, events: Iterable[Any]) -> Iterator[Version]:
    standing: dict[str, str | None] = {}
    for event in events:
        if event.kind == "answer":
            standing[event.field] = event.value
        elif event.kind == "erase" and event.field:
            standing.pop(event.field, None)
        elif event.kind == "erase":
            standing.clear()
        elif event.kind == "submit":
            yield _version(key, event, standing)


def _version(key: Key, event: Any, standing: Mapping[str, str | None]) -> Version:
    kept = {field: text for field, text in standing.items() if text is not None}
    return Version(
        number=event.seq,
        at=moment(event.at),
        by=event.name or "",
        channel=event.channel,
        content_sha256=content_hash(key, kept) if len(kept) == len(standing) else "",
        answers={field: value_of(text) for field, text in kept.items()},
    )


def reopen(  # noqa: PLR0913  six say which response and who, as in `decline`; the record is the seventh
    store: Store,
    survey: str,
    wave: str,
    unit: str,
    record: str = "",
    *,
    at: dt.datetime,
    actor: str = "unknown",
    channel: Channel = "file",
) -> int:
    """Open a submitted (or declined) response again: it counts as a draft until it is submitted anew; its version.

    A municipality may do so by form, workbook or api until the wave closes; an operator (`file`) at any time. A draft
    stays as it is, so that a second click changes nothing. Every submitted version stays readable in `versions`.
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED, NOTHING_TO_REOPEN, WAVE_CLOSED.
    """

    def work(connection: Connection) -> int:
        key = response_key(store, connection, survey, wave, unit, record)
        refuse_closed(connection, survey, wave, channel, at)
        before = read_standing(connection, key)
        if before is NOTHING:
            problem = f"unit {key.unit} has answered nothing that could be opened again"
            raise StoreError(Fault("NOTHING_TO_REOPEN", f"{survey}/{wave}", problem, "Check the unit and the record."))
        if before.disposition == "partial":
            return before.version
        schema_sha256 = known_wave(store, connection, survey, wave).opened.schema_sha256
        who = Who(pseudonym(connection, actor, store.token), channel, at)
        (place,) = append(connection, key, schema_sha256, [Entry("reopen")], who, store.token)
        write_standing(connection, key, Standing("partial", place, None, channel, moment_text(at)), is_new=False)
        return place

    return write(store, work)
