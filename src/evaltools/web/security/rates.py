"""How often one address, one link or one session may ask: counts in windows of fixed length, in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from evaltools.web.security.refusing import Refuse

_MOST_KEYS: Final = 100_000
_LINK: Final = "/s/"


@dataclass
class Window:
    """Counts by key within the present window of `seconds`; all counts begin anew with each window."""

    seconds: int
    most: int
    clock: Callable[[], float]
    _number: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str) -> bool:
        """Count once more; False when that is more than allowed.

        >>> window = Window(60, 2, lambda: 0.0)
        >>> [window.count("a") for _ in range(3)]
        [True, True, False]
        """
        with self._turn:
            self._begin()
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self.most

    def forget(self, key: str) -> None:
        """Count from nothing again."""
        with self._turn:
            self._counts.pop(key, None)

    def left(self) -> int:
        """Whole seconds until the next window, at least one."""
        return max(1, int(self.seconds - self.clock() % self.seconds))

    def _begin(self) -> None:
        number = int(self.clock() // self.seconds)
        if number != self._number or len(self._counts) > _MOST_KEYS:
            self._number = number
            self._counts.clear()


class RateLimit:
    """Refuses (429) what comes too often from one address, or with one link, session or token of the interface."""

    def __init__(
        self, app: ASGIApp, *, by_address: Window, by_token: Window, cookies: tuple[str, ...], refuse: Refuse
    ) -> None:
        self.app = app
        self.by_address = by_address
        self.by_token = by_token
        self.cookies = cookies
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and hand it on if it may pass."""
        if scope["type"] == "http" and not self._may_pass(scope):
            response = self.refuse(scope, 429)
            response.headers["Retry-After"] = str(max(self.by_address.left(), self.by_token.left()))
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        if not self.by_address.count(address_of(scope)):
            return False
        tokens = _tokens(scope, self.cookies)
        return all(self.by_token.count(hashlib.sha256(token.encode()).hexdigest()) for token in tokens)


def address_of(scope: Scope) -> str:
    """The address that the request came from; behind a proxy, the one that the server was told to believe."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _tokens(scope: Scope, cookies: tuple[str, ...]) -> Iterator[str]:
    """The secrets that a request shows: the link in its path, the token of a program, the session's cookie.

    Each as it is read later: another spelling of a token is no other token, and of two cookies of one name the last
    counts, so that nobody fills the counts with made-up ones.
    """
    headers = Headers(scope=scope)
    if scope["path"].startswith(_LINK):
        yield scope["path"].removeprefix(_LINK)
    token = headers.get("authorization", "").partition(" ")[2].strip()
    if token:
        yield token
    shown = cookie_parser(headers.get("cookie", ""))
    yield from (shown[name] for name in cookies if shown.get(name))
