"""A server in the same process with a clock that tests turn, and people who come in by their links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from app_client import app_client
from evaltools.store import NewGrant, Store, change_fieldwork, fieldwork_of, grouped, make_grant
from evaltools.store.model import Role, Scope
from evaltools.web.app import build_app
from evaltools.web.site import Options
from form_visitor import Seen, Visitor
from tiny_survey import LATER, tiny_store


@dataclass
class Clock:
    """The present, until a test says that time has passed."""

    now: dt.datetime = LATER

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **units: float) -> None:
        self.now += dt.timedelta(**units)


@dataclass
class Served:
    """A running server."""

    store: Store
    app: Starlette
    clock: Clock
    wave: tuple[str, str]
    options: Options = field(default_factory=Options)

    def link(self, unit: str = "0101", *, role: Role = "leader", holder: str = "Lene Holm", **more: Any) -> str:
        """The address of a new personal link."""
        wanted = NewGrant(*self.wave, unit, role, holder, **more)
        _, token = make_grant(self.store, wanted, at=self.clock())
        return f"/s/{token}"

    def token(self, *scopes: Scope, unit: str = "0101", holder: str = "Fagsystemet") -> dict[str, str]:
        """Headers with a new token of the machine interface."""
        _, token = make_grant(self.store, NewGrant(*self.wave, unit, "system", holder, scopes=scopes), at=self.clock())
        return {"Authorization": f"Bearer {token}"}

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """A browser that nobody has come in with."""
        return app_client(self.app, address)

    def visitor(self, unit: str = "0101", *, person: str = "Lene Holm", **more: Any) -> Visitor:
        """Somebody who has come in by a new link."""
        return self.come_in(self.link(unit, holder=person, **more), person)

    def come_in(self, link: str, person: str = "Lene Holm") -> Visitor:
        """Somebody who has come in by a link that is there."""
        visitor = Visitor(self.client())
        page = visitor.open(link)
        assert page.status == 200, page.words
        page = visitor.press(page, page.form_with("person"), {"person": person})
        assert page.status == 200, page.words
        return visitor

    def change(self, **settings: Any) -> None:
        """Run the wave by other settings."""
        changed = replace(fieldwork_of(self.store, *self.wave), **settings)
        change_fieldwork(self.store, *self.wave, changed, at=self.clock())


@contextmanager
def serving(store: Store, wave: tuple[str, str], options: Options | None = None) -> Iterator[Served]:
    """Serve a store that is open."""
    clock = Clock()
    with grouped(store) as together:
        app = build_app(together, options, clock=clock)
        yield Served(together, app, clock, wave, options or Options())
        app.state.site.workshop.close()


@contextmanager
def serving_tiny(folder: Path, *, wave: str = "tiny/2018", options: Options | None = None) -> Iterator[Served]:
    """Serve a store with one of the tiny surveys."""
    survey, name = wave.split("/")
    with tiny_store(folder, wave) as store, serving(store, (survey, name), options) as served:
        yield served


def save(visitor: Visitor, address: str, filled: dict[str, Any], action: str = "next") -> Seen:
    """Open a page of questions, fill it in, press a button."""
    page = visitor.open(address)
    return visitor.press(page, page.form_with("base_version"), filled, ("action", action))
