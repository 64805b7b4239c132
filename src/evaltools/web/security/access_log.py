"""One line per request in the log, which tells nothing that opens anything."""

from __future__ import annotations

import logging
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("evaltools.web")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class AccessLog:
    """Writes method, route, status and milliseconds. Never a path, query, Referer or cookie: links are keys."""

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
            LOG.info("%s %s %s %d ms", method, route_of(scope), status, 1000 * (time.perf_counter() - begun))


def route_of(scope: Scope) -> str:
    """The pattern of the route, such as `/s/{token}`; a dash where no route fits."""
    return getattr(scope.get("route"), "path", "-")
