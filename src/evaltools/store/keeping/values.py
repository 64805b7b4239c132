"""Erasing values: an event says that they went, the state forgets them, and their text and salt are deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, select

from evaltools.store.fieldwork.waves import read_wave
from evaltools.store.log.events import Entry, Key, Who, append
from evaltools.store.log.state import NOTHING, Standing, read_standing, remove_field, write_standing
from evaltools.store.moments import moment_text
from evaltools.store.tables import EVENT_VALUES, EVENTS


def erase_fields(connection: Connection, key: Key, names: Sequence[str], who: Who, token: Callable[[int], str]) -> int:
    """Erase every value that fields of one response have ever held; how many went."""
    before = read_standing(connection, key)
    schema = read_wave(connection, key.survey, key.wave).schema_sha256
    places = append(connection, key, schema, [Entry("erase", name) for name in names], who, token)
    for name in names:
        remove_field(connection, key, name)
    if before is not NOTHING:
        now = Standing(before.disposition, places[-1], before.submitted_at, before.channel, moment_text(who.at))
        write_standing(connection, key, now, is_new=False)
    return sum(erase_values(connection, key, name) for name in names)


def erase_values(connection: Connection, key: Key, field: str = "") -> int:
    """Delete the values of a response, or of one field of it, from the log; how many went."""
    of_key = (
        (EVENTS.c.survey == key.survey)
        & (EVENTS.c.wave == key.wave)
        & (EVENTS.c.unit == key.unit)
        & (EVENTS.c.record == key.record)
    )
    places = select(EVENTS.c.seq).where(of_key, EVENTS.c.field == field if field else EVENTS.c.kind == "answer")
    gone = delete(EVENT_VALUES).where(EVENT_VALUES.c.unit == key.unit, EVENT_VALUES.c.seq.in_(places))
    return connection.execute(gone).rowcount
