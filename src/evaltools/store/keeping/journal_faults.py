"""What the journal proves: its own chain, and that openings, settings and grants are as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, select

from evaltools.errors import Fault
from evaltools.store.access.grants import GRANT_TIMES, grant_told
from evaltools.store.fieldwork.settings import changed_settings
from evaltools.store.handle import Store
from evaltools.store.log.events import FIRST
from evaltools.store.log.journal import line_hash, lines
from evaltools.store.log.sealing import seal_of
from evaltools.store.tables import GRANTS, JOURNAL, WAVES

RESTORE: Final = "Somebody has changed the file by hand; restore the newest backup that verifies."


def damaged(connection: Connection, store: Store) -> Iterator[Fault]:
    """What the database itself finds wrong with its file; only SQLite is asked."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(10)").all():
        if said != "ok":
            problem = f"the file is damaged: {said}"
            yield Fault("FILE_DAMAGED", str(store.path), problem, "Restore the newest backup that verifies.")
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        yield Fault("FILE_DAMAGED", str(store.path), f"a row of `{table}` belongs to nothing", RESTORE)


def journal_faults(connection: Connection) -> Iterator[Fault]:
    """Every fault of the journal and of what it vouches for, wave by wave."""
    broken = tuple(_broken_lines(connection))
    yield from broken
    if broken:
        return  # what a journal says that was changed proves nothing
    for row in connection.execute(select(WAVES.c.survey, WAVES.c.wave).order_by(WAVES.c.survey, WAVES.c.wave)).all():
        yield from _changed_opening(connection, row.survey, row.wave)
        if changed_settings(connection, row.survey, row.wave):
            problem = "how the wave is run is not what its journal says"
            yield Fault("SETTINGS_CHANGED", f"{row.survey}/{row.wave}", problem, RESTORE)
        yield from _changed_grants(connection, row.survey, row.wave)


def _broken_lines(connection: Connection) -> Iterator[Fault]:
    chain, seq, previous = ("", ""), 0, FIRST
    for line in connection.execute(select(JOURNAL).order_by(JOURNAL.c.survey, JOURNAL.c.wave, JOURNAL.c.seq)):
        if (line.survey, line.wave) != chain:
            chain, seq, previous = (line.survey, line.wave), 0, FIRST
        seq += 1
        if line.seq != seq or line.previous != previous or line_hash(dict(line._mapping)) != line.hash:
            where = f"{line.survey}/{line.wave}, line {line.seq}"
            yield Fault("JOURNAL_BROKEN", where, "the chain of the journal is broken here", RESTORE)
            seq = line.seq
        previous = line.hash


def _changed_opening(connection: Connection, survey: str, wave: str) -> Iterator[Fault]:
    where = f"{survey}/{wave}"
    sealed = [detail for _, detail in lines(connection, survey, wave, "opened", "sealed_later")]
    if not sealed:
        problem = "the journal does not say what this wave was opened with"
        yield Fault("OPENING_NOT_SEALED", where, problem, RESTORE)
        return
    now = seal_of(connection, survey, wave)
    for name in ("origin", "opened_at", "questionnaire_sha256", "schema_sha256"):
        if now[name] != sealed[0][name]:
            problem = f"{name} is not what the wave was opened with"
            yield Fault("OPENING_CHANGED", where, problem, RESTORE)
    then: dict[str, str] = sealed[0]["units"]
    for unit in sorted(then.keys() | now["units"].keys()):
        if then.get(unit) != now["units"].get(unit):
            problem = "the unit, its frame, its spellings or its register figures are not what the wave was opened with"
            yield Fault("OPENING_CHANGED", f"{where}, unit {unit}", problem, RESTORE)


def _changed_grants(connection: Connection, survey: str, wave: str) -> Iterator[Fault]:
    told: dict[str, dict[str, Any]] = {}
    for row, detail in lines(connection, survey, wave, *GRANT_TIMES, "grant_made"):
        one = told.setdefault(detail["grant"], {**detail, "unit": row.unit})
        if row.kind in GRANT_TIMES:
            one[GRANT_TIMES[row.kind]] = row.at
    of_wave = (GRANTS.c.survey == survey) & (GRANTS.c.wave == wave)
    kept = {row.id: grant_told(row) for row in connection.execute(select(GRANTS).where(of_wave))}
    for grant in sorted(told.keys() | kept.keys()):
        if told.get(grant) != kept.get(grant):
            problem = f"grant {grant} is not what the journal says"
            yield Fault("GRANT_CHANGED", f"{survey}/{wave}", problem, RESTORE)
