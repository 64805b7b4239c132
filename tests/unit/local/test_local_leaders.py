"""The leaders' network: shares out of a known number of leaders, and how many left each question open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import DataError
from evaltools.local import Report, Wish, report_from
from evaltools.schema.missing import Missing
from local_files import ROOT, lines, made_up, write_csv
from made_reports import DAY, report_on

SURVEY = "leaders_network"
INDICATORS = {
    "r6_fixed_part": ("fixed_part", "12"),
    "r6_sticks_m1": ("sticks_m1", "45"),
    "r6_sticks_m2": ("sticks_m2", "45"),
    "r6_sticks_m3": ("sticks_m3", "45"),
    "r6_changed": ("changed_something", "1"),
    "r6_pathway": ("pathway_used", "12"),
    "r6_worth": ("worth_the_time", "45"),
}
NOT_MISSING = (Missing.NOT_ASKED, Missing.NO_CASES)


def answers(name: str) -> list[object]:
    return [each.get(name, Missing.NOT_ANSWERED) for _, _, each in made_up(SURVEY)]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_on("leaders", lines(SURVEY), tmp_path_factory.mktemp("leaders"))


def figure(report: Report, name: str) -> dict[str, object]:
    (found,) = [each for each in report.figures if each["indicator"] == name]
    return dict(found)


@pytest.mark.parametrize("name", INDICATORS)
def test_every_share_and_its_missing_answers_are_what_counting_by_hand_gives(name: str, report: Report) -> None:
    item, codes = INDICATORS[name]
    known = [value for value in answers(item) if not isinstance(value, Missing)]
    asked = [n for n, count in enumerate(answers("meetings_attended")) if item != "changed_something" or count > 0]  # type: ignore[operator]  # answers are numbers here
    missing = [
        value
        for n, value in enumerate(answers(item))
        if isinstance(value, Missing) and value not in NOT_MISSING and n in asked
    ]
    found = figure(report, name)
    assert (found["count"], found["base"]) == (sum(str(value) in codes for value in known), len(known))
    assert found["missing"] == str(len(missing))


def test_intervals_are_those_of_a_finite_number_of_leaders(report: Report) -> None:
    found = figure(report, "r6_worth")
    frame = pd.DataFrame(
        {"well": [str(value) in "45" for value in answers("worth_the_time") if not isinstance(value, Missing)]}
    )
    design = ev.survey_design(frame.astype(str), population=98)
    row = ev.proportion(design, "well", category="True").rows[0]
    assert row.low is not None
    assert row.high is not None
    assert (found["low"], found["high"]) == (pytest.approx(100 * row.low), pytest.approx(100 * row.high))


def leaders(folder: Path, count: int) -> Path:
    path = folder / "leaders.yaml"
    path.write_text(f"amounts:\n  leaders: {{value: {count}, source: Ledernetværkets deltagerliste}}\n", "utf-8")
    return path


def test_the_number_of_leaders_may_be_told_and_then_the_interval_is_narrower(report: Report, tmp_path: Path) -> None:
    every = len(made_up(SURVEY))
    told = report_on("leaders", lines(SURVEY), tmp_path, assumptions=leaders(tmp_path, every))
    assert "Ledernetværkets deltagerliste" in told._repr_html_()
    width = [figure(one, "r6_worth")["high"] - figure(one, "r6_worth")["low"] for one in (told, report)]  # type: ignore[operator]  # the report is read as JSON
    assert width[0] < width[1]
    with pytest.raises(DataError) as refused:
        report_on("leaders", lines(SURVEY), tmp_path, assumptions=leaders(tmp_path, every - 1))
    assert refused.value.code == "FEWER_LEADERS_THAN_ANSWERS"


def test_the_report_is_of_all_leaders_and_never_of_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "l.csv", lines(SURVEY))
    with pytest.raises(DataError) as refused:
        report_from("leaders", path, ROOT / "data_dictionary", Wish(str(lines(SURVEY)[0]["unit"])), DAY)
    assert refused.value.code == "ONLY_TOGETHER"


def test_an_answer_of_one_or_two_leaders_is_not_shown(tmp_path: Path) -> None:
    rows = [row | {"worth_the_time": "5" if n < 2 else "2"} for n, row in enumerate(lines(SURVEY))]
    assert figure(report_on("leaders", rows, tmp_path), "r6_worth")["shown"] is False


def test_a_municipality_that_stands_twice_counts_once_and_free_text_never_comes_out(tmp_path: Path) -> None:
    rows = [row | {"next_time": "Hemmelig tanke"} for row in lines(SURVEY)]
    twice = report_on("leaders", [*rows, rows[0]], tmp_path)
    assert len(twice.file.records) == len(rows)
    assert [one.kind for one in twice.file.told if one.kind == "left_out"] == ["left_out"]
    assert "Hemmelig" not in twice._repr_html_() + str(twice.figures)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_a_few_leaders_get_a_report_that_tells_little(count: int, tmp_path: Path) -> None:
    few = report_on("leaders", lines(SURVEY)[:count], tmp_path)
    assert len(few.figures) == len(INDICATORS) + 1
    assert count >= 5 or not any(each.get("shown") for each in few.figures)
