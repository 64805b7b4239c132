"""Files for their owner only, whole or not at all; links read again for letters."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from evaltools.contact import Maker, invite, read_links
from evaltools.contact.private_file import private_file
from evaltools.errors import ContactError
from evaltools.store import grants, revoke_grant
from tiny_survey import WHEN, tiny_store

WAVE = ("tiny", "2018")
OPERATOR = Maker("operator", WHEN)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with private_file(tmp_path / "a.csv") as file:
        file.write("x")
        (aside,) = tmp_path.iterdir()
        assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("the only copy")
    with pytest.raises(ContactError) as caught, private_file(tmp_path / "a.csv"):
        raise AssertionError("the body must not begin")
    assert caught.value.code == "FILE_THERE"
    assert (tmp_path / "a.csv").read_text() == "the only copy"


def test_when_the_body_fails_no_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), private_file(tmp_path / "a.csv") as file:
        file.write(str(1 / 0))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_another_wrote_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(ContactError), private_file(tmp_path / "a.csv"):
        (tmp_path / "a.csv").write_text("theirs")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.csv", "theirs")]


def test_links_are_made_once_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    with tiny_store(tmp_path) as store:
        first = invite(store, WAVE, file, OPERATOR)
        assert [unit.code for unit in first.made] == ["0101", "0751", "0825"]
        written = file.read_text("utf-8")
        assert written.splitlines()[0] == "kommunekode,name,url"
        assert written.splitlines()[2].startswith("0751,Aarhus,http://127.0.0.1:8000/s/")
        again = invite(store, WAVE, file, OPERATOR)
        assert (again.made, len(again.had)) == ((), 3)
        assert file.read_text("utf-8") == written
        found = read_links(file, store, WAVE, at=WHEN)
        assert set(found) == {"0101", "0751", "0825"}
        assert all(url in written for url in found.values())


def test_no_token_of_a_link_stands_in_the_store(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as store:
        invite(store, WAVE, tmp_path / "links.csv", OPERATOR)
    token = (tmp_path / "links.csv").read_text().splitlines()[1].rpartition("/s/")[2]
    assert len(token) >= 43
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("answers.db*"))


def test_where_the_file_cannot_be_written_no_link_is_left_working(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("earlier")
    with tiny_store(tmp_path) as store:
        with pytest.raises(ContactError):
            invite(store, WAVE, tmp_path / "links.csv", OPERATOR)
        with pytest.raises(FileNotFoundError):
            invite(store, WAVE, tmp_path / "no" / "links.csv", OPERATOR)
        assert grants(store, *WAVE) == ()


def test_links_that_nobody_could_read_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with tiny_store(tmp_path) as store:
        monkeypatch.setattr("evaltools.contact.private_file.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            invite(store, WAVE, tmp_path / "links.csv", OPERATOR)
        monkeypatch.undo()
        assert [grant.revoked_at for grant in grants(store, *WAVE)] == [WHEN] * 3
        assert [path.name for path in tmp_path.glob("*links*")] == []
        assert len(invite(store, WAVE, tmp_path / "links.csv", OPERATOR).made) == 3


def test_a_link_that_has_ended_or_belongs_to_another_unit_is_not_sent(tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    with tiny_store(tmp_path) as store:
        invite(store, WAVE, file, OPERATOR)
        header, first, second, third = file.read_text("utf-8").splitlines()
        mixed = [first.rpartition(",")[0] + "," + second.rpartition(",")[2], second, third]
        file.write_text("\n".join([header, *mixed]), "utf-8")
        revoke_grant(store, grants(store, *WAVE, "0825")[0].id, at=WHEN, by="operator")
        with pytest.raises(ContactError) as caught:
            read_links(file, store, WAVE, at=WHEN + dt.timedelta(hours=1))
    told = [(fault.code, fault.where.rpartition(":")[2]) for fault in caught.value.faults]
    assert told == [("LINK_OF_ANOTHER", "2"), ("LINK_DEAD", "4")]
