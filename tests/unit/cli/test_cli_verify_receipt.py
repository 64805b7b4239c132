"""`evaltools verify receipt.json --store FILE`: whoever holds a receipt can have it checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.collect.copies import Submitted, read_receipt, receipt_json
from evaltools.store import erase_record, open_store, receive, reopen, verify_receipt, versions
from tiny_survey import LATER, WHEN, sent, tiny, tiny_store

ANSWERS = {"stage": "1", "placed": 12, "network": 0, "remark": "Æ"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with two submissions, and the receipt of the first."""
    with tiny_store(tmp_path) as store:
        receive(store, sent(ANSWERS, actor="Anna"), language="da", at=WHEN)
        reopen(store, "tiny", "2018", "0101", at=LATER)
        receive(store, sent({"placed": 13}, actor="Bo"), language="da", at=LATER)
        first = versions(store, "tiny", "2018", "0101")[0]
    submitted = Submitted(
        "0101", "København", "", first.number, first.at, first.by, first.channel, first.content_sha256, first.answers
    )
    save(tmp_path, receipt_json(tiny(tmp_path), submitted))
    return tmp_path


def save(folder: Path, receipt: object) -> None:
    (folder / "receipt.json").write_text(json.dumps(receipt), "utf-8")


def verify(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = main(["verify", str(folder / "receipt.json"), *(more or ("--store", str(folder / "answers.db")))])
    said = capsys.readouterr()
    return code, said.out + said.err


def found(folder: Path) -> list[str]:
    """The codes of what differs."""
    receipt = read_receipt(folder / "receipt.json")
    assert receipt is not None
    with open_store(folder / "answers.db") as store:
        return [fault.code for fault in verify_receipt(store, receipt)]


def changed(folder: Path, **parts: object) -> None:
    save(folder, {**json.loads((folder / "receipt.json").read_text("utf-8")), **parts})


def test_a_receipt_holds_also_after_the_response_has_been_opened_and_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(folder, capsys) == (0, "compared the receipt receipt.json with answers.db: all as recorded\n")


@pytest.mark.parametrize(
    ("parts", "code", "told"),
    [
        ({"answers": {**ANSWERS, "placed": 14}}, "RECEIPT_CHANGED", "do not give its own content hash"),
        ({"version": 99}, "RECEIPT_UNKNOWN", "no submission with this version"),
        ({"submitted_at": "2018-01-01T00:00:00+00:00"}, "RECEIPT_TIME", "submitted at 2018-02-05T09:30:00+00:00"),
        ({"submitted_at": "sometime"}, "RECEIPT_TIME", "submitted at"),
        ({"content_sha256": "ab" * 32}, "RECEIPT_DIFFERS", "keeps other answers under this version"),
        ({"unit": "0751"}, "RECEIPT_CHANGED", "do not give its own content hash"),
    ],
)
def test_a_receipt_that_was_tampered_with_is_told(
    parts: dict[str, object], code: str, told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(folder, **parts)
    assert code in found(folder)
    exit_code, said = verify(folder, capsys, "--store", str(folder / "answers.db"), "--json")
    assert exit_code == 1
    assert told in said


def test_a_receipt_of_answers_that_were_erased_cannot_be_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(folder / "answers.db") as store:
        erase_record(store, "tiny", "2018", "0101", at=LATER)
    assert found(folder) == ["RECEIPT_ERASED"]
    code, said = verify(folder, capsys)
    assert code == 1
    assert "erased since" in said


def test_a_receipt_of_an_unknown_unit_or_with_what_is_no_answer_is_the_users_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(folder, unit="9999")
    assert verify(folder, capsys)[0] == 2
    changed(folder, answers={"placed": {"a": 1}})
    assert verify(folder, capsys)[0] == 2


def test_a_receipt_needs_a_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify", str(folder / "receipt.json")])
    assert code == 2
    assert "--store FILE" in capsys.readouterr().err
