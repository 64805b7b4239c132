"""Starts a contender in a process of its own, reads what it prints, and takes down its time and its peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

PHASES = ("start", "read", "design")
WHOLE = ("seconds", "peak")
KILO = 1 if os.uname().sysname == "Darwin" else 1024


@dataclass(slots=True)
class Done:
    """One task in one process: seconds of its first call and of repeated ones, and what it found."""

    first: float = 0.0
    again: tuple[float, ...] = ()
    numbers: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    failure: str = ""


@dataclass(slots=True)
class Child:
    """One process: seconds of each phase before the tasks and in all, and what its system says of its memory."""

    told: dict[str, float] = field(default_factory=dict)
    tasks: dict[str, Done] = field(default_factory=dict)

    @property
    def peak(self) -> float:
        """The most memory that it held (bytes)."""
        return self.told.get("peak", 0.0) * KILO


def start(command: Sequence[str | Path], place: Path, tasks: Sequence[str], again: int, path: Path) -> str:
    """Run tasks in a new process; returns what it printed, and how long it took.

    A task that it did not come to has failed, with the last line of its errors.
    """
    started = time.time()
    words = [*map(str, command), str(place), ",".join(tasks), str(again), f"{started:.6f}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        printed, errors = process.communicate()
    finally:
        process.kill()
        process.wait()
    reached = {line.removeprefix("task ").strip() for line in printed.splitlines() if line.startswith("task ")}
    last = (errors.strip().splitlines() or ["it printed nothing"])[-1]
    missed = "".join(f"task {task}\nfailed {last}\n" for task in tasks if task not in reached)
    return f"{printed}{missed}seconds {time.time() - started}\n"


def read(printed: str) -> Child:
    """What the lines of a process say."""
    child = Child()
    done = Done()
    for line in printed.splitlines():
        kind, _, rest = line.strip().partition(" ")
        if kind == "task":
            done = child.tasks[rest.strip()] = Done(failure="stopped before it was done")
        elif kind == "failed":
            done.failure = rest
        elif kind == "first":
            done.first, done.failure = float(rest), ""
        elif kind == "again":
            done.again = tuple(map(float, rest.split()))
        elif kind in (*PHASES, *WHOLE):
            child.told[kind] = float(rest)
        else:
            done.numbers[kind] = np.array(rest.split(), dtype=float)
    return child


def apart(one: Mapping[str, npt.NDArray[np.float64]], other: Mapping[str, npt.NDArray[np.float64]]) -> float:
    """The largest relative difference between numbers that both found; infinite where they found none in common."""
    common = one.keys() & other.keys()
    if not common or any(one[kind].shape != other[kind].shape for kind in common):
        return np.inf
    return max(float((np.abs(one[kind] - other[kind]) / np.abs(other[kind])).max()) for kind in common)
