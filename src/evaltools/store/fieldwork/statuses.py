"""How far every unit has come, and when it was reminded: what a status board shows and reminders go by."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from evaltools.store.fieldwork.dispositions import read_dispositions
from evaltools.store.fieldwork.waves import known_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.journal import Line, lines, note
from evaltools.store.model import UnitStatus
from evaltools.store.moments import moment
from evaltools.store.tables import EVENTS, GRANTS, RESPONSES


def unit_statuses(store: Store, survey: str, wave: str) -> tuple[UnitStatus, ...]:
    """How far every unit of a wave has come, in the order of the frame; `dispositions` says who has answered.

    Raises: `StoreError` NO_SUCH_WAVE.
    """
    with reading(store) as connection:
        found = read_dispositions(connection, survey, wave)
        times = _times(connection, survey, wave)
        people = _colleagues(connection, survey, wave)
        reminded = _reminded(connection, survey, wave)
        return tuple(
            UnitStatus(
                unit=unit,
                disposition=found[code],
                opened_at=_moment(times["opened"].get(code)),
                begun_at=_moment(times["begun"].get(code)),
                changed_at=_moment(times["changed"].get(code)),
                submitted_at=_moment(times["submitted"].get(code)),
                colleagues=people.get(code, 0),
                reminded=tuple(reminded[code]),
            )
            for code, unit in known_wave(store, connection, survey, wave).population.units.items()
        )


def note_reminder(store: Store, survey: str, wave: str, unit: str, kind: str, *, at: dt.datetime) -> bool:
    """Note that a unit is reminded; whether it is the first time for this kind, such as `reminder-1`.

    Note first and send afterwards: then nobody is written to twice, whatever happens in between.
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """

    def work(connection: Connection) -> bool:
        known = known_wave(store, connection, survey, wave)
        code = known.population.code(unit, known.opened.questionnaire.id)
        before = [detail["kind"] for _, detail in lines(connection, survey, wave, "reminder", unit=code)]
        if kind in before:
            return False
        note(connection, Line(survey, wave, "reminder", code, {"kind": kind}), "", at)
        return True

    return write(store, work)


def _times(connection: Connection, survey: str, wave: str) -> Mapping[str, Mapping[str, str]]:
    first_opened = select(GRANTS.c.unit, func.min(GRANTS.c.opened_at).label("at"))
    begun = select(EVENTS.c.unit, func.min(EVENTS.c.at).label("at"))
    changed = select(RESPONSES.c.unit, func.max(RESPONSES.c.changed_at).label("at"))
    submitted = select(RESPONSES.c.unit, func.max(RESPONSES.c.submitted_at).label("at"))
    wanted: Mapping[str, tuple[Any, Any]] = {
        "opened": (first_opened, GRANTS.c),
        "begun": (begun, EVENTS.c),
        "changed": (changed, RESPONSES.c),
        "submitted": (submitted, RESPONSES.c),
    }
    return {
        name: {
            row.unit: row.at
            for row in connection.execute(
                statement.where(columns.survey == survey, columns.wave == wave).group_by(columns.unit)
            )
        }
        for name, (statement, columns) in wanted.items()
    }


def _colleagues(connection: Connection, survey: str, wave: str) -> Mapping[str, int]:
    standing = (GRANTS.c.role == "colleague") & GRANTS.c.revoked_at.is_(None)
    rows = connection.execute(
        select(GRANTS.c.unit, func.count(GRANTS.c.holder.distinct()).label("people"))
        .where(GRANTS.c.survey == survey, GRANTS.c.wave == wave, standing)
        .group_by(GRANTS.c.unit)
    )
    return {row.unit: row.people for row in rows}


def _reminded(connection: Connection, survey: str, wave: str) -> Mapping[str, list[tuple[str, dt.datetime]]]:
    found: dict[str, list[tuple[str, dt.datetime]]] = defaultdict(list)
    for row, detail in lines(connection, survey, wave, "reminder"):
        found[row.unit].append((detail["kind"], moment(row.at)))
    return found


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else moment(text)
