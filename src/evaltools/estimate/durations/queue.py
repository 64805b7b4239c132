"""A waiting list as a counting process: who came, who got what they waited for, who gave up, and so who waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Mask
from evaltools.estimate.calls import call
from evaltools.estimate.curve import Curve, CurvePoint
from evaltools.estimate.durations.about import About, computed
from evaltools.estimate.durations.counting import each_kind
from evaltools.estimate.durations.model import Spells, spells
from evaltools.estimate.durations.moments import Unit, column_of, moment_of, moments_of, month_named, months_of
from evaltools.estimate.result import NO_R

STARTED: Final = "started"
BROKEN_OFF: Final = "broken_off"
_HOW: Final = "how_the_wait_ended"
_WHEN: Final = "when_the_wait_ended"

Period = Literal["month", "quarter", "year"]
_MONTHS: Final[Mapping[Period, int]] = {"month": 1, "quarter": 3, "year": 12}


def waiting(
    frame: pd.DataFrame | Dataset,
    *,
    request: str,
    start: str,
    until: str,
    broken_off: str | None = None,
    unit: Unit = "months",
    about: About | None = None,
) -> Spells:
    """Waits from request to start as spells: `started`, `broken_off`, or still waiting.

    frame : one row per request. request, start, broken_off : columns with dates or months; start and broken_off are
    empty where that has not happened. until : the last day for which the list is known. unit : of the time waited.
    about : what the rows are; families where nothing is said.
    Those still waiting are censored, never left out: their waits are the long ones. `median` and `kaplan_meier` tell
    how long the wait is, `cumulative_incidence` how many have got what they waited for, `waiting_list` how many wait.
    Returns `Spells`. Raises `DesignError`: STARTED_AND_BROKEN_OFF, and those of `spells`.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"asked": ["2018-01", "2018-02", "2018-02"], "began": ["2018-04", None, None]})
    >>> waiting(rows, request="asked", start="began", until="2018-06").exit.tolist()
    [3.0, 4.5, 4.5]
    """
    rows = frame.frame if isinstance(frame, Dataset) else frame
    first, second = column_of(rows, start), None if broken_off is None else column_of(rows, broken_off)
    began = moments_of(first, start)
    how, when = [STARTED if known else None for known in began.known.tolist()], first
    if second is not None and broken_off is not None:
        stopped = moments_of(second, broken_off)
        _check_one(rows, began.known & stopped.known, start, broken_off)
        how = [BROKEN_OFF if known else one for known, one in zip(stopped.known.tolist(), how, strict=True)]
        when = first.astype(object).where(began.known, second.astype(object))
    made = rows.copy()
    made[_WHEN], made[_HOW] = when, how
    endings = {STARTED: STARTED} | ({BROKEN_OFF: BROKEN_OFF} if broken_off else {})
    told = replace(frame, frame=made) if isinstance(frame, Dataset) else made
    found = spells(
        told, start=request, end=_WHEN, ending=_HOW, endings=endings, until=until, unit=unit,
        about=about or About(unit="family", confidentiality="families"),
    )  # fmt: skip
    arguments = {
        "request": request, "start": start, "until": until, "broken_off": broken_off,
        "unit": None if unit == "months" else unit,
    }  # fmt: skip
    code = frame.code if isinstance(frame, Dataset) else (about or About()).code
    question = found.say("question", unit=found.say(f"unit.{unit}"), start=request, end=start)
    source = replace(found.source, code=call("durations.waiting", code, arguments), question=question)
    return replace(found, source=source)


def waiting_list(spells: Spells, *, since: str | None = None, every: Period = "month") -> Curve:
    """How many waited at the end of each month, and how many came and went in it.

    spells : from `waiting` (or from `spells` of dates: then the placements going on). since : the first month told;
    without it the first with a request. every : `month`, `quarter` or `year`: short lists are counted in longer ones,
    since small counts are not shown.
    A list made of the requests themselves cannot contradict them, as a number typed by hand can. If the rows are only
    those who were on the list on some day, say so by `since`: before it the list was longer than the rows tell.
    Returns a `Curve` of kind `stock` with several lines (coordinate `flow`): `waiting` at the end of the period,
    `asked` in it, and one for each ending. Waiting now is waiting before, plus asked, minus ended.
    Raises `DesignError`: NO_CALENDAR, NO_SUCH_PERIOD, SINCE_AFTER_UNTIL, NOT_A_TIME.
    Source: a counting process; Andersen, Borgan, Gill and Keiding (1993), chapter 2.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"asked": ["2018-01", "2018-02", "2018-02"], "began": ["2018-04", None, None]})
    >>> curve = waiting_list(waiting(rows, request="asked", start="began", until="2018-04"))
    >>> [curve.point(month, flow="waiting").y for month in ("2018-01", "2018-02", "2018-04")]
    [1.0, 3.0, 2.0]
    """
    if spells.began is None or spells.ended is None or spells.until is None:
        problem = "the spells were made of numbers, and no month is known"
        raise DesignError(Fault("NO_CALENDAR", spells.source.question, problem, "Give dates or months for both ends."))
    if every not in _MONTHS:
        raise DesignError(Fault("NO_SUCH_PERIOD", "every", f'there is no period "{every}"', near(every, _MONTHS)))
    ends = _ends(spells, since, _MONTHS[every])
    gone = {kind: spells.ended[spells.ending == place + 1] for place, kind, _ in each_kind(spells)}
    came, went = (_so_far(months, ends) for months in (spells.began, spells.ended[spells.ending > 0]))
    lines = {"waiting": (came - went)[1:], "asked": np.diff(came)}
    lines |= {kind: np.diff(_so_far(months, ends)) for kind, months in gone.items()}
    points = tuple(
        CurvePoint(
            x=float(month),
            at=_period_named(spells, int(month), every),
            y=float(values[place]),
            n=int(values[place]),
            count=int(values[place]),
            coordinates=(("flow", flow),),
            labels=(_flow_named(spells, flow),),
        )
        for flow, values in lines.items()
        for place, month in enumerate(ends[1:].tolist())
    )
    return Curve(
        name=spells.say("name.waiting"),
        kind="stock",
        measure="count",
        points=points,
        source=computed(spells.source, "waiting_list", {"since": since, "every": None if every == "month" else every}),
        method=spells.say("method.waiting"),
        notes=(*spells.notes, *_partial(spells, ends, _MONTHS[every])),
        x_name=spells.say(f"period.{every}"),
        r=f"{NO_R}it is counted, not estimated",
    )


def _ends(spells: Spells, since: str | None, size: int) -> Codes:
    """The last month before the first period, and the last of each; the end of the follow-up closes the last one."""
    assert spells.began is not None
    assert spells.until is not None
    first = int(spells.began.min()) if since is None else int(months_of(moment_of(since, "since"))[0])
    if first > spells.until:
        problem = f"{month_named(first)} lies after the end of the follow-up, {month_named(spells.until)}"
        raise DesignError(Fault("SINCE_AFTER_UNTIL", "since", problem, "Begin earlier."))
    whole = np.arange(first, spells.until + 1)
    return np.unique([first - 1, *whole[whole % size == size - 1].tolist(), spells.until])


def _so_far(months: Codes, ends: Codes) -> Codes:
    return np.searchsorted(np.sort(months), ends, side="right")


def _partial(spells: Spells, ends: Codes, size: int) -> tuple[str, ...]:
    """Whether the first or last period is shorter than the others."""
    short = (ends[0] + 1) % size != 0 or ends[-1] % size != size - 1
    return (
        (spells.say("note.partial", first=month_named(int(ends[0]) + 1), last=month_named(int(ends[-1]))),)
        if short
        else ()
    )


def _period_named(spells: Spells, month: int, every: Period) -> str:
    if every == "month":
        return month_named(month)
    year, quarter = 1970 + month // 12, month % 12 // 3 + 1
    return str(year) if every == "year" else spells.say("quarter", year=year, quarter=quarter)


def _flow_named(spells: Spells, flow: str) -> str:
    return spells.say(f"flow.{flow}") if flow in ("waiting", "asked") else spells.kind_named(flow)


def _check_one(rows: pd.DataFrame, both: Mask, start: str, broken_off: str) -> None:
    found = rows.index[both]
    if len(found):
        problem = f'both "{start}" and "{broken_off}" are told in {len(found)} rows (first: {found[0]})'
        remedy = "A wait ends once: keep what came first."
        raise DesignError(Fault("STARTED_AND_BROKEN_OFF", start, problem, remedy))
