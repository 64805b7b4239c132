"""What a unit answered in the wave before: the `last_...` figures of the checks."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select

from evaltools.schema.model import Value
from evaltools.store.fieldwork.waves import OpenedWave, known_wave
from evaltools.store.handle import Store
from evaltools.store.log.events import Key
from evaltools.store.log.state import read_kept, read_standing, value_of
from evaltools.store.prepared import Prepared
from evaltools.store.tables import WAVES

_WAVES_OF_SURVEY = Prepared(select(WAVES.c.wave).where(WAVES.c.survey == bindparam("of_survey")))


def last_answers(connection: Connection, wave: str | None, key: Key) -> Mapping[str, Value]:
    """The submitted answers of the same unit and record in the wave before; empty where there are none."""
    if wave is None:
        return {}
    before = Key(key.survey, wave, key.unit, key.record)
    if read_standing(connection, before).disposition != "submitted":
        return {}
    return {field: value_of(kept.value) for field, kept in read_kept(connection, before).items()}


def wave_before(store: Store, connection: Connection, opened: OpenedWave) -> str | None:
    """The wave of the same survey with the reference year next before; None for the first."""
    questionnaire = opened.questionnaire
    waves = [row.wave for row in _WAVES_OF_SURVEY.rows(connection, {"of_survey": questionnaire.survey})]
    others = [known_wave(store, connection, questionnaire.survey, wave) for wave in waves if wave != questionnaire.wave]
    years = {one.opened.questionnaire.wave: one.opened.questionnaire.reference_year for one in others}
    earlier = {wave: year for wave, year in years.items() if year < questionnaire.reference_year}
    return max(earlier, key=lambda wave: earlier[wave]) if earlier else None
