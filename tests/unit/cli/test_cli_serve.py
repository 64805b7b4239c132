"""`evaltools serve`: where it may listen."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.cli.serve import refuse_open_place


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.dk", "::"])
def test_answers_never_travel_in_clear(host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--store", str(tmp_path / "a.db"), "--host", host]) == 2
    assert "[NOT_PRIVATE]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "behind_tls"), [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True)]
)
def test_this_machine_may_be_served_without_tls_and_any_place_behind_it(host: str, behind_tls: bool) -> None:
    refuse_open_place(host, behind_tls)
