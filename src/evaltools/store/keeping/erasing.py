"""Erasing what may no longer be kept: values and names go, the chain of events stays whole and says that they went."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, select

from evaltools.errors import Fault, StoreError, near
from evaltools.schema import fields
from evaltools.schema.model import Questionnaire
from evaltools.store.fieldwork.waves import read_population, read_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import Entry, Key, Who, append, pseudonym
from evaltools.store.log.state import NOTHING, Standing, read_standing, remove_field, remove_response, write_standing
from evaltools.store.moments import moment_text
from evaltools.store.tables import ACTORS, EVENT_VALUES, EVENTS


def erase_record(
    store: Store, survey: str, wave: str, unit: str, record: str = "", *, at: dt.datetime, actor: str = "unknown"
) -> int:
    """Erase every value of one response (record empty) or record, as it stands and as it ever was.

    Parameters: at - when, with time zone. actor - who erases.
    Returns: how many values went.
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, NO_SUCH_RECORD; ERASED_NOT_CLEARED where the values are gone
    but another program, which reads the file, keeps their bytes in it.
    """

    def work(connection: Connection) -> int:
        opened = read_wave(connection, survey, wave)
        code = read_population(connection, survey, wave).code(unit, opened.questionnaire.id)
        key = Key(survey, wave, code, record)
        if read_standing(connection, key) is NOTHING:
            raise StoreError(_no_such_record(connection, key))
        who = Who(pseudonym(connection, actor, store.token), "file", at)
        append(connection, key, opened.schema_sha256, [Entry("erase")], who, store.token)
        remove_response(connection, key)
        return _erase_values(connection, key)

    count = write(store, work)
    _leave_no_bytes(store)
    return count


def erase_person(store: Store, name: str, *, at: dt.datetime, actor: str = "unknown") -> int:
    """Erase a person: the name behind the pseudonym, and the fields marked `personal` that this person wrote in.

    Such a field goes with every value it has held. The other answers stay, as they are the unit's own; from then
    on nobody can say who gave them.
    Returns: how many values went.
    Raises: `StoreError` NO_SUCH_PERSON; ERASED_NOT_CLEARED as `erase_record`.
    """

    def work(connection: Connection) -> int:
        found = connection.execute(select(ACTORS.c.pseudonym).where(ACTORS.c.name == name)).scalar()
        if found is None:
            known = connection.execute(select(ACTORS.c.name)).scalars().all()
            problem = f'the store knows nobody by the name "{name}"'
            raise StoreError(Fault("NO_SUCH_PERSON", str(store.path), problem, near(name, known)))
        connection.execute(delete(ACTORS).where(ACTORS.c.pseudonym == found))
        who = Who(pseudonym(connection, actor, store.token), "file", at)
        return sum(_erase_field(connection, key, field, who, store) for key, field in _personal(connection, str(found)))

    count = write(store, work)
    _leave_no_bytes(store)
    return count


def _personal(connection: Connection, person: str) -> list[tuple[Key, str]]:
    columns = (EVENTS.c.survey, EVENTS.c.wave, EVENTS.c.unit, EVENTS.c.record, EVENTS.c.field)
    answered = select(*columns).where(EVENTS.c.actor == person, EVENTS.c.kind == "answer").distinct().order_by(*columns)
    names: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for row in connection.execute(answered).all():
        wave = (row.survey, row.wave)
        if wave not in names:
            names[wave] = _personal_fields(read_wave(connection, *wave).questionnaire)
        if row.field in names[wave]:
            found.append((Key(row.survey, row.wave, row.unit, row.record), row.field))
    return found


def _personal_fields(questionnaire: Questionnaire) -> frozenset[str]:
    return frozenset(one.name for one in fields(questionnaire) if one.item.confidentiality == "personal")


def _erase_field(connection: Connection, key: Key, field: str, who: Who, store: Store) -> int:
    before = read_standing(connection, key)
    if before is NOTHING:
        return 0
    opened = read_wave(connection, key.survey, key.wave)
    (place,) = append(connection, key, opened.schema_sha256, [Entry("erase", field)], who, store.token)
    remove_field(connection, key, field)
    now = Standing(before.disposition, place, before.submitted_at, before.channel, moment_text(who.at))
    write_standing(connection, key, now, is_new=False)
    return _erase_values(connection, key, field)


def _erase_values(connection: Connection, key: Key, field: str = "") -> int:
    of_key = (
        (EVENTS.c.survey == key.survey)
        & (EVENTS.c.wave == key.wave)
        & (EVENTS.c.unit == key.unit)
        & (EVENTS.c.record == key.record)
    )
    places = select(EVENTS.c.seq).where(of_key, EVENTS.c.field == field if field else EVENTS.c.kind == "answer")
    gone = delete(EVENT_VALUES).where(EVENT_VALUES.c.unit == key.unit, EVENT_VALUES.c.seq.in_(places))
    return connection.execute(gone).rowcount


def _no_such_record(connection: Connection, key: Key) -> Fault:
    where = f"{key.survey}/{key.wave}, unit {key.unit}"
    of_unit = (EVENTS.c.survey == key.survey) & (EVENTS.c.wave == key.wave) & (EVENTS.c.unit == key.unit)
    known = connection.execute(select(EVENTS.c.record).where(of_unit).distinct()).scalars().all()
    problem = f'there is nothing to erase under record "{key.record}"' if key.record else "there is nothing to erase"
    return Fault("NO_SUCH_RECORD", where, problem, near(key.record, [one for one in known if one]))


def _leave_no_bytes(store: Store) -> None:
    """Empty the journal too: until then it holds the pages as they were before."""
    with reading(store) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        return
    connection_of_driver = store.engine.raw_connection()
    try:
        busy = connection_of_driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection_of_driver.close()
    if busy:
        problem = "the values are erased, but their bytes stay in the file while another program reads it"
        remedy = "Close every program that has the store open; the last one to close it clears them."
        raise StoreError(Fault("ERASED_NOT_CLEARED", str(store.path), problem, remedy))
