"""Operators: the people who run a survey, by name and password, and their sessions."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from evaltools.errors import Fault, StoreError
from evaltools.store.access.secrets import PasswordHash, hash_password, is_password, new_token, token_hash
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import pseudonym
from evaltools.store.log.journal import Line, note
from evaltools.store.moments import moment, moment_text
from evaltools.store.tables import OPERATOR_SESSIONS, OPERATORS

SHORTEST_PASSWORD: Final = 12


def add_operator(store: Store, name: str, password: str, *, at: dt.datetime) -> None:
    """Let somebody run the survey; for a name that is known, a new password, and every open session ends.

    Raises: `StoreError` PASSWORD_SHORT (under 12 signs), NAME_MISSING.
    """
    if not name.strip():
        raise StoreError(Fault("NAME_MISSING", "operator", "an operator has a name", "Give a name."))
    if len(password) < SHORTEST_PASSWORD:
        problem = f"a password has at least {SHORTEST_PASSWORD} signs"
        raise StoreError(Fault("PASSWORD_SHORT", "operator", problem, "Take several words that only you would join."))
    kept = hash_password(password)

    def work(connection: Connection) -> None:
        known = connection.execute(select(OPERATORS.c.id).where(OPERATORS.c.name == name)).scalar()
        secret = {"salt": kept.salt, "password_scrypt": kept.scrypt}
        if known is None:
            row = {"id": store.token(8), "name": name, "added_at": moment_text(at)}
            connection.execute(insert(OPERATORS).values(**row, **secret))
        else:
            connection.execute(update(OPERATORS).where(OPERATORS.c.id == known).values(secret))
            connection.execute(delete(OPERATOR_SESSIONS).where(OPERATOR_SESSIONS.c.operator_id == known))
        who = pseudonym(connection, name, store.token)
        note(connection, Line("", "", "operator_added", detail={"new": known is None}), who, at)

    write(store, work)


def change_password(store: Store, name: str, current: str, new: str, *, at: dt.datetime) -> None:
    """A new password in place of the current one, which must be told; every open session of the operator ends.

    Raises: `StoreError` LOGIN_REFUSED where the current one is not right, PASSWORD_SHORT.
    """
    _check(store, name, current)
    add_operator(store, name, new, at=at)


def remove_operator(store: Store, name: str, *, at: dt.datetime) -> None:
    """Let somebody run the survey no longer: the password is gone, and every open session ends.

    Raises: `StoreError` NO_SUCH_OPERATOR.
    """

    def work(connection: Connection) -> None:
        known = connection.execute(select(OPERATORS.c.id).where(OPERATORS.c.name == name)).scalar()
        if known is None:
            problem = f'there is no operator "{name}"'
            raise StoreError(Fault("NO_SUCH_OPERATOR", "operator", problem, "Write the name as it was given."))
        connection.execute(delete(OPERATOR_SESSIONS).where(OPERATOR_SESSIONS.c.operator_id == known))
        connection.execute(delete(OPERATORS).where(OPERATORS.c.id == known))
        note(connection, Line("", "", "operator_removed"), pseudonym(connection, name, store.token), at)

    write(store, work)


def begin_operator(store: Store, name: str, password: str, *, at: dt.datetime, lasts: dt.timedelta) -> str:
    """Let an operator in: the cookie of the session, which is shown this once.

    Raises: `StoreError` LOGIN_REFUSED, with the same words for a wrong name and a wrong password.
    """
    operator = _check(store, name, password)
    cookie = new_token()
    session = {
        "cookie_sha256": token_hash(cookie),
        "operator_id": operator,
        "begun_at": moment_text(at),
        "ends_at": moment_text(at + lasts),
    }
    write(store, lambda connection: connection.execute(insert(OPERATOR_SESSIONS).values(session)).rowcount)
    return cookie


def _check(store: Store, name: str, password: str) -> str:
    """The id of the operator whose password it is; `StoreError` LOGIN_REFUSED otherwise."""
    with reading(store) as connection:
        row = connection.execute(select(OPERATORS).where(OPERATORS.c.name == name)).one_or_none()
    kept = None if row is None else PasswordHash(row.salt, row.password_scrypt)
    if not is_password(password, kept) or row is None:
        problem = "the name or the password is not right"
        raise StoreError(Fault("LOGIN_REFUSED", "operator", problem, "Try again, or set a new password."))
    return str(row.id)


def find_operator(store: Store, cookie: str, *, at: dt.datetime) -> str | None:
    """The name of the operator whose cookie it is, or None where the session has ended. Changes nothing."""
    wanted = (
        select(OPERATORS.c.name, OPERATOR_SESSIONS.c.ends_at)
        .join(OPERATOR_SESSIONS, OPERATORS.c.id == OPERATOR_SESSIONS.c.operator_id)
        .where(OPERATOR_SESSIONS.c.cookie_sha256 == token_hash(cookie))
    )
    with reading(store) as connection:
        row = connection.execute(wanted).one_or_none()
    return None if row is None or moment(row.ends_at) <= at else str(row.name)


def end_operator(store: Store, cookie: str) -> None:
    """End an operator's session; an unknown one changes nothing."""
    gone = delete(OPERATOR_SESSIONS).where(OPERATOR_SESSIONS.c.cookie_sha256 == token_hash(cookie))
    write(store, lambda connection: connection.execute(gone).rowcount)
