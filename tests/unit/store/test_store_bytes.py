"""An erased answer leaves no bytes: not in the file, not in its journal, and never silently."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.store import erase_person, erase_record, handle, open_store, receive, verify_store
from tiny_survey import LATER, sent, tiny_store

SECRETS = ("hemmelig@kanarie.dk", "KANARIEORD", "Kanarie Person")


def left(root: Path) -> int:
    return sum(path.read_bytes().count(secret.encode()) for path in root.glob("answers.db*") for secret in SECRETS)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A closed store, so that the secrets stand in the file itself and not only in its journal."""
    with tiny_store(tmp_path) as store:
        answers = {"mail": SECRETS[0], "remark": SECRETS[1]}
        receive(store, sent(answers, "0825", actor=SECRETS[2], submit=False), at=LATER)
    assert left(tmp_path) >= len(SECRETS)
    return tmp_path


def test_an_erased_record_and_person_leave_no_bytes_in_the_file(filled: Path) -> None:
    with open_store(filled / "answers.db") as store:
        erase_person(store, SECRETS[2], at=LATER)
        erase_record(store, "tiny", "2018", "0825", at=LATER)
        assert left(filled) == 0
        assert verify_store(store) == ()


def test_bytes_that_a_reader_holds_are_told_and_go_when_it_closes(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = tuple(pragma.replace("30000", "50") for pragma in handle.PRAGMAS)
    monkeypatch.setattr(handle, "PRAGMAS", quick)
    with open_store(filled / "answers.db") as store:
        reader = sqlite3.connect(filled / "answers.db")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        with pytest.raises(StoreError) as caught:
            erase_record(store, "tiny", "2018", "0825", at=LATER)
        assert caught.value.code == "ERASED_NOT_CLEARED"
        reader.close()
        assert verify_store(store) == ()
    kept = b"".join(path.read_bytes() for path in filled.glob("answers.db*"))
    assert all(secret.encode() not in kept for secret in SECRETS[:2])
