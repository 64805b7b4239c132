"""The process that makes files: what becomes of a file when it dies, fails or is too slow."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from functools import partial

import pytest

from evaltools.web.making import State, Workshop, workshop
from evaltools.web.making.workshop import Job

LONGEST_TO_MAKE = 120
"""Seconds."""


@pytest.fixture
def works() -> Iterator[Workshop]:
    found = Workshop()
    yield found
    found.close()


def _made(works: Workshop, key: str, job: Job) -> bytes | State:
    """What comes of a job in the end."""
    given_up = time.monotonic() + LONGEST_TO_MAKE
    while (made := works.ask(key, job)) == "waiting":
        assert time.monotonic() < given_up
        time.sleep(0.05)
    return made


def _children() -> list[int]:
    found = multiprocessing.active_children()
    return [one.pid for one in found if one.name == "evaltools-workshop" and one.pid is not None]


def test_a_file_is_made_once_by_another_process_and_kept(works: Workshop) -> None:
    assert works.look("pid") is None
    assert works.ask("a", partial(bytes, 3)) == "waiting"
    assert _made(works, "a", partial(bytes, 3)) == b"\0\0\0"
    assert works.ask("a", partial(os._exit, 3)) == b"\0\0\0"


def test_a_child_that_was_killed_is_started_anew(works: Workshop) -> None:
    assert _made(works, "a", partial(bytes, 1)) == b"\0"
    (child,) = _children()
    os.kill(child, signal.SIGKILL)
    while child in _children():
        time.sleep(0.02)
    assert _made(works, "b", partial(bytes, 2)) == b"\0\0"
    assert _children() != [child]


def test_a_job_that_takes_the_child_with_it_fails_and_the_next_one_is_made(works: Workshop) -> None:
    assert _made(works, "a", partial(os._exit, 3)) == "failed"
    assert _made(works, "b", partial(bytes, 2)) == b"\0\0"
    assert _made(works, "a", partial(bytes, 1)) == b"\0"


def test_a_job_that_raises_or_gives_no_bytes_fails_and_the_child_lives_on(works: Workshop) -> None:
    assert _made(works, "a", partial(bytes, 1)) == b"\0"
    child = _children()
    assert _made(works, "b", partial(int, "x")) == "failed"  # type: ignore[arg-type]
    assert _made(works, "c", partial(str, "x")) == "failed"  # type: ignore[arg-type]
    assert _children() == child


def test_a_job_that_takes_too_long_is_given_up(works: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _made(works, "a", partial(bytes, 1)) == b"\0"
    monkeypatch.setattr(workshop, "SECONDS_TO_MAKE", 0.2)
    assert _made(works, "b", partial(time.sleep, 60)) == "failed"  # type: ignore[arg-type]  # a job that gives no bytes, which is what is tried
    monkeypatch.undo()
    assert _made(works, "c", partial(bytes, 2)) == b"\0\0"


def test_the_child_ends_with_the_server(works: Workshop) -> None:
    assert _made(works, "a", partial(bytes, 1)) == b"\0"
    (child,) = _children()
    works.close()
    assert child not in _children()


def test_closing_does_not_wait_for_the_job_at_hand(works: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    assert _made(works, "a", partial(bytes, 1)) == b"\0"
    assert works.ask("b", partial(time.sleep, 60)) == "waiting"  # type: ignore[arg-type]  # a job that gives no bytes, which is what is tried
    began = time.monotonic()
    works.close()
    assert time.monotonic() - began < 10
    assert _children() == []
    assert caplog.messages == []
