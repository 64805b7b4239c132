"""Waves and their populations: finding the wave and the unit a sender means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from evaltools.errors import Fault, StoreError, near
from evaltools.provenance import Origin
from evaltools.schema import survey_from_source
from evaltools.schema.model import Questionnaire
from evaltools.store.handle import Store, reading
from evaltools.store.model import Unit
from evaltools.store.tables import UNITS, WAVES

_WAVE = select(WAVES).where(WAVES.c.survey == bindparam("of_survey"), WAVES.c.wave == bindparam("of_wave"))
_UNITS = (
    select(UNITS)
    .where(UNITS.c.survey == bindparam("of_survey"), UNITS.c.wave == bindparam("of_wave"))
    .order_by(UNITS.c.position)
)

Figures = Mapping[str, float]
"""Register figures of one unit by name, such as `placed_register`."""


@dataclass(frozen=True)
class Population:
    """The units of a wave, and every spelling that means one of them."""

    units: Mapping[str, Unit]
    figures: Mapping[str, Figures]
    spellings: Mapping[str, str]

    def code(self, text: str, where: str) -> str:
        """The code of the unit a sender means; `StoreError` UNKNOWN_UNIT with the nearest one otherwise.

        Accepted are the code (also where a spreadsheet has taken its leading zero), the name and known spellings.
        """
        found = self.spellings.get(_plain(text))
        if found is not None:
            return found
        known = [name for unit in self.units.values() for name in (unit.name, *unit.aliases)]
        known += [] if any(letter.isalpha() for letter in text) else list(self.units)
        raise StoreError(
            Fault("UNKNOWN_UNIT", where, f'"{text}" is not in the population of this wave', near(text, known))
        )


@dataclass(frozen=True)
class OpenedWave:
    """A wave as a store keeps it."""

    questionnaire: Questionnaire
    schema_sha256: str
    source: str
    origin: Origin
    opened_at: str


def read_wave(connection: Connection, survey: str, wave: str) -> OpenedWave:
    """The wave as it was opened; `StoreError` NO_SUCH_WAVE with the nearest one otherwise."""
    row = find_wave(connection, survey, wave)
    if row is None:
        known = [f"{found.survey}/{found.wave}" for found in connection.execute(select(WAVES.c.survey, WAVES.c.wave))]
        asked = f"{survey}/{wave}"
        raise StoreError(Fault("NO_SUCH_WAVE", asked, "this wave is not open in the store", near(asked, known)))
    return _opened(row)


def read_waves(connection: Connection) -> tuple[OpenedWave, ...]:
    """All waves of the store, by survey and wave."""
    return tuple(_opened(row) for row in connection.execute(select(WAVES).order_by(WAVES.c.survey, WAVES.c.wave)))


def find_wave(connection: Connection, survey: str, wave: str) -> Row[Any] | None:
    """The row of a wave, or None where it is not open."""
    return connection.execute(_WAVE, {"of_survey": survey, "of_wave": wave}).one_or_none()


@dataclass(frozen=True, slots=True)
class KnownWave:
    """An opened wave with its population: neither ever changes."""

    opened: OpenedWave
    population: Population


def known_wave(store: Store, connection: Connection, survey: str, wave: str) -> KnownWave:
    """A wave and its population, read once for as long as the store is open; `StoreError` NO_SUCH_WAVE."""
    asked = (survey, wave)
    if asked not in store.known:
        opened = read_wave(connection, survey, wave)
        store.known[asked] = KnownWave(opened, read_population(connection, survey, wave))
    found: KnownWave = store.known[asked]
    return found


def _opened(row: Row[Any]) -> OpenedWave:
    questionnaire = _questionnaire(row.questionnaire)
    return OpenedWave(questionnaire, row.schema_sha256, row.questionnaire, row.origin, row.opened_at)


@lru_cache(maxsize=64)
def _questionnaire(source: str) -> Questionnaire:
    return survey_from_source(source)


def questionnaire_of(store: Store, survey: str, wave: str) -> Questionnaire:
    """The questionnaire of a wave, as it was opened. Raises: `StoreError` NO_SUCH_WAVE."""
    with reading(store) as connection:
        return known_wave(store, connection, survey, wave).opened.questionnaire


def read_population(connection: Connection, survey: str, wave: str) -> Population:
    """The units of a wave in the order of its frame."""
    rows = connection.execute(_UNITS, {"of_survey": survey, "of_wave": wave}).all()
    units = {row.unit: Unit(row.unit, row.name, json.loads(row.frame), tuple(json.loads(row.aliases))) for row in rows}
    figures = {row.unit: json.loads(row.reference_figures) for row in rows}
    return Population(units, figures, _spellings(units.values()))


def population_of(units: Sequence[Unit]) -> Population:
    """Units that are not in a store yet, so that spellings of them can be understood; without register figures.

    >>> population_of([Unit("0825", "Læsø", {})]).code("læsø kommune", "a file")
    '0825'
    """
    return Population({unit.code: unit for unit in units}, {}, _spellings(units))


def _spellings(units: Iterable[Unit]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for unit in units:
        for spelling in (*unit.aliases, unit.name, unit.code.lstrip("0"), unit.code):
            found[_plain(spelling)] = unit.code
    return found


def _plain(text: str) -> str:
    plain = " ".join(text.casefold().split())
    return plain.removesuffix(" kommune") or plain
