"""Sessions: a link is exchanged for a cookie, and the cookie says who has come in by which grant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from evaltools.errors import Fault, StoreError
from evaltools.store.access.grants import (
    GRANT_COLUMNS,
    GRANTS_AND_NAMES,
    grant_in,
    grant_of_id,
    grant_of_token,
    is_valid,
    note_grant,
)
from evaltools.store.access.secrets import new_token, token_hash
from evaltools.store.fieldwork.settings import read_fieldwork_of
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import pseudonym
from evaltools.store.model import Grant, Session
from evaltools.store.moments import moment, moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, GRANTS, SESSIONS

_SESSION = Prepared(
    select(SESSIONS.c.begun_at, SESSIONS.c.ends_at, ACTORS.c.name.label("person_name"), *GRANT_COLUMNS)
    .select_from(
        GRANTS_AND_NAMES.join(SESSIONS, SESSIONS.c.grant_id == GRANTS.c.id).outerjoin(
            ACTORS, SESSIONS.c.person == ACTORS.c.pseudonym
        )
    )
    .where(SESSIONS.c.cookie_sha256 == bindparam("of_cookie"))
)

_OPENED = Prepared(update(GRANTS).where(GRANTS.c.id == bindparam("of_id")).values(opened_at=bindparam("opened_at")))
_NEW_SESSION = Prepared(insert(SESSIONS))

_NAME_DIGITS: Final = 24


def begin_session(
    store: Store, token: str, person: str, *, at: dt.datetime, lasts: dt.timedelta
) -> tuple[Session, str]:
    """Exchange a link for a session of a person by name: the session, and its cookie, which is shown this once.

    A session ends with its grant at the latest.
    Raises: `StoreError` LINK_NOT_VALID (unknown, revoked or expired), LINK_USED where a link may be used once only.
    """

    def work(connection: Connection) -> tuple[Session, str]:
        grant = _open(connection, grant_of_token(connection, token), at)
        who = pseudonym(connection, person, store.token)
        if grant.opened_at is None:
            _OPENED.run(connection, {"of_id": grant.id, "opened_at": moment_text(at)})
            note_grant(connection, "grant_opened", grant.id, who, at)
            grant = grant_of_id(connection, grant.id)
        ends_at = at + lasts if grant.expires_at is None else min(at + lasts, grant.expires_at)
        cookie = new_token()
        row = {"cookie_sha256": token_hash(cookie), "grant_id": grant.id, "person": who}
        times = {"begun_at": moment_text(at), "ends_at": moment_text(ends_at)}
        _NEW_SESSION.run(connection, row | times)
        return Session(grant, person, moment(times["begun_at"]), moment(times["ends_at"])), cookie

    return write(store, work)


def _open(connection: Connection, grant: Grant | None, at: dt.datetime) -> Grant:
    if grant is None or not is_valid(grant, at):
        problem = "this link is not known, or it has expired or been replaced"
        raise StoreError(Fault("LINK_NOT_VALID", "link", problem, "Ask for a new link."))
    used_once = grant.opened_at is not None and grant.role != "system"
    if used_once and read_fieldwork_of(connection, grant.survey, grant.wave).link_uses == "once":
        problem = "this link has been used already, and may be used once only"
        raise StoreError(Fault("LINK_USED", "link", problem, "Ask for a new link."))
    return grant


def find_session(store: Store, cookie: str, *, at: dt.datetime) -> Session | None:
    """The session of a cookie, or None where it has ended or its grant no longer holds. Changes nothing."""
    with reading(store) as connection:
        row = _SESSION.first(connection, {"of_cookie": token_hash(cookie)})
    if row is None or moment(row.ends_at) <= at:
        return None
    grant = grant_in(row)
    if not is_valid(grant, at):
        return None
    return Session(grant, row.person_name or "", moment(row.begun_at), moment(row.ends_at))


def open_sessions(store: Store, survey: str, wave: str, unit: str, *, at: dt.datetime) -> Mapping[str, Session]:
    """The sessions of a unit that have not ended, the oldest first, each by a name that opens nothing."""
    here = (GRANTS.c.survey == survey) & (GRANTS.c.wave == wave) & (GRANTS.c.unit == unit)
    wanted = (
        select(SESSIONS, ACTORS.c.name)
        .join(GRANTS, SESSIONS.c.grant_id == GRANTS.c.id)
        .outerjoin(ACTORS, SESSIONS.c.person == ACTORS.c.pseudonym)
        .where(here, GRANTS.c.revoked_at.is_(None), SESSIONS.c.ends_at > moment_text(at))
        .order_by(SESSIONS.c.begun_at, SESSIONS.c.cookie_sha256)
    )
    with reading(store) as connection:
        return {
            _named(row.cookie_sha256): Session(
                grant_of_id(connection, row.grant_id), row.name or "", moment(row.begun_at), moment(row.ends_at)
            )
            for row in connection.execute(wanted).all()
        }


def session_named(cookie: str) -> str:
    """What `open_sessions` calls the session of a cookie."""
    return _named(token_hash(cookie))


def end_sessions(store: Store, names: Collection[str], *, at: dt.datetime) -> None:
    """End the sessions that `open_sessions` calls so; unknown or ended ones stay as they are."""

    def work(connection: Connection) -> None:
        awake = select(SESSIONS.c.cookie_sha256).where(SESSIONS.c.ends_at > moment_text(at))
        chosen = [cookie for cookie in connection.execute(awake).scalars() if _named(cookie) in names]
        ends = update(SESSIONS).where(SESSIONS.c.cookie_sha256.in_(chosen)).values(ends_at=moment_text(at))
        connection.execute(ends)

    write(store, work)


def _named(cookie_sha256: str) -> str:
    return token_hash(cookie_sha256)[:_NAME_DIGITS]


def end_session(store: Store, cookie: str, *, at: dt.datetime) -> None:
    """End a session now; an unknown or ended one stays as it is."""
    still_open = (SESSIONS.c.cookie_sha256 == token_hash(cookie)) & (SESSIONS.c.ends_at > moment_text(at))
    write(
        store,
        lambda connection: (
            connection.execute(update(SESSIONS).where(still_open).values(ends_at=moment_text(at))).rowcount
        ),
    )
