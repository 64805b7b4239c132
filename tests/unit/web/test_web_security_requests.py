"""Requests that are made to break something: numbers, depth, many cookies, spellings of a token, text for the log."""

from __future__ import annotations

import json
import logging
import re

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from app_client import app_client
from evaltools.web.security.access_log import AccessLog
from evaltools.web.security.rates import RateLimit, Window
from form_server import Served, save

DRAFT = "/api/v1/units/0101/draft"


async def _ok(_: Request) -> Response:
    return PlainTextResponse("ok")


def _rated(by_token: Window) -> httpx.Client:
    inner = Router([Route("/x", _ok)])
    window = Window(60, 100_000, lambda: 0.0)

    def refuse(_: object, status: int) -> Response:
        return PlainTextResponse("refused", status)

    return app_client(RateLimit(inner, by_address=window, by_token=by_token, cookies=("evaltools",), refuse=refuse))


@pytest.fixture
def program(served: Served) -> httpx.Client:
    client = served.client()
    client.headers.update(served.token("read", "draft", "submit", "status"))
    client.headers["Content-Type"] = "application/json"
    return client


@pytest.mark.parametrize("digits", [17, 400, 4000, 5000])
def test_a_number_of_any_length_is_refused_and_breaks_nothing(program: httpx.Client, digits: int) -> None:
    body = f'{{"base_version": 0, "answers": {{"placed": {"1" * digits}}}}}'
    answer = program.put(DRAFT, content=body)
    assert answer.status_code < 500
    assert program.get(DRAFT).json()["answers"] == {}


@pytest.mark.parametrize("inner", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 40_000])
def test_an_object_of_any_depth_is_refused(program: httpx.Client, inner: str) -> None:
    answer = program.put(DRAFT, content='{"base_version": 0, "answers": {"placed": ' + inner + "}}")
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"code", "message", "remedy", "problems"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_program_sends_json_and_says_so(served: Served, kind: str) -> None:
    headers = {**served.token("draft"), "Content-Type": kind}
    body = json.dumps({"base_version": 0, "answers": {"placed": 3}})
    assert served.client().put(DRAFT, content=body, headers=headers).status_code == 422


def test_very_long_headers_and_addresses_are_refused(served: Served, program: httpx.Client) -> None:
    assert served.client().get("/skema", headers={"X-Long": "x" * 17_000}).status_code == 431
    assert served.client().get("/skema?q=" + "x" * 17_000).status_code == 431
    answer = program.get(DRAFT, headers={"X-Long": "x" * 17_000})
    assert (answer.status_code, answer.json()["code"]) == (431, "HEADERS_TOO_LARGE")


def test_a_form_of_very_many_fields_is_refused(served: Served) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert served.client().post("/s/x", content=b"a=&" * 20_000, headers=headers).status_code == 400


def test_another_spelling_of_a_token_is_the_same_token_to_the_limit() -> None:
    client = _rated(Window(60, 2, lambda: 0.0))
    spellings = ("Bearer abc", "bearer abc", "BEARER   abc")
    assert [client.get("/x", headers={"Authorization": one}).status_code for one in spellings] == [200, 200, 429]


def test_made_up_cookies_do_not_fill_the_counts() -> None:
    window = Window(60, 2, lambda: 0.0)
    cookies = "; ".join(f"evaltools=made-up-{n}" for n in range(500))
    assert _rated(window).get("/x", headers={"Cookie": cookies}).status_code == 200
    assert len(window._counts) == 1


@pytest.mark.parametrize("address", ["1.2.3.4\n2018 GET /forged 200", "<b>x</b>", "", "x" * 500])
def test_what_a_proxy_hands_on_as_an_address_writes_no_line_of_its_own(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "evaltools.web"):
        app_client(AccessLog(Router([Route("/x", _ok)])), address).get("/x")
    (record,) = caplog.records
    assert re.fullmatch(r"GET /x 200 \d+ ms [0-9A-Fa-f:.-]{1,45} -", record.getMessage())


def test_the_log_tells_who_came_by_which_grant_and_no_name(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    for client in ("httpx", "httpcore"):
        caplog.set_level(logging.CRITICAL, client)
    with caplog.at_level(logging.DEBUG):
        visitor = served.visitor(person="Lene Holm")
        save(visitor, "/besvar/main", {"placed": "4711", "remark": "Hemmelig bemærkning"})
        served.client().get("/s/forkert")
        visitor.client.post("/besvar/main", data={"csrf": "forkert"})
        served.client().get(DRAFT)
    told = [re.sub(r"\d+ ms", "N ms", one.getMessage()) for one in caplog.records]
    lines = [one for one in told if re.fullmatch(r"POST /s/\{token\} 303 N ms 127.0.0.1 grant=\w+", one)]
    assert len(lines) == 1
    grant = lines[0].rpartition(" ")[2]
    assert f"POST /besvar/{{section}} 422 N ms 127.0.0.1 {grant}" in told
    assert f"POST /besvar/{{section}} 403 N ms 127.0.0.1 {grant}" in told
    assert "GET /s/{token} 404 N ms 127.0.0.1 -" in told
    assert any(" 401 N ms 127.0.0.1 -" in one for one in told)
    for secret in ("Lene", "Holm", "4711", "Hemmelig", "forkert"):
        assert secret not in caplog.text
