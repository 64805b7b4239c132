"""What surrounds the answers of a unit: what is asked, who is asked, and the figures that are known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaltools.collect import Answers
from evaltools.provenance import Origin
from evaltools.schema.model import Questionnaire
from evaltools.store.answers.previous import last_answers, wave_before
from evaltools.store.fieldwork.waves import known_wave, read_waves
from evaltools.store.handle import Store, reading
from evaltools.store.log.events import Key
from evaltools.store.model import Unit


@dataclass(frozen=True)
class OpenWave:
    """A wave that a store takes answers to. `schema_sha256` names its questionnaire."""

    questionnaire: Questionnaire
    origin: Origin
    schema_sha256: str


@dataclass(frozen=True)
class Background:
    """references: register figures of the unit by name. last: its submitted answers of the wave before."""

    wave: OpenWave
    unit: Unit
    references: Mapping[str, float]
    last: Answers


def open_waves(store: Store) -> tuple[OpenWave, ...]:
    """Every wave of the store, by survey and wave."""
    with reading(store) as connection:
        found = read_waves(connection)
    return tuple(OpenWave(one.questionnaire, one.origin, one.schema_sha256) for one in found)


def background(store: Store, survey: str, wave: str, unit: str, record: str = "") -> Background:
    """What surrounds the answers of a unit, or of one of its records.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    with reading(store) as connection:
        known = known_wave(store, connection, survey, wave)
        opened, population = known.opened, known.population
        code = population.code(unit, opened.questionnaire.id)
        last = last_answers(connection, wave_before(store, connection, opened), Key(survey, wave, code, record))
    found = OpenWave(opened.questionnaire, opened.origin, opened.schema_sha256)
    return Background(found, population.units[code], population.figures.get(code, {}), last)
