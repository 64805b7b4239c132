"""What the command line says when something goes wrong: a sentence and an exit code, never a trace."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evaltools.cli import main

ROOT = Path(__file__).parents[3]
RUN = "import sys; from evaltools.cli import main; sys.exit(main())"
# a shell that runs the tests in the background has its children ignore Ctrl-C
HEARING = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {RUN}"
PAGE = "title: Prøve\nauthor: Styrelsen\ndate: 2018-12-31\n"


def chapters(folder: Path, *sources: str) -> Path:
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    (notebooks / "memo.yaml").write_text(PAGE, "utf-8")
    cells: list[dict[str, object]] = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Prøve"}]
    cells += [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for n, source in enumerate(sources)
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (notebooks / "01-proeve.ipynb").write_text(json.dumps(content), "utf-8")
    return notebooks


def failing(error: BaseException) -> Callable[..., int]:
    def run(options: object) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ZeroDivisionError("division by zero"), 1, "this is a fault of evaltools, not yours. ZeroDivisionError"),
        (PermissionError(errno.EACCES, "Permission denied", "out"), 2, "out: permission denied. Check the path"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "no space left on device. Check the path, the room"),
        (KeyboardInterrupt(), 2, "stopped; nothing that was finished is lost"),
    ],
)
def test_every_error_is_told_in_a_sentence_with_its_exit_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EVALTOOLS_TRACE", raising=False)
    monkeypatch.setattr("evaltools.cli.check.run", failing(error))
    assert main(["check", "surveys"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_the_trace_of_a_fault_of_ours_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVALTOOLS_TRACE", "1")
    monkeypatch.setattr("evaltools.cli.check.run", failing(ZeroDivisionError()))
    assert main(["check", "surveys"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_had_enough_of_the_output_is_no_error() -> None:
    words = [sys.executable, "-c", RUN, "check", str(ROOT / "surveys" / "respite")]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert (running.stderr.read(), running.wait()) == ("", 0)
    running.stderr.close()


def test_a_verb_that_does_not_exist_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == 2
    assert 'Did you mean "check"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["notebooks/01-proeve.ipynb"], "NOT_A_FOLDER"),
        (["notebooks", "--dictionary", "nowhere"], "NO_DATA_DICTIONARY"),
        (["notebooks", "-o", "notebooks/memo.yaml"], "FILE_TROUBLE"),
    ],
)
def test_wrong_places_are_told_before_a_chapter_is_executed(
    words: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chapters(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["memo", "-o", "out", "--store", "none.db", *words]) == 2
    assert code in capsys.readouterr().err


def test_a_memo_file_without_register_cannot_be_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notat.pdf").write_bytes(b"%PDF")
    assert main(["verify", str(tmp_path / "notat.pdf")]) == 2
    assert "NOT_VERIFIABLE" in capsys.readouterr().err


def test_a_chapter_whose_process_dies_is_named(
    rehearsal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebooks = chapters(tmp_path, "x = 1", "import os; os._exit(9)")
    assert main(["memo", str(notebooks), "--store", str(rehearsal), "-o", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "01-proeve, code cell 2: the chapter stopped" in told
    assert "CHAPTER_STOPPED" in told


def test_stopping_a_build_leaves_earlier_outputs_whole(rehearsal: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    notebooks = chapters(tmp_path, f"import pathlib, time; pathlib.Path({str(started)!r}).touch(); time.sleep(60)")
    earlier = tmp_path / "out" / "notat.pdf"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")
    words = ["memo", str(notebooks), "--store", str(rehearsal), "-o", str(earlier.parent)]
    running = subprocess.Popen([sys.executable, "-c", HEARING, *words], stderr=subprocess.PIPE, text=True)
    while not started.exists() and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert running.returncode == 2
    assert told.splitlines()[-1] == "evaltools memo: stopped; nothing that was finished is lost."
    assert "Traceback" not in told
    assert [path.name for path in earlier.parent.iterdir()] == ["notat.pdf"]
