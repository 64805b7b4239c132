"""How long each stage of a build takes, told while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]
"""Tells people how far the build is, one line at a time."""


class Stages:
    """A stopwatch: seconds by stage, in the order in which they ended; a stage that comes again adds to its own."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, told: str = "") -> Iterator[None]:
        """Time what is done inside. told : what people read when it is done; nothing when empty.

        >>> stages = Stages(print)
        >>> with stages.stage("assemble"):
        ...     pass
        >>> list(stages.seconds)
        ['assemble']
        """
        start = time.perf_counter()
        yield
        taken = time.perf_counter() - start
        self.seconds[name] = self.seconds.get(name, 0) + taken
        if told:
            self.progress(f"{told} ({taken:.1f} s)")
