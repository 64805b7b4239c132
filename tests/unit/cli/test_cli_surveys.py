"""The verbs check, compare and new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from broad_survey import QUESTIONNAIRE, write_broad_survey
from evaltools.cli import main


def test_check_prints_the_fields_of_each_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_broad_survey(tmp_path))]) == 0
    said = capsys.readouterr().out
    assert "broad/2018: good; 16 items, 20 answer fields, 4 asked of everyone" in said
    assert "13 answer fields for nobody: Nothing (at most 14)" in said


def test_check_says_all_faults_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = QUESTIONNAIRE.replace("codes: roles, max", "codes: rolse, max").replace("placed > 0", "plaecd > 0")
    assert main(["check", str(write_broad_survey(tmp_path, broken))]) == 2
    said = capsys.readouterr().out
    assert "2 faults" in said
    assert 'surveys/broad/2018/questionnaire.yaml:27: there is no code list "rolse"' in said


def test_check_reports_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(write_broad_survey(tmp_path)), "--json"])
    report = json.loads(capsys.readouterr().out)[0]
    assert (report["id"], report["faults"], report["paths"][0]["fields"]) == ("broad/2018", [], 13)


def test_check_of_nothing_is_the_users_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "evaltools new" in capsys.readouterr().err


def test_compare_prints_a_line_per_item_and_a_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier = write_broad_survey(tmp_path / "a")
    later = write_broad_survey(tmp_path / "b", QUESTIONNAIRE.replace('en: "Role?"', 'en: "Your role?"'))
    assert main(["compare", str(earlier), str(later)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].split(maxsplit=2) == [
        "role",
        "reworded",
        "the question is worded otherwise; the label is worded otherwise",
    ]
    assert said[-1] == "1 reworded, 15 unchanged"
    main(["compare", str(earlier), str(later), "--json"])
    assert json.loads(capsys.readouterr().out)[0]["change"] == "reworded"


def test_new_writes_a_skeleton_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_broad_survey(tmp_path)
    (tmp_path / "surveys/own").mkdir()
    path = str(tmp_path / "surveys/own/2026")
    assert main(["new", path, "--modules", "methods", "--year", "2026"]) == 0
    assert "to fill in" in capsys.readouterr().out
    assert main(["check", path]) == 0
