"""Statistics mode (databeskyttelsesloven § 10): answers of single cases go in, and only aggregates come out.

The one way back is the correction page of the unit that gave them. Nothing that was collected for statistics may be
used for anything else, so a wave that has been in this mode cannot leave it.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from evaltools.errors import Fault, StoreError
from evaltools.store.model import Mode
from evaltools.store.tables import FIELDWORK


def mode_of(connection: Connection, survey: str, wave: str) -> Mode:
    """The mode of a wave; `answers` where there are no settings."""
    settings = select(FIELDWORK.c.settings).where(FIELDWORK.c.survey == survey, FIELDWORK.c.wave == wave)
    found = connection.execute(settings).scalar()
    return "answers" if found is None or json.loads(found)["mode"] == "answers" else "statistics"


def refuse_in_statistics_mode(where: str, mode: Mode) -> None:
    """Do nothing in a wave whose answers may be handed out; `StoreError` STATISTICS_MODE otherwise."""
    if mode == "statistics":
        problem = "this wave was answered for statistics only, and answers of single cases do not leave the store"
        remedy = "Use released results: `evaltools memo` works; each unit can correct its own answers in the form."
        raise StoreError(Fault("STATISTICS_MODE", where, problem, remedy))
