"""Phases of a monitoring chart: before and after a named date, and the baseline that its lines are taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.monitor.counts import Count, Counts
from evaltools.estimate.monitor.periods import first_day, period_of_day, read_period
from evaltools.language import texts


@dataclass(frozen=True, slots=True)
class Phase:
    """Rows that share centre line and limits. `baseline` : the rows that these are taken from."""

    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    rows: tuple[Count, ...]
    baseline: tuple[Count, ...]


def phases_of(counts: Counts, phases: Mapping[str, str], baseline: str) -> list[Phase]:
    """The rows in their phases.

    phases : period or day at which one begins -> its name. baseline : the last period of the time that the lines are
    taken from; all periods of the phase where it is empty.
    Raises `DesignError`: PHASES_AND_BASELINE, NO_SUCH_PERIOD, EMPTY_PHASE.
    """
    if phases and baseline:
        problem = "both phases and a baseline are given"
        remedy = "Either each phase has its own lines, or all keep those of the baseline."
        raise DesignError(Fault("PHASES_AND_BASELINE", counts.source.question, problem, remedy))
    if not phases:
        rows = counts.rows
        return [Phase((), (), rows, _until(counts, _place(counts, baseline)) if baseline else rows)]
    starts = sorted((_place(counts, start), start, name) for start, name in phases.items())
    before = texts(counts.source.language).say("monitor.phase.before")
    if counts.rows[0].x < starts[0][0]:
        starts.insert(0, (counts.rows[0].x, "before", before))
    ends = [*(start for start, _, _ in starts[1:]), float("inf")]
    return [_phase(counts, each, end) for each, end in zip(starts, ends, strict=True)]


def _phase(counts: Counts, start: tuple[float, str, str], end: float) -> Phase:
    first, key, name = start
    rows = tuple(row for row in counts.rows if first <= row.x < end)
    if not rows:
        remedy = "Take a date inside the data, or leave the phase out."
        raise DesignError(Fault("EMPTY_PHASE", counts.source.question, f'no period lies in the phase "{name}"', remedy))
    return Phase((("phase", key),), (name,), rows, rows)


def _until(counts: Counts, last: float) -> tuple[Count, ...]:
    rows = tuple(row for row in counts.rows if row.x <= last)
    if not rows:
        remedy = "Name a period inside the data."
        raise DesignError(Fault("EMPTY_PHASE", counts.source.question, "no period lies in the baseline", remedy))
    return rows


def _place(counts: Counts, name: str) -> float:
    """Where a named period, or the period of a named day, lies on the axis; years may be numbers."""
    name = str(name)
    period = read_period(name)
    if period is not None and counts.kind is not None:
        return float(period_of_day(first_day(period), counts.kind).number)
    found = [row.x for row in counts.rows if row.at == name]
    if found:
        return found[0]
    problem = f'there is no period "{name}"'
    raise DesignError(
        Fault("NO_SUCH_PERIOD", counts.source.question, problem, near(name, [row.at for row in counts.rows]))
    )
