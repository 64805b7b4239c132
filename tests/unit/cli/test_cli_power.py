"""`evaltools power`: a page from the user's own file, in two languages, as JSON, and stopped in good order."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evaltools.cli import main
from planned_rollouts import rows

RUN = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from evaltools.cli import main; sys.exit(main())"
)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "baseline.csv"
    rows(30).rename(columns={"count": "found", "base": "new"}).to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    return str(path)


def words(file: str, *more: str) -> list[str]:
    columns = ["--count", "found", "--base", "new", "--replications", "50"]
    return ["power", file, *columns, *(more or ("--waves", "2015:10,2016:10", "--until", "2017"))]


def test_the_page_says_what_the_plan_shows_in_the_language_asked_for(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(file)) == 0
    danish = capsys.readouterr()
    assert "Med planen ses en ændring på" in danish.out
    assert "Rækkefølgen trækkes ved lod" in danish.out
    assert danish.err == ""
    assert main(words(file, "--waves", "2015:10,2016:10", "--language", "en", "--jobs", "2")) == 0
    assert "The plan shows a change of" in capsys.readouterr().out


def test_the_numbers_come_as_json_and_are_the_same_again(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = words(file, "--waves", "2015:10", "--effects", "2,20", "--ramp", "2", "--json", "--until", "2016")
    assert main(asked) == 0
    first = capsys.readouterr().out
    assert main(asked) == 0
    assert capsys.readouterr().out == first
    found = json.loads(first)
    assert [row["effect"] for row in found["rows"]] == [0.02, 0.2]
    assert 0.02 < found["mde"] < 0.2
    assert found["code"].startswith("rollout.power(rollout.baseline(frame")


def test_a_plan_in_a_file_says_who_begins_when(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("unit,first\n" + "\n".join(f"{101 + place},{2015 if place < 15 else ''}" for place in range(30)))
    assert main(words(file, "--plan", str(plan), "--until", "2016", "--language", "en")) == 0
    assert "The order is settled" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--waves", "2015:ten"], "OPTION_NOT_A_NUMBER"),
        (["--waves", "2015:10", "--effects", "a"], "OPTION_NOT_A_NUMBER"),
        (["--waves", "2015:99"], "MORE_THAN_THERE_ARE"),
        (["--waves", "2014:9"], "ADOPTION_IN_BASELINE"),
        (["--plan", "{file}"], "PLAN_WITHOUT_COLUMN"),
        (["--waves", "2015:9", "--count", "fundet"], "NO_SUCH_VARIABLE"),
        (["--waves", "2015:9", "--replications", "0"], "REPLICATIONS_NOT_POSITIVE"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    file: str, more: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(file, *(each.format(file=file) for each in more))) == 2
    told = capsys.readouterr().err
    assert f"[{code}]" in told
    assert "Traceback" not in told


def test_a_file_that_is_no_table_or_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00\x81")
    for name, code in (("empty.csv", "NOT_A_TABLE"), ("odd.csv", "NOT_A_TABLE"), ("none.csv", "FILE_TROUBLE")):
        assert main(["power", str(tmp_path / name), "--waves", "2015:1"]) == 2
        assert f"[{code}]" in capsys.readouterr().err


def test_the_bar_moves_on_a_terminal_and_ctrl_c_stops_it_in_good_order(file: str) -> None:
    ours, theirs = pty.openpty()
    asked = [each if each != "50" else "200000" for each in words(file)]
    with subprocess.Popen([sys.executable, "-c", RUN, *asked], stderr=theirs, stdout=subprocess.PIPE) as running:
        os.close(theirs)
        told = b""
        while b" / 1,000,000" not in told:
            told += os.read(ours, 1000)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        while chunk := _more(ours):
            told += chunk
        assert running.wait(30) == 2
        assert time.monotonic() - began < 20
    os.close(ours)
    assert b"[" in told
    assert told.decode().splitlines()[-1] == "evaltools power: stopped; nothing that was finished is lost."
    assert b"Traceback" not in told


def _more(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1000)
    except OSError:
        return b""
