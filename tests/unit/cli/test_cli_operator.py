"""What the operator reads at the command line: the status in words, and helps of every sub-verb."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from evaltools.cli import main
from evaltools.cli.remind import WORDS
from evaltools.contact.posting import Outcome
from evaltools.contact.rounds import Why
from evaltools.store import Contact, note_outcome, note_reminder, receive, set_contacts
from tiny_survey import WHEN, sent, tiny_store

WAVE = ("tiny", "2018")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """One has submitted, one has fallen silent, one has never come; one letter was refused."""
    with tiny_store(tmp_path) as opened:
        receive(opened, sent({"stage": "0", "placed": 12, "network": 4}), at=WHEN)
        receive(opened, sent({"placed": 3}, "0751", submit=False), at=WHEN)
        set_contacts(opened, *WAVE, {"0751": Contact("Bo", "bo@aarhus.dk", "22334455")}, at=WHEN)
        note_reminder(opened, *WAVE, "0751", "first", at=WHEN)
        note_outcome(opened, WAVE, "0751", "first", "refused", at=WHEN)
        note_reminder(opened, *WAVE, "0825", "first", at=WHEN)
    return tmp_path / "answers.db"


def told(store: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["status", "surveys/tiny/2018", "--store", str(store), *more]) == 0
    return capsys.readouterr().out


def test_the_status_says_in_words_how_it_goes(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(store, capsys)
    assert "tiny/2018: 1 of 3 (33 per cent) have submitted" in text.replace("\xa0", " ")
    assert "opened 2, begun 2, handed over 0, submitted 1, declined 0, of 3" in text
    assert "main                          4 of" in text
    assert "representativity over region and size: R = " in text
    assert "most behind: " in text


def test_whom_to_call_is_told_with_why_and_how_to_reach_them(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(store, capsys)
    days = (dt.datetime.now(dt.UTC) - WHEN).days
    assert f"0751 Aarhus: has begun and fallen silent for {days} days; R " in text
    assert "Bo, 22334455, bo@aarhus.dk" in text
    assert "0825 Læsø: has never opened the link; R " in text
    assert len([line for line in told(store, capsys, "--calls", "1").splitlines() if "; R " in line]) == 1


def test_letters_that_did_not_go_out_are_told(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(store, capsys)
    assert "0751 first, 2018-02-05 09:30: refused" in text
    assert "0825 first, 2018-02-05 09:30: begun, and nothing more is known" in text


def test_every_reason_and_outcome_has_its_words() -> None:
    assert set(WORDS) == {*get_args(Why), *get_args(Outcome), "written", "elsewhere", "answered"}


@pytest.mark.parametrize("what", ["link", "revoke", "list", "token", "operator", "reopen"])
def test_every_part_of_access_tells_how_it_is_used(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["access", what, "--help"])
    assert ended.value.code == 0
    assert "--store" in capsys.readouterr().out
