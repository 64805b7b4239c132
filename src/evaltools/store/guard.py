"""The guard at every name that comes in: of people, contacts and records. Answers pass the same one in `collect`."""

from __future__ import annotations

from evaltools.collect.personal import has_cpr_number
from evaltools.errors import Fault, StoreError


def refuse_cpr_number(where: str, *texts: str) -> None:
    """Do nothing if no text holds a CPR number; `StoreError` CPR_IN_NAME otherwise, which does not repeat it."""
    if any(has_cpr_number(text) for text in texts):
        problem = "this seems to hold a CPR number, and was not saved"
        raise StoreError(Fault("CPR_IN_NAME", where, problem, "Write a name or a running number of your own instead."))
