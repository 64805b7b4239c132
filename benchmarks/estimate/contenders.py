"""Who is compared, how each is started, and why one cannot be where it cannot."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SVY = "svy==0.35.0"


@dataclass(frozen=True, slots=True)
class Contender:
    """One who does the tasks. problem : why it cannot, in the words of what was tried; "" where it can."""

    command: tuple[str | Path, ...] = ()
    problem: str = ""


def ours(folder: Path) -> Contender:
    """Evaltools, in the environment that runs this."""
    return Contender((sys.executable, "-m", "estimate.ours"))


def direct(folder: Path) -> Contender:
    """The yardstick in numpy."""
    return Contender((sys.executable, "-m", "estimate.direct"))


def in_r(folder: Path) -> Contender:
    """R's package survey, where it is installed."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return Contender(problem="there is no Rscript (Debian: apt-get install r-base-core r-cran-survey)")
    problem = _tried(rscript, "-e", "library(survey)")
    return Contender(problem=problem) if problem else Contender((rscript, HERE / "in_r.R"))


def in_svy(folder: Path) -> Contender:
    """The Python package svy, in an environment of its own that is made once."""
    home = folder / "svy"
    python = home / "bin" / "python"
    if not python.exists() or _tried(python, "-c", "import svy"):
        problem = _tried(sys.executable, "-m", "venv", home) or _tried(python, "-m", "pip", "install", "--quiet", SVY)
        if problem:
            return Contender(problem=problem)
    return Contender((python, "-m", "estimate.in_svy"))


KNOWN: Mapping[str, Callable[[Path], Contender]] = {"ours": ours, "direct": direct, "svy": in_svy, "R": in_r}


def _tried(*words: str | Path) -> str:
    """The last line of what went wrong in a command; "" where nothing did."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"{words[0]} stopped with {done.returncode}"])[-1]
