"""Points in time as a store writes them: UTC, to the millisecond."""

from __future__ import annotations

import datetime as dt

from evaltools.errors import Fault, StoreError


def moment_text(at: dt.datetime) -> str:
    """The text of a point in time; `StoreError` NO_TIME_ZONE where it has no time zone.

    >>> moment_text(dt.datetime(2018, 2, 1, 9, 30, tzinfo=dt.timezone.utc))
    '2018-02-01T09:30:00.000+00:00'
    """
    if at.tzinfo is None:
        problem = f"the time {at.isoformat()} has no time zone"
        raise StoreError(Fault("NO_TIME_ZONE", "at", problem, "Give one, such as datetime.now(timezone.utc)."))
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def moment(text: str) -> dt.datetime:
    """The point in time that `moment_text` wrote."""
    return dt.datetime.fromisoformat(text)
