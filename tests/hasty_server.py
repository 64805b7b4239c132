"""`evaltools serve` with a fault put in: it says that answers are saved a moment before they are. For one test."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from evaltools.cli import main
from evaltools.store import Store, grouping
from evaltools.store.handle import writing

TOO_EARLY = 0.2
"""Seconds."""


def acknowledge_and_commit(store: Store, group: Sequence[Any]) -> None:
    """Tell everybody, and only then commit."""
    with writing(store) as connection:
        for job in group:
            grouping._attempt(store, connection, job.work)(job.done)
        time.sleep(TOO_EARLY)


if __name__ == "__main__":
    grouping._do_together = acknowledge_and_commit
    sys.exit(main())
