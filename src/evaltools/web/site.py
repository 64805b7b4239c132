"""What all pages of one running server share: the store, the clock, the limits, and what is kept in memory."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from evaltools.store import Store
from evaltools.web.making import Workshop
from evaltools.web.security.cookies import Cookies
from evaltools.web.security.logins import Logins, new_logins
from evaltools.web.security.rates import Window

Clock = Callable[[], dt.datetime]

_MOST_SESSIONS: Final = 20_000
_MINUTE: Final = 60
_WORKBOOKS_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Options:
    """How the server runs.

    behind_tls : a proxy on this machine speaks TLS for it. idle, lasts : how long a session lives without a request
    and at most. per_address, per_token : requests a minute from one address, and with one link, session or token.
    wrong_passwords : from one address in a quarter of an hour (see `Logins`).
    """

    behind_tls: bool = False
    idle: dt.timedelta = dt.timedelta(hours=2)
    lasts: dt.timedelta = dt.timedelta(hours=12)
    per_address: int = 6000
    per_token: int = 600
    wrong_passwords: int = 10


@dataclass
class LastSeen:
    """When each session last asked for something; the start of the server counts as a request of all of them."""

    idle: dt.timedelta
    begun: dt.datetime
    _seen: dict[str, dt.datetime] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def is_awake(self, session: str, now: dt.datetime) -> bool:
        """Whether the session has asked for something since the server began, and not so long ago.

        >>> hour, noon = dt.timedelta(hours=1), dt.datetime(2018, 2, 5, 12, tzinfo=dt.UTC)
        >>> seen = LastSeen(2 * hour, noon)
        >>> seen.is_awake("a", noon), seen.note("a", noon, noon), seen.is_awake("a", noon + hour)
        (False, True, True)
        """
        before = self._seen.get(session)
        return before is not None and now - before <= self.idle

    def note(self, session: str, began: dt.datetime, now: dt.datetime) -> bool:
        """Whether the session is still awake; then this counts as its last request.

        >>> hour, noon = dt.timedelta(hours=1), dt.datetime(2018, 2, 5, 12, tzinfo=dt.UTC)
        >>> seen = LastSeen(2 * hour, noon)
        >>> [seen.note("a", noon, noon + n * hour) for n in (1, 3, 6)]
        [True, True, False]
        """
        with self._turn:
            before = self._seen.get(session, max(began, self.begun))
            if now - before > self.idle:
                return False
            if len(self._seen) > _MOST_SESSIONS:
                self._seen = {key: at for key, at in self._seen.items() if now - at <= self.idle}
            self._seen[session] = now
        return True


def session_name(cookie: str) -> str:
    """What a session is called in memory, so that no cookie lies there."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def operator_in_log(cookie: str) -> str:
    """What the log calls an operator: by the beginning of the hash of the session, which the store can be asked for."""
    return f"operator={session_name(cookie)[:12]}"


@dataclass(frozen=True)
class Site:
    """One running server."""

    store: Store
    clock: Clock
    options: Options
    cookies: Cookies
    last_seen: LastSeen
    workshop: Workshop
    by_address: Window
    by_token: Window
    logins: Logins
    reading_workbooks: threading.BoundedSemaphore


def new_site(store: Store, clock: Clock, options: Options) -> Site:
    """A server that has just begun."""

    def seconds() -> float:
        return clock().timestamp()

    return Site(
        store=store,
        clock=clock,
        options=options,
        cookies=Cookies(options.behind_tls),
        last_seen=LastSeen(options.idle, clock()),
        workshop=Workshop(),
        by_address=Window(_MINUTE, options.per_address, seconds),
        by_token=Window(_MINUTE, options.per_token, seconds),
        logins=new_logins(options.wrong_passwords, seconds),
        reading_workbooks=threading.BoundedSemaphore(_WORKBOOKS_AT_ONCE),
    )
