"""The end of keeping: names, contacts, ways in and everything written in words go; counts, codes and chains stand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, delete, select, union

from evaltools.errors import Fault, StoreError
from evaltools.language import Text
from evaltools.schema import fields
from evaltools.schema.model import REASON_SUFFIX, Questionnaire
from evaltools.store.access.grants import revoke
from evaltools.store.fieldwork.settings import Who as Changer
from evaltools.store.fieldwork.settings import keep_fieldwork, read_fieldwork_of
from evaltools.store.fieldwork.waves import read_wave, read_waves
from evaltools.store.handle import Store, reading, write
from evaltools.store.keeping.clearing import leave_no_bytes
from evaltools.store.keeping.people import forget_operators, personal_fields
from evaltools.store.keeping.values import erase_fields
from evaltools.store.log.events import Key, Who, pseudonym
from evaltools.store.log.journal import Line, lines, note
from evaltools.store.model import Contact
from evaltools.store.tables import (
    ACTORS,
    CONTACTS,
    EVENT_VALUES,
    EVENTS,
    FIELDWORK,
    GRANTS,
    JOURNAL,
    OPERATORS,
    PAGES,
    SESSIONS,
)

PURGER = "purge"
"""Who stands in the log as the one that erased."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge took, in numbers: values of answers, people's names, contacts, links, sessions, pages, logins."""

    values: int
    names: int
    contacts: int
    links: int
    sessions: int
    pages: int
    logins: int


class _UndoneError(Exception):
    """Takes back a purge that was only tried."""

    def __init__(self, found: Purged) -> None:
        self.found = found


def purge(
    store: Store, survey: str, wave: str, *, at: dt.datetime, early: bool = False, dry_run: bool = False
) -> Purged:
    """Erase from a wave, for good, everything by which a person could be known, when its retention date has come.

    That is every value that fields of text, mail addresses, reasons, and numbers and dates marked `personal` have
    ever held; the names of those who took part (unless they take part in a wave that is not purged); contacts,
    sessions and finished pages; the privacy text and the mailbox. Links end and the wave closes. Operators' logins
    go with the last wave. Counts, codes, chains and the journal stand, and `verify_store` holds. A second time
    finds nothing, and clears the file again.
    Parameters: at - when, with time zone. early - before the retention date. dry_run - count, and change nothing.
    Raises: `StoreError` NO_SUCH_WAVE, NOT_YET_DUE, RETENTION_MISSING; ERASED_NOT_CLEARED where all is erased but
    another program keeps the bytes in the file: close it and purge again.
    """

    def work(connection: Connection) -> Purged:
        opened = read_wave(connection, survey, wave)
        if not early:
            _refuse_too_soon(connection, opened.questionnaire, at)
        found = _purge(connection, opened.questionnaire, store, at)
        if dry_run:
            raise _UndoneError(found)
        return found

    try:
        found = write(store, work)
    except _UndoneError as undone:
        return undone.found
    leave_no_bytes(store, rebuild=True)
    return found


def due_for_purge(store: Store, at: dt.datetime) -> tuple[str, ...]:
    """The waves whose retention date has come and that still hold what a purge erases, as `survey/wave`."""
    with reading(store) as connection:
        waves = [opened.questionnaire for opened in read_waves(connection) if opened.origin == "collected"]
        return tuple(one.id for one in waves if _is_due(connection, one, at) and not _is_purged(connection, one))


def _is_due(connection: Connection, questionnaire: Questionnaire, at: dt.datetime) -> bool:
    try:
        return at.date() >= read_fieldwork_of(connection, questionnaire.survey, questionnaire.wave).keep_until
    except StoreError:
        return False


def _is_purged(connection: Connection, questionnaire: Questionnaire) -> bool:
    return any(lines(connection, questionnaire.survey, questionnaire.wave, "purge"))


def _refuse_too_soon(connection: Connection, questionnaire: Questionnaire, at: dt.datetime) -> None:
    until = read_fieldwork_of(connection, questionnaire.survey, questionnaire.wave).keep_until
    if at.date() < until:
        problem = f"the answers of this wave are kept until {until.isoformat()}"
        remedy = "Wait until then, or add --early to purge it all the same."
        raise StoreError(Fault("NOT_YET_DUE", questionnaire.id, problem, remedy))


def _purge(connection: Connection, questionnaire: Questionnaire, store: Store, at: dt.datetime) -> Purged:
    survey, wave = questionnaire.survey, questionnaire.wave
    people = _people_to_forget(connection, survey, wave)
    keep_logins = _others_unpurged(connection, survey, wave)
    purger = pseudonym(connection, PURGER, store.token)
    who = Who(purger, "file", at)
    found = Purged(
        values=_erase_words(connection, questionnaire, who, store),
        links=_end_links(connection, survey, wave, store, at),
        sessions=_forget_sessions(connection, survey, wave),
        contacts=_forget_contacts(connection, survey, wave, Changer(purger, at, store.token)),
        pages=connection.execute(delete(PAGES).where(PAGES.c.survey == survey, PAGES.c.wave == wave)).rowcount,
        names=connection.execute(delete(ACTORS).where(ACTORS.c.pseudonym.in_(people - {purger}))).rowcount,
        logins=0 if keep_logins else forget_operators(connection, list(connection.execute(_LOGINS).scalars())),
    )
    if any(asdict(found).values()):
        note(connection, Line(survey, wave, "purge", detail=asdict(found)), purger, at)
    return found


