"""What a unit answered in the wave before: the `last_...` figures of the checks."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaltools.schema.model import Value
from evaltools.store.fieldwork.waves import OpenedWave, read_wave
from evaltools.store.log.events import Key
from evaltools.store.log.state import read_kept, read_standing, value_of
from evaltools.store.tables import WAVES


def last_answers(connection: Connection, wave: str | None, key: Key) -> Mapping[str, Value]:
    """The submitted answers of the same unit and record in the wave before; empty where there are none."""
    if wave is None:
        return {}
    before = Key(key.survey, wave, key.unit, key.record)
    if read_standing(connection, before).disposition != "submitted":
        return {}
    return {field: value_of(kept.value) for field, kept in read_kept(connection, before).items()}


def wave_before(connection: Connection, opened: OpenedWave) -> str | None:
    """The wave of the same survey with the reference year next before; None for the first."""
    questionnaire = opened.questionnaire
    others = connection.execute(select(WAVES.c.wave).where(WAVES.c.survey == questionnaire.survey)).scalars().all()
    known = [read_wave(connection, questionnaire.survey, wave).questionnaire for wave in others]
    earlier = [one for one in known if one.reference_year < questionnaire.reference_year]
    return max(earlier, key=lambda one: one.reference_year).wave if earlier else None
