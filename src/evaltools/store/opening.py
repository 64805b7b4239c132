"""Opens a store, or makes one: refuses places, files and versions it cannot keep answers safe in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from evaltools.errors import Fault, StoreError
from evaltools.store.handle import Store, connect, reading, writing
from evaltools.store.migrations import migrate
from evaltools.store.place import refuse_network_place
from evaltools.store.tables import KNOWN_VERSIONS, RESPONSES, UNITS, VERSION

_SQLITE_FILES_BEGIN_WITH: Final = b"SQLite format 3\0"


def open_store(path: Path | str, *, create: bool = False) -> Store:
    """Open the store in a file; with `create` a missing file is made.

    Parameters: path - the file. create - whether it may be new; its folder is then made too.
    Returns: the open store; close it, or use it in a `with` statement. A store of an older version is brought up
    to date on the way.
    Raises: `StoreError` NETWORK_PATH, NO_STORE, NOT_A_STORE, NEWER_STORE, MORE_RESPONSES_THAN_UNITS,
    STORE_READ_ONLY, DISK_FULL.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "a.db", create=True) as store:
    ...     store.path.name
    'a.db'
    """
    place = Path(path)
    refuse_network_place(place)
    _check_file(place, create)
    store = Store(place, connect(place))
    try:
        _bring_up_to_date(store, is_new=not place.exists() or place.stat().st_size == 0)
        with reading(store) as connection:
            refuse_surplus(connection, place)
    except BaseException:
        store.close()
        raise
    return store


def _check_file(path: Path, create: bool) -> None:
    if not path.exists():
        if not create:
            remedy = "Check the path, or make one with `evaltools open` or `evaltools rehearse`."
            raise StoreError(Fault("NO_STORE", str(path), "there is no store here", remedy))
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    if path.is_dir():
        raise StoreError(_not_a_store(path))
    with path.open("rb") as file:
        begin = file.read(len(_SQLITE_FILES_BEGIN_WITH))
    if begin != _SQLITE_FILES_BEGIN_WITH and not (create and begin == b""):
        raise StoreError(_not_a_store(path))


def _not_a_store(path: Path) -> Fault:
    return Fault("NOT_A_STORE", str(path), "this is not a store", "Name a file that evaltools has made.")


def _bring_up_to_date(store: Store, *, is_new: bool) -> None:
    if not is_new:
        with reading(store) as connection:
            found = _version(connection)
        if found is None:
            raise StoreError(_not_a_store(store.path))
        if found not in KNOWN_VERSIONS:
            problem = f"this store has version {found}, and this evaltools knows versions up to {VERSION}"
            raise StoreError(Fault("NEWER_STORE", str(store.path), problem, "Install the newest evaltools."))
        if found == VERSION:
            return
    with writing(store) as connection:
        migrate(connection)


def _version(connection: Connection) -> str | None:
    try:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        return None
    return None if found is None else str(found)


def refuse_surplus(connection: Connection, path: Path) -> None:
    """`StoreError` MORE_RESPONSES_THAN_UNITS where a wave holds a unit's answers that is not in its population."""
    responding = select(RESPONSES.c.survey, RESPONSES.c.wave, func.count(RESPONSES.c.unit.distinct()))
    known = select(UNITS.c.survey, UNITS.c.wave, func.count(UNITS.c.unit))
    expected = {
        (survey, wave): n for survey, wave, n in connection.execute(known.group_by(UNITS.c.survey, UNITS.c.wave))
    }
    for survey, wave, n in connection.execute(responding.group_by(RESPONSES.c.survey, RESPONSES.c.wave)):
        if n > expected.get((survey, wave), 0):
            problem = (
                f"{n} units have answered {survey}/{wave}, and its population has {expected.get((survey, wave), 0)}"
            )
            remedy = (
                "Somebody has changed the file by hand; restore the newest backup and run `evaltools verify` on it."
            )
            raise StoreError(Fault("MORE_RESPONSES_THAN_UNITS", str(path), problem, remedy))
