"""The current state of each response, written in the same transaction as the events it follows from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select, update

from evaltools.collect import value_from_json, value_to_json
from evaltools.provenance import canonical_json, sha256_of
from evaltools.schema.model import Value
from evaltools.store.log.events import Key
from evaltools.store.model import Channel, Disposition
from evaltools.store.prepared import Prepared
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


def texts_of(kept: Mapping[str, Kept]) -> dict[str, str]:
    """The text of each answer."""
    return {name: one.value for name, one in kept.items()}


def content_hash(key: Key, texts: Mapping[str, str]) -> str:
    """The hash of a response: which it is, and the text of every answer. Receipts and versions show it."""
    return sha256_of([key.row(), dict(texts)])


def of_key(table: Table) -> ColumnElement[bool]:
    """The condition that a row belongs to one response; `key_parameters` says to which."""
    columns = table.c
    return (
        (columns.survey == bindparam("of_survey"))
        & (columns.wave == bindparam("of_wave"))
        & (columns.unit == bindparam("of_unit"))
        & (columns.record == bindparam("of_record"))
    )


def key_parameters(key: Key) -> dict[str, str]:
    """What fills the condition of `of_key`."""
    return {f"of_{name}": text for name, text in key.row().items()}


_KEPT = Prepared(select(ANSWERS.c.field, ANSWERS.c.value, ANSWERS.c.version).where(of_key(ANSWERS)))
_STANDING = Prepared(select(RESPONSES).where(of_key(RESPONSES)))
_NEW_STANDING, _NEW_ANSWERS = Prepared(insert(RESPONSES)), Prepared(insert(ANSWERS))
_CHANGED_STANDING = Prepared(
    update(RESPONSES)
    .where(of_key(RESPONSES))
    .values({name: bindparam(name) for name in ("disposition", "version", "submitted_at", "channel", "changed_at")})
)
_CHANGED_ANSWER = Prepared(
    update(ANSWERS)
    .where(of_key(ANSWERS), ANSWERS.c.field == bindparam("of_field"))
    .values(value=bindparam("value"), version=bindparam("version"))
)
_WITHOUT_ANSWERS = Prepared(delete(ANSWERS).where(of_key(ANSWERS)))
_WITHOUT_RESPONSE = Prepared(delete(RESPONSES).where(of_key(RESPONSES)))
_WITHOUT_ANSWER = Prepared(delete(ANSWERS).where(of_key(ANSWERS), ANSWERS.c.field == bindparam("of_field")))


def read_kept(connection: Connection, key: Key) -> dict[str, Kept]:
    """The answers of one response by field."""
    return {row.field: Kept(row.value, row.version) for row in _KEPT.rows(connection, key_parameters(key))}


def read_standing(connection: Connection, key: Key) -> Standing:
    """How far one response has come; `NOTHING` where nothing has come in."""
    row = _STANDING.first(connection, key_parameters(key))
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
        _NEW_STANDING.run(connection, {**key.row(), **values})
    else:
        _CHANGED_STANDING.run(connection, {**key_parameters(key), **values})


def write_kept(connection: Connection, key: Key, changes: Mapping[str, Kept], known: Iterable[str]) -> None:
    """Write the answers that changed; `known` are the fields that have a row already."""
    before = set(known)
    fresh = [
        {**key.row(), "field": field, "value": kept.value, "version": kept.version}
        for field, kept in changes.items()
        if field not in before
    ]
    changed = [
        {**key_parameters(key), "of_field": field, "value": kept.value, "version": kept.version}
        for field, kept in changes.items()
        if field in before
    ]
    _NEW_ANSWERS.run(connection, *fresh)
    _CHANGED_ANSWER.run(connection, *changed)


def remove_response(connection: Connection, key: Key) -> None:
    """Take a response out of the current state."""
    _WITHOUT_ANSWERS.run(connection, key_parameters(key))
    _WITHOUT_RESPONSE.run(connection, key_parameters(key))


def remove_field(connection: Connection, key: Key, field: str) -> None:
    """Take one answer out of the current state."""
    _WITHOUT_ANSWER.run(connection, {**key_parameters(key), "of_field": field})
