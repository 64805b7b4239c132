"""What runs in the child process: takes a job, makes the file, sends it back."""

from __future__ import annotations

import logging
import os
import traceback
from multiprocessing.connection import Connection
from typing import Final

LOG: Final = logging.getLogger("evaltools.web")
NICENESS: Final = 10


def make_all(line: Connection) -> None:
    """Make what comes down the line until its other end is gone. What cannot be made gives None."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    while True:
        try:
            job = line.recv()
        except EOFError:
            return
        try:
            made: bytes | None = job()
        except Exception as error:
            lines = "".join(traceback.format_tb(error.__traceback__))
            LOG.error("a file could not be made: %s\n%s", type(error).__name__, lines)
            made = None
        line.send(made)
