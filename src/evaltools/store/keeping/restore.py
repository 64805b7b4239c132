"""The way back from a backup: verified first, nothing overwritten unsaid, the replaced store kept aside."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, StoreError
from evaltools.store.beside import aside, files_of, remove_store
from evaltools.store.keeping.files import Say, refuse_damage, settle, sync
from evaltools.store.keeping.note import refuse_faults, refuse_other_bytes
from evaltools.store.opening import open_store
from evaltools.store.place import refuse_network_place

_LOGS: Final = {
    "events": "SELECT 'unit ' || unit, seq, hash, at, kind FROM events",
    "journal": "SELECT survey || '/' || wave, seq, hash, at, kind FROM journal",
}
"""The tables that are only ever added to: whose line it is, its place and hash, when it was added and what it is."""

_SHOWN: Final = 8

_Line = tuple[str, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """A store that was brought back. replaced : where the one that lay there is now. lost : what only that one had."""

    path: Path
    replaced: Path | None
    lost: str


def restore(
    backup: Path | str, store: Path | str, *, at: dt.datetime, renew: bool = False, say: Say = lambda _: None
) -> Restored:
    """Bring a backup back as the store `store`; whatever lies there is kept aside, under a name with the time.

    Parameters: at - when, with time zone. renew - replace a store even when it holds what the backup does not, or
    cannot be read. say - takes lines about the progress.
    Raises: `StoreError` NO_BACKUP, BACKUP_CHANGED, BACKUP_DAMAGED, STORE_IN_USE, RESTORE_LOSES_ANSWERS,
    RESTORE_NOT_WRITTEN, NETWORK_PATH, NOT_A_STORE, NEWER_STORE. In every case what lay there is unchanged.
    """
    source, place = Path(backup), Path(store)
    refuse_network_place(place)
    refuse_other_bytes(source)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return _replace(source, place, at, renew, say)
    except PermissionError as error:
        raise StoreError(_in_use(place, error.strerror or "not permitted")) from error
    except OSError as error:
        remedy = "Free some space, or name a folder you may write in; what lay there is unchanged."
        raise StoreError(
            Fault("RESTORE_NOT_WRITTEN", str(place), f"the store could not be written ({error})", remedy)
        ) from error


def _replace(source: Path, place: Path, at: dt.datetime, renew: bool, say: Say) -> Restored:
    growing = aside(place)
    try:
        say("verifying the backup")
        _copy_verified(source, growing)
        lost = _loss(place, growing) if place.exists() else ""
        if lost and not renew:
            remedy = "Add --renew to replace it all the same; the replaced file is kept aside."
            raise StoreError(Fault("RESTORE_LOSES_ANSWERS", str(place), f"restoring here would lose {lost}", remedy))
        say("putting it in its place")
        return Restored(place, _exchange(place, growing, at), lost)
    finally:
        remove_store(growing)


def _copy_verified(source: Path, growing: Path) -> None:
    """A copy beside the store, brought up to date and verified: the backup itself is only read."""
    refuse_damage(source)
    shutil.copyfile(source, growing)
    growing.chmod(0o600)
    with open_store(growing) as copy:
        refuse_faults(copy, source)
    with closing(sqlite3.connect(growing)) as connection:
        settle(connection)
    sync(growing)


def _loss(place: Path, growing: Path) -> str:
    """What only the store in `place` holds, in words; `StoreError` STORE_IN_USE while others use it."""
    if not _can_be_read(place):
        return "whatever this file holds: it cannot be read as a store"
    try:
        with closing(sqlite3.connect(place, timeout=1)) as connection:
            settle(connection)
            ours = _lines(connection)
    except sqlite3.OperationalError as error:
        raise StoreError(_in_use(place, str(error))) from error
    with closing(sqlite3.connect(growing)) as connection:
        theirs = {line[:3] for line in _lines(connection)}
    return _in_words([line for line in ours if line[:3] not in theirs])


def _can_be_read(place: Path) -> bool:
    """Looks without touching: SQLite would tidy away the journal of a damaged file, and with it the last answers."""
    try:
        with closing(sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False


def _lines(connection: sqlite3.Connection) -> list[_Line]:
    found: list[_Line] = []
    for table, query in _LOGS.items():
        if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone():
            found += connection.execute(query).fetchall()
    return found


def _in_words(lost: Iterable[_Line]) -> str:
    lines = sorted(lost, key=lambda line: line[3])
    if not lines:
        return ""
    whose = sorted({line[0] for line in lines})
    named = ", ".join(whose[:_SHOWN]) + (", ..." if len(whose) > _SHOWN else "")
    kinds = {line[4] for line in lines}
    purged = ", among them a purge: what it erased would come back" if "purge" in kinds else ""
    return f"{len(lines)} events and lines from {lines[0][3]} to {lines[-1][3]} of {named}{purged}"


def _in_use(place: Path, why: str) -> Fault:
    remedy = "Stop the server, and close every program that has the store open."
    return Fault("STORE_IN_USE", str(place), f"the store cannot be replaced ({why})", remedy)


def _exchange(place: Path, growing: Path, at: dt.datetime) -> Path | None:
    """Put the copy in its place; where what lay there is now, journals and all: none may pass for the copy's."""
    kept = _free_name(place, at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ"))
    moved = [(old, new) for old, new in zip(files_of(place), files_of(kept), strict=True) if old.exists()]
    try:
        for old, new in moved:
            old.replace(new)
        growing.replace(place)
    except OSError:
        for old, new in moved:
            if new.exists():
                new.replace(old)
        raise
    sync(place.parent)
    return kept if moved else None


def _free_name(place: Path, moment: str) -> Path:
    kept, number = place.with_name(f"{place.name}.replaced-{moment}"), 1
    while any(file.exists() for file in files_of(kept)):
        number += 1
        kept = place.with_name(f"{place.name}.replaced-{moment}-{number}")
    return kept
