"""A workbook through the store: fetched, filled in, shown, kept; with colleagues who write meanwhile."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from evaltools.cli import main
from evaltools.collect.model import Problem
from evaltools.collect.workbook import Contents, Preview, settle, write_workbook
from evaltools.store import (
    Conflict,
    Refused,
    Saved,
    Store,
    Submission,
    current,
    keep_workbook,
    make_workbook,
    preview_workbook,
    receive,
    records,
    verify_store,
)
from evaltools.store.handle import reading
from evaltools.store.log.journal import lines as journal_lines
from tiny_survey import LATER, WHEN, tiny, tiny_store
from workbook_desk import cell, edited, lines, put

TINY = ("tiny", "2018", "0751")


def answered(store: Store, answers: dict[str, object], at: dt.datetime = WHEN) -> None:
    """What Lene writes in the form."""
    base = current(store, *TINY).response.version
    sent = Submission(*TINY, answers, actor="Lene", channel="form", base_version=base, submit=False)
    assert isinstance(receive(store, sent, at=at), Saved)


def fetched(store: Store) -> bytes:
    return make_workbook(store, *TINY)


def shown(store: Store, content: bytes) -> Preview:
    found = preview_workbook(store, content, wave_id="tiny/2018", unit="0751")
    assert isinstance(found, Preview), found
    return found


def refused(store: Store, content: bytes, wave_id: str = "tiny/2018", unit: str = "0751") -> str:
    found = preview_workbook(store, content, wave_id=wave_id, unit=unit)
    assert isinstance(found, Problem)
    return found.code


def test_what_was_answered_in_a_workbook_is_kept_once(store: Store) -> None:
    content = edited(
        put(answer_stage="I brug", answer_placed="1.234", answer_many_placed__reason="Stor kommune"), fetched(store)
    )
    first = shown(store, content)
    assert lines(first) == ['new many_placed__reason "Stor kommune"', "new placed 1234", 'new stage "1"']
    (saved,) = keep_workbook(store, first, at=WHEN, actor="Lene", submit=True)
    assert isinstance(saved, Saved)
    now = current(store, *TINY).response
    assert (now.disposition, now.channel, now.answers["placed"]) == ("submitted", "workbook", 1234)
    again = shown(store, content)
    assert lines(again) == []
    assert again.changes_nothing
    assert keep_workbook(store, again, at=LATER) == ()
    (same,) = keep_workbook(store, again, at=LATER, submit=True)
    assert isinstance(same, Saved)
    assert same.version == saved.version
    assert verify_store(store) == ()


def test_a_workbook_shows_the_answers_of_its_unit_and_reads_them_back_as_unchanged(store: Store) -> None:
    answered(store, {"stage": "1", "placed": {"missing": "cannot_be_counted"}, "remark": "=1+1", "mail": "a@b.dk"})
    content = fetched(store)
    assert lines(shown(store, content)) == []
    assert b"a@b.dk" not in content


def test_only_what_was_changed_is_written_to_the_log(store: Store) -> None:
    answered(store, {"stage": "1", "placed": 3})
    keep_workbook(store, shown(store, edited(put(answer_placed=4), fetched(store))), at=LATER, actor="Ole")
    by_field = current(store, *TINY).by_field
    assert {name: one.by for name, one in by_field.items()} == {"stage": "Lene", "placed": "Ole"}


def test_a_conflict_shows_both_values_who_wrote_the_other_and_when(store: Store) -> None:
    answered(store, {"placed": 3})
    content = edited(put(answer_placed=5), fetched(store))
    answered(store, {"placed": 4}, at=LATER)
    found = shown(store, content)
    (change,) = found.responses[0].conflicts
    assert (change.ours, change.theirs, change.by, change.at) == (5, 4, "Lene", LATER)
    (outcome,) = keep_workbook(store, found, at=LATER)
    assert isinstance(outcome, Conflict)
    assert current(store, *TINY).response.answers["placed"] == 4


@pytest.mark.parametrize(("ours", "kept"), [([("", "placed")], 5), ([], 4)])
def test_a_conflict_is_settled_by_who_sends(store: Store, ours: list[tuple[str, str]], kept: int) -> None:
    answered(store, {"placed": 3})
    content = edited(put(answer_placed=5, answer_remark="Ny"), fetched(store))
    answered(store, {"placed": 4}, at=LATER)
    (outcome,) = keep_workbook(store, settle(shown(store, content), ours), at=LATER)
    assert isinstance(outcome, Saved)
    answers = current(store, *TINY).response.answers
    assert (answers["placed"], answers["remark"]) == (kept, "Ny")


def test_what_only_a_colleague_has_changed_stays(store: Store) -> None:
    answered(store, {"placed": 3, "remark": "Før"})
    content = edited(put(answer_placed=5), fetched(store))
    answered(store, {"remark": "Efter"}, at=LATER)
    found = shown(store, content)
    assert lines(found) == ["changed placed 5", 'kept remark "Før"']
    (outcome,) = keep_workbook(store, found, at=LATER)
    assert isinstance(outcome, Saved)
    assert current(store, *TINY).response.answers["remark"] == "Efter"


def test_what_a_colleague_wrote_between_the_preview_and_the_keeping_is_not_lost(store: Store) -> None:
    answered(store, {"placed": 3})
    found = shown(store, edited(put(answer_placed=5), fetched(store)))
    answered(store, {"placed": 4}, at=LATER)
    (outcome,) = keep_workbook(store, found, at=LATER)
    assert isinstance(outcome, Conflict)


def test_a_submission_with_a_cell_that_was_not_understood_is_refused_and_a_draft_keeps_the_rest(store: Store) -> None:
    found = shown(store, edited(put(answer_placed="ca. 40", answer_stage="I brug"), fetched(store)))
    (outcome,) = keep_workbook(store, found, at=WHEN, submit=True)
    assert isinstance(outcome, Refused)
    assert [problem.code for problem in outcome.problems] == ["APPROXIMATE"]
    (outcome,) = keep_workbook(store, found, at=WHEN)
    assert isinstance(outcome, Saved)
    assert dict(current(store, *TINY).response.answers) == {"stage": "1"}


def test_the_journal_names_the_file_by_its_hash(store: Store) -> None:
    found = shown(store, edited(put(answer_placed=5), fetched(store)))
    keep_workbook(store, found, at=WHEN, actor="Ole")
    with reading(store) as connection:
        noted = [(row.unit, detail) for row, detail in journal_lines(connection, "tiny", "2018", "workbook")]
    assert noted == [("0751", {"sha256": found.sha256})]


def test_a_workbook_of_another_unit_wave_version_or_store_is_refused(store: Store, tmp_path: Path) -> None:
    content = fetched(store)
    assert refused(store, content, unit="0101") == "WORKBOOK_OTHER_UNIT"
    assert refused(store, content, wave_id="tiny/2015") == "WORKBOOK_OTHER_WAVE"
    with tiny_store(tmp_path / "other") as other:
        assert refused(other, content) == "WORKBOOK_NOT_OURS"


def test_the_copy_for_reading_is_taken_where_it_is_known_who_sends_it(store: Store, tmp_path: Path) -> None:
    answered(store, {"remark": "Før"})
    copy = edited(put(answer_placed=5, answer_remark="Efter"), write_workbook(tiny(tmp_path), Contents(), "da"))
    assert refused(store, copy, unit="") == "WORKBOOK_WHOSE"
    found = shown(store, copy)
    assert found.identity.unit == "0751"
    assert lines(found) == ['conflict remark "Efter"', "new placed 5"]


def test_the_copy_of_another_version_of_the_questionnaire_is_refused(store: Store, tmp_path: Path) -> None:
    changed = (tmp_path / "surveys/tiny/2018/questionnaire.yaml").read_text("utf-8").replace("max: 5000", "max: 4000")
    (tmp_path / "surveys/tiny/2018/questionnaire.yaml").write_text(changed, "utf-8")
    assert refused(store, write_workbook(tiny(tmp_path), Contents(), "da")) == "WORKBOOK_OTHER_VERSION"


def test_records_stand_in_rows_and_a_new_row_is_a_new_record(store: Store) -> None:
    sent = Submission("visits", "1", "0751", {"people": 3, "words": "Fint"}, record="a-1")
    assert isinstance(receive(store, sent, at=WHEN), Saved)

    def edit(book: openpyxl.Workbook) -> None:
        first = cell(book, "answer_people")
        assert first.value == 3
        first.value = 4
        first.parent.cell(first.row + 1, first.column).value = "5"
        first.parent.cell(first.row + 2, first.column).value = "ca. 6"

    content = edited(edit, make_workbook(store, "visits", "1", "0751"))
    found = preview_workbook(store, content)
    assert isinstance(found, Preview)
    assert lines(found) == ["changed people 4", "new people 5", "not_understood people APPROXIMATE"]
    outcomes = keep_workbook(store, found, at=WHEN, submit=True)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Saved", "Saved", "Refused"]
    assert sorted(one.answers["people"] for one in records(store, "visits", "1", "0751")) == [4, 5]
    again = preview_workbook(store, content)
    assert isinstance(again, Preview)
    assert again.changes_nothing
    assert lines(again) == ["not_understood people APPROXIMATE"]


def test_the_same_answers_give_the_same_file(store: Store) -> None:
    assert fetched(store) == fetched(store)


def test_the_command_line_makes_shows_and_keeps_workbooks(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, place = tmp_path / "own.xlsx", str(tmp_path / "answers.db")
    assert main(["workbook", "tiny/2018", "--store", place, "--unit", "Århus", "-o", str(own)]) == 0
    own.write_bytes(edited(put(answer_placed=41, answer_remark="ca."), own.read_bytes()))
    capsys.readouterr()
    assert main(["receive", str(own), "--store", place, "--dry-run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(change["kind"], change["field"], change["new"]) for change in report["changes"]] == [
        ("new", "placed", 41), ("new", "remark", "ca."),
    ]  # fmt: skip
    assert current(store, *TINY).response.version == 0
    assert main(["receive", str(own), "--store", place]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "kept"
    assert current(store, *TINY).response.disposition == "submitted"
    own.write_bytes(edited(put(answer_placed="ca. 40"), fetched(store)))
    assert main(["receive", str(own), "--store", place]) == 2
    assert "APPROXIMATE" not in capsys.readouterr().out
    own.write_bytes(b"not a workbook")
    assert main(["receive", str(own), "--store", place]) == 2
    assert "[WORKBOOK_OTHER_KIND]" in capsys.readouterr().out


def test_the_command_line_makes_one_for_every_unit_and_a_copy_for_reading(store: Store, tmp_path: Path) -> None:
    folder, place = tmp_path / "all", str(tmp_path / "answers.db")
    assert main(["workbook", str(tmp_path / "surveys/tiny/2018"), "--store", place, "--all", "-o", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        f"tiny_2018_{unit}.xlsx" for unit in ("0101", "0751", "0825")
    ]
    assert main(["workbook", str(tmp_path / "surveys/tiny/2018"), "-o", str(tmp_path / "copy.xlsx")]) == 0
    assert (tmp_path / "copy.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--store"], "UNIT_NOT_NAMED"), (["--unit", "0751"], "STORE_NOT_NAMED"), (["--all"], "STORE_NOT_NAMED")],
)
def test_the_command_line_says_what_it_lacks(
    store: Store, tmp_path: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [*words, str(tmp_path / "answers.db")] if words == ["--store"] else words
    assert main(["workbook", "tiny/2018", *more, "-o", str(tmp_path / "x.xlsx")]) == 2
    assert f"[{code}]" in capsys.readouterr().err
