"""Writing together: one sync for many, each by itself, and nobody told before it is on the disk."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from evaltools.errors import StoreError
from evaltools.store import (
    Saved,
    Store,
    current,
    grouped,
    grouping,
    handle,
    receive,
    reopen,
    take_snapshot,
    verify_store,
)
from evaltools.store.handle import reading, write
from tiny_survey import WHEN, sent, tiny_store


def save(store: Store, number: int, unit: str = "0101") -> Saved:
    outcome = receive(store, sent({"placed": number}, unit, actor=f"A{number}", submit=False), at=WHEN)
    assert isinstance(outcome, Saved)
    return outcome


class Held:
    """Keeps the writer busy with one piece of work, so that what comes meanwhile is taken together."""

    def __init__(self, store: Store) -> None:
        self.begun, self.end = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=write, args=(store, self.work))
        self.thread.start()
        self.begun.wait()

    def work(self, _: Connection) -> None:
        self.begun.set()
        self.end.wait()

    def let_go(self) -> None:
        self.end.set()
        self.thread.join()


def together(store: Store, *works: Any) -> list[Any]:
    """Each work as its own caller, all of them in one group: the results, or what was raised."""
    held = Held(store)
    with ThreadPoolExecutor(len(works)) as pool:
        waiting = [pool.submit(work) for work in works]
        while store.writer.waiting.qsize() < len(works):  # type: ignore[union-attr]
            pass
        held.let_go()
        return [one.exception() or one.result() for one in waiting]


def commits_of(store: Store) -> list[str]:
    """A list that grows by each COMMIT of the engine."""
    found: list[str] = []
    event.listen(store.engine, "commit", lambda _: found.append("COMMIT"))
    return found


def test_all_that_waits_is_written_in_one_transaction(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as alone, grouped(alone) as store:
        commits = commits_of(alone)
        outcomes = together(store, *(lambda number=number: save(store, number) for number in range(20)))
        assert all(isinstance(one, Saved) for one in outcomes)
        assert len(commits) == 2
        assert sorted(one.version for one in outcomes) == list(range(1, 21))
        assert verify_store(store) == ()


def test_one_that_fails_leaves_nothing_and_does_not_touch_the_others(tmp_path: Path) -> None:
    def fails(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO actors VALUES ('x', 'Ingen')")
        raise ZeroDivisionError

    def breaks(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO actors VALUES ('y', 'Nogen')")
        connection.exec_driver_sql("INSERT INTO actors VALUES ('y', 'Nogen')")

    with tiny_store(tmp_path) as alone, grouped(alone) as store:
        first, failed, broken, refused, last = together(
            store,
            lambda: save(store, 1),
            lambda: write(store, fails),
            lambda: write(store, breaks),
            lambda: reopen(store, "tiny", "2018", "0825", at=WHEN),
            lambda: save(store, 2, "0751"),
        )
        assert isinstance(first, Saved)
        assert isinstance(last, Saved)
        assert isinstance(failed, ZeroDivisionError)
        assert isinstance(broken, StoreError)
        assert (broken.code, refused.code) == ("STORE_FAILED", "NOTHING_TO_REOPEN")
        with reading(store) as connection:
            names = connection.exec_driver_sql("SELECT name FROM actors ORDER BY name").scalars().all()
        assert names == ["A1", "A2"]
        assert verify_store(store) == ()


def test_what_waits_when_the_store_is_closed_is_finished_and_nothing_after_it(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as alone:
        with ThreadPoolExecutor(50) as pool:
            with grouped(alone) as store:
                waiting = [pool.submit(save, store, number) for number in range(50)]
                while not any(one.done() for one in waiting):
                    pass
            outcomes = [one.exception() or one.result() for one in waiting]
        kept = [one for one in outcomes if isinstance(one, Saved)]
        late = [one for one in outcomes if isinstance(one, StoreError)]
        assert len(kept) + len(late) == 50
        assert {one.code for one in late} <= {"STORE_CLOSED"}
        assert current(alone, "tiny", "2018", "0101").response.version == len(kept)
        with pytest.raises(StoreError) as caught:
            save(store, 51)
        assert caught.value.code == "STORE_CLOSED"
        assert "your answer was NOT saved" in str(caught.value)


def test_a_full_disk_reaches_every_caller_by_its_name_and_nothing_is_kept(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as alone:
        save(alone, 1)
        before = take_snapshot(alone)
        with grouped(alone) as store:
            with store.engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            works = [
                lambda number=number: receive(store, sent({"remark": f"{number}" + "x" * 900}, submit=False), at=WHEN)
                for number in range(60)
            ]
            outcomes = together(store, *works)
            assert {getattr(one, "code", "saved") for one in outcomes} == {"DISK_FULL"}
            assert all("your answer was NOT saved" in str(one) for one in outcomes)
            assert take_snapshot(alone) == before
            with store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 100000")
            assert save(store, 2).version == 2
        assert verify_store(alone) == ()


def test_a_database_that_may_only_be_read_reaches_every_caller_by_its_name(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as alone, grouped(alone) as store:
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with ThreadPoolExecutor(5) as pool:
            outcomes = [pool.submit(save, store, number).exception() for number in range(5)]
        assert {getattr(one, "code", "saved") for one in outcomes} == {"STORE_READ_ONLY"}


def _only_reads(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA query_only = ON").close()


def test_a_connection_that_was_opened_while_the_disk_was_read_only_is_not_kept_when_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tiny_store(tmp_path) as alone, grouped(alone) as store:
        event.listen(store.engine, "connect", _only_reads)
        monkeypatch.setattr(handle, "may_be_written", lambda _: False)
        store.engine.dispose()
        with pytest.raises(StoreError) as caught:
            save(store, 1)
        assert caught.value.code == "STORE_READ_ONLY"
        event.remove(store.engine, "connect", _only_reads)
        monkeypatch.undo()
        assert save(store, 2).version == 1


def _fails(_: sqlite3.Connection, __: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


def test_a_connection_that_cannot_be_opened_is_a_fault_of_the_store(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as alone:
        event.listen(alone.engine, "connect", _fails)
        alone.engine.dispose()
        with pytest.raises(StoreError) as caught:
            current(alone, "tiny", "2018", "0101")
        assert caught.value.code == "STORE_FAILED"


def test_a_store_that_another_program_holds_is_told_after_a_few_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grouping.PATIENCE_MS <= 5000
    monkeypatch.setattr(grouping, "PATIENCE_MS", 50)
    with tiny_store(tmp_path) as alone, grouped(alone) as store:
        save(store, 1)
        other = sqlite3.connect(alone.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            save(store, 2)
        assert caught.value.code == "STORE_BUSY"
        assert "your answer was NOT saved" in str(caught.value)
        other.execute("ROLLBACK")
        other.close()
        assert save(store, 3).version == 2
