"""A store at one moment, as one frozen value: what everything after the store reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, select

from evaltools.collect.model import Answers
from evaltools.provenance import sha256_of
from evaltools.store.fieldwork.waves import OpenedWave, read_population, read_waves
from evaltools.store.handle import Store, reading
from evaltools.store.keeping.statistics import mode_of
from evaltools.store.log.events import heads
from evaltools.store.log.state import value_of
from evaltools.store.model import Response, Snapshot, WaveSnapshot
from evaltools.store.moments import moment
from evaltools.store.snapshot_file import snapshot_content
from evaltools.store.tables import ANSWERS, RESPONSES


def take_snapshot(store: Store) -> Snapshot:
    """Everything the store holds at this moment, with the last hash of every unit's chain.

    Returns: waves by survey and wave; units in the order of the frame; responses by unit and record. The hash is
    made of the canonical JSON of all of it, so equal contents give equal hashes.

    >>> import tempfile
    >>> from evaltools.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/a.db", create=True) as store:
    ...     take_snapshot(store).waves
    ()
    """
    with reading(store) as connection:
        answers = _answers(connection)
        waves = tuple(_wave(connection, opened, answers) for opened in read_waves(connection))
        chain_heads = heads(connection)
    unsigned = Snapshot(waves, chain_heads, "")
    return Snapshot(waves, chain_heads, sha256_of(snapshot_content(unsigned)))


def _answers(connection: Connection) -> Mapping[tuple[str, str, str, str], Answers]:
    found: dict[tuple[str, str, str, str], dict[str, object]] = defaultdict(dict)
    order = (ANSWERS.c.survey, ANSWERS.c.wave, ANSWERS.c.unit, ANSWERS.c.record, ANSWERS.c.field)
    for row in connection.execute(select(*order, ANSWERS.c.value).order_by(*order)):
        found[row.survey, row.wave, row.unit, row.record][row.field] = value_of(row.value)
    return found  # type: ignore[return-value]


def _wave(
    connection: Connection, opened: OpenedWave, answers: Mapping[tuple[str, str, str, str], Answers]
) -> WaveSnapshot:
    survey, wave = opened.questionnaire.survey, opened.questionnaire.wave
    rows = connection.execute(
        select(RESPONSES)
        .where(RESPONSES.c.survey == survey, RESPONSES.c.wave == wave)
        .order_by(RESPONSES.c.unit, RESPONSES.c.record)
    )
    responses = tuple(
        Response(
            survey=survey,
            wave=wave,
            unit=row.unit,
            record=row.record,
            disposition=row.disposition,
            answers=answers.get((survey, wave, row.unit, row.record), {}),
            version=row.version,
            submitted_at=None if row.submitted_at is None else moment(row.submitted_at),
            channel=row.channel,
        )
        for row in rows
    )
    mode = mode_of(connection, survey, wave)
    units = tuple(read_population(connection, survey, wave).units.values())
    return WaveSnapshot(survey, wave, opened.origin, opened.schema_sha256, opened.source, units, responses, mode)
