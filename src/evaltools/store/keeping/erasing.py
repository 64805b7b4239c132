"""Erasing one response or record that may no longer be kept; the chain stays whole and says that it went."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from evaltools.errors import Fault, StoreError, near
from evaltools.store.fieldwork.pages import remove_pages
from evaltools.store.fieldwork.waves import read_population, read_wave
from evaltools.store.handle import Store, write
from evaltools.store.keeping.clearing import leave_no_bytes
from evaltools.store.keeping.values import erase_values
from evaltools.store.log.events import Entry, Key, Who, append, pseudonym
from evaltools.store.log.state import NOTHING, read_standing, remove_response
from evaltools.store.tables import EVENTS


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
        remove_pages(connection, survey, wave, code)
        return erase_values(connection, key)

    count = write(store, work)
    leave_no_bytes(store)
    return count


def _no_such_record(connection: Connection, key: Key) -> Fault:
    where = f"{key.survey}/{key.wave}, unit {key.unit}"
    of_unit = (EVENTS.c.survey == key.survey) & (EVENTS.c.wave == key.wave) & (EVENTS.c.unit == key.unit)
    known = connection.execute(select(EVENTS.c.record).where(of_unit).distinct()).scalars().all()
    problem = f'there is nothing to erase under record "{key.record}"' if key.record else "there is nothing to erase"
    return Fault("NO_SUCH_RECORD", where, problem, near(key.record, [one for one in known if one]))
