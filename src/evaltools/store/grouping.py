"""Writing together: one thread takes all that waits into one transaction, and one sync to the disk serves them all."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from evaltools.errors import Fault, StoreError
from evaltools.store.handle import Store, error_code, faults_named, writing
from evaltools.store.prepared import run_text

T = TypeVar("T")

PATIENCE_MS: Final = 3000
"""How long the writer waits for another program: somebody at a form waits with it, and must be told."""

LARGEST_GROUP: Final = 200

_ENDS_ALL: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR,
     sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN}
)  # fmt: skip
"""Complaints about the file, not about one piece of work. SQLite may have rolled back by itself already."""


@contextmanager
def grouped(store: Store) -> Iterator[Store]:
    """The same store, whose writes one thread takes together: one transaction and one sync for all that wait.

    Each piece of work has a savepoint of its own, so that one that fails leaves nothing and does not touch the
    others; each caller gets its result, or its own error, after the commit. When the file itself refuses (full, read
    only, held by another program), every caller of the group gets that `StoreError`, and nothing of it is kept. At the
    end of the block what waits is finished; a write after it is refused with STORE_CLOSED.

    >>> import tempfile
    >>> from evaltools.store import open_store, verify_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/a.db", create=True) as alone:
    ...     with grouped(alone) as store:
    ...         verify_store(store)
    ()
    """
    writer = _Writer(store)
    thread = threading.Thread(target=writer.run, name="evaltools-writer")
    thread.start()
    try:
        yield replace(store, writer=writer)
    finally:
        writer.close()
        thread.join()


@dataclass(frozen=True)
class _Job:
    """A piece of work that waits, and where its caller waits for it."""

    work: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)


@dataclass
class _Writer:
    """The thread that writes, and the queue before it. None in the queue: there is nothing more."""

    store: Store
    waiting: queue.SimpleQueue[_Job | None] = field(default_factory=queue.SimpleQueue)
    gate: threading.Lock = field(default_factory=threading.Lock)
    is_open: bool = True

    def do(self, work: Callable[[Connection], T]) -> T:
        job = _Job(work)
        with self.gate:
            if not self.is_open:
                problem = "the store is being closed, and your answer was NOT saved"
                raise StoreError(Fault("STORE_CLOSED", str(self.store.path), problem, "Send it again in a moment."))
            self.waiting.put(job)
        result: T = job.done.result()
        return result

    def close(self) -> None:
        with self.gate:
            self.is_open = False
            self.waiting.put(None)

    def run(self) -> None:
        while (first := self.waiting.get()) is not None:
            group, is_last = self._group(first)
            _do_together(self.store, group)
            if is_last:
                return

    def _group(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP and not self.waiting.empty():
            job = self.waiting.get()
            if job is None:
                return group, True
            group.append(job)
        return group, False


def _do_together(store: Store, group: Sequence[_Job]) -> None:
    """One transaction for the group; every caller is told only when it is on the disk, or that it is not."""
    try:
        with writing(store, patience_ms=PATIENCE_MS) as connection:
            outcomes = [_attempt(store, connection, job.work) for job in group]
    except BaseException as error:
        for job in group:
            job.done.set_exception(error)
        return
    for job, outcome in zip(group, outcomes, strict=True):
        outcome(job.done)


def _attempt(store: Store, connection: Connection, work: Callable[[Connection], T]) -> Callable[[Future[T]], None]:
    """Do one piece of work under a savepoint: how its caller is to be told after the commit."""
    run_text(connection, "SAVEPOINT work")
    try:
        with faults_named(store):
            result = work(connection)
    except BaseException as error:
        if _ends_all(connection, error):
            raise
        run_text(connection, "ROLLBACK TO SAVEPOINT work")
        run_text(connection, "RELEASE SAVEPOINT work")
        failure = error
        return lambda done: done.set_exception(failure)
    run_text(connection, "RELEASE SAVEPOINT work")
    return lambda done: done.set_result(result)


def _ends_all(connection: Connection, error: BaseException) -> bool:
    """Whether the transaction is lost: after a full disk SQLite has rolled it back, and a ROLLBACK would hide why."""
    cause = error.__cause__ if isinstance(error, StoreError) else error
    refusal = cause.orig if isinstance(cause, DBAPIError) else cause
    if error_code(refusal) in _ENDS_ALL:
        return True
    return not getattr(connection.connection.dbapi_connection, "in_transaction", True)
