"""Two people at the same response: what each changed is kept, and what both changed is shown to the later one."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaltools.collect.model import Difference
from evaltools.language import Language, texts
from evaltools.schema.model import Value
from evaltools.store.log.events import Key
from evaltools.store.log.state import Kept, Standing, value_of, value_text
from evaltools.store.model import Conflict
from evaltools.store.moments import moment
from evaltools.store.tables import ACTORS, EVENT_VALUES, EVENTS


def merge(
    connection: Connection,
    key: Key,
    ours: Mapping[str, Value],
    kept: Mapping[str, Kept],
    before: Standing,
    base_version: int | None,
    language: Language,
) -> Mapping[str, Value] | Conflict:
    """The answers to write, where the sender had seen `base_version`; a `Conflict` where both changed a field.

    A field that the sender sends back as it stood in what they had seen is not a change of theirs: a form posts
    whole pages, and must not undo what a colleague has written meanwhile.
    """
    if base_version is None or base_version >= before.version:
        return ours
    since = {field: one for field, one in kept.items() if one.version > base_version and field in ours}
    seen = _values_at(connection, key, base_version, since)
    changes = {
        field: value for field, value in ours.items() if field not in since or value_text(value) != seen.get(field)
    }
    clashing = {
        field: kept[field] for field in since if field in changes and value_text(ours[field]) != kept[field].value
    }
    if not clashing:
        return changes
    newest = max(one.version for one in clashing.values())
    by, at = _author(connection, key.unit, newest)
    return Conflict(
        tuple(Difference(field, ours[field], value_of(one.value)) for field, one in clashing.items()),
        before.version,
        by or texts(language).say("store.somebody"),
        moment(at),
    )


def _values_at(connection: Connection, key: Key, version: int, fields: Mapping[str, Kept]) -> dict[str, str]:
    rows = connection.execute(
        select(EVENTS.c.field, EVENT_VALUES.c.value)
        .join(EVENT_VALUES, (EVENTS.c.unit == EVENT_VALUES.c.unit) & (EVENTS.c.seq == EVENT_VALUES.c.seq))
        .where(
            EVENTS.c.survey == key.survey,
            EVENTS.c.wave == key.wave,
            EVENTS.c.unit == key.unit,
            EVENTS.c.record == key.record,
            EVENTS.c.seq <= version,
            EVENTS.c.field.in_(list(fields)),
        )
        .order_by(EVENTS.c.seq)
    )
    return {row.field: row.value for row in rows}


def _author(connection: Connection, unit: str, seq: int) -> tuple[str | None, str]:
    row = connection.execute(
        select(ACTORS.c.name, EVENTS.c.at)
        .select_from(EVENTS.outerjoin(ACTORS, EVENTS.c.actor == ACTORS.c.pseudonym))
        .where(EVENTS.c.unit == unit, EVENTS.c.seq == seq)
    ).one()
    return row.name, row.at
