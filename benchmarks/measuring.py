"""Clocks and loads for benchmarks of the served form: how long each request took, and what the disk can do."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

WRITES = frozenset({"POST", "PUT"})
SYNCED = b"x" * 4096
SHOWN_AGAIN = 422
"""The status of a page that is shown again because something must be mended or given a reason."""


@dataclass
class Clock:
    """Milliseconds of each request, reads and writes apart, and what went wrong."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    again: int = 0
    turn: threading.Lock = field(default_factory=threading.Lock)

    def client(self, url: str) -> httpx.Client:
        """A client with cookies of its own whose requests are timed until their last byte."""
        return httpx.Client(base_url=url, timeout=60, verify=False, event_hooks={"response": [self.note]})

    def note(self, response: httpx.Response) -> None:
        """Time an answer; one from 400 on is an error."""
        response.read()
        self.add(response.request.method, response.elapsed.total_seconds())
        self.judge(response.request.method, response.status_code)

    def judge(self, method: str, status: int) -> None:
        """Note a page that is shown again because it asks for a reason, and an error: any other status from 400 on."""
        with self.turn:
            if status == SHOWN_AGAIN:
                self.again += 1
            elif status >= 400:
                self.errors.append(f"{status} {method}")

    def add(self, method: str, seconds: float) -> None:
        """Note how long a request took."""
        with self.turn:
            (self.writes if method in WRITES else self.reads).append(1000 * seconds)

    def told(self) -> str:
        """How many requests of each sort, how long half, 95 and 99 of 100 took at most, and the errors."""
        sorts = (("GET", self.reads), ("POST", self.writes))
        parts = [f"{len(taken)} {name} {percentiles(taken)}" for name, taken in sorts if taken]
        again = f", {self.again} pages shown again for a reason" if self.again else ""
        return f"{', '.join(parts)}, {len(self.errors)} errors{self._kinds()}{again}"

    def _kinds(self) -> str:
        return f" ({', '.join(sorted(set(self.errors))[:5])})" if self.errors else ""


def percentiles(taken: Sequence[float]) -> str:
    """The median and the upper percentiles of some milliseconds."""
    return f"p50 {quantile(taken, 0.5):.0f} p95 {quantile(taken, 0.95):.0f} p99 {quantile(taken, 0.99):.0f} ms"


def quantile(values: Sequence[float], p: float) -> float:
    """The value below which a share `p` of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(p * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def together(people: int, work: Callable[[int], None]) -> float:
    """Seconds that so many threads take who all do their work at the same time."""
    started = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        for done in [pool.submit(work, number) for number in range(people)]:
            done.result()
    return time.perf_counter() - started


def surroundings(folder: Path) -> str:
    """What a figure of writing must stand beside: how often the disk syncs, and how busy the machine is."""
    return f"[disk {sync_rate(folder):.0f} syncs/s, load {os.getloadavg()[0]:.1f}]"


def sync_rate(folder: Path) -> float:
    """Writes of 4 KiB with a sync to the disk, a second."""
    count, started = 0, time.perf_counter()
    with (folder / "sync").open("wb") as file:
        while time.perf_counter() < started + 1:
            file.write(SYNCED)
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.perf_counter() - started)
