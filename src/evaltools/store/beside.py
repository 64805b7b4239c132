"""The files of one store: the database, and the journals that SQLite keeps beside it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

JOURNALS: Final = ("-wal", "-shm", "-journal")


def files_of(place: Path) -> tuple[Path, ...]:
    """The database and its journals, whether they are there or not."""
    return tuple(place.with_name(place.name + end) for end in ("", *JOURNALS))


def remove_store(place: Path, *, journals_only: bool = False) -> None:
    """Remove a store with the journals beside it, which must not be taken for those of another file."""
    for file in files_of(place)[1 if journals_only else 0 :]:
        file.unlink(missing_ok=True)


def aside(place: Path) -> Path:
    """A name beside `place` under which a file grows until it is complete."""
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
