"""From points in time to durations: how long each row lasted, since when it was observed, and which rows cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.durations.endings import GOING_ON, UNKNOWN
from evaltools.estimate.durations.moments import Moments, Unit, length_of, rows_named

OnMissing = Literal["refuse", "leave_out"]
_LEAVE_OUT = 'Mend the rows, or say missing="leave_out": results then tell how many are left out.'


@dataclass(frozen=True, slots=True)
class Columns:
    """The points in time of all rows on one scale, and how each row ended (`endings.kinds_of`)."""

    start: Moments
    end: Moments
    entry: Moments
    since: Moments
    until: Moments
    codes: Codes
    index: pd.Index


@dataclass(frozen=True, slots=True)
class Lasted:
    """Durations of the rows that are kept. said : what was left out, as a key of `durations.note` and its count."""

    kept: Mask
    entry: Floats
    exit: Floats
    ending: Codes
    said: tuple[tuple[str, int], ...]


def lasted(given: Columns, unit: Unit, missing: OnMissing) -> Lasted:
    """How long each row lasted. Raises the `DesignError`s of `spells` about times."""
    scale = given.end.scale
    _check_start(given, scale)
    step = length_of(unit, scale, given.end.name)
    half = 0.5 if scale == "month" else 0.0
    open_end = given.until.values + half
    stopped = given.end.known & ~(given.end.values > given.until.values)
    ending = np.where(stopped, given.codes, GOING_ON)
    exit_ = np.where(stopped, given.end.values, open_end) - given.start.values
    since = given.since.values - half - given.start.values
    entry = np.fmax(np.fmax(given.entry.values - half - given.start.values, since), -np.inf)
    late = given.start.values > given.until.values
    early = ~late & (since >= exit_) & (exit_ >= 0)
    outside = late | early
    incomplete = _incomplete(given, ~outside, missing)
    kept = ~outside & ~incomplete
    _check_order(given, kept, exit_, entry)
    if not kept.any():
        problem = "no row is left to be followed"
        raise DesignError(Fault("NO_SPELLS", given.end.name, problem, "See whether `since` and `until` fit the dates."))
    if scale != "number":
        exit_ = np.where(exit_ == 0, 0.5, exit_)
    said = (("late", late), ("early", early), ("left_out", incomplete))
    return Lasted(
        kept=kept,
        entry=np.where(entry <= 0, -np.inf, entry)[kept] / step,
        exit=exit_[kept] / step,
        ending=ending[kept],
        said=tuple((key, int(mask.sum())) for key, mask in said if mask.any()),
    )


def _check_start(given: Columns, scale: str) -> None:
    if not given.start.name and scale != "number":
        problem = f'"{given.end.name}" holds dates, and no column says when a row began'
        raise DesignError(Fault("START_NEEDED", given.end.name, problem, "Name it: start=..."))


def _incomplete(given: Columns, inside: Mask, missing: OnMissing) -> Mask:
    """Rows whose times or ending are not known. Refused, unless they shall be left out."""
    ends = given.codes > GOING_ON
    nameless = given.end.known & (given.codes == UNKNOWN)
    faults = [
        (inside & ~given.start.known, "TIME_MISSING", given.start.name, f'"{given.start.name}" is empty'),
        (
            inside & ends & ~given.end.known,
            "TIME_MISSING",
            given.end.name,
            f'"{given.end.name}" is empty where the row has an ending',
        ),
        (inside & nameless, "ENDING_MISSING", given.end.name, f'"{given.end.name}" is told, but not how it ended'),
    ]
    found = [
        Fault(code, name, f"{said} ({rows_named(given.index[rows])})", _LEAVE_OUT)
        for rows, code, name, said in faults
        if rows.any()
    ]
    if found and missing == "refuse":
        raise DesignError(*found)
    incomplete: Mask = np.logical_or.reduce([rows for rows, *_ in faults])
    open_ = inside & ~incomplete & ~given.end.known & ~given.until.known
    if open_.any():
        where = rows_named(given.index[open_])
        problem = f'"{given.end.name}" is empty, and no `until` says how long these were followed ({where})'
        raise DesignError(Fault("FOLLOWUP_OPEN", given.end.name, problem, 'Say when it ended: until="2018-12-31".'))
    return incomplete


def _check_order(given: Columns, kept: Mask, exit_: Floats, entry: Floats) -> None:
    start = f'"{given.start.name}"' if given.start.name else "0"
    backwards, unseen = kept & (exit_ < 0), kept & (exit_ >= 0) & (entry > 0) & (entry >= exit_)
    faults = []
    if backwards.any():
        problem = f'"{given.end.name}" lies before {start} ({rows_named(given.index[backwards])})'
        faults.append(Fault("NEGATIVE_TIME", given.end.name, problem, "A row cannot end before it began: mend it."))
    if unseen.any():
        problem = f'"{given.entry.name}" does not lie before "{given.end.name}" ({rows_named(given.index[unseen])})'
        remedy = "A row that was observed only after its end tells nothing about its length: leave it out."
        faults.append(Fault("ENTRY_AFTER_END", given.entry.name, problem, remedy))
    if faults:
        raise DesignError(*faults)
