"""The cookies: what they are called, how they are set, and how long they last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response

CookieKind = Literal["answering", "operator", "language"]

_NAMES: Final = {"answering": "evaltools", "operator": "evaltools-operator", "language": "evaltools-lang"}


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set: behind TLS with `Secure` and the prefix that no other host can set, on loopback plainly.

    >>> Cookies(behind_tls=True).name("answering"), Cookies(behind_tls=False).name("answering")
    ('__Host-evaltools', 'evaltools')
    """

    behind_tls: bool

    def name(self, kind: CookieKind) -> str:
        """What the cookie is called in the browser."""
        return f"__Host-{_NAMES[kind]}" if self.behind_tls else _NAMES[kind]

    def give(self, response: Response, kind: CookieKind, value: str, *, seconds: int) -> None:
        """Let the browser keep a value for some seconds, out of reach of scripts and of other sites' posts."""
        response.set_cookie(
            self.name(kind), value, max_age=seconds, path="/", secure=self.behind_tls, httponly=True, samesite="lax"
        )

    def take(self, response: Response, kind: CookieKind) -> None:
        """Let the browser forget a value, and what it keeps of the pages that were shown for it."""
        response.delete_cookie(self.name(kind), path="/", secure=self.behind_tls, httponly=True, samesite="lax")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
