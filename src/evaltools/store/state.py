"""The current state of each response, written in the same transaction as the events it follows from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from evaltools.collect import value_from_json, value_to_json
from evaltools.provenance import canonical_json
from evaltools.schema.model import Value
from evaltools.store.events import Key
from evaltools.store.model import Channel, Disposition
from evaltools.store.tables import ANSWERS, RESPONSES


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as it stands: canonical JSON text, and the place of the event that set it."""

    value: str
    version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a response has come."""

    disposition: Disposition
    version: int
    submitted_at: str | None
    channel: Channel
    changed_at: str


NOTHING = Standing("no_answer", 0, None, "file", "")


def value_text(value: Value) -> str:
    """The one text of a value, as events, state and snapshots hold it."""
    return canonical_json(value_to_json(value))


def value_of(text: str) -> Value:
    """The value that `value_text` wrote."""
    return value_from_json(json.loads(text))


def read_kept(connection: Connection, key: Key) -> dict[str, Kept]:
    """The answers of one response by field."""
    rows = connection.execute(select(ANSWERS.c.field, ANSWERS.c.value, ANSWERS.c.version).where(_is(ANSWERS, key)))
    return {row.field: Kept(row.value, row.version) for row in rows}


def read_standing(connection: Connection, key: Key) -> Standing:
    """How far one response has come; `NOTHING` where nothing has come in."""
    row = connection.execute(select(RESPONSES).where(_is(RESPONSES, key))).one_or_none()
    return NOTHING if row is None else standing(row)


def standing(row: Any) -> Standing:
    """The standing in a row of the table of responses."""
    return Standing(row.disposition, row.version, row.submitted_at, row.channel, row.changed_at)


def write_standing(connection: Connection, key: Key, now: Standing, *, is_new: bool) -> None:
    """Write how far a response has come."""
    values = {
        "disposition": now.disposition,
        "version": now.version,
        "submitted_at": now.submitted_at,
        "channel": now.channel,
        "changed_at": now.changed_at,
    }
    if is_new:
        connection.execute(insert(RESPONSES).values(**key.row(), **values))
    else:
        connection.execute(update(RESPONSES).where(_is(RESPONSES, key)).values(**values))


def write_kept(connection: Connection, key: Key, changes: Mapping[str, Kept], known: Iterable[str]) -> None:
    """Write the answers that changed; `known` are the fields that have a row already."""
    before = set(known)
    fresh = [
        {**key.row(), "field": field, "value": kept.value, "version": kept.version}
        for field, kept in changes.items()
        if field not in before
    ]
    changed = [
        {"at_field": field, "value": kept.value, "version": kept.version}
        for field, kept in changes.items()
        if field in before
    ]
    if fresh:
        connection.execute(insert(ANSWERS), fresh)
    if changed:
        one = update(ANSWERS).where(_is(ANSWERS, key), ANSWERS.c.field == bindparam("at_field"))
        connection.execute(one.values(value=bindparam("value"), version=bindparam("version")), changed)


def remove_response(connection: Connection, key: Key) -> None:
    """Take a response out of the current state."""
    connection.execute(delete(ANSWERS).where(_is(ANSWERS, key)))
    connection.execute(delete(RESPONSES).where(_is(RESPONSES, key)))


def remove_field(connection: Connection, key: Key, field: str) -> None:
    """Take one answer out of the current state."""
    connection.execute(delete(ANSWERS).where(_is(ANSWERS, key), ANSWERS.c.field == field))


def _is(table: Table, key: Key) -> Any:
    columns = table.c
    return (
        (columns.survey == key.survey)
        & (columns.wave == key.wave)
        & (columns.unit == key.unit)
        & (columns.record == key.record)
    )
