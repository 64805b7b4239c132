"""One line per request in the log, which tells nothing that opens anything."""

from __future__ import annotations

import logging
import re
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("evaltools.web")
WHO: Final = "evaltools.who"
"""Where in the scope of a request stands who asked: a grant by its id, or the session of an operator."""
NOBODY: Final = "-"

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
_NOT_IN_ADDRESS: Final = re.compile(r"[^0-9A-Fa-f:.]")
_LONGEST_ADDRESS: Final = 45


class AccessLog:
    """Writes method, route, status, milliseconds, address and who. Never a path, query, Referer, cookie or name.

    Links are keys, and names of people are nobody's business here: whoever came in stands there by the id of the
    grant. The status tells how it went: 401, 403, 408, 413, 422 and 429 are the refusals of the guards.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, and write the line when its answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "-"
            took = 1000 * (time.perf_counter() - begun)
            who = scope.get(WHO, NOBODY)
            LOG.info("%s %s %s %d ms %s %s", method, route_of(scope), status, took, _address(scope), who)


def route_of(scope: Scope) -> str:
    """The pattern of the route, such as `/s/{token}`; a dash where no route fits."""
    return getattr(scope.get("route"), "path", "-")


def _address(scope: Scope) -> str:
    """The address that asked; a proxy may hand on anything as one, and only digits and marks come into the log."""
    client = scope.get("client")
    return _NOT_IN_ADDRESS.sub("", str(client[0]))[:_LONGEST_ADDRESS] or "-" if client else "-"
