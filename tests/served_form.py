"""A form served by a process of its own, as `evaltools serve` does it, on a free port of this machine."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
EVALTOOLS = Path(sys.executable).parent / "evaltools"
EIGHT = ROOT / "benchmarks" / "surveys" / "eight_questions" / "1"
NO_LIMITS = ("--per-address", "1000000", "--per-token", "1000000")
LONGEST_START, LONGEST_END = 60.0, 120.0
"""Seconds."""

Program = Sequence[str | Path]
"""What serves: a command that takes the words of `evaltools`."""


@dataclass
class Served:
    """A running server: its address, its process, and where it writes its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def open_with_links(wave: Path, store: Path) -> Mapping[str, str]:
    """Open a wave for all units, one contact each; the path of each unit's link by its code."""
    content, links = _opened(wave)
    store.write_bytes(content)
    return dict(links)


@cache
def _opened(wave: Path) -> tuple[bytes, Mapping[str, str]]:
    """The file of a store in which a wave has just been opened, and its links; each wave is opened once.

    It is a copy of the wave that is opened, since opening freezes a questionnaire where it lies.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = _copied(wave, folder / "project")
        store, contacts, links = folder / "answers.db", folder / "contacts.csv", folder / "links.csv"
        units = _codes(copy.parents[2])
        lines = ["kommunekode,name,email", *(f"{code},Leder {code},leder{code}@example.dk" for code in units)]
        contacts.write_text("\n".join(lines) + "\n", "utf-8")
        words: list[str | Path] = ["open", copy, "--store", store, "--contacts", contacts, "--links-to", links]
        subprocess.run([EVALTOOLS, *words], check=True, stdout=subprocess.DEVNULL)
        with links.open(encoding="utf-8-sig", newline="") as file:
            paths = {row["kommunekode"]: "/s/" + row["url"].rsplit("/s/", 1)[1] for row in csv.DictReader(file)}
        return store.read_bytes(), paths


def _copied(wave: Path, project: Path) -> Path:
    """The wave in a project of its own, with all that it is made of."""
    for part in ("data_dictionary", "surveys"):
        shutil.copytree(ROOT / part, project / part)
    place = project / "surveys" / wave.parent.name / wave.name
    shutil.copytree(wave, place, dirs_exist_ok=True)
    return place


def _codes(project: Path) -> list[str]:
    with (project / "data_dictionary" / "codelists" / "municipalities.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        return [row["kommunekode"] for row in csv.DictReader(file)]


@contextmanager
def served(store: Path, *words: str) -> Iterator[Served]:
    """Serve a store until the `with` block ends."""
    server = start(store, *words)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.wait(LONGEST_END)


def start(store: Path, *words: str, program: Program = (EVALTOOLS,)) -> Served:
    """Start to serve, and come back when the server answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = store.with_suffix(".serve.log")
    command = [*program, "serve", "--store", store, "--host", "127.0.0.1", "--port", str(port), *words]
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=os.environ)
    server = Served(f"http://127.0.0.1:{port}", process, log)
    _await(server)
    return server


def _await(server: Served) -> None:
    given_up = time.monotonic() + LONGEST_START
    while time.monotonic() < given_up:
        assert server.process.poll() is None, server.log.read_text("utf-8")
        try:
            if httpx.get(f"{server.url}/sundhed", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    server.kill()
    raise AssertionError(f"no answer within {LONGEST_START} s: {server.log.read_text('utf-8')}")
