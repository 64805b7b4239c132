"""Whether those who answered late answered otherwise: the nearest that data come to telling of those who are silent."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.amounts.means import mean
from evaltools.estimate.survey.census import design
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, items
from evaltools.estimate.survey.intervals.interval import wilson
from evaltools.estimate.survey.shares.proportions import proportion
from evaltools.estimate.survey.writing import words
from evaltools.language import Language, numbers

WHEN = "when"
LEAST = 2
"""Units that each part needs for a comparison."""


def early_and_late(
    data: Dataset,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    late_from: str | None = None,
    level: float = 0.95,
) -> Estimate:
    """Late minus early answers: shares (as `proportion`) or means of numbers, unweighted.

    data : a survey from `load`; it knows when each unit submitted (the last time: who corrected an answer late is
    late). late_from : first day of the late answers, such as `"2018-11-20"`; without it the later half is late.
    Units that are silent are often more like the late than the early (the continuum of resistance): a difference
    is a reason to call more of them, no difference is no proof. Returns rows of measure `difference` (`mean` for
    numbers) with coordinates `item` and `category`; a note per row gives both parts.
    Raises `DesignError`: NO_TIMES, NOTHING_TO_COMPARE and those of `proportion`.
    Source: Lin and Schaeffer (1995), Public Opinion Quarterly 59; interval of two independent parts from Wilson's of
    each (Newcombe 1998), for means from the t intervals (Zou and Donner 2008).
    variable, category, level : as in `proportion`.
    """
    check_level(level)
    made, early = _split(data, late_from)
    numeric = category is None and _are_numbers(made, variable)
    found = (
        mean(made, variable, by=WHEN, level=level)
        if numeric
        else proportion(made, variable, category=category, by=WHEN, interval=wilson(), level=level)
    )
    pairs = [pair for pair in _pairs(found) if pair.both]
    if not pairs:
        problem = f"no answer to {variable!r} came from both early and late units"
        raise DesignError(Fault("NOTHING_TO_COMPARE", data.questionnaire.id, problem, "Choose another `late_from`."))
    said = {"category": category, "late_from": late_from, "level": level}
    language = data.questionnaire.languages[0]
    return replace(
        found,
        measure="mean" if numeric else "difference",
        rows=tuple(_difference(pair, words.say(made, "method.early_and_late")) for pair in pairs),
        source=replace(found.source, code=words.call("early_and_late", data.code, said, variable)),
        notes=(
            words.say(made, "note.early_and_late", early=int(early.sum()), late=int((~early).sum())),
            *(_note(made, pair, numeric, language) for pair in pairs),
        ),
        covariance=None,
        influence=None,
        r=f"{NO_R}survey has no times of answering; each part is a share or mean of its own",
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """One row of the early and of the late."""

    early: Row | None
    late: Row | None

    @property
    def both(self) -> bool:
        return self.early is not None and self.late is not None


def _split(data: Dataset, late_from: str | None) -> tuple[Design, np.ndarray]:
    """The design of those who answered, with a column that says when; and which of them were early."""
    made = design(data, target="superpopulation")
    moments = [data.submitted_at.get(str(unit)) for unit in made.answers.frame["unit"]]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        problem = f"the time of {len(moments) - len(known)} answers is not known"
        raise DesignError(
            Fault("NO_TIMES", data.questionnaire.id, problem, "Build the data from a snapshot of a store.")
        )
    if late_from is None:
        first = sorted(known)[len(known) // 2]
    else:
        first = dt.datetime.combine(_day(late_from), dt.time(), tzinfo=known[0].tzinfo)
    early = np.array([moment < first for moment in known])
    if min(early.sum(), (~early).sum()) < LEAST:
        problem = f"{int(early.sum())} units answered early and {int((~early).sum())} late"
        remedy = f"Choose `late_from` between {min(known):%Y-%m-%d} and {max(known):%Y-%m-%d}."
        raise DesignError(Fault("NOTHING_TO_COMPARE", data.questionnaire.id, problem, remedy))
    part = pd.Categorical(np.where(early, "early", "late"), ["early", "late"])
    return replace(made, answers=replace(made.answers, frame=made.answers.frame.assign(**{WHEN: part}), memo={})), early


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problem = f'"{text}" is not a day'
        raise DesignError(Fault("NOTHING_TO_COMPARE", "late_from", problem, "Write it as 2018-11-20.")) from None


def _are_numbers(made: Design, variable: str | Sequence[str]) -> bool:
    columns = [made.answers.column(name) for _, name in items(made.answers, variable)]
    return all(column.is_measured and not column.is_option for column in columns)


def _pairs(found: Estimate) -> list[_Pair]:
    parts: dict[tuple[tuple[str, str], ...], dict[str, Row]] = {}
    for row in found.rows:
        *which, (_, when) = row.coordinates
        parts.setdefault(tuple(which), {})[when] = row
    return [_Pair(part.get("early"), part.get("late")) for part in parts.values()]


def _difference(pair: _Pair, method: str) -> Row:
    early, late = pair.early, pair.late
    assert early is not None
    assert late is not None
    value = late.estimate - early.estimate
    low, high = _limits(early, late, value)
    return Row(
        coordinates=late.coordinates[:-1],
        labels=late.labels[:-1],
        estimate=value,
        n=min(early.n, late.n),
        base=min(early.base, late.base),
        method=method,
        se=math.hypot(early.se or 0.0, late.se or 0.0),
        low=low,
        high=high,
        level=late.level,
    )


def _limits(early: Row, late: Row, value: float) -> tuple[float | None, float | None]:
    if early.low is None or early.high is None or late.low is None or late.high is None:
        return None, None
    down = math.hypot(late.estimate - late.low, early.high - early.estimate)
    up = math.hypot(late.high - late.estimate, early.estimate - early.low)
    return value - down, value + up


def _note(made: Design, pair: _Pair, numeric: bool, language: Language) -> str:
    early, late = pair.early, pair.late
    assert early is not None
    assert late is not None
    shown = [
        numbers.number(row.estimate, 1, language) if numeric else numbers.percent(row.estimate, 0, language)
        for row in (early, late)
    ]
    row = ", ".join(late.labels[:-1])
    return words.say(
        made, "note.early_and_late_row", row=row, early=shown[0], late=shown[1], early_n=early.n, late_n=late.n
    )
