"""The page about planning tells the truth: its code runs, and its command prints what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from evaltools.cli import main

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "planning.md"


def test_the_code_of_the_page_runs_and_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert (failed, tried > 12) == (0, True)


def test_the_command_of_the_page_prints_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    command, printed = re.findall(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[:2]
    assert main(command.split()[1:]) == 0
    out = capsys.readouterr().out.replace(chr(0xA0), " ")
    parts = [part.strip() for line in printed.splitlines() for part in line.split("[...]") if part.strip()]
    assert len(parts) >= 6
    assert [part for part in parts if part not in out] == []
