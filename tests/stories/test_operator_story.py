"""The operator of a survey, from opening to the last reminder: links, some answers, status, reminders, reopening."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import evaltools as ev
from evaltools.cli import main
from evaltools.settings import SMTP_PASSWORD
from evaltools.store import (
    Submission,
    begin_operator,
    decline,
    find_grant,
    open_store,
    receive,
    reminders,
    take_snapshot,
    unit_statuses,
    verify_store,
)
from evaltools.store.progress import fieldwork_report
from mail_server import mail_server
from tiny_survey import UNITS, write_tiny

WAVE = ("tiny", "2018")
GOOD = {"stage": "0", "placed": 12, "network": 4}
CONTACTS = (
    "kommunekode;kontakt;mail;telefon\n101;Ida Holm;ida@kbh.dk;22334455\n751;Bo;bo@aarhus.dk;\n825;Per;;99887766\n"
)
FIELDWORK = """
keep_years: 5
contact: {name: Kontoret, email: svar@styrelsen.dk, phone: 72 42 37 00}
base_url: https://svar.example.dk
"""


class Operator:
    """Somebody at the command line, with a wave and a store."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_tiny(root)
        self.root, self.capsys = root, capsys
        self.folder, self.store, self.links = root / "surveys/tiny/2018", root / "answers.db", root / "links.csv"
        (self.folder / "fieldwork.yaml").write_text(FIELDWORK, "utf-8")
        schema = self.folder / "questionnaire.yaml"
        schema.write_text(f'publisher: {{da: "Styrelsen", en: "The agency"}}\n{schema.read_text("utf-8")}', "utf-8")
        (root / "data_dictionary/codelists/municipalities.csv").write_text(self._population(), "utf-8")
        (root / "contacts.csv").write_text(CONTACTS, "cp1252")

    def _population(self) -> str:
        lines = [
            f"{one.code},{one.name},{one.name},,{'|'.join(one.aliases)},{one.frame['region']},{one.frame['size']}"
            for one in UNITS
        ]
        return "\n".join(["code,da,en,flags,aliases,region,size", *lines])

    def types(self, *words: str | Path, code: int = 0) -> str:
        """What the command prints; its exit code is checked."""
        self.capsys.readouterr()
        assert main([str(word) for word in words]) == code
        told = self.capsys.readouterr()
        return told.out if code == 0 else told.out + told.err

    def opens(self, *more: str | Path) -> str:
        return self.types("open", self.folder, "--store", self.store, *more)

    def asks(self, verb: str, *more: str | Path, code: int = 0) -> str:
        return self.types(verb, "tiny/2018", "--store", self.store, *more, code=code)

    def counts(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.asks("status", "--json"))
        return found

    def answers(self, unit: str, *, submit: bool = True) -> None:
        with open_store(self.store) as store:
            receive(store, Submission(*WAVE, unit, GOOD, submit=submit), at=dt.datetime.now(dt.UTC))


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, capsys)


def test_from_the_list_of_contacts_to_the_last_reminder(operator: Operator) -> None:
    told = operator.opens("--contacts", operator.root / "contacts.csv", "--links-to", operator.links)
    assert "3 links made, 0 units had one" in told
    assert "write to them by letter: Læsø" in told
    rows = list(csv.DictReader(io.StringIO(operator.links.read_text("utf-8"))))
    assert [(row["kommunekode"], row["name"]) for row in rows] == [
        ("0101", "København"),
        ("0751", "Aarhus"),
        ("0825", "Læsø"),
    ]
    assert all(row["url"].startswith("https://svar.example.dk/s/") for row in rows)
    assert operator.counts()["asked"] == 3

    with mail_server() as mail:
        post = ("--smtp", mail.place, "--security", "none")
        plan = operator.asks("remind", "--kind", "invitation", *post, "--links", operator.links, "--dry-run")
        assert "2 letters would go out; nothing was sent or noted" in plan
        assert rows[0]["url"] in plan
        assert "0825 Læsø: has no mail address; write with --letters" in plan
        assert mail.received == []
        sent = operator.asks("remind", "--kind", "invitation", *post, "--links", operator.links)
        assert "2 of 2 letters went out" in sent
        letter = mail.received[1].get_content()
        assert rows[1]["url"] in letter
        assert "Styrelsen beder Aarhus svare på et skema" in letter
        operator.asks(
            "remind", "--kind", "invitation", "--letters", operator.root / "post.csv", "--links", operator.links
        )
        assert rows[2]["url"] in (operator.root / "post.csv").read_text("utf-8-sig")
        assert "0 of 0" in operator.asks("remind", "--kind", "invitation", *post, "--links", operator.links)

        operator.answers("0101")
        operator.answers("0825", submit=False)
        first = operator.asks("remind", "--kind", "first", *post)
        assert "0101 København: has submitted" in first
        assert mail.recipients() == ["ida@kbh.dk", "bo@aarhus.dk", "bo@aarhus.dk"]
        assert "med det link, I fik den" in mail.received[-1].get_content()

    counts = operator.counts()
    assert (counts["submitted"], counts["begun"], counts["response_rate"]) == (1, 2, pytest.approx(1 / 3))
    assert {call["name"] for call in counts["calls"]} == {"Aarhus", "Læsø"}  # type: ignore[attr-defined]
    assert len(counts["reminders"]) == 4  # type: ignore[arg-type]

    reopened = json.loads(
        operator.types("access", "reopen", "tiny/2018", "København", "--store", operator.store, "--json")
    )
    assert reopened["unit"] == "0101"
    assert operator.counts()["submitted"] == 0
    operator.answers("0101")
    assert operator.counts()["submitted"] == 1
    with open_store(operator.store) as store:
        assert verify_store(store) == ()


