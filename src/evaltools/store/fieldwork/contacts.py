"""Whom to write to at each unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaltools.store.fieldwork.settings import THOSE_WHO_ASK, keep_contact
from evaltools.store.fieldwork.waves import known_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import pseudonym
from evaltools.store.log.journal import Line, note
from evaltools.store.model import Contact
from evaltools.store.tables import CONTACTS


def set_contacts(
    store: Store,
    survey: str,
    wave: str,
    contacts: Mapping[str, Contact],
    *,
    at: dt.datetime,
    actor: str = "unknown",
) -> None:
    """Keep whom to write to, by unit (code, name or known spelling); those of units that are not named stay.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT: then none was kept.
    """

    def work(connection: Connection) -> None:
        known = known_wave(store, connection, survey, wave)
        where = known.opened.questionnaire.id
        codes = {known.population.code(unit, where): contact for unit, contact in contacts.items()}
        for code, contact in codes.items():
            keep_contact(connection, (survey, wave), code, contact)
        who = pseudonym(connection, actor, store.token)
        note(connection, Line(survey, wave, "contacts", detail={"units": sorted(codes)}), who, at)

    write(store, work)


def contacts(store: Store, survey: str, wave: str) -> Mapping[str, Contact]:
    """Whom to write to, by unit code; a unit without a contact is left out.

    Raises: `StoreError` NO_SUCH_WAVE.
    """
    with reading(store) as connection:
        known_wave(store, connection, survey, wave)
        of_wave = select(CONTACTS).where(CONTACTS.c.survey == survey, CONTACTS.c.wave == wave)
        rows = connection.execute(of_wave.where(CONTACTS.c.unit != THOSE_WHO_ASK).order_by(CONTACTS.c.unit))
        return {row.unit: Contact(row.name, row.email, row.phone) for row in rows}
