"""A server for a real browser, in the same process: tests turn its clock, write beside it, and come in as anybody."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page
from starlette.types import ASGIApp, Receive, Scope, Send

from evaltools.language import Language
from evaltools.provenance import Origin
from evaltools.schema import Questionnaire, fields, read_survey
from evaltools.store import (
    Contact,
    Fieldwork,
    Saved,
    Store,
    Submission,
    Unit,
    add_operator,
    begin_operator,
    begin_session,
    current,
    grouped,
    open_store,
    open_wave,
    receive,
)
from evaltools.web.app import build_app
from evaltools.web.site import session_name
from filled_responses import filled
from form_server import Clock, Served

SURVEYS = Path(__file__).parents[1] / "surveys"
MUNICIPAL, BEFORE = ("network_methods", "2018"), ("network_methods", "2015")
FOLLOWED, CLOSED = ("placement_followup", "1"), ("investment", "1")
NOW = dt.datetime(2018, 11, 5, 9, 30, tzinfo=dt.UTC)
CLOSES = dt.datetime(2018, 12, 1, 22, 59, tzinfo=dt.UTC)
LEADER, COLLEAGUE = "Lene Olsen", "Aïcha Østergård-Christoffersen"
OPERATOR, PASSWORD = "redaktionen", "en lang adgangskode til os"
LARGE = {"region": "Region Hovedstaden", "size": "5: 100.000 og derover"}
SMALL = {"region": "Region Nordjylland", "size": "1: under 20.000"}
UNITS = {
    "0101": Unit("0101", "København", LARGE),
    "0400": Unit("0400", "Bornholm", SMALL),
    "0563": Unit("0563", "Fanø", SMALL),
    "0665": Unit("0665", "Lemvig", SMALL),
    "0741": Unit("0741", "Samsø", SMALL),
    "0751": Unit("0751", "Aarhus", LARGE),
    "0825": Unit("0825", "Læsø", SMALL),
    "0846": Unit("0846", "Mariagerfjord", SMALL),
    "0849": Unit("0849", "Jammerbugt", SMALL),
    "0851": Unit("0851", "Aalborg", LARGE),
}
UNTOUCHED_UNITS = [f"900{number}" for number in range(1, 9)]
UNITS |= {code: Unit(code, f"Nykommune {code[-1]}", SMALL) for code in UNTOUCHED_UNITS}
OF_PATH = {"non_user": "0846", "former_user": "0751", "planner": "0849", "user_of_three": "0101"}
"""The unit that answers as each example respondent."""
NEW, BUSY, SENT, AGAIN, DECLINED, SHARED = "0400", "0851", "0665", "0741", "0563", "0825"
"""Units that have not begun, that tests change, that have submitted, changed after that, declined, handed over."""

Wave = tuple[str, str]


@dataclass
class Stage:
    """The server, and whatever a test does beside the browser. `visited`: method and route of every request."""

    address: str
    served: Served
    visited: set[str] = field(default_factory=set)
    _ticks: int = 0

    def tick(self) -> int:
        """Another number each time."""
        self._ticks += 1
        return self._ticks

    @property
    def store(self) -> Store:
        return self.served.store

    def of(self, wave: Wave) -> Served:
        """The same server, seen by those who answer another wave."""
        return replace(self.served, wave=wave)

    def write(self, unit: str, answers: Mapping[str, object], *, wave: Wave = MUNICIPAL, **more: Any) -> Saved:
        """Answers that somebody else sends at this moment."""
        seen = current(self.store, *wave, unit, more.get("record", "")).response.version
        by = {"actor": "Bo Sørensen", "channel": "form", "base_version": seen, "submit": False}
        sent = Submission(*wave, unit, answers, **{**by, **more})
        outcome = receive(self.store, sent, at=self.served.clock())
        assert isinstance(outcome, Saved), outcome
        return outcome

    def come_in(self, page: Page, unit: str, *, wave: Wave = MUNICIPAL, person: str = LEADER, **link: Any) -> None:
        """Let the browser hold a session of a new link."""
        token = self.of(wave).link(unit, holder=person, **link).removeprefix("/s/")
        at, lasts = self.served.clock(), self.served.options.lasts
        _, cookie = begin_session(self.store, token, person, at=at, lasts=lasts)
        page.context.add_cookies([{"name": "evaltools", "value": cookie, "url": self.address}])

    def log_in(self, page: Page) -> None:
        """Let the browser hold the session of an operator."""
        at, lasts = self.served.clock(), self.served.options.lasts
        cookie = begin_operator(self.store, OPERATOR, PASSWORD, at=at, lasts=lasts)
        self.served.app.state.site.last_seen.note(session_name(cookie), at, at)
        page.context.add_cookies([{"name": "evaltools-operator", "value": cookie, "url": self.address}])

    def speak(self, page: Page, language: Language) -> None:
        """A browser that nobody has come in with, in a language."""
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "evaltools-lang", "value": language, "url": self.address}])


@contextmanager
def stage(folder: Path, *, origin: Origin = "collected") -> Iterator[Stage]:
    """Serve a store with four waves and the answers of many, until the `with` block ends."""
    with open_store(folder / "answers.db", create=True) as alone:
        _fill(alone, origin)
        with grouped(alone) as store:
            clock = Clock(NOW)
            app = build_app(store, clock=clock)
            made = Stage("", Served(store, app, clock, MUNICIPAL))
            with _running(_noted(app, made.visited)) as address:
                made.address = address
                yield made


@contextmanager
def _running(app: ASGIApp) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has ended"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


def _noted(app: ASGIApp, visited: set[str]) -> ASGIApp:
    """The application, with a note of the route of each request."""

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            if "endpoint" in scope and "route" in scope:
                visited.add(f"{scope['method']} {scope['route'].path}")

    return noting


def _fill(store: Store, origin: Origin) -> None:
    for wave, closes_at in ((BEFORE, None), (MUNICIPAL, CLOSES), (FOLLOWED, CLOSES), (CLOSED, NOW)):
        _open(store, wave, closes_at, origin)
    q = survey(MUNICIPAL)
    for path in q.paths:
        _draft(store, OF_PATH[path.name], filled(q, path.answers))
    for unit in (SENT, AGAIN):
        _draft(store, unit, review_answers("no_network_placements"), submit=True)
    asked_before = {one.name for one in fields(survey(BEFORE))}
    answers = {name: value for name, value in review_answers("no_network_placements").items() if name in asked_before}
    for unit in UNITS.keys() - set(UNTOUCHED_UNITS):
        _draft(store, unit, answers, wave=BEFORE, submit=True)
    add_operator(store, OPERATOR, PASSWORD, at=NOW)


@cache
def survey(wave: Wave) -> Questionnaire:
    """The questionnaire of a wave."""
    return read_survey(SURVEYS.joinpath(*wave))


def review_answers(name: str) -> dict[str, Any]:
    """One of the three answers with which nobody may be stopped, as a person writes them."""
    text = (Path(__file__).parent / "stories" / "data" / f"{name}.json").read_text("utf-8")
    answers: dict[str, Any] = json.loads(text)["answers"]
    return answers


def _open(store: Store, wave: Wave, closes_at: dt.datetime | None, origin: Origin) -> None:
    fieldwork = Fieldwork(
        keep_until=dt.date(2023, 12, 31),
        closes_at=closes_at,
        contact=Contact("Undersøgelsen", "skema@example.dk", "70 10 20 30"),
        legal_basis="Serviceloven § 82",
    )
    figures = {code: {"placed_register": 104.0, "children_register": 5000.0} for code in OF_PATH.values()}
    begun = NOW - dt.timedelta(days=20)
    open_wave(
        store, survey(wave), list(UNITS.values()), origin=origin, at=begun, fieldwork=fieldwork,
        references=figures if wave == MUNICIPAL else None,
    )  # fmt: skip


def _draft(
    store: Store, unit: str, answers: Mapping[str, object], *, wave: Wave = MUNICIPAL, submit: bool = False
) -> None:
    sent = Submission(*wave, unit, answers, actor=LEADER, channel="form", base_version=0, submit=submit)
    outcome = receive(store, sent, at=NOW - dt.timedelta(days=3))
    assert isinstance(outcome, Saved), outcome
