"""The log: what is added to a unit's chain, and how each event is tied to the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, select

from evaltools.provenance import sha256_of
from evaltools.store.guard import refuse_cpr_number
from evaltools.store.model import Channel
from evaltools.store.moments import moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, EVENT_VALUES, EVENTS

Kind = Literal["answer", "submit", "reopen", "decline", "erase"]

FIRST = ""
"""What stands for the hash before the first event of a chain."""

_HASHED = (
    "unit", "seq", "at", "actor", "channel", "kind", "survey", "wave", "record", "field", "schema_sha256",
    "value_sha256", "previous",
)  # fmt: skip

_NEW_EVENTS, _NEW_VALUES = Prepared(insert(EVENTS)), Prepared(insert(EVENT_VALUES))
_NEW_ACTOR = Prepared(insert(ACTORS))
_PSEUDONYM = Prepared(select(ACTORS.c.pseudonym).where(ACTORS.c.name == bindparam("of_name")))
_LAST_EVENT = Prepared(
    select(EVENTS.c.seq, EVENTS.c.hash)
    .where(EVENTS.c.unit == bindparam("of_unit"))
    .order_by(EVENTS.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Key:
    """Which response: (survey, wave, unit, record); `record` is empty where a unit answers once."""

    survey: str
    wave: str
    unit: str
    record: str

    def row(self) -> dict[str, str]:
        """The key columns of a table row."""
        return {"survey": self.survey, "wave": self.wave, "unit": self.unit, "record": self.record}


@dataclass(frozen=True, slots=True)
class Who:
    """Who adds events, by pseudonym, through which channel and when."""

    actor: str
    channel: Channel
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be added. `value` is canonical JSON text, for answers only."""

    kind: Kind
    field: str = ""
    value: str | None = None


def append(
    connection: Connection,
    key: Key,
    schema_sha256: str,
    entries: Sequence[Entry],
    who: Who,
    token: Callable[[int], str],
) -> tuple[int, ...]:
    """Add events to the unit's chain, in order; the place (seq) of each."""
    seq, previous = head(connection, key.unit)
    stamp = {"at": moment_text(who.at), "actor": who.actor, "channel": who.channel, "schema_sha256": schema_sha256}
    events: list[dict[str, str | int]] = []
    values: list[dict[str, str | int]] = []
    for entry in entries:
        seq += 1
        event: dict[str, str | int] = {**key.row(), **stamp, "seq": seq, "kind": entry.kind, "field": entry.field}
        event |= {"value_sha256": "", "previous": previous}
        if entry.value is not None:
            salt = token(16)
            event["value_sha256"] = value_hash(salt, entry.value)
            values.append({"unit": key.unit, "seq": seq, "salt": salt, "value": entry.value})
        previous = event["hash"] = event_hash(event)
        events.append(event)
    _NEW_EVENTS.run(connection, *events)
    _NEW_VALUES.run(connection, *values)
    return tuple(range(seq - len(entries) + 1, seq + 1))


def head(connection: Connection, unit: str) -> tuple[int, str]:
    """The last place and hash of a unit's chain; (0, "") before its first event."""
    found = _LAST_EVENT.first(connection, {"of_unit": unit})
    return (0, FIRST) if found is None else (found.seq, found.hash)


def heads(connection: Connection) -> dict[str, str]:
    """The last hash of every unit's chain."""
    last = select(EVENTS.c.unit, func.max(EVENTS.c.seq).label("seq")).group_by(EVENTS.c.unit).subquery()
    rows = select(EVENTS.c.unit, EVENTS.c.hash).join(
        last, (EVENTS.c.unit == last.c.unit) & (EVENTS.c.seq == last.c.seq)
    )
    return {row.unit: row.hash for row in connection.execute(rows.order_by(EVENTS.c.unit))}


def event_hash(event: dict[str, str | int]) -> str:
    """The hash of an event: over everything it says, and the hash of the one before."""
    return sha256_of([event[name] for name in _HASHED])


def value_hash(salt: str, value: str) -> str:
    """The salted hash of a value's text: proves the value while it is kept, and tells nothing once it is erased."""
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()


def pseudonym(connection: Connection, name: str, token: Callable[[int], str]) -> str:
    """The pseudonym of a person; a new one at the first meeting. Raises: `StoreError` CPR_IN_NAME."""
    found = _PSEUDONYM.scalar(connection, {"of_name": name})
    if found is None:
        refuse_cpr_number("name", name)
        found = token(8)
        _NEW_ACTOR.run(connection, {"pseudonym": found, "name": name})
    return str(found)
