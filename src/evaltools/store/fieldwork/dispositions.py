"""Who has answered: the one definition that status pages, response rates and chapters share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaltools.errors import Fault, StoreError
from evaltools.store.fieldwork.settings import refuse_closed
from evaltools.store.fieldwork.waves import known_wave, read_population, read_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import Entry, Key, Who, append, pseudonym
from evaltools.store.log.state import NOTHING, Standing, read_standing, write_standing
from evaltools.store.model import Channel, Disposition
from evaltools.store.moments import moment_text
from evaltools.store.tables import RESPONSES


def dispositions(store: Store, survey: str, wave: str) -> Mapping[str, Disposition]:
    """How far every unit of a wave has come, by unit code.

    Where a unit has many records it counts as `submitted` when one of them is. Only `submitted` is response.
    Raises: `StoreError` NO_SUCH_WAVE.
    """
    with reading(store) as connection:
        return read_dispositions(connection, survey, wave)


def read_dispositions(connection: Connection, survey: str, wave: str) -> Mapping[str, Disposition]:
    """`dispositions`, inside a transaction."""
    order: tuple[Disposition, ...] = ("no_answer", "refused", "partial", "submitted")
    read_wave(connection, survey, wave)
    found: dict[str, Disposition] = dict.fromkeys(read_population(connection, survey, wave).units, "no_answer")
    of_wave = (RESPONSES.c.survey == survey) & (RESPONSES.c.wave == wave)
    for row in connection.execute(select(RESPONSES.c.unit, RESPONSES.c.disposition).where(of_wave)):
        found[row.unit] = max(found[row.unit], row.disposition, key=order.index)
    return found


def decline(
    store: Store,
    survey: str,
    wave: str,
    unit: str,
    *,
    at: dt.datetime,
    actor: str = "unknown",
    channel: Channel = "form",
) -> int:
    """Note that a unit does not wish to answer; what it has saved before stays. The version it gives.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, ALREADY_SUBMITTED, WAVE_CLOSED.
    """

    def work(connection: Connection) -> int:
        known = known_wave(store, connection, survey, wave)
        opened = known.opened
        code = known.population.code(unit, opened.questionnaire.id)
        refuse_closed(connection, survey, wave, channel, at)
        key = Key(survey, wave, code, "")
        before = read_standing(connection, key)
        if before.disposition == "submitted":
            problem = f"unit {code} has submitted its answers"
            remedy = "Erase its answers if they may not be used."
            raise StoreError(Fault("ALREADY_SUBMITTED", opened.questionnaire.id, problem, remedy))
        if before.disposition == "refused":
            return before.version
        who = Who(pseudonym(connection, actor, store.token), channel, at)
        (place,) = append(connection, key, opened.schema_sha256, [Entry("decline")], who, store.token)
        now = Standing("refused", place, None, channel, moment_text(at))
        write_standing(connection, key, now, is_new=before is NOTHING)
        return place

    return write(store, work)
