"""Answers given for statistics go nowhere but into aggregates and to the unit that gave them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.cli import VERBS, main
from evaltools.dataset import build_dataset
from evaltools.errors import StoreError
from evaltools.estimate.survey import design, proportion
from evaltools.exchange import export
from evaltools.notebook.loading import load, open_snapshot
from evaltools.store import (
    Store,
    change_fieldwork,
    current,
    fieldwork_of,
    note_read,
    read_snapshot,
    reads,
    receive,
    take_snapshot,
    write_snapshot,
)
from tiny_survey import FIELDWORK, LATER, sent, tiny_store

WAVE = ("tiny", "2018")
STATISTICS = replace(FIELDWORK, mode="statistics", legal_basis="databeskyttelsesloven § 10")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with tiny_store(tmp_path) as opened:
        change_fieldwork(opened, *WAVE, STATISTICS, at=LATER)
        for unit in ("0101", "0751", "0825"):
            receive(opened, sent({"stage": "1", "placed": 7, "cases": 2}, unit), at=LATER)
        yield opened


@pytest.mark.parametrize("what", ["answers", "export", "receipt", "snapshot", "workbook"])
def test_nobody_reads_single_cases(store: Store, what: str) -> None:
    with pytest.raises(StoreError) as caught:
        note_read(store, *WAVE, at=LATER, actor="Ida", what=what)  # type: ignore[arg-type]
    assert caught.value.code == "STATISTICS_MODE"
    assert reads(store, *WAVE) == ()


def test_the_unit_itself_and_the_build_of_a_memo_do(store: Store) -> None:
    note_read(store, *WAVE, at=LATER, actor="Aarhus' system", what="own", unit="0751")
    note_read(store, *WAVE, at=LATER, actor="Bo", what="memo")
    assert [(one.by, one.what, one.unit) for one in reads(store, *WAVE)] == [
        ("Aarhus' system", "own", "0751"),
        ("Bo", "memo", ""),
    ]
    assert current(store, *WAVE, "0751").response.answers["placed"] == 7


def test_a_snapshot_becomes_a_file_only_in_the_private_folder_of_a_build(store: Store, tmp_path: Path) -> None:
    snapshot = take_snapshot(store)
    with pytest.raises(StoreError) as caught:
        write_snapshot(snapshot, tmp_path / "s.json")
    assert caught.value.code == "STATISTICS_MODE"
    assert not (tmp_path / "s.json").exists()
    write_snapshot(snapshot, tmp_path / "s.json", private=True)
    assert read_snapshot(tmp_path / "s.json") == snapshot


def test_a_dataset_gives_estimates_and_no_file(store: Store, tmp_path: Path) -> None:
    data = build_dataset("tiny/2018", take_snapshot(store))
    assert proportion(design(data), "stage").rows
    with pytest.raises(StoreError) as caught:
        export(data, tmp_path / "out", ["csv"])
    assert caught.value.code == "STATISTICS_MODE"
    assert not (tmp_path / "out").exists()


def test_a_researcher_cannot_load_it_outside_a_build(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALTOOLS_STORE", str(store.path))
    for way_out in (lambda: load("tiny/2018"), lambda: open_snapshot(store.path)):
        with pytest.raises(StoreError) as caught:
            way_out()
        assert caught.value.code == "STATISTICS_MODE"


def test_what_was_answered_for_statistics_stays_statistics(tmp_path: Path) -> None:
    with tiny_store(tmp_path) as store:
        change_fieldwork(store, *WAVE, STATISTICS, at=LATER)
        change_fieldwork(store, *WAVE, FIELDWORK, at=LATER)
        change_fieldwork(store, *WAVE, STATISTICS, at=LATER)
        receive(store, sent({"placed": 7}, submit=False), at=LATER)
        with pytest.raises(StoreError) as caught:
            change_fieldwork(store, *WAVE, FIELDWORK, at=LATER)
        assert caught.value.code == "MODE_IS_FINAL"
        later = replace(STATISTICS, keep_until=dt.date(2024, 1, 1))
        change_fieldwork(store, *WAVE, later, at=LATER)
        assert fieldwork_of(store, *WAVE) == later


NO_ANSWERS_COME_OUT = {
    "check": "reads questionnaires only",
    "compare": "reads questionnaires only",
    "new": "writes a questionnaire",
    "rehearse": "makes answers up",
    "open": "takes a wave in",
    "access": "prints links and names of people, no answers",
    "status": "prints how far units have come, and what all that answered have in common",
    "remind": "writes letters, which hold no answers",
    "receive": "takes answers in, and repeats only what the file itself says",
    "backup": "copies the store as a store, in which the mode is kept",
    "restore": "brings a backup back, in which the mode is kept",
    "purge": "prints counts",
    "memo": "writes released numbers; its snapshot is private",
    "serve": "shows each unit its own answers; reading a whole wave through its interface is noted, and so refused",
    "sheets": "makes each unit's own page in the store, beside groups that are large enough",
    "verify": "prints released numbers that differ",
    "dictionary": "reads questionnaires only",
    "local": "reads a municipality's own file, no store",
    "power": "reads a file of counts, no store",
}
"""Why no answer of a single case comes out of a verb. A new verb is added here, or to the refused ones."""

REFUSED = {
    "export": ["tiny/2018", "--store", "answers.db", "--to", "csv", "-o", "out"],
    "workbook": ["tiny/2018", "--store", "answers.db", "--all", "-o", "out"],
}
"""How to call each verb that hands out answers, so that it can be seen to refuse."""


def test_every_verb_is_known_to_hand_out_no_answer_or_to_refuse() -> None:
    assert set(NO_ANSWERS_COME_OUT) | set(REFUSED) == set(VERBS)


@pytest.mark.parametrize("verb", REFUSED)
def test_a_verb_that_hands_out_answers_refuses(
    store: Store, verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(store.path.parent)
    assert main([verb, *REFUSED[verb]]) == 2
    assert "STATISTICS_MODE" in capsys.readouterr().err
    assert not (store.path.parent / "out").exists()


def test_an_export_of_answers_that_may_be_read_is_noted_with_who_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ida")
    monkeypatch.setenv("EVALTOOLS_STORE", str(tmp_path / "answers.db"))
    with tiny_store(tmp_path) as store:
        receive(store, sent({"stage": "1", "placed": 7, "cases": 2}), at=LATER)
        assert (
            main(["export", "tiny/2018", "--store", str(store.path), "--to", "csv", "-o", str(tmp_path / "out")]) == 0
        )
        load("tiny/2018")
        load("tiny/2018")
        open_snapshot(store.path)
        assert [(one.by, one.what) for one in reads(store, *WAVE)] == [
            ("ida", "export"),
            ("ida", "answers"),
            ("ida", "snapshot"),
        ]


def test_reading_a_rehearsal_is_nobodys_concern(tmp_path: Path) -> None:
    with tiny_store(tmp_path, origin="rehearsal") as store:
        note_read(store, *WAVE, at=LATER, actor="Ida", what="export")
        assert reads(store, *WAVE) == ()
        assert fieldwork_of(store, *WAVE).mode == "answers"
