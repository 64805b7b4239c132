"""Opening a wave: its questionnaire, population and settings are taken in and sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert

from evaltools.errors import Fault, StoreError, near
from evaltools.provenance import ORIGINS, Origin, canonical_json
from evaltools.schema.model import Questionnaire
from evaltools.store.fieldwork.settings import Who, check_fieldwork, keep_fieldwork, retention_missing
from evaltools.store.fieldwork.waves import Figures, find_wave
from evaltools.store.handle import Store, write
from evaltools.store.log.sealing import seal
from evaltools.store.model import Fieldwork, Unit
from evaltools.store.moments import moment_text
from evaltools.store.tables import UNITS, WAVES


def open_wave(
    store: Store,
    questionnaire: Questionnaire,
    units: Sequence[Unit],
    *,
    origin: Origin,
    at: dt.datetime,
    fieldwork: Fieldwork | None = None,
    references: Mapping[str, Figures] | None = None,
) -> None:
    """Let a store take in answers to a wave, from the units of a population, and seal what it was opened with.

    Parameters: units - the frame, one entry per unit. origin - where its answers come from. at - when, with time
    zone. fieldwork - how the wave is run; collected answers must have one. references - register figures by unit
    code, for the checks that use them.
    Opening the same wave again changes nothing but the settings, where they are given and differ.
    Raises: `StoreError` WAVE_CHANGED, UNIT_TWICE, NO_UNITS, ORIGIN_UNKNOWN, RETENTION_MISSING, LEGAL_BASIS_MISSING.
    """
    _check_units(questionnaire.id, units)
    if origin not in ORIGINS:
        raise StoreError(
            Fault("ORIGIN_UNKNOWN", questionnaire.id, f'"{origin}" is not an origin', near(origin, ORIGINS))
        )
    rows = [_unit_row(questionnaire, position, unit, references or {}) for position, unit in enumerate(units)]

    def work(connection: Connection) -> None:
        known = find_wave(connection, questionnaire.survey, questionnaire.wave)
        if known is not None:
            _check_same(questionnaire, origin, known)
        else:
            if origin == "collected" and fieldwork is None:
                raise StoreError(retention_missing(questionnaire.id))
            _take_in(connection, questionnaire, origin, at, rows)
        if fieldwork is not None:
            check_fieldwork(questionnaire, origin, fieldwork)
            keep_fieldwork(connection, (questionnaire.survey, questionnaire.wave), fieldwork, Who("", at, store.token))

    write(store, work)


def _take_in(
    connection: Connection,
    questionnaire: Questionnaire,
    origin: Origin,
    at: dt.datetime,
    rows: Sequence[Mapping[str, object]],
) -> None:
    connection.execute(
        insert(WAVES).values(
            survey=questionnaire.survey,
            wave=questionnaire.wave,
            schema_sha256=questionnaire.content_sha256,
            questionnaire=questionnaire.source,
            origin=origin,
            opened_at=moment_text(at),
        )
    )
    connection.execute(insert(UNITS), rows)
    seal(connection, questionnaire.survey, questionnaire.wave, "opened", "", at)


def _check_units(where: str, units: Sequence[Unit]) -> None:
    if not units:
        raise StoreError(Fault("NO_UNITS", where, "the population is empty", "Name the file with the units."))
    seen: set[str] = set()
    for unit in units:
        if unit.code in seen:
            problem = f"unit {unit.code} ({unit.name}) stands twice in the population"
            raise StoreError(Fault("UNIT_TWICE", where, problem, "Keep one line per unit."))
        seen.add(unit.code)


def _check_same(questionnaire: Questionnaire, origin: Origin, known: Row[Any]) -> None:
    if known.schema_sha256 != questionnaire.content_sha256:
        problem = "this wave was opened with another questionnaire"
        remedy = "Undo the changes to the questionnaire, or make a new wave of it and open that."
        raise StoreError(Fault("WAVE_CHANGED", questionnaire.id, problem, remedy))
    if known.origin != origin:
        problem = f'this wave is open with origin "{known.origin}", not "{origin}"'
        raise StoreError(Fault("WAVE_CHANGED", questionnaire.id, problem, "Use another file for these answers."))


def _unit_row(
    questionnaire: Questionnaire, position: int, unit: Unit, references: Mapping[str, Figures]
) -> dict[str, object]:
    return {
        "survey": questionnaire.survey,
        "wave": questionnaire.wave,
        "unit": unit.code,
        "position": position,
        "name": unit.name,
        "frame": canonical_json(dict(unit.frame)),
        "aliases": canonical_json(list(unit.aliases)),
        "reference_figures": canonical_json(dict(references.get(unit.code, {}))),
    }
