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
    """One process: seconds of each phase before the tasks, seconds in all, and the most memory it held (bytes)."""

    phases: dict[str, float] = field(default_factory=dict)
    tasks: dict[str, Done] = field(default_factory=dict)
    seconds: float = 0.0
    peak: int = 0


def start(command: Sequence[str | Path], place: Path, tasks: Sequence[str], again: int, path: Path) -> Child:
    """Run tasks in a new process; a task that it did not come to has failed, with the last line of its errors."""
    started = time.time()
    words = [*map(str, command), str(place), ",".join(tasks), str(again), f"{started:.6f}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        printed, errors = process.communicate()
    finally:
        process.kill()
        process.wait()
    child = read(printed)
    child.seconds = time.time() - started
    for task in tasks:
        if task not in child.tasks:
            child.tasks[task] = Done(failure=(errors.strip().splitlines() or ["it printed nothing"])[-1])
    return child


def read(printed: str) -> Child:
    """What the lines of a process say."""
    child = Child()
    done = Done()
    for line in printed.splitlines():
        kind, _, rest = line.strip().partition(" ")
        if kind == "task":
            done = child.tasks[rest.strip()] = Done()
        elif kind == "failed":
            done.failure = rest
        elif kind == "first":
            done.first = float(rest)
        elif kind == "again":
            done.again = tuple(map(float, rest.split()))
        elif kind == "peak":
            child.peak = int(float(rest)) * KILO
        elif kind in PHASES:
            child.phases[kind] = float(rest)
        else:
            done.numbers[kind] = np.array(rest.split(), dtype=float)
    return child


def apart(one: Mapping[str, npt.NDArray[np.float64]], other: Mapping[str, npt.NDArray[np.float64]]) -> float:
    """The largest relative difference between numbers that both found; infinite where they found none in common."""
    common = one.keys() & other.keys()
    if not common or any(one[kind].shape != other[kind].shape for kind in common):
        return np.inf
    return max(float((np.abs(one[kind] - other[kind]) / np.abs(other[kind])).max()) for kind in common)
