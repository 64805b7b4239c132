"""`evaltools local`: files, what is said about them, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaltools.cli import main
from local_files import ROOT, first_place, lines, write_csv

MEETINGS = "network_meeting"


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_report_is_written_and_what_was_not_used_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = lines(MEETINGS, only=first_place(MEETINGS))[:20]
    rows[4] |= {"team": "et nyt team"}
    data = write_csv(tmp_path / "m.csv", rows)
    assert main(["local", "randers", "--data", str(data), "-o", str(tmp_path / "out"), "--internal"]) == 0
    told = capsys.readouterr().out
    assert "line 6, team:" in told
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "randers.docx", "randers.html", "randers.json", "randers.pdf", "randers_told.csv",
    ]  # fmt: skip
    listed = (tmp_path / "out/randers_told.csv").read_text("utf-8-sig").splitlines()
    assert listed[0] == "line;column;kind;problem;remedy"
    assert any(line.startswith("6;team;unread;") for line in listed)


def test_the_report_may_be_told_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_csv(tmp_path / "m.csv", lines(MEETINGS, only=first_place(MEETINGS))[:20])
    assert main(["local", "randers", "--data", str(data), "-o", str(tmp_path), "--lang", "en", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {Path(file).suffix for file in said["files"]} == {".pdf", ".docx", ".html", ".json"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nowhere"], "NO_SUCH_SYSTEM"),
        (["randers"], "SEVERAL_PLACES"),
        (["randers", "--municipality", "Utopia"], "NO_SUCH_PLACE"),
        (["aalborg"], "OTHER_REGISTER"),
    ],
)
def test_a_users_mistake_ends_with_2_and_a_remedy(
    words: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_csv(tmp_path / "all.csv", lines(MEETINGS))
    assert main(["local", *words, "--data", str(data), "-o", str(tmp_path / "out")]) == 2
    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_outside_a_project_the_command_says_where_to_run_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_csv(tmp_path / "m.csv", lines(MEETINGS)[:5])
    monkeypatch.chdir(tmp_path)
    assert main(["local", "randers", "--data", str(data)]) == 2
    assert "NO_DICTIONARY" in capsys.readouterr().err
