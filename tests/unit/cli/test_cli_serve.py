"""`evaltools serve`: where it may listen, and whom it believes about where requests come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from app_client import app_client
from evaltools.cli import main
from evaltools.cli.serve import refuse_open_place
from tiny_survey import tiny_store


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.dk", "::"])
def test_answers_never_travel_in_clear(host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--store", str(tmp_path / "a.db"), "--host", host]) == 2
    assert "[NOT_PRIVATE]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "behind_tls"), [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True)]
)
def test_this_machine_may_be_served_without_tls_and_any_place_behind_it(host: str, behind_tls: bool) -> None:
    refuse_open_place(host, behind_tls)


@pytest.mark.parametrize(
    ("words", "asks_from", "told", "statuses"),
    [
        (["--behind-tls"], "127.0.0.1", ["10.0.0.1", "10.0.0.1", "10.0.0.2"], [200, 429, 200]),
        (["--behind-tls"], "10.9.9.9", ["10.0.0.1", "10.0.0.2", "10.0.0.3"], [200, 429, 429]),
        ([], "127.0.0.1", ["10.0.0.1", "10.0.0.2", "10.0.0.3"], [200, 429, 429]),
    ],
    ids=["the proxy of this machine", "somebody else", "nobody where there is no proxy"],
)
def test_an_address_is_believed_only_from_a_proxy_on_this_machine(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    asks_from: str,
    told: Sequence[str],
    statuses: Sequence[int],
) -> None:
    """One request a minute is allowed from each address, so that the limit tells which address was counted."""
    with tiny_store(tmp_path):
        pass
    answers: list[int] = []

    def ask(application: Any, **settings: Any) -> None:
        config = uvicorn.Config(application, **settings)
        config.load()
        client = app_client(config.loaded_app, asks_from)
        asked = (client.get("/sundhed", headers={"X-Forwarded-For": address}) for address in told)
        answers.extend(answer.status_code for answer in asked)

    monkeypatch.setattr(uvicorn, "run", ask)
    assert main(["serve", "--store", str(tmp_path / "answers.db"), "--per-address", "1", *words]) == 0
    assert answers == statuses


def test_forwarded_addresses_are_believed_behind_tls_and_from_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr("evaltools.cli.serve.uvicorn.run", lambda _app, **options: asked.append(options))
    with tiny_store(tmp_path) as store:
        path = str(store.path)
    for more in ([], ["--behind-tls"]):
        assert main(["serve", "--store", path, *more]) == 0
    assert [one["proxy_headers"] for one in asked] == [False, True]
    assert asked[1]["forwarded_allow_ips"] == ["127.0.0.1", "::1"]
    assert (asked[1]["access_log"], asked[1]["server_header"], asked[1]["host"]) == (False, False, "127.0.0.1")
