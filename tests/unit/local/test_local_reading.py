"""A local register is read the same whatever its columns, codes and dates look like, and nothing is dropped silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from evaltools.collect.workbook import Contents, FilledIn, write_workbook
from evaltools.errors import DataError
from evaltools.local import LocalFile
from evaltools.local.moments import as_month, as_week
from local_files import (
    FEW,
    Line,
    exported,
    few_exported,
    first_place,
    labelled,
    lines,
    made_up,
    read,
    register,
    shuffled,
    with_dates,
    with_weeks,
    write_csv,
    write_xlsx,
)

MEETINGS, RESPITE, PLACEMENTS = "network_meeting", "respite", "placement_followup"
MONTHS = {
    PLACEMENTS: ("start_month", "followed_from", "end_month", *(f"fu_{turn}_month" for turn in range(1, 6))),
    RESPITE: ("request_month", "match_month", "broken_month", "approval_month", "start_month", "end_month", "genogram_month"),
}  # fmt: skip
WAYS: dict[str, Callable[[int, int], object]] = {
    "03-2018": lambda year, month: f"{month:02d}-{year}",
    "1.3.2018": lambda year, month: f"1.{month}.{year}",
    "15/03/2018": lambda year, month: f"15/{month:02d}/{year}",
    "2018-03-28 00:00:00": lambda year, month: f"{year}-{month:02d}-28 00:00:00",
    "marts 2018": lambda year, month: (
        f"{['januar', 'februar', 'marts', 'april', 'maj', 'juni', 'juli', 'august', 'september', 'oktober', 'november', 'december'][month - 1]} {year}"
    ),
    "201803": lambda year, month: f"{year}{month:02d}",
    "week": lambda year, month: "{}-W{:02d}".format(*dt.date(year, month, 15).isocalendar()[:2]),
}


def values(file: LocalFile) -> list[tuple[str, str, dict[str, object]]]:
    return sorted((one.place, one.number, dict(one.values)) for one in file.records)


@pytest.mark.parametrize("survey", [MEETINGS, RESPITE, PLACEMENTS, "foster_interview", "investment"])
def test_an_exported_register_comes_back_whole(survey: str) -> None:
    file = exported(survey)
    assert len(file.records) == len(made_up(survey))
    assert [one for one in file.told if one.kind != "doubt"] == []
    for record, (place, number, answers) in zip(file.records, made_up(survey), strict=True):
        assert (record.place, record.number) == (place, number)
        asked = {name: value for name, value in answers.items() if not name.endswith("__reason")}
        assert {name: record.values[name] for name in asked} == asked


@pytest.mark.parametrize("survey", [MEETINGS, RESPITE, PLACEMENTS])
def test_shuffled_columns_extra_ones_and_labels_give_the_same_records(survey: str, tmp_path: Path) -> None:
    other = write_csv(
        tmp_path / "by_hand.csv", shuffled(lines(survey, change=labelled)[:FEW]), delimiter=";", encoding="cp1252"
    )
    file = read(other, survey)
    assert values(file) == values(few_exported(survey))
    (extra,) = [one for one in file.told if one.kind == "column"]
    assert (extra.column, extra.line) == ("Bemærkning", 1)
    assert extra.remedy


@pytest.mark.parametrize("survey", list(MONTHS))
@pytest.mark.parametrize("way", WAYS)
def test_months_may_be_written_in_every_usual_way(survey: str, way: str, tmp_path: Path) -> None:
    other = write_csv(tmp_path / "dates.csv", with_dates(lines(survey)[:FEW], MONTHS[survey], WAYS[way]))
    assert values(read(other, survey)) == values(few_exported(survey))


def test_real_dates_of_a_workbook_are_read_as_their_months(tmp_path: Path) -> None:
    rows = with_dates(lines(PLACEMENTS)[:FEW], MONTHS[PLACEMENTS], lambda year, month: dt.date(year, month, 17))
    assert values(read(write_xlsx(tmp_path / "r.xlsx", rows), PLACEMENTS)) == values(few_exported(PLACEMENTS))


@pytest.mark.parametrize(
    "write",
    [
        lambda year, week: f"{year}-W{week:02d}",
        lambda year, week: f"uge {week}, {year}",
        lambda year, week: dt.date.fromisocalendar(year, week, 3).strftime("%d-%m-%Y"),
        lambda year, week: dt.date.fromisocalendar(year, week, 5).isoformat(),
    ],
)
def test_a_week_may_stand_in_one_column_as_week_or_day(write: Callable[[int, int], object], tmp_path: Path) -> None:
    both = [
        row for row in lines(MEETINGS)[:FEW] if (int(str(row["asked_week"])) > 0) == (int(str(row["asked_year"])) > 0)
    ]
    both = [row for row in both if (int(str(row["held_week"])) > 0) == (int(str(row["held_year"])) > 0)]
    other = write_csv(tmp_path / "weeks.csv", with_weeks(both, ("asked", "held"), write))
    numbers = {(str(row["unit"]), str(row["record"])) for row in both}
    assert len(both) > FEW / 2
    assert values(read(other, MEETINGS)) == [one for one in values(few_exported(MEETINGS)) if one[:2] in numbers]


def test_a_workbook_of_the_register_itself_is_read_too(tmp_path: Path) -> None:
    known = [FilledIn(record=number, answers=answers) for _, number, answers in made_up(RESPITE)[:40]]
    path = tmp_path / "workbook.xlsx"
    path.write_bytes(write_workbook(register(RESPITE), Contents(responses=tuple(known)), "da"))
    file = read(path, RESPITE)
    assert [one.number for one in file.records] == [one.record for one in known]
    assert [one for one in file.told if one.kind in ("unread", "column")] == []
    for record, one in zip(file.records, known, strict=True):
        asked = {name: value for name, value in one.answers.items() if not name.endswith("__reason")}
        assert {name: record.values[name] for name in asked} == asked


def changed(number: int, **cells: object) -> list[Line]:
    """The first meetings with some cells of one line changed; lines are counted as in a file."""
    rows = lines(MEETINGS)[:FEW]
    rows[number - 2] |= cells
    return rows


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"method": "m9"}, "method"),
        ({"asked_week": "midt i marts"}, "asked_week"),
        ({"n_private": "ca. 6"}, "n_private"),
        ({"followup_month": "1.3.18"}, "followup_month"),
        ({"purpose_3": "måske"}, "purpose_3"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_remedy_and_counts_as_missing(
    cells: Line, column: str, tmp_path: Path
) -> None:
    held = next(n for n, row in enumerate(lines(MEETINGS)[:FEW], 2) if is_followed_up(row))
    file = read(write_csv(tmp_path / "wrong.csv", changed(held, **cells)), MEETINGS)
    told = [one for one in file.told if one.kind == "unread"]
    assert [(one.line, one.column) for one in told] == [(held, column)]
    assert told[0].problem
    assert told[0].remedy
    assert len(file.records) == len(lines(MEETINGS)[:FEW])


def is_followed_up(row: Line) -> bool:
    return row["held"] == "1" and row["followup_held"] == "1" and str(row["followup_month"]).startswith("2018")


def test_answers_that_break_a_rule_of_the_questionnaire_count_as_missing_and_are_told(tmp_path: Path) -> None:
    rows = lines(PLACEMENTS)[:FEW]
    place = next(n for n, row in enumerate(rows) if row["status"] == "2")
    rows[place] |= {"end_month": "2001-01"}
    file = read(write_csv(tmp_path / "broken.csv", rows), PLACEMENTS)
    broken = [one for one in file.told if one.kind == "broken"]
    assert {one.line for one in broken} == {place + 2}
    assert any("før den begyndte" in one.problem for one in broken)
    assert len(file.records) == len(rows)


def test_the_same_record_twice_is_counted_once_and_told(tmp_path: Path) -> None:
    rows = lines(MEETINGS)[:FEW]
    file = read(write_csv(tmp_path / "twice.csv", [*rows, rows[3]]), MEETINGS)
    assert len(file.records) == len(rows)
    (told,) = [one for one in file.told if one.kind == "left_out"]
    assert told.line == len(rows) + 2
    assert str(rows[3]["record"]) in told.problem


def test_drafts_are_counted_apart_and_empty_lines_passed_by(tmp_path: Path) -> None:
    rows = [row | {"responded": 1} for row in lines(MEETINGS)[:FEW]]
    rows[0] |= {"responded": 0}
    path = write_csv(tmp_path / "drafts.csv", [*rows, dict.fromkeys(rows[0], "")])
    file = read(path, MEETINGS)
    assert len(file.records) == len(rows) - 1
    assert file.drafts == {first_place(MEETINGS): 1}


def test_codes_of_municipalities_become_their_names(tmp_path: Path) -> None:
    from evaltools.local import read_local

    rows = [row | {"unit": "730"} for row in lines(MEETINGS)[:FEW]]
    path = write_csv(tmp_path / "codes.csv", rows)
    assert read_local(path, register(MEETINGS), names={"0730": "Randers"}).places == ("Randers",)


def test_made_up_records_stay_made_up(tmp_path: Path) -> None:
    rows = [row | {"origin": "Øvelsesdata"} for row in lines(MEETINGS)[:FEW]]
    assert read(write_csv(tmp_path / "r.csv", rows), MEETINGS).origin == "rehearsal"
    assert exported(MEETINGS).origin == "collected"


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("NO_LOCAL_FILE", lambda folder: folder / "absent.csv"),
        ("NOT_A_TABLE", lambda folder: written(folder / "memo.docx", b"hello")),
        ("NOT_A_TABLE", lambda folder: written(folder / "broken.xlsx", b"PK\x03\x04 nothing")),
        ("NOT_A_TABLE", lambda folder: written(folder / "picture.csv", b"\xffabc\x00\x01")),
        ("TABLE_TOO_LARGE", lambda folder: written(folder / "large.csv", b"a;b\n" * 5_100_000)),
        ("NO_RECORDS", lambda folder: written(folder / "empty.csv", b"")),
        ("NO_RECORDS", lambda folder: written(folder / "header.csv", b"team;method;held;purpose_1\n")),
        ("OTHER_REGISTER", lambda folder: write_csv(folder / "other.csv", lines("investment"))),
        ("COLUMN_TWICE", lambda folder: written(folder / "twice.csv", b"team;method;held;team\n1;m1;1;2\n")),
    ],
)
def test_a_wrong_file_is_refused_in_words(code: str, make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read(make(tmp_path), MEETINGS)
    assert refused.value.code == code
    assert refused.value.faults[0].remedy


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_month_that_cannot_be_told_is_left_as_it_was_written() -> None:
    assert as_month("13/13/2018") == "13/13/2018"
    assert as_month("1.3.18") == "1.3.18"
    assert as_week("2018-W60") is None
