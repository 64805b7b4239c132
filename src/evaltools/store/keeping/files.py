"""Copies of a database: what is committed at one moment, whole, hashed and safely on the disk."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from evaltools.errors import Fault, StoreError
from evaltools.store.handle import Store

Say = Callable[[str], None]
"""Takes one line about how far the work has come."""

_PAGES: Final = 4096
_CHUNK: Final = 1 << 20


def copy_database(source: Path, target: Path, say: Say) -> None:
    """Copy what is committed now into a new file that only its owner may read, while others write on.

    The copy is made inside one transaction that reads, so a writer never makes it begin again; it needs no journal
    beside it. Raises: sqlite3.Error, OSError.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(source, isolation_level=None)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(writer, pages=_PAGES, progress=lambda _, left, pages: _tell(say, pages - left, pages))
        settle(writer)


def _tell(say: Say, done: int, pages: int) -> None:
    say(f"copied {done} of {pages} pages")


def settle(connection: sqlite3.Connection) -> None:
    """Bring everything into the one file, without a journal. Raises: sqlite3.OperationalError if others use it."""
    mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise sqlite3.OperationalError("database is locked")


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; Windows cannot sync a folder, and need not."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of_file(path: Path) -> str:
    """The hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def frozen_store(path: Path) -> Iterator[Store]:
    """A store that is only looked at: no lock, no journal, no byte of the file changes. Nobody may write to it."""

    def look() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    with Store(path, create_engine("sqlite://", creator=look, poolclass=NullPool)) as store:
        yield store


def refuse_damage(path: Path) -> None:
    """Do nothing if the database in a file is sound; `StoreError` BACKUP_DAMAGED if SQLite itself finds it is not."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
            lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(damaged(path, str(error))) from error
    if found != ["ok"]:
        raise StoreError(damaged(path, found[0]))
    if lost is not None:
        raise StoreError(damaged(path, f"a row of {lost[0]} belongs to nothing"))


def damaged(path: Path, what: str) -> Fault:
    """The fault of a backup that cannot be relied on."""
    return Fault("BACKUP_DAMAGED", str(path), f"this backup is damaged ({what})", "Use another backup.")