_LOGINS = select(OPERATORS.c.id)


def _erase_words(connection: Connection, questionnaire: Questionnaire, who: Who, store: Store) -> int:
    coded = {one.name for one in fields(questionnaire) if one.kind in ("single", "multiple")}
    written = {one.name for one in fields(questionnaire) if one.kind in ("text", "email")}
    written |= personal_fields(questionnaire) - coded
    by_key: Mapping[Key, list[str]] = defaultdict(list)
    columns = (EVENTS.c.survey, EVENTS.c.wave, EVENTS.c.unit, EVENTS.c.record, EVENTS.c.field)
    kept = (EVENTS.c.unit == EVENT_VALUES.c.unit) & (EVENTS.c.seq == EVENT_VALUES.c.seq)
    of_wave = (EVENTS.c.survey == questionnaire.survey) & (EVENTS.c.wave == questionnaire.wave)
    answered = select(*columns).join(EVENT_VALUES, kept).where(of_wave).distinct().order_by(*columns)
    for row in connection.execute(answered):
        if row.field in written or row.field.endswith(REASON_SUFFIX):
            by_key[Key(row.survey, row.wave, row.unit, row.record)].append(row.field)
    return sum(erase_fields(connection, key, names, who, store.token) for key, names in by_key.items())


def _end_links(connection: Connection, survey: str, wave: str, store: Store, at: dt.datetime) -> int:
    of_wave = select(GRANTS.c.id).where(GRANTS.c.survey == survey, GRANTS.c.wave == wave)
    open_ones = of_wave.where(GRANTS.c.revoked_at.is_(None)).order_by(GRANTS.c.id)
    ended = connection.execute(open_ones).scalars().all()
    for grant in ended:
        revoke(connection, store, grant, at, PURGER)
    return len(ended)


def _forget_sessions(connection: Connection, survey: str, wave: str) -> int:
    of_wave = select(GRANTS.c.id).where(GRANTS.c.survey == survey, GRANTS.c.wave == wave)
    return connection.execute(delete(SESSIONS).where(SESSIONS.c.grant_id.in_(of_wave))).rowcount


def _forget_contacts(connection: Connection, survey: str, wave: str, who: Changer) -> int:
    """Contacts and mailbox go, and the privacy text, which may name people; and the wave closes."""
    here = (CONTACTS.c.survey == survey) & (CONTACTS.c.wave == wave)
    named = (CONTACTS.c.name != "") | (CONTACTS.c.email != "") | (CONTACTS.c.phone != "")
    count = len(connection.execute(select(CONTACTS.c.unit).where(here, named)).all())
    run = select(FIELDWORK.c.wave).where(FIELDWORK.c.survey == survey, FIELDWORK.c.wave == wave)
    if connection.execute(run).scalar() is not None:
        before = read_fieldwork_of(connection, survey, wave)
        closes_at = who.at if before.closes_at is None else min(before.closes_at, who.at)
        after = replace(before, contact=Contact(), privacy=Text("", ""), closes_at=closes_at)
        keep_fieldwork(connection, (survey, wave), after, who)
    connection.execute(delete(CONTACTS).where(here, CONTACTS.c.unit != ""))
    return count


def _people_to_forget(connection: Connection, survey: str, wave: str) -> set[str]:
    """Everybody in the store whom no wave needs that is not purged: of operators, whoever can still log in stays."""
    others = _others_unpurged(connection, survey, wave)
    needed = {person for one in others for person in _took_part(connection, *one)}
    if others:
        logins = select(ACTORS.c.pseudonym).where(ACTORS.c.name.in_(select(OPERATORS.c.name)))
        needed |= set(connection.execute(logins).scalars())
        return _took_part(connection, survey, wave) - needed
    return set(connection.execute(select(ACTORS.c.pseudonym)).scalars())


def _others_unpurged(connection: Connection, survey: str, wave: str) -> list[tuple[str, str]]:
    waves = [opened.questionnaire for opened in read_waves(connection)]
    others = [one for one in waves if (one.survey, one.wave) != (survey, wave)]
    return [(one.survey, one.wave) for one in others if not _is_purged(connection, one)]


def _took_part(connection: Connection, survey: str, wave: str) -> set[str]:
    of_wave = (GRANTS.c.survey == survey) & (GRANTS.c.wave == wave)
    everybody = union(
        select(EVENTS.c.actor).where(EVENTS.c.survey == survey, EVENTS.c.wave == wave),
        select(JOURNAL.c.actor).where(JOURNAL.c.survey == survey, JOURNAL.c.wave == wave),
        select(GRANTS.c.holder).where(of_wave),
        select(GRANTS.c.made_by).where(of_wave),
        select(SESSIONS.c.person).join(GRANTS, SESSIONS.c.grant_id == GRANTS.c.id).where(of_wave),
    )
    return {str(person) for person in connection.execute(everybody).scalars()}