def test_the_board_the_command_and_the_memo_give_one_response_rate(operator: Operator, tmp_path: Path) -> None:
    operator.opens()
    operator.answers("0101")
    operator.answers("0751", submit=False)
    with open_store(operator.store) as store:
        decline(store, *WAVE, "0825", at=dt.datetime.now(dt.UTC))
        report = fieldwork_report(unit_statuses(store, *WAVE), at=dt.datetime.now(dt.UTC))
        data = ev.build_dataset("tiny/2018", take_snapshot(store))
    command = operator.counts()
    memo = {row.labels: (row.count, row.n) for row in ev.response(data, by="region").rows}
    (whole,) = ev.response(data).rows
    assert whole.estimate == report.rate.share == command["response_rate"] == pytest.approx(1 / 3)
    assert memo == {(rate.group,): (rate.submitted, rate.asked) for rate in report.rates["region"]}
    shown = {each["group"]: (each["submitted"], each["asked"]) for each in command["by"]["region"]}  # type: ignore[index]
    assert {labels[0]: counts for labels, counts in memo.items()} == shown
    assert command["declined"] == 1


def test_opening_again_makes_links_only_for_units_without_one(operator: Operator) -> None:
    words = ("--contacts", operator.root / "contacts.csv", "--links-to")
    operator.opens(*words, operator.links)
    before = operator.links.read_bytes()
    assert "0 contacts are new or changed\n" in operator.opens(*words, operator.links)
    assert operator.links.read_bytes() == before
    operator.types("access", "revoke", "tiny/2018", "Aarhus", "--store", operator.store)
    told = operator.types("open", operator.folder, "--store", operator.store, *words, operator.links, code=2)
    assert "FILE_THERE" in told
    assert "1 links made, 2 units had one" in operator.opens(*words, operator.root / "more.csv")
    assert operator.links.read_bytes() == before


def test_a_lost_link_is_replaced_and_the_old_one_ends(operator: Operator) -> None:
    operator.opens("--contacts", operator.root / "contacts.csv", "--links-to", operator.links)
    old = operator.links.read_text("utf-8").splitlines()[1].rpartition("/s/")[2]
    words = ("access", "link", "tiny/2018", "Kbh.", "--store", operator.store, "--holder", "Ny Leder", "--json")
    (made,) = json.loads(operator.types(*words))
    now = dt.datetime.now(dt.UTC)
    with open_store(operator.store) as store:
        assert find_grant(store, old, at=now) is None
        grant = find_grant(store, made["url"].rpartition("/s/")[2], at=now)
    assert grant is not None
    assert (grant.unit, grant.holder, grant.role) == ("0101", "Ny Leder", "leader")
    listed = operator.types("access", "list", "tiny/2018", "0101", "--store", operator.store)
    assert [line.split()[-1] for line in listed.splitlines()] == ["revoked", "works"]
    assert operator.types("access", "link", "tiny/2018", "all", "--store", operator.store).startswith("0 links made")


