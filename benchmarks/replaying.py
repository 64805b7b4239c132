"""A light client: what one person did is done again by many, with the links, tokens and versions of their own.

A client that reads every page as a browser does takes as long as the server, and on two cores would be what is timed.
So one response is given by such a client and noted, and the others repeat its requests; only what differs from person
to person (the link, the token against forged posts, the version of the answers) is looked up in the pages.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
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


def replay(url: str, steps: Sequence[Step], link: str, note: Callable[[str, float], None]) -> None:
    """Do as was recorded, as somebody else. note : is told the method and the seconds of each request.

    An answer with another status than the recorded one is an `AssertionError`.
    """
    place, first = urlsplit(url), steps[0].path
    connection = HTTPConnection(place.hostname or "", place.port)
    headers, found = {"Accept-Encoding": "identity"}, dict[str, str]()
    for step in steps:
        path = link if step.path == first else step.path
        started = time.perf_counter()
        answer, page = _ask(connection, step, path, headers, found)
        note(step.method, time.perf_counter() - started)
        assert answer.status == step.status, f"{step.method} {step.path}: {answer.status}, not {step.status}"
        found |= {name.decode(): value.decode() for name, value in _HIDDEN.findall(page)}
        cookie = answer.getheader("set-cookie")
        if cookie:
            headers["Cookie"] = cookie.partition(";")[0]
    connection.close()


def _ask(
    connection: HTTPConnection, step: Step, path: str, headers: dict[str, str], found: dict[str, str]
) -> tuple[HTTPResponse, bytes]:
    if step.pairs is None:
        connection.request(step.method, path, headers=headers)
    else:
        body = urlencode([(name, found.get(name, value)) for name, value in step.pairs])
        connection.request(step.method, path, body, {**headers, "Content-Type": _FORM})
    answer = connection.getresponse()
    return answer, answer.read()
