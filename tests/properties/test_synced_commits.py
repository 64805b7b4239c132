"""Between two answers that are acknowledged the kernel has seen at least one sync to the disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tiny_survey import tiny_store

_WRITES = """
import os, sys
from evaltools.store import grouped, open_store, receive
from tiny_survey import LATER, sent
with open_store(sys.argv[1]) as alone, grouped(alone) as store:
    for number in range(int(sys.argv[2])):
        receive(store, sent({"placed": number}, submit=False), at=LATER)
        os.access(f"acknowledged {number}", os.F_OK)
"""
"""Each write waits for its own commit; then a call that the trace shows marks it as acknowledged."""

_SYNC = re.compile(r"\bf(?:data)?sync\b.*= 0$")
_CALLS = "trace=fsync,fdatasync,?access,?faccessat,?faccessat2"


def syncs_before_each_acknowledgement(folder: Path, commits: int) -> list[int]:
    """How many syncs ended since the acknowledgement before, for each of so many commits of the grouped writer."""
    if shutil.which("strace") is None:
        pytest.skip("strace, which counts syncs, is not here")
    with tiny_store(folder) as store:
        path = store.path
    trace = folder / "trace"
    path_of_python = os.pathsep.join(part for part in sys.path if part)
    subprocess.run(
        ["strace", "-f", "-qq", "-e", _CALLS, "-e", "signal=none", "-o", trace,
         sys.executable, "-c", _WRITES, path, str(commits)],
        check=True, env={**os.environ, "PYTHONPATH": path_of_python},
    )  # fmt: skip
    found, since = [], 0
    for line in trace.read_text("utf-8").splitlines():
        since += _SYNC.search(line) is not None
        if '"acknowledged ' in line:
            found.append(since)
            since = 0
    return found


def test_every_commit_is_synced_before_it_is_acknowledged(tmp_path: Path) -> None:
    found = syncs_before_each_acknowledgement(tmp_path, 40)
    assert len(found) == 40
    assert min(found) >= 1


@pytest.mark.proof
def test_two_hundred_commits_are_each_synced_before_they_are_acknowledged(tmp_path: Path) -> None:
    found = syncs_before_each_acknowledgement(tmp_path, 200)
    print(f"{len(found)} commits, {sum(found)} syncs, at least {min(found)} for each")  # noqa: T201
    assert len(found) == 200
    assert min(found) >= 1
