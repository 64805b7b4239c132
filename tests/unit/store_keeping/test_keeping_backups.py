"""Backups: whole, verified, named by time and content, thinned by the rule; and the way back."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.errors import StoreError
from evaltools.store import Saved, Store, open_store, receive, take_snapshot, verify_store
from evaltools.store.keeping import backup
from evaltools.store.keeping.backup import KEEP, back_up
from evaltools.store.keeping.note import Backup, read_backups, verify_backup
from evaltools.store.keeping.restore import restore
from tiny_survey import LATER, WHEN, sent, tiny_store

DAY = dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path) as opened:
        receive(opened, sent({"placed": 7, "network": 2}, actor="Ida Holm", submit=False), at=WHEN)
        yield opened


def made(store: Store, at: dt.datetime = LATER, keep: int = KEEP) -> Backup:
    return back_up(store, store.path.parent / "backups", at=at, keep=keep)[0]


def test_a_backup_is_one_file_with_time_and_head_in_its_name_and_a_note_beside_it(store: Store) -> None:
    backup = made(store)
    assert backup.path.name == f"answers-20180205T123000Z-{backup.head[:12]}.db"
    assert sorted(file.name for file in backup.path.parent.iterdir()) == [
        backup.path.name,
        backup.path.with_suffix(".json").name,
    ]
    note = json.loads(backup.path.with_suffix(".json").read_text("utf-8"))
    assert (note["sha256"], note["bytes"], note["counts"]["events"]) == (backup.sha256, backup.path.stat().st_size, 2)
    assert list(note["heads"]) == ["/", "0101", "tiny/2018"] or list(note["heads"]) == ["0101", "tiny/2018"]
    assert "Ida" not in json.dumps(note)
    assert verify_backup(backup.path) == ()
    assert read_backups(backup.path.parent) == (backup,)


def test_only_its_owner_may_read_a_backup(store: Store) -> None:
    backup = made(store)
    assert backup.path.stat().st_mode & 0o777 == 0o400
    assert backup.path.with_suffix(".json").stat().st_mode & 0o077 == 0


def test_a_backup_holds_what_stood_in_the_journal_only(store: Store) -> None:
    assert store.path.with_name("answers.db-wal").stat().st_size > 0
    backup = made(store)
    restored = restore(backup.path, store.path.with_name("other.db"), at=LATER)
    with open_store(restored.path) as again:
        assert take_snapshot(again) == take_snapshot(store)


def test_two_backups_of_the_same_content_have_the_same_head_and_are_both_kept(store: Store) -> None:
    first, second = made(store), made(store, LATER + DAY)
    assert (first.head, first.path.exists()) == (second.head, True)
    assert [one.path for one in read_backups(first.path.parent)] == [second.path, first.path]


def test_the_newest_and_the_last_of_each_of_thirty_days_stay(store: Store) -> None:
    first = made(store)
    hours = [
        replace(first, path=Path(f"{day:02}-{hour:02}"), made_at=WHEN.replace(hour=hour) - day * DAY)
        for day in range(35)
        for hour in (4, 12, 20)
    ]
    gone = {one.path.name for one in backup.superfluous(hours, 4)}
    assert {one.path.name for one in hours} - gone == {"00-04", "00-12", *(f"{day:02}-20" for day in range(30))}


def test_thinning_takes_older_backups_of_this_store_and_never_those_of_another(store: Store, tmp_path: Path) -> None:
    old = [made(store, WHEN - 40 * DAY), made(store, WHEN - 39 * DAY)]
    shutil.copytree(tmp_path / "surveys", tmp_path / "b" / "surveys")
    shutil.copytree(tmp_path / "data_dictionary", tmp_path / "b" / "data_dictionary")
    with tiny_store(tmp_path / "b") as other:
        theirs = back_up(other, old[0].path.parent, at=WHEN - 40 * DAY)[0]
    newest, removed = back_up(store, old[0].path.parent, at=LATER, keep=1)
    assert [one.path for one in removed] == [one.path for one in reversed(old)]
    assert [one.path for one in read_backups(newest.path.parent)] == [newest.path, theirs.path]


def test_keeping_none_is_refused(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        made(store, keep=0)
    assert caught.value.code == "KEEP_TOO_FEW"


def test_an_interrupted_backup_leaves_nothing_and_the_next_one_works(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backup, "refuse_faults", interrupt)
        with pytest.raises(KeyboardInterrupt):
            made(store)
    assert list((store.path.parent / "backups").iterdir()) == []
    assert verify_backup(made(store).path) == ()


def test_a_folder_that_cannot_be_written_is_refused_with_the_reason(store: Store) -> None:
    (store.path.parent / "backups").write_text("a file", "utf-8")
    with pytest.raises(StoreError) as caught:
        made(store)
    assert caught.value.code == "BACKUP_NOT_WRITTEN"


def test_a_place_where_no_store_can_lie_is_refused_with_the_reason(store: Store) -> None:
    backup = made(store)
    (store.path.parent / "taken").write_text("a file", "utf-8")
    with pytest.raises(StoreError) as caught:
        restore(backup.path, store.path.parent / "taken" / "answers.db", at=LATER)
    assert caught.value.code == "RESTORE_NOT_WRITTEN"


def test_a_store_that_tells_lies_is_not_backed_up(store: Store) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE answers SET value = '8'")
    connection.close()
    with pytest.raises(StoreError) as caught:
        made(store)
    assert [fault.code for fault in caught.value.faults][:2] == ["BACKUP_DAMAGED", "STATE_DIFFERS"]
    assert read_backups(store.path.parent / "backups") == ()


def test_what_was_saved_after_the_backup_is_named_before_it_is_lost(store: Store) -> None:
    backup = made(store)
    receive(store, sent({"placed": 9}, "0751", submit=False), at=LATER)
    store.close()
    with pytest.raises(StoreError) as caught:
        restore(backup.path, store.path, at=LATER)
    assert caught.value.code == "RESTORE_LOSES_ANSWERS"
    assert "1 events and lines from 2018-02-05T12:30:00.000+00:00" in str(caught.value)
    assert "of unit 0751" in str(caught.value)
    restored = restore(backup.path, store.path, at=LATER, renew=True)
    assert restored.replaced is not None
    with open_store(restored.replaced) as kept, open_store(store.path) as now:
        assert len(take_snapshot(kept).heads) == 2
        assert len(take_snapshot(now).heads) == 1
        assert verify_store(now) == ()


def test_a_store_that_holds_no_more_than_the_backup_is_replaced_without_asking(store: Store) -> None:
    backup = made(store)
    store.close()
    assert restore(backup.path, store.path, at=LATER).lost == ""
    assert restore(backup.path, store.path, at=LATER).replaced == store.path.with_name(
        "answers.db.replaced-20180205T123000Z-2"
    )


def test_a_store_in_use_is_not_replaced(store: Store) -> None:
    backup = made(store)
    with pytest.raises(StoreError) as caught:
        restore(backup.path, store.path, at=LATER, renew=True)
    assert caught.value.code == "STORE_IN_USE"
    assert isinstance(receive(store, sent({"placed": 9}, "0751", submit=False), at=LATER), Saved)


def test_a_store_that_cannot_be_read_is_replaced_only_on_demand_and_kept(store: Store) -> None:
    backup = made(store)
    store.close()
    store.path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    store.path.with_name("answers.db-wal").write_bytes(b"an old journal")
    with pytest.raises(StoreError) as caught:
        restore(backup.path, store.path, at=LATER)
    assert caught.value.code == "RESTORE_LOSES_ANSWERS"
    restored = restore(backup.path, store.path, at=LATER, renew=True)
    assert restored.replaced is not None
    assert restored.replaced.with_name(restored.replaced.name + "-wal").read_bytes() == b"an old journal"
    with open_store(store.path) as again:
        assert verify_store(again) == ()


@pytest.mark.parametrize("what", ["flipped", "truncated", "garbage"])
def test_a_damaged_backup_is_refused_and_the_store_stays(store: Store, what: str) -> None:
    made_one = made(store)
    path = made_one.path
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    if what == "flipped":
        content[len(content) // 2] ^= 1
    elif what == "truncated":
        del content[len(content) // 2 :]
    else:
        content[20:] = b"x" * (len(content) - 20)
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        restore(path, store.path.with_name("new.db"), at=LATER)
    assert caught.value.code == "BACKUP_CHANGED"
    assert [fault.code for fault in verify_backup(path)] == ["BACKUP_CHANGED"]
    if what != "flipped":
        path.with_suffix(".json").unlink()
        assert [fault.code for fault in verify_backup(path)] == ["BACKUP_DAMAGED"]
        with pytest.raises(StoreError) as caught:
            restore(path, store.path.with_name("new.db"), at=LATER)
        assert caught.value.code == "BACKUP_DAMAGED"
    assert not store.path.with_name("new.db").exists()


def test_a_backup_changed_by_hand_is_found_out_by_its_chains_when_its_note_is_gone(store: Store) -> None:
    path = made(store).path
    path.with_suffix(".json").unlink()
    path.chmod(0o600)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE event_values SET value = '8'")
    connection.close()
    with pytest.raises(StoreError) as caught:
        restore(path, store.path.with_name("new.db"), at=LATER)
    assert [fault.code for fault in caught.value.faults][:2] == ["BACKUP_DAMAGED", "VALUE_CHANGED"]


def test_the_verbs_say_what_they_did(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    folder = store.path.parent / "backups"
    assert main(["backup", "--store", str(store.path), "--to", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["backup", "--store", str(store.path), "--to", str(folder)]) == 0
    assert "2 events, verified; 0 older backups removed" in capsys.readouterr().out
    before = Path(said["backup"]).read_bytes()
    assert main(["verify", said["backup"]]) == 0
    assert "every byte and chain of the backup" in capsys.readouterr().out
    assert Path(said["backup"]).read_bytes() == before
    assert main(["restore", said["backup"], "--store", str(store.path)]) == 2
    assert "STORE_IN_USE" in capsys.readouterr().err
    store.close()
    assert main(["restore", said["backup"], "--store", str(store.path)]) == 0
    told = capsys.readouterr().out
    assert "what lay there is now" in told
    assert "tiny/2018 may no longer be kept: evaltools purge tiny/2018" in told
    assert main(["restore", said["backup"], "--store", str(store.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lost"] == ""
    assert main(["restore", str(folder / "none.db"), "--store", str(store.path)]) == 2
    assert "NO_BACKUP" in capsys.readouterr().err
