"""How much a request may bring, and how long it may take to bring it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evaltools.web.security.refusing import Refuse

LARGEST_FORM: Final = 64 * 1024
LARGEST_WORKBOOK: Final = 2 * 1024 * 1024
LARGEST_REQUEST_OF_PROGRAM: Final = 256 * 1024
LONGEST_HEADERS: Final = 16 * 1024
"""Bytes of the address and the headers together."""
SECONDS_TO_ARRIVE: Final = 60
_DRAINED: Final = 16 * 1024 * 1024


class BodyLimit:
    """Reads the body before anything else does; refuses one that is too large (413) or too slow (408).

    Headers that are too long are refused first (431): not every parser under the server has a limit of its own.

    largest : bytes allowed, by path. A body that is too large is still read for a while, and thrown away: a browser
    that is cut off while it sends never shows why.
    """

    def __init__(self, app: ASGIApp, *, largest: Callable[[str], int], refuse: Refuse) -> None:
        self.app = app
        self.largest = largest
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request with its whole body in one message, or refuse it."""
        if scope["type"] == "http" and _size_of_headers(scope) > LONGEST_HEADERS:
            await self.refuse(scope, 431)(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(SECONDS_TO_ARRIVE):
                body = await _read(receive, self.largest(scope["path"]), Headers(scope=scope))
        except TimeoutError:
            await self.refuse(scope, 408)(scope, receive, send)
            return
        except _GoneError:
            return
        if body is None:
            await self.refuse(scope, 413)(scope, receive, send)
            return
        await self.app(scope, _again(body, receive), send)


def _size_of_headers(scope: Scope) -> int:
    named = sum(len(name) + len(value) for name, value in scope["headers"])
    return named + len(scope["path"]) + len(scope.get("query_string", b""))


class _GoneError(Exception):
    """Whoever was sending has gone."""


async def _read(receive: Receive, largest: int, headers: Headers) -> bytes | None:
    """The whole body; None where it is too large."""
    declared = headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared) > _DRAINED:
        return None
    parts: list[bytes] = []
    size, more = 0, True
    while more and size <= _DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        size += len(message.get("body", b""))
        if size <= largest:
            parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts) if size <= largest else None


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, and then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give
