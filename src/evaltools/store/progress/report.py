"""One report of the field work of a wave, for whoever shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.store.model import UnitStatus
from evaltools.store.progress.balance import Balance, balance
from evaltools.store.progress.calling import Call, whom_to_call
from evaltools.store.progress.counting import Rate, Stages, count_stages, response_rates

FRAME_COLUMNS: Final = ("region", "size")
"""What response is broken down by: what is known of every unit and matters for how it answers."""


@dataclass(frozen=True, slots=True)
class FieldworkReport:
    """Where the field work of a wave stands. `rates`: by frame column, in the order of `FRAME_COLUMNS`."""

    stages: Stages
    rate: Rate
    rates: Mapping[str, tuple[Rate, ...]]
    balance: Balance | None
    calls: tuple[Call, ...]


def fieldwork_report(statuses: Sequence[UnitStatus], *, at: dt.datetime) -> FieldworkReport:
    """The report of a wave from the statuses of its units, as `unit_statuses` gives them. at : the present.

    >>> fieldwork_report((), at=dt.datetime(2027, 3, 1, tzinfo=dt.timezone.utc)).rate.share
    0.0
    """
    by_column = {name: response_rates(statuses, name) for name in FRAME_COLUMNS}
    (rate,) = response_rates(statuses)
    return FieldworkReport(
        stages=count_stages(statuses),
        rate=rate,
        rates={name: rates for name, rates in by_column.items() if rates},
        balance=balance(statuses, FRAME_COLUMNS),
        calls=whom_to_call(statuses, FRAME_COLUMNS, at=at),
    )
