"""Who calls the machine interface: the token in the header, the grant it stands for, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from evaltools.store import Grant, fieldwork_of, find_grant, note_read
from evaltools.store.keeping.reads import What
from evaltools.store.keeping.statistics import refuse_in_statistics_mode
from evaltools.store.model import Scope as Right
from evaltools.web.api.faults import fault
from evaltools.web.security.access_log import WHO
from evaltools.web.site import Site

DESCRIPTION_PATH = "/openapi.json"
_PLACE = "evaltools.caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that has shown a token."""

    site: Site
    grant: Grant

    def must(self, right: Right, unit: str = "") -> None:
        """`HTTPException` 403 unless the token gives this right over the unit; with no unit, over the whole wave."""
        if right not in self.grant.scopes or self.grant.unit not in ("", unit):
            raise HTTPException(403)

    def note(self, unit: str) -> None:
        """Note that the program reads the answers of a unit, before it gets them.

        Raises: `StoreError` STATISTICS_MODE where it is not a program of that unit itself.
        """
        grant, at = self.grant, self.site.clock()
        what: What = "own" if grant.unit else "answers"
        note_read(self.site.store, grant.survey, grant.wave, at=at, actor=grant.holder, what=what, unit=unit)

    def refuse_whole_wave(self) -> None:
        """`StoreError` STATISTICS_MODE for a token of a whole wave in that mode: what a save answers holds answers."""
        grant = self.grant
        if not grant.unit:
            mode = fieldwork_of(self.site.store, grant.survey, grant.wave).mode
            refuse_in_statistics_mode(f"{grant.survey}/{grant.wave}", mode)


class TokenFirst:
    """Lets nobody in without a good token, whatever else the request holds; only the description is for all."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request with its caller, or refuse it."""
        if scope["type"] == "http" and not scope["path"].endswith(DESCRIPTION_PATH):
            grant = await run_in_threadpool(self._grant, Headers(scope=scope).get("authorization", ""))
            if grant is None:
                await fault(401)(scope, receive, send)
                return
            scope[_PLACE] = Caller(self.site, grant)
            scope[WHO] = f"grant={grant.id}"
        await self.app(scope, receive, send)

    def _grant(self, header: str) -> Grant | None:
        kind, _, token = header.partition(" ")
        if kind.casefold() != "bearer" or not token.strip().isascii():
            return None
        grant = find_grant(self.site.store, token.strip(), at=self.site.clock())
        return grant if grant is not None and grant.role == "system" else None


def caller_of(request: Request) -> Caller:
    """The caller that `TokenFirst` has let in."""
    caller = request.scope[_PLACE]
    assert isinstance(caller, Caller)
    return caller
