"""How much and how often one may ask, and what is written down about it."""

from __future__ import annotations

import asyncio
import logging
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from app_client import app_client
from evaltools.web.security import bodies
from evaltools.web.security.access_log import AccessLog
from evaltools.web.security.bodies import BodyLimit
from evaltools.web.security.faults import Faults, pass_on
from evaltools.web.security.headers import SecurityHeaders
from evaltools.web.security.rates import RateLimit, Window

CANARY = "hemmelig-4711"


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _fail(_: Request) -> Response:
    raise RuntimeError(CANARY)


def _refuse(_: Scope, status: int) -> Response:
    return PlainTextResponse("refused", status)


def _inner() -> ASGIApp:
    routes = [Route("/s/{token}", _echo, methods=["GET", "POST"]), Route("/fail", _fail), Route("/x", _echo)]
    return Starlette(routes=routes, exception_handlers={Exception: pass_on})


def _limited(most: int = 10) -> httpx.Client:
    return app_client(BodyLimit(_inner(), largest=lambda _: most, refuse=_refuse))


def test_a_body_within_the_limit_arrives_whole() -> None:
    assert _limited().post("/s/a", content=b"x" * 10).text == "10"


@pytest.mark.parametrize("size", [11, 10_000, bodies.LARGEST_WORKBOOK])
def test_a_body_beyond_the_limit_is_refused(size: int) -> None:
    assert _limited().post("/s/a", content=b"x" * size).status_code == 413


def _sent(messages: list[Message], headers: list[tuple[bytes, bytes]]) -> list[Message]:
    """What comes back when a post arrives in these messages; one too many is waited for in vain."""
    sent: list[Message] = []

    async def receive() -> Message:
        if not messages:
            await asyncio.sleep(5)
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": "/s/a", "headers": headers, "query_string": b""}
    asyncio.run(BodyLimit(_inner(), largest=lambda _: 10, refuse=_refuse)(scope, receive, send))
    return sent


def test_a_body_without_a_declared_length_is_counted_as_it_comes() -> None:
    parts: list[Message] = [{"type": "http.request", "body": b"x" * 6, "more_body": more} for more in (True, False)]
    assert _sent(parts, [])[0]["status"] == 413


def test_a_body_of_an_absurd_declared_length_is_refused_unread() -> None:
    assert _sent([], [(b"content-length", b"99999999999")])[0]["status"] == 413


def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS_TO_ARRIVE", 0.05)
    assert _sent([], [])[0]["status"] == 408


def test_a_sender_who_goes_away_gets_no_answer() -> None:
    assert _sent([{"type": "http.disconnect"}], []) == []


def _rated(by_address: int, by_token: int, time: list[float]) -> httpx.Client:
    def clock() -> float:
        return time[0]

    return app_client(
        RateLimit(
            _inner(),
            by_address=Window(60, by_address, clock),
            by_token=Window(60, by_token, clock),
            cookies=("evaltools",),
            refuse=_refuse,
        )
    )


def test_one_link_may_be_tried_only_so_often() -> None:
    client = _rated(100, 2, [0.0])
    assert [client.get("/s/one").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/s/other").status_code == 200


def test_one_session_may_ask_only_so_often() -> None:
    client = _rated(100, 2, [0.0])
    one, other = {"Cookie": "a=b; evaltools=one"}, {"Cookie": "evaltools=other"}
    assert [client.get("/x", headers=one).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/x", headers=other).status_code == 200


def test_one_token_of_a_program_may_ask_only_so_often() -> None:
    client = _rated(100, 2, [0.0])
    assert [client.get("/x", headers={"Authorization": "Bearer a"}).status_code for _ in range(3)] == [200, 200, 429]


def test_one_address_may_ask_only_so_often_and_is_told_when_to_come_back() -> None:
    time = [30.0]
    client = _rated(2, 100, time)
    assert [client.get("/x").status_code for _ in range(2)] == [200, 200]
    refused = client.get("/x")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    time[0] = 60.0
    assert client.get("/x").status_code == 200


def test_the_log_names_the_route_and_nothing_that_opens_anything(caplog: pytest.LogCaptureFixture) -> None:
    client = app_client(AccessLog(_inner()))
    with caplog.at_level(logging.INFO, "evaltools.web"):
        client.get(f"/s/{CANARY}?q={CANARY}", headers={"Referer": CANARY, "Cookie": f"a={CANARY}"})
        client.get(f"/nowhere/{CANARY}")
    told = [re.sub(r"\d+ ms", "N ms", record.getMessage()) for record in caplog.records]
    assert told == ["GET /s/{token} 200 N ms 127.0.0.1 -", "GET - 404 N ms 127.0.0.1 -"]
    assert CANARY not in caplog.text


def test_a_fault_is_told_by_number_and_logged_without_values(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def refuse(_: Scope, number: str) -> Response:
        told.append(number)
        return PlainTextResponse(number, 500)

    with caplog.at_level(logging.INFO, "evaltools.web"):
        answer = app_client(Faults(_inner(), refuse=refuse)).get("/fail")
    assert (answer.status_code, answer.text) == (500, told[0])
    assert f"fault {told[0]} at /fail: RuntimeError" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("behind_tls", [True, False])
def test_every_answer_bears_the_headers_and_only_behind_tls_the_demand_for_it(behind_tls: bool) -> None:
    headers = app_client(SecurityHeaders(_inner(), behind_tls=behind_tls)).get("/nowhere").headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert ("strict-transport-security" in headers) is behind_tls
