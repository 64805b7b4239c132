"""The seal on the opening of a wave: hashes of its questionnaire, its origin and every unit, kept in the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from evaltools.provenance import sha256_of
from evaltools.store.log.journal import Line, LineKind, note
from evaltools.store.moments import moment
from evaltools.store.tables import UNITS, WAVES

_OF_WAVE: Final = ("schema_sha256", "origin", "opened_at")
_OF_UNIT: Final = ("position", "name", "frame", "aliases", "reference_figures")


def seal(connection: Connection, survey: str, wave: str, kind: LineKind, actor: str, at: dt.datetime) -> None:
    """Note in the journal how the opening of a wave stands now."""
    note(connection, Line(survey, wave, kind, detail=seal_of(connection, survey, wave)), actor, at)


def seal_of(connection: Connection, survey: str, wave: str) -> dict[str, Any]:
    """What a seal says: the questionnaire by hash, origin and opening, and a hash over the row of each unit."""
    opening = select(WAVES.c.questionnaire, *(WAVES.c[name] for name in _OF_WAVE))
    row = connection.execute(opening.where(WAVES.c.survey == survey, WAVES.c.wave == wave)).one()
    population = select(UNITS.c.unit, *(UNITS.c[name] for name in _OF_UNIT)).order_by(UNITS.c.position)
    of_wave = population.where(UNITS.c.survey == survey, UNITS.c.wave == wave)
    return {
        **{name: row._mapping[name] for name in _OF_WAVE},
        "questionnaire_sha256": sha256_of(row.questionnaire),
        "units": {unit.unit: _unit_hash(unit) for unit in connection.execute(of_wave)},
    }


def _unit_hash(unit: Row[Any]) -> str:
    return sha256_of([unit._mapping[name] for name in _OF_UNIT])


def seal_as_they_stand(connection: Connection) -> None:
    """Seal the openings of a store that had no journal. Nobody knows when; the time of the opening stands for it."""
    waves = select(WAVES.c.survey, WAVES.c.wave, WAVES.c.opened_at).order_by(WAVES.c.survey, WAVES.c.wave)
    for row in connection.execute(waves).all():
        seal(connection, row.survey, row.wave, "sealed_later", "", moment(row.opened_at))