def test_a_token_and_an_operator_are_made(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    operator.opens()
    words = ("access", "token", "tiny/2018", "--store", operator.store, "--holder", "Fagsystem", "--json")
    made = json.loads(operator.types(*words, "--scopes", "read,draft", "--unit", "Læsø"))
    with open_store(operator.store) as store:
        grant = find_grant(store, made["token"], at=dt.datetime.now(dt.UTC))
    assert grant is not None
    assert (grant.unit, grant.role, grant.scopes) == ("0825", "system", ("read", "draft"))
    assert "UNKNOWN_SCOPE" in operator.types(*words, "--scopes", "raed", code=2)

    password = "fire heste under en lilla bro"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    operator.types("access", "operator", "Lene", "--store", operator.store)
    with open_store(operator.store) as store:
        assert begin_operator(store, "Lene", password, at=dt.datetime.now(dt.UTC), lasts=dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--smtp", "smtp.example.dk"], "MAIL_SERVER_NAME"),
        (["--smtp", "smtp.example.dk:587", "--from", "nobody"], "MAIL_SENDER"),
        (["--smtp", "smtp.example.dk:587", "--security", "none"], "MAIL_UNPROTECTED"),
        (["--smtp", "smtp.example.dk:587", "--user", "os"], "MAIL_NO_PASSWORD"),
        (["--smtp", "127.0.0.1:1", "--security", "none"], "MAIL_SERVER"),
        (["--letters", "x.csv", "--repeat", "Aahus"], "UNKNOWN_UNIT"),
    ],
)
def test_a_round_that_cannot_go_out_is_told_and_notes_nothing(
    operator: Operator, words: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SMTP_PASSWORD, raising=False)
    operator.opens("--contacts", operator.root / "contacts.csv", "--links-to", operator.links)
    assert f"[{code}]" in operator.asks("remind", "--kind", "first", *words, code=2)
    with open_store(operator.store) as store:
        assert reminders(store, *WAVE) == ()


def test_letters_that_did_not_arrive_are_shown_and_repeated_on_purpose(operator: Operator) -> None:
    operator.opens("--contacts", operator.root / "contacts.csv", "--links-to", operator.links)
    with mail_server() as mail:
        mail.answers["bo@aarhus.dk"] = "550 no such user"
        post = ("remind", "--kind", "first", "--smtp", mail.place, "--security", "none")
        failed = operator.asks(*post, code=2)
        assert "0751 Aarhus, Bo <bo@aarhus.dk>: the mail server will not take it (550 no such user)" in failed
        assert "0751 first" in operator.asks("status")
        mail.answers.clear()
        assert "1 of 1 letters went out" in operator.asks(*post, "--repeat", "failed")
        assert "0 of 0" in operator.asks(*post, "--repeat", "failed")
        assert "1 of 1" in operator.asks(*post, "--repeat", "Aarhus")
    assert mail.recipients() == ["ida@kbh.dk", "bo@aarhus.dk", "bo@aarhus.dk"]


@pytest.mark.parametrize("moment", ["RCPT", "DATA", "LETTER"])
def test_a_program_that_is_killed_in_the_middle_sends_no_letter_twice(operator: Operator, moment: str) -> None:
    operator.opens("--contacts", operator.root / "contacts.csv", "--links-to", operator.links)
    (operator.root / "contacts.csv").write_text(CONTACTS.replace("Per;;", "Per;per@laesoe.dk;"), "cp1252")
    operator.opens("--contacts", operator.root / "contacts.csv")
    with mail_server() as mail:
        mail.stall["bo@aarhus.dk"] = moment
        post = ["remind", "tiny/2018", "--store", str(operator.store), "--kind", "first", "--smtp", mail.place]
        words = [*post, "--security", "none"]
        program = [sys.executable, "-c", f"from evaltools.cli import main; main({words!r})"]
        with subprocess.Popen(program, stdout=subprocess.DEVNULL) as running:
            assert mail.stalled.wait(60)
            running.kill()
        mail.stall.clear()
        assert "1 of 1 letters went out" in operator.types(*words)
        assert "0751 first" in operator.asks("status")
    arrived = mail.recipients()
    assert sorted(set(arrived)) == sorted(arrived)
    assert set(arrived) - {"bo@aarhus.dk"} == {"ida@kbh.dk", "per@laesoe.dk"}
    assert ("bo@aarhus.dk" in arrived) == (moment == "LETTER")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status", "tiny", "--store", "answers.db"], "WAVE_NOT_NAMED"),
        (["access", "link", "tiny/2018", "0101", "0751", "--holder", "Ida", "--store", "answers.db"], "ONE_HOLDER"),
        (["access", "revoke", "tiny/2018", "0101", "--store", "answers.db"], "NOTHING_TO_REVOKE"),
        (["open", "surveys/tiny/2018", "--store", "answers.db", "--links-to", "l.csv"], "LINKS_FOR_NOBODY"),
    ],
)
def test_a_slip_of_the_operator_is_told(
    operator: Operator, words: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.opens()
    monkeypatch.chdir(operator.root)
    assert f"[{code}]" in operator.types(*words, code=2)


def test_two_different_passwords_are_refused(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    operator.opens()
    typed = iter(["fire heste under en bro", "fem heste under en bro"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    assert "PASSWORDS_DIFFER" in operator.types("access", "operator", "Lene", "--store", operator.store, code=2)
