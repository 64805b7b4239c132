"""A store is backed up under load, destroyed and brought back; a purge leaves every estimate as it was."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from evaltools.dataset import build_dataset
from evaltools.errors import StoreError
from evaltools.estimate.survey import design, proportion
from evaltools.store import (
    Saved,
    Store,
    grouped,
    open_store,
    purge,
    receive,
    take_snapshot,
    verify_store,
)
from evaltools.store.keeping.backup import back_up
from evaltools.store.keeping.note import read_backups
from evaltools.store.keeping.restore import restore
from tiny_survey import LATER, UNITS, WHEN, sent, tiny_store
from troubled_disk import small_disk

WRITERS = 4
_CLI = "import sys; from evaltools.cli import main; sys.exit(main(sys.argv[1:]))"


class Load:
    """Threads that save without pause, and a ledger of all that was acknowledged: unit, version, value."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ledger: list[tuple[str, int, int]] = []
        self.refusals: list[StoreError] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._save, args=(number,)) for number in range(WRITERS)]

    def _save(self, number: int) -> None:
        for count in itertools.count():
            if self.over.is_set():
                return
            unit, value = UNITS[count % len(UNITS)].code, number * 1000 + count % 1000
            try:
                saved = receive(
                    self.store, sent({"placed": value}, unit, actor=f"Skriver {number}", submit=False), at=WHEN
                )
            except StoreError as error:
                self.refusals.append(error)
                continue
            assert isinstance(saved, Saved)
            self.ledger.append((unit, saved.version, value))

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        until = time.monotonic() + 30
        while len(self.ledger) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.ledger) >= count


def missing_from(path: Path, ledger: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """What was acknowledged and is not in a store. A value that stood already is kept under its earlier version."""
    with closing(sqlite3.connect(path)) as connection:
        kept = set(connection.execute("SELECT unit, seq, CAST(value AS INTEGER) FROM event_values"))
    return [one for one in ledger if one not in kept]


def test_a_store_destroyed_under_load_comes_back_with_all_that_was_acknowledged_before_its_backup(
    tmp_path: Path,
) -> None:
    with tiny_store(tmp_path) as alone, grouped(alone) as store, Load(store) as load:
        load.wait_for(50)
        before = list(load.ledger)
        backup, _ = back_up(store, tmp_path / "backups", at=LATER)
        load.wait_for(len(before) + 50)
        done = subprocess.run(
            [sys.executable, "-c", _CLI, "restore", str(backup.path), "--store", str(store.path), "--renew"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "STORE_IN_USE" in done.stderr) == (2, True), done.stderr
    assert load.refusals == []
    assert missing_from(tmp_path / "answers.db", load.ledger) == []
    for file in tmp_path.glob("answers.db*"):
        file.write_bytes(os.urandom(4096))
    (newest,) = read_backups(tmp_path / "backups")
    restored = restore(newest.path, tmp_path / "answers.db", at=LATER, renew=True)
    assert restored.replaced is not None
    assert missing_from(restored.path, before) == []
    with open_store(restored.path) as again:
        assert verify_store(again) == ()
        assert isinstance(receive(again, sent({"placed": 1}, submit=False), at=LATER), Saved)


def shares(path: Path, wave: str) -> pd.DataFrame:
    """The share of every category of every coded question of a wave."""
    with open_store(path) as store:
        data = build_dataset(wave, take_snapshot(store))
    coded = [name for name, one in data.variables.items() if one.field.kind == "single"]
    assert len(coded) > 10
    return proportion(design(data), coded).frame


def test_every_estimate_is_the_same_before_and_after_a_purge(rehearsal: Path, tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    shutil.copyfile(rehearsal, path)
    before = shares(path, "network_methods/2018")
    with open_store(path) as store:
        gone = purge(store, "network_methods", "2018", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), early=True)
        assert gone.values > 0
        assert verify_store(store) == ()
    pd.testing.assert_frame_equal(shares(path, "network_methods/2018"), before)


@pytest.mark.skipif(sys.platform != "linux", reason="makes a small disk of the Linux kernel")
def test_on_a_full_disk_every_save_is_refused_by_name_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        with tiny_store(disk) as alone, grouped(alone) as store:
            filler = disk / "filler"
            with Load(store) as load:
                load.wait_for(20)
                filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - 64 * 1024))
                until = time.monotonic() + 20
                while len(load.refusals) < 20 and time.monotonic() < until:
                    time.sleep(0.01)
                with pytest.raises(StoreError) as caught:
                    back_up(store, disk / "backups", at=LATER)
                assert caught.value.code == "BACKUP_NOT_WRITTEN"
                assert list((disk / "backups").iterdir()) == []
            assert {error.code for error in load.refusals} == {"DISK_FULL"}
            filler.unlink()
            assert isinstance(receive(store, sent({"placed": 4321}, submit=False), at=LATER), Saved)
            assert verify_store(store) == ()
        assert missing_from(disk / "answers.db", load.ledger) == []


_AS_NOBODY = """
import os, sys
from pathlib import Path
from evaltools.errors import StoreError
from evaltools.store import open_store, receive, verify_store
from tiny_survey import LATER, sent
path = Path(sys.argv[1])
open_store(path).close()
path.chmod(0o444)
path.parent.chmod(0o555)
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(65534)
try:
    with open_store(path) as store:
        receive(store, sent({"placed": 9}, submit=False), at=LATER)
    print("saved")
except StoreError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_store_that_may_only_be_read_says_so_and_keeps_what_it_has() -> None:
    with tempfile.TemporaryDirectory() as readable:  # others may not look into pytest's own folder
        folder = Path(readable) / "store"
        Path(readable).chmod(0o755)
        with tiny_store(folder) as store:
            receive(store, sent({"placed": 7}, submit=False), at=WHEN)
        path = os.pathsep.join(part for part in sys.path if part)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(folder / "answers.db")],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
        folder.chmod(0o755)
        (folder / "answers.db").chmod(0o644)
        assert (done.stdout.strip(), done.stderr) == ("STORE_READ_ONLY", "")
        with open_store(folder / "answers.db") as again:
            assert verify_store(again) == ()
            assert take_snapshot(again).waves[0].responses[0].answers == {"placed": 7}
