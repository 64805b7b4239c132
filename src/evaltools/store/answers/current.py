"""A response as it stands, with who wrote each field and when."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from evaltools.store.answers.keys import response_key
from evaltools.store.handle import Store, reading
from evaltools.store.log.events import Key
from evaltools.store.log.state import (
    Standing,
    key_parameters,
    of_key,
    read_kept,
    read_standing,
    standing,
    texts_of,
    value_of,
)
from evaltools.store.model import Current, Response, Writing
from evaltools.store.moments import moment
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, ANSWERS, EVENTS, RESPONSES

_AUTHORS = Prepared(
    select(ANSWERS.c.field, ANSWERS.c.value, ANSWERS.c.version, EVENTS.c.at, ACTORS.c.name)
    .select_from(
        ANSWERS.join(EVENTS, (ANSWERS.c.unit == EVENTS.c.unit) & (ANSWERS.c.version == EVENTS.c.seq)).outerjoin(
            ACTORS, EVENTS.c.actor == ACTORS.c.pseudonym
        )
    )
    .where(of_key(ANSWERS))
)


def current(store: Store, survey: str, wave: str, unit: str, record: str = "") -> Current:
    """The response of a unit (or one of its records) as it stands; version 0 where nothing has come in.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED.
    """
    with reading(store) as connection:
        key = response_key(store, connection, survey, wave, unit, record)
        standing_now = read_standing(connection, key)
        rows = _AUTHORS.rows(connection, key_parameters(key))
    response = _response(key, standing_now, {row.field: row.value for row in rows})
    return Current(response, {row.field: Writing(row.name or "", moment(row.at), row.version) for row in rows})


def records(store: Store, survey: str, wave: str, unit: str) -> tuple[Response, ...]:
    """Every response of a unit in a wave by record; one or none where a unit answers once.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    with reading(store) as connection:
        code = response_key(store, connection, survey, wave, unit, None).unit
        of_unit = (RESPONSES.c.survey == survey) & (RESPONSES.c.wave == wave) & (RESPONSES.c.unit == code)
        rows = connection.execute(select(RESPONSES).where(of_unit).order_by(RESPONSES.c.record)).all()
        keys = [Key(survey, wave, code, row.record) for row in rows]
        texts = [texts_of(read_kept(connection, key)) for key in keys]
    return tuple(_response(key, standing(row), kept) for key, row, kept in zip(keys, rows, texts, strict=True))


def _response(key: Key, now: Standing, texts: Mapping[str, str]) -> Response:
    return Response(
        **key.row(),
        disposition=now.disposition,
        answers={field: value_of(text) for field, text in texts.items()},
        version=now.version,
        submitted_at=None if now.submitted_at is None else moment(now.submitted_at),
        channel=now.channel,
    )
