"""Whatever somebody changes in the file behind the store's back is noticed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.store import (
    NewGrant,
    Submission,
    begin_session,
    decline,
    erase_record,
    make_grant,
    note_read,
    open_store,
    receive,
    revoke_grant,
    verify_store,
)
from tiny_survey import LATER, WHEN, sent, tiny_store

TABLES = ("waves", "units", "events", "event_values", "responses", "answers", "journal", "fieldwork", "grants")
"""What verifying vouches for. Names, contacts of units, sessions, logins and pages may change or go at any time."""

SAMPLE = 12


@dataclass(frozen=True)
class Tampering:
    """One thing that somebody does to the file."""

    what: str
    statement: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with everything in it; closed, so that the file is all there is."""
    root = tmp_path_factory.mktemp("tampering")
    with tiny_store(root, "tiny/2018", "visits/1") as store:
        receive(store, sent({"stage": "1", "placed": 7, "cases": 2, "remark": "Godt"}), at=WHEN)
        receive(store, sent({"placed": 9}, "0751", submit=False), at=LATER)
        decline(store, "tiny", "2018", "0825", at=LATER)
        for record in ("a", "b"):
            receive(store, Submission("visits", "1", "0101", {"people": 3}, record=record), at=WHEN)
        erase_record(store, "visits", "1", "0101", "a", at=LATER)
        grant, token = make_grant(store, NewGrant("tiny", "2018", "0101", "leader", "Ida"), at=WHEN)
        begin_session(store, token, "Ida", at=WHEN, lasts=LATER - WHEN)
        revoke_grant(store, grant.id, at=LATER, by="Bo")
        make_grant(store, NewGrant("tiny", "2018", "0751", "leader", "Eva", expires_at=LATER), at=WHEN)
        note_read(store, "tiny", "2018", at=LATER, actor="Bo", what="export")
        assert verify_store(store) == ()
    return root / "answers.db"


def all_tamperings(path: Path) -> Iterator[Tampering]:
    """Each column of each table changed in one row, each table's rows taken away, doubled and exchanged."""
    with closing(sqlite3.connect(path)) as connection:
        for table in TABLES:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            names = [column[1] for column in columns]
            first = f"rowid = (SELECT min(rowid) FROM {table})"
            for name, kind in ((column[1], column[2]) for column in columns):
                value = f"{name} + 1000" if kind == "INTEGER" else f"coalesce({name}, '') || '1'"
                yield Tampering(f"{table}.{name} changed", f"UPDATE {table} SET {name} = {value} WHERE {first}")
            yield Tampering(f"{table}: a row deleted", f"DELETE FROM {table} WHERE {first}")
            yield Tampering(f"{table}: all rows deleted", f"DELETE FROM {table}")
            keys = {column[1] for column in columns if column[5]}
            key = "id" if table == "grants" else sorted(keys)[0]
            others = ", ".join("'forged'" if name in (key, "token_sha256") else name for name in names)
            yield Tampering(f"{table}: a row added", f"INSERT INTO {table} SELECT {others} FROM {table} WHERE {first}")


def is_noticed(tampering: Tampering, kept: Path, folder: Path) -> bool:
    path = folder / "changed.db"
    shutil.copyfile(kept, path)
    with closing(sqlite3.connect(path)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        assert connection.execute(tampering.statement).rowcount > 0, tampering
        connection.commit()
    try:
        with open_store(path) as store:
            return bool(verify_store(store))
    except StoreError:
        return True
    finally:
        for file in folder.glob("changed.db*"):
            file.unlink()


def test_a_sample_of_tamperings_is_noticed(kept: Path, tmp_path: Path) -> None:
    chosen = random.Random(2018).sample(list(all_tamperings(kept)), SAMPLE)
    assert [one.what for one in chosen if not is_noticed(one, kept, tmp_path)] == []


@pytest.mark.proof
def test_every_tampering_is_noticed(kept: Path, tmp_path: Path) -> None:
    tamperings = list(all_tamperings(kept))
    unnoticed = [one.what for one in tamperings if not is_noticed(one, kept, tmp_path)]
    for one in tamperings:
        print(one.what)  # noqa: T201
    print(f"{len(tamperings)} tamperings in {len(TABLES)} tables, {len(unnoticed)} unnoticed")  # noqa: T201
    assert len(tamperings) >= 40
    assert unnoticed == []
