"""Trouble with the disk under a store, made while a server runs, and mended again."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that can be filled; only the administrator of a Linux machine can make one."""
    folder.mkdir()
    if not _done("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder):
        pytest.skip("no small disk can be made here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(store: Path, _process: int) -> Iterator[None]:
    """Not a byte of room is left on the disk of the store."""
    filler = store.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        file.write(b"x" * shutil.disk_usage(store.parent).free)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def refused_bytes(_store: Path, process: int) -> Iterator[None]:
    """The system refuses every byte that the process would write to a file."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, _NO_LIMIT)


@contextmanager
def read_only(store: Path, _process: int) -> Iterator[None]:
    """The files of the store may not be changed, not even through what is open already; root alone can do that."""
    files = [path for path in store.parent.glob(f"{store.name}*") if not path.name.endswith("-shm")]
    if not _done("chattr", "+i", *files):
        pytest.skip("files cannot be made unchangeable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)


@contextmanager
def locked(store: Path, _process: int) -> Iterator[None]:
    """Another process writes to the store and does not come to an end."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def _done(program: str, *words: str | Path) -> bool:
    """Whether a command is here and did what it was asked."""
    command: Sequence[str | Path] = (program, *words)
    return (
        shutil.which(program) is not None and not subprocess.run(command, capture_output=True, check=False).returncode
    )
