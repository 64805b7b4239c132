"""One child process that makes files, and the files it has made lately."""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pickle import PicklingError
from typing import Final, Literal

from evaltools.web.making.child import make_all

Job = Callable[[], bytes]
"""What makes a file: a function of a module, or a `functools.partial` of one with values that can be sent."""

State = Literal["waiting", "failed"]

LOG: Final = logging.getLogger("evaltools.web")
SECONDS_TO_MAKE: Final = 60
_MOST_BYTES_KEPT: Final = 64 * 1024 * 1024
_MOST_WAITING: Final = 200


@dataclass
class Workshop:
    """Makes files in a child process with low priority, each once, and keeps them by the hash of what they hold.

    The child starts with the first job, ends with the server (also when that is killed), and is started anew when
    it fails or takes longer than `SECONDS_TO_MAKE`.
    """

    _kept: OrderedDict[str, bytes | State] = field(default_factory=OrderedDict)
    _waiting: queue.Queue[tuple[str, Job] | None] = field(default_factory=lambda: queue.Queue(_MOST_WAITING))
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _foreman: threading.Thread | None = None
    _child: _Child | None = None
    _closed: bool = False

    def ask(self, key: str, job: Job) -> bytes | State:
        """The file, or how far it has come; the first question sets it going. One that failed is tried anew."""
        with self._turn:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                if found == "failed":
                    del self._kept[key]
                return found
            if not self._line_up(key, job):
                return "waiting"
            self._kept[key] = "waiting"
            self._begin()
        return "waiting"

    def look(self, key: str) -> bytes | State | None:
        """The file or how far it has come; None for one that nobody has asked for, or that was too long ago."""
        with self._turn:
            return self._kept.get(key)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for a file."""
        with self._turn:
            return "waiting" not in self._kept.values()

    def close(self) -> None:
        """End the child at once: nobody is left to fetch what it is making or what waits."""
        with self._turn:
            self._closed = True
            foreman = self._foreman
        if foreman is None:
            return
        _empty(self._waiting)
        self._waiting.put(None)
        while foreman.is_alive():
            if self._child is not None:
                self._child.process.terminate()
            foreman.join(0.05)

    def _line_up(self, key: str, job: Job) -> bool:
        try:
            self._waiting.put_nowait((key, job))
        except queue.Full:
            return False
        return True

    def _begin(self) -> None:
        if self._foreman is None:
            self._foreman = threading.Thread(target=self._make_in_turn, name="workshop", daemon=True)
            self._foreman.start()

    def _make_in_turn(self) -> None:
        while (order := self._waiting.get()) is not None:
            key, job = order
            made = self._made(job)
            with self._turn:
                self._kept[key] = made
                _drop_oldest(self._kept)
        if self._child is not None:
            self._child.end()

    def _made(self, job: Job) -> bytes | State:
        if self._child is None or not self._child.process.is_alive():
            self._child = _Child.start()
        try:
            return self._child.make(job)
        except (EOFError, OSError, PicklingError, AttributeError) as error:
            if not self._closed:
                LOG.error("a file could not be made: %s", type(error).__name__)
        self._child.end()
        return "failed"


@dataclass(frozen=True)
class _Child:
    process: BaseProcess
    line: Connection

    @classmethod
    def start(cls) -> _Child:
        context = multiprocessing.get_context("spawn")
        ours, its = context.Pipe()
        process = context.Process(target=make_all, args=(its,), name="evaltools-workshop", daemon=True)
        process.start()
        its.close()
        return cls(process, ours)

    def make(self, job: Job) -> bytes | State:
        """The file; raises what sending or waiting raises, `TimeoutError` after `SECONDS_TO_MAKE`."""
        self.line.send(job)
        if not self.line.poll(SECONDS_TO_MAKE):
            raise TimeoutError
        made = self.line.recv()
        return made if isinstance(made, bytes) else "failed"

    def end(self) -> None:
        self.process.terminate()
        self.process.join(5)
        self.line.close()


def _empty(waiting: queue.Queue[tuple[str, Job] | None]) -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        return


def _drop_oldest(kept: OrderedDict[str, bytes | State]) -> None:
    """Forget the files that nobody has asked for longest, but none that waits."""
    size = sum(len(made) for made in kept.values() if isinstance(made, bytes))
    for key in [key for key, made in kept.items() if isinstance(made, bytes)][:-1]:
        if size <= _MOST_BYTES_KEPT:
            return
        size -= len(kept.pop(key))
