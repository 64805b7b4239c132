"""What is noted of people who answer: the files they take away with them, and not each look at their own answers."""

from __future__ import annotations

from evaltools.store import note_read
from evaltools.web.visit import Visit


def note_download(visit: Visit) -> None:
    """Note that somebody takes away a file with the answers of their own unit, before it is handed out.

    Raises: `StoreError` STORE_READ_ONLY and the like: what cannot be noted is not handed out.
    """
    grant = visit.here.grant
    note_read(
        visit.site.store, grant.survey, grant.wave,
        at=visit.at, actor=visit.here.person, what="own", unit=grant.unit,
    )  # fmt: skip
