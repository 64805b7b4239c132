"""Copies of a store that were made before a purge, and still hold what it erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import select

from evaltools.store.beside import JOURNALS
from evaltools.store.handle import Store, reading
from evaltools.store.keeping.backup import remove_backup
from evaltools.store.tables import EVENTS, JOURNAL

_OPENINGS: Final = ("opened", "sealed_later")


def copies_from_before(store: Store, survey: str, wave: str, folder: Path | None = None) -> tuple[Path, ...]:
    """Copies of this store that still hold what the last purge of a wave erased, by name.

    Looked at are the backups in `folder`, what an interrupted backup left there, and what `restore` keeps beside the
    store. A copy that cannot be read is listed too: nobody can say what it holds. Copies in other places, exports
    and private snapshots are not known here.
    """
    known = _hashes(store, survey, wave)
    return tuple(path for path in sorted(set(_candidates(store.path, folder))) if _is_from_before(path, *known))


def remove_copies(paths: tuple[Path, ...]) -> None:
    """Delete copies with their journals and notes."""
    for path in paths:
        for file in path.parent.glob(f"{path.name}-*"):
            file.unlink()
        remove_backup(path)


def _candidates(place: Path, folder: Path | None) -> Iterator[Path]:
    replaced = place.parent.glob(f"{place.name}.replaced-*")
    yield from (path for path in replaced if not path.name.endswith(JOURNALS))
    yield from place.parent.glob(f".{place.name}.*.part")
    if folder is not None:
        yield from folder.glob("*.db")
        yield from folder.glob(".*.part")


def _hashes(store: Store, survey: str, wave: str) -> tuple[frozenset[str], str]:
    """Every hash of the wave's own history, by which a copy is known, and that of its last purge.

    How it was opened tells nothing: two stores may open the same wave alike. All that follows holds something random.
    """
    journal = select(JOURNAL.c.hash, JOURNAL.c.kind).where(JOURNAL.c.survey == survey, JOURNAL.c.wave == wave)
    events = select(EVENTS.c.hash).where(EVENTS.c.survey == survey, EVENTS.c.wave == wave)
    with reading(store) as connection:
        done = connection.execute(journal.order_by(JOURNAL.c.seq)).all()
        everything = {*connection.execute(events).scalars(), *(row.hash for row in done if row.kind not in _OPENINGS)}
    purges = [row.hash for row in done if row.kind == "purge"]
    return frozenset(everything), purges[-1] if purges else ""


def _is_from_before(path: Path, ours: frozenset[str], purged: str) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            theirs = {row[0] for row in connection.execute("SELECT hash FROM events")}
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal'").fetchone():
                theirs |= {row[0] for row in connection.execute("SELECT hash FROM journal")}
    except sqlite3.DatabaseError:
        return True
    return bool(ours & theirs) and purged not in theirs
