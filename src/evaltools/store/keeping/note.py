"""The note beside each backup: what it holds, so that it can be found, chosen and checked without being opened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from evaltools.errors import Fault, StoreError
from evaltools.provenance import canonical_json, sha256_of
from evaltools.store.handle import Store, reading
from evaltools.store.keeping.files import damaged, frozen_store, refuse_damage, sha256_of_file
from evaltools.store.keeping.verifying import verify_store
from evaltools.store.log.events import heads
from evaltools.store.log.journal import journal_heads
from evaltools.store.moments import moment, moment_text
from evaltools.store.tables import METADATA

FORMAT: Final = "evaltools backup 1"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as its note describes it.

    store : the full path of the file it was made of. heads : the last hash of each chain, by unit and
    by wave (the journal). head : one hash over them.
    counts : rows by table. size : bytes. sha256 : of the file.
    """

    path: Path
    store: str
    made_at: dt.datetime
    head: str
    heads: Mapping[str, str]
    counts: Mapping[str, int]
    size: int
    sha256: str


def describe(store: Store, path: Path, *, at: dt.datetime, original: Path) -> Backup:
    """What there is to say of a copy, read from the copy itself."""
    with reading(store) as connection:
        chains = heads(connection) | journal_heads(connection)
        counts = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in sorted(METADATA.tables.items())
        }
    head = sha256_of(chains)
    return Backup(path, str(original.resolve()), at, head, chains, counts, path.stat().st_size, sha256_of_file(path))


def note_of(path: Path) -> Path:
    """Where the note of a backup lies."""
    return path.with_suffix(".json")


def note_text(backup: Backup) -> str:
    """The note as JSON."""
    content = {
        "format": FORMAT,
        "store": backup.store,
        "made_at": moment_text(backup.made_at),
        "head": backup.head,
        "heads": dict(backup.heads),
        "counts": dict(backup.counts),
        "bytes": backup.size,
        "sha256": backup.sha256,
    }
    return canonical_json(content) + "\n"


def read_note(path: Path) -> Backup | None:
    """The note beside a backup; None where there is none that can be read."""
    try:
        content: Any = json.loads(note_of(path).read_text("utf-8"))
        if content["format"] != FORMAT:
            return None
        return Backup(
            path,
            content["store"],
            moment(content["made_at"]),
            content["head"],
            content["heads"],
            content["counts"],
            content["bytes"],
            content["sha256"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_backups(folder: Path | str) -> tuple[Backup, ...]:
    """The backups in a folder that have a note, newest first."""
    found = (read_note(path) for path in Path(folder).glob("*.db") if not path.name.startswith("."))
    return tuple(sorted((one for one in found if one), key=lambda one: (one.made_at, one.path.name), reverse=True))


def verify_backup(path: Path | str) -> tuple[Fault, ...]:
    """Every fault in a backup, in order; empty when it is as it was made. No byte of it changes by being looked at.

    Codes: NO_BACKUP, BACKUP_CHANGED (not the bytes that its note names), BACKUP_DAMAGED, and those of `verify_store`.
    """
    place = Path(path)
    try:
        refuse_other_bytes(place)
        refuse_damage(place)
        with frozen_store(place) as store:
            return verify_store(store)
    except StoreError as error:
        return error.faults


def refuse_other_bytes(path: Path) -> None:
    """Do nothing if a backup is there and is the file that its note describes, or has no note."""
    if not path.is_file():
        remedy = "Check the path; `evaltools backup` says where it writes."
        raise StoreError(Fault("NO_BACKUP", str(path), "there is no backup here", remedy))
    note = read_note(path)
    if note is not None and note.sha256 != sha256_of_file(path):
        problem = "these are not the bytes that were written when the backup was made"
        remedy = f"Use another backup; without {note_of(path).name} this one is judged by its chains alone."
        raise StoreError(Fault("BACKUP_CHANGED", str(path), problem, remedy))


def refuse_faults(store: Store, path: Path) -> None:
    """Do nothing if an open copy tells the truth; `StoreError` BACKUP_DAMAGED with its faults if not."""
    faults = verify_store(store)
    if faults:
        raise StoreError(damaged(path, f"{len(faults)} faults, the first below"), *faults)
