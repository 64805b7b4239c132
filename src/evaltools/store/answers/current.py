"""A response as it stands, with who wrote each field and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from evaltools.store.answers.keys import response_key
from evaltools.store.handle import Store, reading
from evaltools.store.log.events import Key
from evaltools.store.log.state import Standing, read_kept, read_standing, standing, value_of
from evaltools.store.model import Current, Response, Writing
from evaltools.store.moments import moment
from evaltools.store.tables import ACTORS, ANSWERS, EVENTS, RESPONSES


def current(store: Store, survey: str, wave: str, unit: str, record: str = "") -> Current:
    """The response of a unit (or one of its records) as it stands; version 0 where nothing has come in.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED.
    """
    with reading(store) as connection:
        key = response_key(connection, survey, wave, unit, record)
        response = _response(connection, key, read_standing(connection, key))
        return Current(response, {row.field: _writing(row) for row in connection.execute(_authors(key))})


def records(store: Store, survey: str, wave: str, unit: str) -> tuple[Response, ...]:
    """Every response of a unit in a wave by record; one or none where a unit answers once.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    with reading(store) as connection:
        code = response_key(connection, survey, wave, unit, None).unit
        of_unit = (RESPONSES.c.survey == survey) & (RESPONSES.c.wave == wave) & (RESPONSES.c.unit == code)
        rows = connection.execute(select(RESPONSES).where(of_unit).order_by(RESPONSES.c.record)).all()
        return tuple(_response(connection, Key(survey, wave, code, row.record), standing(row)) for row in rows)


def _response(connection: Connection, key: Key, now: Standing) -> Response:
    return Response(
        **key.row(),
        disposition=now.disposition,
        answers={field: value_of(kept.value) for field, kept in read_kept(connection, key).items()},
        version=now.version,
        submitted_at=None if now.submitted_at is None else moment(now.submitted_at),
        channel=now.channel,
    )


def _authors(key: Key) -> Any:
    same_event = (ANSWERS.c.unit == EVENTS.c.unit) & (ANSWERS.c.version == EVENTS.c.seq)
    joined = ANSWERS.join(EVENTS, same_event).outerjoin(ACTORS, EVENTS.c.actor == ACTORS.c.pseudonym)
    return (
        select(ANSWERS.c.field, ANSWERS.c.version, EVENTS.c.at, ACTORS.c.name)
        .select_from(joined)
        .where(
            ANSWERS.c.survey == key.survey,
            ANSWERS.c.wave == key.wave,
            ANSWERS.c.unit == key.unit,
            ANSWERS.c.record == key.record,
        )
    )


def _writing(row: Row[Any]) -> Writing:
    return Writing(row.name or "", moment(row.at), row.version)
