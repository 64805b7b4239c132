import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.store import Saved, Store, Unit, open_store, open_wave, receive, take_snapshot, verify_store
from evaltools.store.handle import reading, writing
from evaltools.store.migrations import MIGRATIONS
from evaltools.store.place import network_kind, refuse_network_place
from evaltools.store.tables import KNOWN_VERSIONS, METADATA, VERSION
from tiny_survey import FIELDWORK, LATER, UNITS, WHEN, sent, tiny, tiny_store, write_tiny


def code_of(path: Path | str) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert caught.value.faults[0].remedy
    return caught.value.code


def test_a_missing_store_is_refused_with_the_remedy(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.db") == "NO_STORE"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"region;antal\n", b"SQLite format 3\0"])
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert code_of(path) == "NOT_A_STORE"
    assert path.read_bytes() == content


def test_another_programs_database_and_a_folder_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert code_of(other) == "NOT_A_STORE"
    assert code_of(tmp_path) == "NOT_A_STORE"


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with writing(store) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert code_of(store.path) == "NEWER_STORE"


def test_a_store_with_more_responses_than_units_is_refused(store: Store) -> None:
    receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    with writing(store) as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("DELETE FROM responses")
        connection.exec_driver_sql("DELETE FROM answers")
        connection.exec_driver_sql("DELETE FROM units WHERE wave = '2018' AND unit <> '0101'")
    by_hand = sqlite3.connect(store.path)
    for unit in ("0101", "0751"):
        values = ("tiny", "2018", unit, "", "partial", 1, None, "file", "2018")
        by_hand.execute("INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    by_hand.commit()
    by_hand.close()
    assert code_of(store.path) == "MORE_RESPONSES_THAN_UNITS"


MOUNTS = (
    "/dev/sda1 / ext4 rw 0 0",
    "files:/x /data nfs4 rw 0 0",
    "//files/y /mnt/two\\040words cifs rw 0 0",
    "tmpfs /data/here tmpfs rw 0 0",
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/a.db", "nfs4"),
        ("/mnt/two words/a.db", "cifs"),
        ("/data/here/a.db", ""),
        ("/database/a.db", ""),
        ("//files/y/a.db", "UNC"),
        ("\\\\files\\y\\a.db", "UNC"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="mount points are those of Linux")
def test_a_place_on_the_network_is_known_by_its_mount(path: str, kind: str) -> None:
    assert network_kind(Path(path), MOUNTS) == kind


@pytest.mark.skipif(sys.platform == "win32", reason="mount points are those of Linux")
def test_a_store_on_the_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        refuse_network_place(tmp_path / "a.db", [f"files:/x {tmp_path} nfs rw 0 0"])
    assert caught.value.code == "NETWORK_PATH"
    refuse_network_place(tmp_path / "a.db")


def test_every_connection_is_safe_against_a_power_cut(store: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000, "secure_delete": 1}

    def look(found: list[dict[str, object]]) -> None:
        with reading(store) as connection:
            found.append({name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted})

    found: list[dict[str, object]] = []
    look(found)
    other = threading.Thread(target=look, args=(found,))
    with reading(store):  # holds the first connection, so that the other thread needs a new one
        other.start()
        other.join()
    assert found == [wanted, wanted]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'x'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT unit, seq, at, 'x', channel, kind, survey, wave, record, field,"
        " schema_sha256, value_sha256, previous, hash FROM events",
    ],
)
def test_the_database_itself_refuses_to_change_events(store: Store, statement: str) -> None:
    receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    connection = sqlite3.connect(store.path)
    with pytest.raises(sqlite3.IntegrityError, match="events are never"):
        connection.execute(statement)
    connection.close()
    assert verify_store(store) == ()


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with reading(store) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_current_head() == VERSION
    assert {step.revision for step in scripts.walk_revisions()} == set(KNOWN_VERSIONS)


def test_the_same_wave_may_be_opened_again_but_not_with_another_questionnaire(store: Store, tmp_path: Path) -> None:
    open_wave(store, tiny(tmp_path), UNITS, origin="collected", at=LATER, fieldwork=FIELDWORK)
    with pytest.raises(StoreError) as caught:
        open_wave(store, tiny(tmp_path), UNITS, origin="rehearsal", at=LATER, fieldwork=FIELDWORK)
    assert caught.value.code == "WAVE_CHANGED"
    file = tmp_path / "surveys" / "tiny" / "2018" / "questionnaire.yaml"
    file.write_text(file.read_text("utf-8").replace("Bruges metoden?", "Bruger I metoden?"), "utf-8")
    with pytest.raises(StoreError) as caught:
        open_wave(store, tiny(tmp_path), UNITS, origin="collected", at=LATER, fieldwork=FIELDWORK)
    assert caught.value.code == "WAVE_CHANGED"


@pytest.mark.parametrize(
    ("units", "origin", "code"),
    [
        ((), "collected", "NO_UNITS"),
        ((*UNITS, Unit("0101", "Kbh", {})), "collected", "UNIT_TWICE"),
        (UNITS, "guessed", "ORIGIN_UNKNOWN"),
    ],
)
def test_a_wave_needs_a_population_and_an_origin(
    tmp_path: Path, units: tuple[Unit, ...], origin: str, code: str
) -> None:
    write_tiny(tmp_path)
    with open_store(tmp_path / "a.db", create=True) as store, pytest.raises(StoreError) as caught:
        open_wave(store, tiny(tmp_path), units, origin=origin, at=WHEN)  # type: ignore[arg-type]
    assert caught.value.code == code


def save_until_refused(store: Store) -> None:
    for number in range(100):
        receive(store, sent({"remark": f"{number} " + "x" * 900}, submit=False), at=WHEN)


def test_a_full_disk_says_that_the_answer_was_not_saved_and_loses_nothing(tmp_path: Path) -> None:
    store = tiny_store(tmp_path)
    receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    with reading(store) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with store.engine.connect() as connection:  # the pool hands the same connection to the next save
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError) as caught:
        save_until_refused(store)
    assert caught.value.code == "DISK_FULL"
    assert "your answer was NOT saved" in str(caught.value)
    assert verify_store(store) == ()
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    assert isinstance(receive(store, sent({"remark": "y" * 900}, submit=False), at=LATER), Saved)
    assert verify_store(store) == ()
    store.close()


