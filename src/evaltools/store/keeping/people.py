"""Erasing people: the name behind a pseudonym, what the person wrote of themselves, and every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, or_, select

from evaltools.errors import Fault, StoreError, near
from evaltools.schema import fields
from evaltools.schema.model import Questionnaire
from evaltools.store.access.grants import revoke
from evaltools.store.fieldwork.settings import THOSE_WHO_ASK, keep_fieldwork, read_fieldwork_of
from evaltools.store.fieldwork.settings import Who as Changer
from evaltools.store.fieldwork.waves import read_wave
from evaltools.store.handle import Store, write
from evaltools.store.keeping.clearing import leave_no_bytes
from evaltools.store.keeping.values import erase_fields
from evaltools.store.log.events import Key, Who, pseudonym
from evaltools.store.model import Contact
from evaltools.store.tables import ACTORS, CONTACTS, EVENTS, GRANTS, OPERATOR_SESSIONS, OPERATORS, SESSIONS


def erase_person(store: Store, name: str, *, at: dt.datetime, actor: str = "unknown") -> int:
    """Erase a person by name or mail address, wherever the store knows them.

    The name behind the pseudonym goes, and the fields marked `personal` that this person wrote in, with every value
    they have held; so do the contacts of that name or address, and the person's login. Their links and sessions end.
    The other answers stay, as they are the unit's own; from then on nobody can say who gave them.
    Returns: how many values went.
    Raises: `StoreError` NO_SUCH_PERSON; ERASED_NOT_CLEARED as `erase_record`.
    """

    def work(connection: Connection) -> int:
        found = connection.execute(select(ACTORS.c.pseudonym).where(ACTORS.c.name == name)).scalar()
        contacts = _contacts(connection, name)
        logins = connection.execute(select(OPERATORS.c.id).where(OPERATORS.c.name == name)).scalars().all()
        if found is None and not contacts and not logins:
            raise StoreError(_no_such_person(connection, store, name))
        forget_operators(connection, logins)
        if found is not None:
            connection.execute(delete(ACTORS).where(ACTORS.c.pseudonym == found))
        who = Who(pseudonym(connection, actor, store.token), "file", at)
        for survey, wave, unit in contacts:
            _forget_contact(connection, (survey, wave), unit, Changer(who.actor, at, store.token))
        return 0 if found is None else _forget_actor(connection, str(found), who, store, actor)

    count = write(store, work)
    leave_no_bytes(store)
    return count


def _no_such_person(connection: Connection, store: Store, name: str) -> Fault:
    known = [str(one) for one in connection.execute(select(ACTORS.c.name)).scalars()]
    known += [str(one) for one in connection.execute(select(CONTACTS.c.name)).scalars()]
    return Fault("NO_SUCH_PERSON", str(store.path), f'the store knows nobody by the name "{name}"', near(name, known))


def _contacts(connection: Connection, name: str) -> Sequence[tuple[str, str, str]]:
    columns = (CONTACTS.c.survey, CONTACTS.c.wave, CONTACTS.c.unit)
    if not name:
        return []
    theirs = select(*columns).where(or_(CONTACTS.c.name == name, CONTACTS.c.email == name))
    return [(row.survey, row.wave, row.unit) for row in connection.execute(theirs.order_by(*columns))]


def _forget_contact(connection: Connection, wave: tuple[str, str], unit: str, who: Changer) -> None:
    if unit == THOSE_WHO_ASK:
        settings = read_fieldwork_of(connection, *wave)
        keep_fieldwork(connection, wave, replace(settings, contact=Contact()), who)
        return
    here = (CONTACTS.c.survey == wave[0]) & (CONTACTS.c.wave == wave[1]) & (CONTACTS.c.unit == unit)
    connection.execute(delete(CONTACTS).where(here))


def _forget_actor(connection: Connection, person: str, who: Who, store: Store, actor: str) -> int:
    connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))
    held = select(GRANTS.c.id).where(GRANTS.c.holder == person, GRANTS.c.revoked_at.is_(None))
    for grant in connection.execute(held.order_by(GRANTS.c.id)).scalars().all():
        revoke(connection, store, grant, who.at, actor)
    written = _personal(connection, person)
    return sum(erase_fields(connection, key, [field], who, store.token) for key, field in written)


def forget_operators(connection: Connection, ids: Collection[str]) -> int:
    """Delete logins with their sessions; how many went."""
    connection.execute(delete(OPERATOR_SESSIONS).where(OPERATOR_SESSIONS.c.operator_id.in_(ids)))
    return connection.execute(delete(OPERATORS).where(OPERATORS.c.id.in_(ids))).rowcount


def _personal(connection: Connection, person: str) -> list[tuple[Key, str]]:
    columns = (EVENTS.c.survey, EVENTS.c.wave, EVENTS.c.unit, EVENTS.c.record, EVENTS.c.field)
    answered = select(*columns).where(EVENTS.c.actor == person, EVENTS.c.kind == "answer").distinct().order_by(*columns)
    names: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for row in connection.execute(answered).all():
        wave = (row.survey, row.wave)
        if wave not in names:
            names[wave] = personal_fields(read_wave(connection, *wave).questionnaire)
        if row.field in names[wave]:
            found.append((Key(row.survey, row.wave, row.unit, row.record), row.field))
    return found


def personal_fields(questionnaire: Questionnaire) -> frozenset[str]:
    """The fields in which people write of themselves."""
    return frozenset(one.name for one in fields(questionnaire) if one.item.confidentiality == "personal")
