"""Letters to units, as the journal knows them: noted before they are sent, and their outcome afterwards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from evaltools.store.fieldwork.waves import read_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.journal import Line, lines, note
from evaltools.store.moments import moment


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter of a kind to a unit. outcome : empty where none was noted, so that it may have arrived or not."""

    unit: str
    kind: str
    at: dt.datetime
    outcome: str


def note_outcome(store: Store, wave: tuple[str, str], unit: str, kind: str, outcome: str, *, at: dt.datetime) -> None:
    """Note what became of a letter that `note_reminder` has noted.

    wave : survey and wave. unit : its code. outcome : one word, such as `sent` or `refused`.
    Raises: `StoreError` NO_SUCH_WAVE.
    """

    def work(connection: Connection) -> None:
        read_wave(connection, *wave)
        note(connection, Line(*wave, "reminder_outcome", unit, {"kind": kind, "outcome": outcome}), "", at)

    write(store, work)


def reminders(store: Store, survey: str, wave: str) -> tuple[Reminder, ...]:
    """Every letter that was noted, in order, with what became of it.

    Raises: `StoreError` NO_SUCH_WAVE.
    """
    with reading(store) as connection:
        read_wave(connection, survey, wave)
        noted: dict[tuple[str, str], Reminder] = {}
        for row, detail in lines(connection, survey, wave, "reminder", "reminder_outcome"):
            key = (row.unit, detail["kind"])
            at = noted[key].at if key in noted else moment(row.at)
            noted[key] = Reminder(row.unit, detail["kind"], at, detail.get("outcome", ""))
    return tuple(noted.values())
