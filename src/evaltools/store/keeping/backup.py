"""Online backups: made while others write, verified before they get their name, thinned by one stated rule."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, StoreError
from evaltools.store.beside import aside, remove_store
from evaltools.store.handle import Store
from evaltools.store.keeping.files import Say, copy_database, frozen_store, refuse_damage, sync
from evaltools.store.keeping.note import Backup, describe, note_of, note_text, read_backups, refuse_faults

KEEP: Final = 24
"""How many of the newest backups stay, whatever their day."""

DAYS: Final = 30
"""For how many days before the newest backup the last one of each day stays too."""

_RESERVE: Final = 32 * 2**20
"""Bytes that a backup leaves to those who answer, where it lies on the disk of the store."""


def back_up(
    store: Store, folder: Path | str, *, at: dt.datetime, keep: int = KEEP, say: Say = lambda _: None
) -> tuple[Backup, tuple[Backup, ...]]:
    """Write a backup of an open store into a folder, while others write to the store.

    The copy holds everything that was acknowledged before the call. It grows under another name; only when it is
    sound, its chains and state verify and all of it is on the disk does it get its name: the store's, the time and
    the hash of all chains. Its note, a JSON file, lies beside it. An interruption leaves no backup and no harm.
    Parameters: at - when, with time zone. keep - the newest so many backups of this store stay; of the older ones
    the last of each day stays for 30 days, and the others are removed. say - takes lines about the progress.
    Returns: the backup, and the older ones that were removed.
    Raises: `StoreError` BACKUP_NOT_WRITTEN (with what hindered it), BACKUP_DAMAGED, KEEP_TOO_FEW.
    """
    if keep < 1:
        raise StoreError(Fault("KEEP_TOO_FEW", "keep", f"{keep} backups cannot be kept", "Keep at least 1."))
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        _refuse_no_room(store.path, place)
        backup = _write(store, aside(place / store.path.name), at, say)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_not_written(place, str(error))) from error
    older = superfluous([one for one in read_backups(place) if one.store == backup.store], keep)
    for one in older:
        remove_backup(one.path)
    return backup, older


def _write(store: Store, growing: Path, at: dt.datetime, say: Say) -> Backup:
    try:
        copy_database(store.path, growing, say)
        backup = _verified(store, growing, at, say)
        _publish(growing, backup)
    finally:
        remove_store(growing)
    return backup


def _refuse_no_room(store: Path, folder: Path) -> None:
    shares_disk = store.stat().st_dev == folder.stat().st_dev
    needed = store.stat().st_size + (_RESERVE if shares_disk else 0)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(_not_written(folder, f"{needed // 2**20 + 1} MB are needed, {free // 2**20} MB are free"))


def _not_written(folder: Path, why: str) -> Fault:
    remedy = "Free some space, or name a folder you may write in; the store and earlier backups are unchanged."
    return Fault("BACKUP_NOT_WRITTEN", str(folder), f"the backup could not be written ({why})", remedy)


def _verified(store: Store, growing: Path, at: dt.datetime, say: Say) -> Backup:
    say("verifying the copy")
    sync(growing)
    refuse_damage(growing)
    with frozen_store(growing) as copy:
        refuse_faults(copy, growing)
        found = describe(copy, growing, at=at, original=store.path)
    moment = at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S")
    name = f"{store.path.stem}-{moment}Z-{found.head[:12]}.db"
    return replace(found, path=growing.with_name(name))


def _publish(growing: Path, backup: Backup) -> None:
    """Give note and backup their names, the note first: a backup without its note would count for nothing."""
    note = note_of(growing)
    try:
        descriptor = os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(note_text(backup))
        sync(note)
        note.replace(note_of(backup.path))
    finally:
        note.unlink(missing_ok=True)
    growing.chmod(0o400)  # a program that opens it as a store would change its bytes
    growing.replace(backup.path)
    sync(backup.path.parent)


def superfluous(backups: Iterable[Backup], keep: int) -> tuple[Backup, ...]:
    """Those that may go, newest first: not among the newest `keep`, nor the last of one of the last 30 days."""
    newest_first = sorted(backups, key=lambda one: one.made_at, reverse=True)
    staying = {one.path for one in newest_first[:keep]}
    last_of_day: dict[dt.date, Backup] = {}
    for one in newest_first:
        last_of_day.setdefault(one.made_at.date(), one)
    for day, one in last_of_day.items():
        if (newest_first[0].made_at.date() - day).days < DAYS:
            staying.add(one.path)
    return tuple(one for one in newest_first if one.path not in staying)


def remove_backup(path: Path) -> None:
    """Remove a backup and then its note."""
    path.unlink(missing_ok=True)
    note_of(path).unlink(missing_ok=True)
