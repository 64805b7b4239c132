"""Who calls the machine interface: the token in the header, the grant it stands for, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from evaltools.store import Grant, find_grant
from evaltools.store.model import Scope as Right
from evaltools.web.api.faults import fault
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
