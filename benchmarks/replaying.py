"""A light client: what one person did is done again by many, with the links, tokens and versions of their own.

A client that reads every page as a browser does takes as long as the server, and on two cores would be what is timed.
So one response is given by such a client and noted, and the others repeat its requests; only what differs from person
to person (the link, the token against forged posts, the version of the answers) is looked up in the pages.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

FOUND_IN_PAGE: Final = ("csrf", "base_version")
_HIDDEN: Final = re.compile(rf'name="({"|".join(FOUND_IN_PAGE)})" value="([^"]*)"'.encode())
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Step:
    """One request, and the status of its answer. pairs : what was posted; None where nothing was."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...] | None
    status: int


@dataclass
class Recorder:
    """Notes every request of an httpx client: `httpx.Client(event_hooks={"response": [recorder.note]})`."""

    steps: list[Step] = field(default_factory=list)

    def note(self, response: httpx.Response) -> None:
        """Note a request and how it was answered."""
        request = response.request
        is_post = request.method == "POST"
        pairs = tuple(parse_qsl(request.content.decode(), keep_blank_values=True)) if is_post else None
        self.steps.append(Step(request.method, request.url.raw_path.decode(), pairs, response.status_code))


class Repeater:
    """Somebody who does again what others did, over one connection.

    note : is told the method and the seconds of each request. cookie : of a session that has begun already, as a
    browser would send it.
    """

    def __init__(self, url: str, note: Callable[[str, float], None], cookie: str = "") -> None:
        place = urlsplit(url)
        self._connection = HTTPConnection(place.hostname or "", place.port)
        self._note = note
        self._headers = {"Accept-Encoding": "identity"} | ({"Cookie": cookie} if cookie else {})
        self._found: dict[str, str] = {}

    def do(self, step: Step, path: str = "") -> int:
        """Do one step, elsewhere if a path is given; the status of the answer."""
        started = time.perf_counter()
        answer, page = self._ask(step, path or step.path)
        self._note(step.method, time.perf_counter() - started)
        self._found |= {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
        cookie = answer.getheader("set-cookie")
        if cookie:
            self._headers["Cookie"] = cookie.partition(";")[0]
        return answer.status

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, step: Step, path: str) -> tuple[HTTPResponse, bytes]:
        if step.pairs is None:
            self._connection.request(step.method, path, headers=self._headers)
        else:
            body = urlencode([(name, self._found.get(name, value)) for name, value in step.pairs])
            self._connection.request(step.method, path, body, {**self._headers, "Content-Type": _FORM})
        answer = self._connection.getresponse()
        return answer, answer.read()


def replay(url: str, steps: Sequence[Step], link: str, note: Callable[[str, float], None]) -> None:
    """Do as was recorded, as somebody else, who comes in by another link.

    An answer with another status than the recorded one is an `AssertionError`.
    """
    with closing(Repeater(url, note)) as repeater:
        for step in steps:
            status = repeater.do(step, link if step.path == steps[0].path else "")
            assert status == step.status, f"{step.method} {step.path}: {status}, not {step.status}"
