"""Executes chapters, each in a fresh kernel, two at a time."""

from __future__ import annotations

import asyncio
import copy
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbclient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from traitlets.config import Config

from evaltools.errors import Fault
from evaltools.memo.stages import Stages

_Done = tuple[Any, Fault | None]
"""An executed notebook, and why it stopped in the middle if it did."""

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_CELL_LINE: Final = re.compile(r"In\[\d+\], line (\d+)|^-+> (\d+)", re.MULTILINE)
_TIMEOUT: Final = 600
_PARALLEL: Final = 2


@dataclass(frozen=True, slots=True)
class Job:
    """One chapter to execute: its notebook, and the environment that its kernel sees."""

    name: str
    notebook: Any
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Executed:
    """The executed notebooks by chapter name, and the first failing cell of each that failed (CELL_FAILED)."""

    notebooks: Mapping[str, Any]
    faults: tuple[Fault, ...]


def execute(jobs: Sequence[Job], folder: Path, stages: Stages) -> Executed:
    """Execute chapters; the notebooks given are not changed.

    folder : where the kernels work. stages : times each chapter.
    A cell that fails does not stop the others of its chapter.
    """
    with tempfile.TemporaryDirectory(prefix="ev") as sockets, asyncio.Runner(loop_factory=_Loop) as runner:
        done = runner.run(_execute_all(jobs, folder, Path(sockets), stages))
    notebooks = {job.name: notebook for job, (notebook, _) in zip(jobs, done, strict=True)}
    faults = (
        stopped or _first_failure(job.name, notebook) for job, (notebook, stopped) in zip(jobs, done, strict=True)
    )
    return Executed(notebooks, tuple(fault for fault in faults if fault is not None))


class _Loop(asyncio.SelectorEventLoop):
    """A loop on which Ctrl-C stops the whole build; nbclient would only shut down one kernel."""

    def add_signal_handler(self, *_: object) -> None:
        """Refuse, as a loop outside the main thread does."""
        raise NotImplementedError


async def _execute_all(jobs: Sequence[Job], folder: Path, sockets: Path, stages: Stages) -> list[_Done]:
    places = asyncio.Semaphore(_PARALLEL)

    async def one(number: int, job: Job) -> _Done:
        async with places:
            with stages.stage(f"execute {job.name}", told=job.name):
                return await _execute_one(job, folder, sockets / str(number))

    return await asyncio.gather(*(one(number, job) for number, job in enumerate(jobs)))


async def _execute_one(job: Job, folder: Path, socket: Path) -> _Done:
    notebook = copy.deepcopy(job.notebook)
    if not any(cell["cell_type"] == "code" for cell in notebook["cells"]):
        return notebook, None
    client = nbclient.NotebookClient(
        notebook,
        config=_local_connection(socket),
        kernel_name="python3",
        timeout=_TIMEOUT,
        allow_errors=True,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        await client.async_execute(env=dict(job.environment))
    except DeadKernelError:
        return notebook, _stopped(
            job.name, client, "the computer ended it, often for want of memory", "Free some memory"
        )
    except CellTimeoutError:
        return notebook, _stopped(job.name, client, f"a cell ran for more than {_TIMEOUT} s", "Make the cell shorter")
    return notebook, None


def _stopped(chapter: str, client: nbclient.NotebookClient, problem: str, remedy: str) -> Fault:
    place = f"{chapter}, code cell {client.code_cells_executed}"
    return Fault("CHAPTER_STOPPED", place, f"the chapter stopped: {problem}", f"{remedy} and build again.")


def _local_connection(socket: Path) -> Config:
    """Unix sockets where there are any: nobody else on the machine can listen in."""
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": str(socket)}} if os.name == "posix" else {})


def _first_failure(chapter: str, notebook: Mapping[str, Any]) -> Fault | None:
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                place = f"{chapter}, cell {number}{_line(output)}"
                message = _COLOUR.sub("", str(output["evalue"])).strip().rstrip(".")
                return Fault("CELL_FAILED", place, f"{output['ename']}: {message}", "Mend the cell and build again.")
    return None


def _line(output: Mapping[str, Any]) -> str:
    trace = _COLOUR.sub("", "\n".join(output["traceback"]))
    found = _CELL_LINE.search(trace)
    return f", line {found[1] or found[2]}" if found else ""
