"""Whom to call next, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from evaltools.store.model import UnitStatus
from evaltools.store.progress.balance import gains
from evaltools.store.progress.counting import has_begun, has_opened

Why = Literal["begun_silent", "begun", "opened", "never_opened"]
"""`begun_silent` has saved something, but not lately; `opened` has used the link and saved nothing."""

SILENT_DAYS: Final = 7
"""After so many days without a change, somebody who has begun may have forgotten it."""

_ORDER: Final[tuple[Why, ...]] = ("begun_silent", "opened", "never_opened", "begun")
"""Nearest to an answer first; whoever works at it right now needs no call."""


@dataclass(frozen=True, slots=True)
class Call:
    """A unit worth a call. gain : rise of R if it answered. silent_days : since its last change, None before it."""

    status: UnitStatus
    why: Why
    gain: float
    silent_days: int | None


def whom_to_call(statuses: Sequence[UnitStatus], by: Sequence[str], *, at: dt.datetime) -> tuple[Call, ...]:
    """Everybody who has neither submitted nor declined, in the order in which a call does most good.

    First by the rise of R in thousandths, so that units of the group most behind come first; among those that
    would give the same, first who has begun and fallen silent, then who has opened the link, then who has not,
    and last who is at work now.
    by : frame columns. at : the present.

    >>> whom_to_call((), ("region",), at=dt.datetime(2027, 3, 1, tzinfo=dt.timezone.utc))
    ()
    """
    rise = gains(statuses, by)
    waited = [one for one in statuses if one.disposition not in ("submitted", "refused")]
    calls = [Call(one, _why(one, at), rise[one.unit.code], _silent_days(one, at)) for one in waited]
    return tuple(sorted(calls, key=_place))


def _place(call: Call) -> tuple[float, int, int, str]:
    silent = -(call.silent_days or 0)
    return (-round(call.gain, 3), _ORDER.index(call.why), silent, call.status.unit.code)


def _why(status: UnitStatus, at: dt.datetime) -> Why:
    if has_begun(status):
        return "begun_silent" if (_silent_days(status, at) or 0) >= SILENT_DAYS else "begun"
    return "opened" if has_opened(status) else "never_opened"


def _silent_days(status: UnitStatus, at: dt.datetime) -> int | None:
    return None if status.changed_at is None else max(0, (at - status.changed_at).days)
