"""The log of who read or exported answers: a line in the journal for each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, select

from evaltools.store.fieldwork.waves import read_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.keeping.statistics import mode_of, refuse_in_statistics_mode
from evaltools.store.log.events import pseudonym
from evaltools.store.log.journal import Line, lines, note
from evaltools.store.model import Snapshot
from evaltools.store.tables import ACTORS

What = Literal["answers", "export", "memo", "own", "receipt", "snapshot", "workbook"]
"""What was read: the answers themselves (by a program or an operator), or an output that holds them.

`memo`: by the build of a memo, whose snapshot stays private. `own`: of a unit, by a program of that unit.
"""

_IN_STATISTICS_MODE: Final[frozenset[What]] = frozenset({"memo", "own"})


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read answers. by : the name, empty once it is erased. unit : empty where it was the whole wave."""

    at: dt.datetime
    by: str
    what: What
    unit: str


def note_read(store: Store, survey: str, wave: str, *, at: dt.datetime, actor: str, what: What, unit: str = "") -> None:
    """Note who reads which answers, before they are handed out: every way out of the store passes here.

    What nobody answered for real is not noted. In statistics mode only `memo` and `own` may be read.

    Parameters: at - when, with time zone. unit - its code, empty for the whole wave.
    Raises: `StoreError` NO_SUCH_WAVE, STATISTICS_MODE; STORE_READ_ONLY and the like: what cannot be noted is not read.
    """

    def work(connection: Connection) -> None:
        opened = read_wave(connection, survey, wave)
        if what not in _IN_STATISTICS_MODE:
            refuse_in_statistics_mode(opened.questionnaire.id, mode_of(connection, survey, wave))
        if opened.origin == "collected":
            who = pseudonym(connection, actor, store.token)
            note(connection, Line(survey, wave, "read", unit, {"what": what}), who, at)

    write(store, work)


def note_reads(store: Store, snapshot: Snapshot, what: What, *, at: dt.datetime, actor: str) -> None:
    """Note who reads every wave of a snapshot, before it is handed out. Raises as `note_read`."""
    for wave in snapshot.waves:
        note_read(store, wave.survey, wave.wave, at=at, actor=actor, what=what)


def reads(store: Store, survey: str, wave: str) -> tuple[Read, ...]:
    """Who has read answers of a wave, in the order of time. Raises: `StoreError` NO_SUCH_WAVE."""
    with reading(store) as connection:
        read_wave(connection, survey, wave)
        names = {row.pseudonym: row.name for row in connection.execute(select(ACTORS))}
        return tuple(
            Read(dt.datetime.fromisoformat(row.at), names.get(row.actor, ""), detail["what"], row.unit)
            for row, detail in lines(connection, survey, wave, "read")
        )