def test_another_program_that_holds_the_store_is_waited_for_and_then_named(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with pytest.raises(StoreError) as caught:
        receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    assert caught.value.code == "STORE_BUSY"
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(receive(store, sent({"placed": 3}, submit=False), at=WHEN), Saved)


@pytest.mark.parametrize(
    ("by_hand", "code"),
    [("PRAGMA query_only = ON", "STORE_READ_ONLY"), ("ALTER TABLE answers RENAME TO gone", "STORE_FAILED")],
)
def test_a_store_that_cannot_be_written_says_that_nothing_was_saved(store: Store, by_hand: str, code: str) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql(by_hand)
        connection.commit()
    with pytest.raises(StoreError) as caught:
        receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    assert caught.value.code == code
    assert "nothing was saved" in str(caught.value)


def test_a_failure_in_the_middle_of_a_save_leaves_nothing_of_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(store, sent({"placed": 3}, submit=False), at=WHEN)
    before = take_snapshot(store)
    with monkeypatch.context() as patched:
        patched.setattr("evaltools.store.answers.receiving.write_kept", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            receive(store, sent({"placed": 4}, submit=False), at=LATER)
    assert take_snapshot(store) == before
    assert verify_store(store) == ()


_SAVE_UNTIL_KILLED = """
import sys
sys.path[:0] = [{tests!r}]
from tiny_survey import WHEN, sent
from evaltools.store import open_store, receive
with open_store({path!r}) as store:
    for number in range(10_000):
        saved = receive(store, sent({{"placed": number}}, "0751", submit=False), at=WHEN)
        print(number, flush=True)
"""


@pytest.mark.skipif(shutil.which("kill") is None, reason="there is no kill here")
def test_what_was_acknowledged_before_a_kill_is_there_afterwards(tmp_path: Path) -> None:
    tiny_store(tmp_path).close()
    path = tmp_path / "answers.db"
    code = _SAVE_UNTIL_KILLED.format(tests=str(Path(__file__).parents[2]), path=str(path))
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            acknowledged = [program.stdout.readline() for _ in range(25)]
            program.kill()
            acknowledged += program.stdout.readlines()
        with open_store(path) as store:
            assert verify_store(store) == ()
            (found,) = take_snapshot(store).waves[0].responses
        whole = [int(line) for line in acknowledged if line.endswith("\n")]
        assert found.answers["placed"] in (whole[-1], whole[-1] + 1)  # one may have been kept and not yet told
