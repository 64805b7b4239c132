"""Leaving no bytes behind: what was erased goes out of the file, its free pages and its journal."""

from __future__ import annotations

from sqlite3 import OperationalError

from evaltools.errors import Fault, StoreError
from evaltools.store.handle import Store, reading


def leave_no_bytes(store: Store, *, rebuild: bool = False) -> None:
    """Empty the journal, which until then holds the pages as they were before; with `rebuild`, build the file anew.

    Raises: `StoreError` ERASED_NOT_CLEARED where another program, which reads the file, keeps the bytes in it.
    """
    with reading(store) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        return
    driver = store.engine.raw_connection()
    try:
        cursor = driver.cursor()
        if rebuild:
            cursor.execute("VACUUM")
        busy = bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    except OperationalError:
        busy = True
    finally:
        driver.close()
    if busy:
        problem = "the values are erased, but their bytes stay in the file while another program reads it"
        remedy = "Close every program that has the store open, and do it again: that clears them."
        raise StoreError(Fault("ERASED_NOT_CLEARED", str(store.path), problem, remedy))
