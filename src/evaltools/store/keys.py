"""Secrets of the store itself, made when they are first needed and never shown."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select

from evaltools.store.handle import Store, write
from evaltools.store.tables import STORE_KEYS

_KEY_BYTES: Final = 32


def store_key(store: Store, name: str) -> bytes:
    """The secret of that name, such as the one that signs workbooks; it is the same as long as the store lives.

    >>> import tempfile
    >>> from evaltools.store import open_store
    >>> with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/a.db", create=True) as store:
    ...     store_key(store, "workbook") == store_key(store, "workbook") != store_key(store, "other")
    True
    """

    def work(connection: Connection) -> str:
        found = connection.execute(select(STORE_KEYS.c.secret).where(STORE_KEYS.c.name == name)).scalar()
        if found is None:
            found = store.token(_KEY_BYTES)
            connection.execute(insert(STORE_KEYS).values(name=name, secret=found))
        return str(found)

    return bytes.fromhex(write(store, work))
