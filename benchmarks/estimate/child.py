"""What each contender does in a process of its own: start, read, make the design, and run what it was asked, timed.

It prints lines of a word and numbers, which `children` reads: `start 0.8`, `task mean`, `first 0.02`, ...
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Numbers = Mapping[str, npt.NDArray[Any]]
"""What a task found: `estimate`, `se` and `test`, as far as the contender gives them."""
Data = TypeVar("Data")
Design = TypeVar("Design")


def run(
    read: Callable[[Path], Data], design: Callable[[Data], Design], tasks: Mapping[str, Callable[[Design], Numbers]]
) -> None:
    """Do what the command line says: folder, tasks with commas, repetitions, and when the process was started."""
    folder, names, again, started = sys.argv[1:]
    told("start", time.time() - float(started))
    seconds, data = timed(lambda: read(Path(folder)))
    told("read", seconds)
    seconds, made = timed(lambda: design(data))
    told("design", seconds)
    for name in names.split(","):
        print("task", name, flush=True)
        try:
            one(partial(tasks[name], made), int(again))
        except Exception as error:  # a contender that fails is a line of the table, not the end of it
            print("failed", type(error).__name__, str(error).replace("\n", " ")[:200], flush=True)
    told("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def one(task: Callable[[], Numbers], again: int) -> None:
    """One task: its first call, repeated calls, and its numbers."""
    seconds, found = timed(task)
    told("first", seconds)
    told("again", *(timed(task)[0] for _ in range(again)))
    for kind, values in found.items():
        told(kind, *np.asarray(values, dtype=float).ravel().tolist())


def timed(work: Callable[[], Data]) -> tuple[float, Data]:
    """Seconds that the work took, and what came of it."""
    started = time.perf_counter()
    done = work()
    return time.perf_counter() - started, done


def told(kind: str, *values: float) -> None:
    """Print one line."""
    print(kind, *map(repr, values), flush=True)
