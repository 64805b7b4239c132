"""How often a password may be tried, so that nobody guesses one and nobody keeps its owner out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from evaltools.web.security.rates import Window

_QUARTER: Final = 15 * 60
_ADDRESSES: Final = 10
"""So many times what one address may try is tried for one name in all."""
_AT_ONCE: Final = 2
"""Passwords that are looked at together: each takes 32 MB and a processor, which the form needs too."""


@dataclass
class Logins:
    """Counts every try before its password is looked at, so that many tries at once are no way round.

    An address may try so often, and for one name all addresses together ten times as often. That second limit does
    not hold for an address from which the name has come in since the server began: whoever guesses at a name from
    many places does not keep its owner out.
    """

    by_address: Window
    by_name: Window
    _known: set[tuple[str, str]] = field(default_factory=set)
    _looking: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE))

    def attempt(self, name: str, address: str, check: Callable[[], str]) -> str | None:
        """What `check` gives, or None where that must wait; whatever `check` raises is a try that went wrong."""
        if not self._may_try(name, address) or not self._looking.acquire(blocking=False):
            return None
        try:
            given = check()
        finally:
            self._looking.release()
        self._known.add((name, address))
        self.by_address.forget(address)
        return given

    def _may_try(self, name: str, address: str) -> bool:
        return self.by_address.count(address) and ((name, address) in self._known or self.by_name.count(name[:200]))


def new_logins(most: int, clock: Callable[[], float]) -> Logins:
    """Nobody has tried yet. most: tries from one address in a quarter of an hour. clock: seconds."""
    return Logins(Window(_QUARTER, most, clock), Window(_QUARTER, most * _ADDRESSES, clock))
