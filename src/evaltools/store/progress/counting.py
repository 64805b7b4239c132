"""Plain counts: how many units have come how far, and the response rate, over all and by a column of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaltools.store.model import UnitStatus


@dataclass(frozen=True, slots=True)
class Rate:
    """Units that have submitted, of all units asked. `group` is empty for all of them."""

    group: str
    submitted: int
    asked: int

    @property
    def share(self) -> float:
        """The response rate, 0-1; 0 where nobody was asked."""
        return self.submitted / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Stages:
    """How many units have come how far. Every unit that has submitted has also begun and opened."""

    asked: int
    opened: int
    begun: int
    handed_over: int
    submitted: int
    declined: int


def response_rates(statuses: Sequence[UnitStatus], by: str = "") -> tuple[Rate, ...]:
    """The response rate of each group of a frame column, or of all units together.

    Only `submitted` is response, as `dispositions` has it.
    by : a column of the frame, such as `region`; units without it are left out, and without `by` there is one rate.

    >>> response_rates(())
    (Rate(group='', submitted=0, asked=0),)
    """
    if not by:
        return (_rate("", statuses),)
    found = sorted({status.unit.frame[by] for status in statuses if status.unit.frame.get(by)})
    return tuple(_rate(group, [one for one in statuses if one.unit.frame.get(by) == group]) for group in found)


def _rate(group: str, statuses: Sequence[UnitStatus]) -> Rate:
    return Rate(group, sum(has_submitted(one) for one in statuses), len(statuses))


def count_stages(statuses: Sequence[UnitStatus]) -> Stages:
    """How many have opened their link, begun, handed a part over, submitted, or declined.

    >>> count_stages(()).asked
    0
    """
    return Stages(
        asked=len(statuses),
        opened=sum(has_opened(one) for one in statuses),
        begun=sum(has_begun(one) for one in statuses),
        handed_over=sum(one.colleagues > 0 for one in statuses),
        submitted=sum(has_submitted(one) for one in statuses),
        declined=sum(one.disposition == "refused" for one in statuses),
    )


def has_submitted(status: UnitStatus) -> bool:
    """Whether the unit counts as response."""
    return status.disposition == "submitted"


def has_begun(status: UnitStatus) -> bool:
    """Whether the unit has saved an answer, through whichever channel."""
    return status.disposition in ("partial", "submitted")


def has_opened(status: UnitStatus) -> bool:
    """Whether a link was used, or answers came another way."""
    return status.opened_at is not None or has_begun(status)
