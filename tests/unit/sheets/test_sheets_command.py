"""`evaltools sheets`: once, or following the store until it is stopped."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.sheets import PAGE_KIND
from evaltools.store import find_page
from sheet_survey import NORTH, answer, sheet_store

PROGRAM = "from evaltools.cli import main; raise SystemExit(main())"
YES = {"stage": "1", "ways": ["a"]}


def test_it_makes_the_pages_once_and_says_how_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sheet_store(tmp_path) as store:
        answer(store, NORTH[:5], YES)
    assert main(["sheets", "--store", str(tmp_path / "answers.db")]) == 0
    assert capsys.readouterr().out == "sheets/2018: 10 pages; 5 in the figures, 5 of them new\n"
    assert main(["sheets", "--store", str(tmp_path / "answers.db"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"wave": "sheets/2018", "pages": 0, "counted": 5, "added": 0}]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_follows_the_store_and_stops_cleanly(tmp_path: Path, stop: signal.Signals) -> None:
    with sheet_store(tmp_path) as store:
        answer(store, NORTH[:4], YES)
        command = [sys.executable, "-c", PROGRAM, "sheets", "--store", str(tmp_path / "answers.db")]
        with subprocess.Popen([*command, "--follow", "--every", "0.1"], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "sheets/2018: 8 pages; 0 in the figures, 0 of them new\n"
            answer(store, NORTH[4:5], YES)
            assert process.stdout.readline() == "sheets/2018: 10 pages; 5 in the figures, 5 of them new\n"
            process.send_signal(stop)
            assert process.stdout.readline().startswith("stopped")
            assert process.wait(timeout=30) == 0
        assert find_page(store, "sheets", "2018", NORTH[4], PAGE_KIND, "da") is not None


def test_a_store_that_is_not_there_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheets", "--store", str(tmp_path / "none.db")]) == 2
    assert "none.db" in capsys.readouterr().err
