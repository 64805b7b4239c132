"""The handle on an open store, and the only two ways to talk to it: a transaction that reads, and work that writes."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from evaltools.errors import Fault, StoreError
from evaltools.store.prepared import run_text

PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL survives a killed program, but not a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 30000",
    "PRAGMA secure_delete = ON",  # an erased value leaves no bytes behind
)
_WRITES: Final = "evaltools_writes"
_PATIENCE_MS: Final = "evaltools_patience_ms"
_ONLY_READS: Final = "evaltools_only_reads"

T = TypeVar("T")


class Writer(Protocol):
    """Does the work of others inside its own transactions; gives back a result when it is on the disk."""

    def do(self, work: Callable[[Connection], T]) -> T:
        """Do one piece of work."""
        ...


@dataclass(frozen=True)
class Store:
    """An open store. Close it, or use it in a `with` statement.

    token : makes the random text of salts and pseudonyms from a number of bytes; only a rehearsal sets another one.
    writer : who does what is to be written; None: the caller, in a transaction of its own. known : what never changes
    once it is in the store, such as an opened wave, by what it is. view : the transaction that all reads share inside
    `at_once`.
    """

    path: Path
    engine: Engine
    token: Callable[[int], str] = secrets.token_hex
    turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    writer: Writer | None = field(default=None, repr=False, compare=False)
    known: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    view: Connection | None = field(default=None, repr=False, compare=False)

    def close(self) -> None:
        """Give back the file; SQLite then tidies away its journal."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(path: Path) -> Engine:
    """An engine on a SQLite file, whose transactions begin when we say so.

    Left alone, the driver begins a transaction at the first change; one that has read before then fails at once
    with "database is locked". So the driver is told to stay out of it, and a writing transaction takes its lock
    at the start, where it can wait for its turn.
    """
    # Readers never wait for one another, and every transaction is ended by its own block.
    engine = create_engine(f"sqlite:///{path}", max_overflow=-1, pool_reset_on_return=None)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    _renew_readers(engine, path)
    return engine


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma).close()


def _renew_readers(engine: Engine, path: Path) -> None:
    """Open a connection anew that was opened while the file might only be read, once it may be written.

    SQLite opens such a file without a complaint, and the connection could never write, also when the disk is mended.
    """

    def note(_: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        entry.info[_ONLY_READS] = not may_be_written(path)

    def renew(_: sqlite3.Connection, entry: ConnectionPoolEntry, __: object) -> None:
        if entry.info[_ONLY_READS] and may_be_written(path):
            raise DisconnectionError

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", renew)


def may_be_written(path: Path) -> bool:
    """Whether this program may change the file as things stand; true of one that is not there yet."""
    return not path.exists() or os.access(path, os.W_OK)


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if _PATIENCE_MS in options:
        run_text(connection, f"PRAGMA busy_timeout = {options[_PATIENCE_MS]:d}")
    run_text(connection, "BEGIN IMMEDIATE" if options.get(_WRITES, False) else "BEGIN")


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """A transaction that sees the store as it stands at its first look, whatever is written meanwhile."""
    if store.view is not None:
        with faults_named(store):
            yield store.view
        return
    with faults_named(store), store.engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def at_once(store: Store) -> Iterator[Store]:
    """The same store, all of whose reads in the block see one moment, in one transaction. For one thread.

    What is written inside the block is seen after it only.
    """
    with reading(store) as connection:
        yield replace(store, view=connection)


def write(store: Store, work: Callable[[Connection], T]) -> T:
    """Do a piece of work that writes: all of it is kept, or nothing; the result is there once it is on the disk.

    The one way to write. Raises what `work` raises, and `StoreError` DISK_FULL, STORE_BUSY, STORE_READ_ONLY,
    STORE_FAILED.
    """
    if store.writer is not None:
        return store.writer.do(work)
    with writing(store) as connection:
        return work(connection)


@contextmanager
def writing(store: Store, *, patience_ms: int | None = None) -> Iterator[Connection]:
    """A transaction that writes: all of it is kept, or nothing. Verbs use `write`.

    Threads of one program wait for `store.turn`, where they are served at once; waiting inside SQLite sleeps in
    steps and makes one save in a hundred take a second. patience_ms : how long to wait for another program, where
    that is less than usual.
    """
    waiting = {} if patience_ms is None else {_PATIENCE_MS: patience_ms}
    with store.turn, faults_named(store):
        connection = store.engine.connect().execution_options(**{_WRITES: True}, **waiting)
        try:
            with connection.begin():
                yield connection
        finally:
            connection.close()


@contextmanager
def faults_named(store: Store) -> Iterator[None]:
    """Inside it, a complaint of the database becomes a `StoreError` that says what was not saved and what to do."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_fault(store.path, error.orig)) from error
    except sqlite3.Error as error:  # of a connection that is just being opened
        raise StoreError(_fault(store.path, error)) from error


def error_code(error: BaseException | None) -> int:
    """The primary result code of SQLite; 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_DISK_FULL = (
    "DISK_FULL",
    "the disk is full, and your answer was NOT saved",
    "Free some space and send it again; everything saved before is safe.",
)
_NAMED: Final = {
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_BUSY: (
        "STORE_BUSY",
        "another program has held the store for too long, and your answer was NOT saved",
        "Send it again when it has finished; everything saved before is safe.",
    ),
    sqlite3.SQLITE_READONLY: (
        "STORE_READ_ONLY",
        "the store may only be read, and nothing was saved",
        "Ask for permission to write to the file and to its folder.",
    ),
    sqlite3.SQLITE_NOTADB: ("NOT_A_STORE", "this file is not a store", "Name a file that evaltools has made."),
}


def _fault(path: Path, error: BaseException | None) -> Fault:
    named = _NAMED.get(error_code(error))
    if named is not None:
        return Fault(named[0], str(path), named[1], named[2])
    return Fault(
        "STORE_FAILED",
        str(path),
        f"the database refused ({error}), and nothing was saved",
        "Run `evaltools verify` on the store; if the file is damaged, restore the newest backup.",
    )
