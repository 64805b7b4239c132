"""Takes an answer in from a notebook or script: the same way in as every other channel."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from evaltools.language import Language
from evaltools.store import Conflict, Refused, Saved, Submission, open_store, receive


def submit(store: str | Path, submission: Submission, *, language: Language = "da") -> Saved | Refused | Conflict:
    """Check one submission and keep it, or say why not. Nothing is ever overwritten silently.

    store : path of an existing store. language : of the messages to the respondent.
    submission : the answers of one unit. Returns `Saved`, or `Refused` or `Conflict` with the reasons.
    Raises `StoreError` as `receive` and `open_store`.
    """
    with open_store(Path(store)) as opened:
        return receive(opened, submission, at=dt.datetime.now(dt.UTC), language=language)
