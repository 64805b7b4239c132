"""Prints the seconds of `make memo` by stage, and of all tables of the survey: `python benchmarks/memo.py`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import tables

ROOT = Path(__file__).parents[1]
EVALTOOLS = Path(sys.executable).parent / "evaltools"


def run(*words: str | Path) -> tuple[float, str]:
    """Run one verb of the command line; returns its seconds, start of Python included, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run([EVALTOOLS, *words], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return time.perf_counter() - started, done.stdout


def line(stage: str, seconds: float) -> None:
    print(f"{stage:<32} {seconds:>6.2f} s", flush=True)


def main() -> None:
    """One line per stage; formats are written two at a time and chapters executed two at a time, so they overlap."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "rehearsal.db"
        rehearse, _ = run("rehearse", "surveys", "--store", store)
        memo, report = run("memo", "notebooks", "--store", store, "-o", Path(folder) / "out", "--json")
        line("rehearse", rehearse)
        for stage, seconds in json.loads(report)["seconds"].items():
            line(stage, seconds)
        line("memo: all chapters and formats", memo)
        tables.main([str(store)])


if __name__ == "__main__":
    main()
