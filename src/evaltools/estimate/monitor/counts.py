"""What a monitoring chart is made of: what was counted, of how many, in each period or unit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import check_columns
from evaltools.estimate.bases import check_same, unlike
from evaltools.estimate.calls import call
from evaltools.estimate.monitor.periods import Period, PeriodKind, periods_of
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.estimate.saying import check_said
from evaltools.language import Language, texts
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality

Counted = Literal["share", "rate", "count", "mean", "between"]
"""A part of a base; counts over an exposure; counts alone; a value of each period; cases from one event to the next."""

_TOO_MANY: Final = 5_000


@dataclass(frozen=True, slots=True)
class Count:
    """One period or unit. x : its place. count : what is counted, or the value. base : None where nothing divides."""

    at: str
    x: float
    count: float
    base: float | None = None
    n: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Counts in order, with where they come from; from `counts`, `counts_of`, `counts_per`, `counts_between`, `merged`.

    kind : the length of the periods; None where these are units, or numbered cases. absent : periods between the
    first and the last that have no row. unit : what y is, in words; "" for a share. since : cases after the last event.
    """

    counted: Counted
    rows: tuple[Count, ...]
    source: Source
    kind: PeriodKind | None = None
    absent: tuple[Count, ...] = ()
    unit: str = ""
    since: int | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """A fresh plain frame: `at x count base n`."""
        names = ("at", "x", "count", "base", "n")
        return pd.DataFrame([{name: getattr(row, name) for name in names} for row in self.rows], columns=list(names))


def counts(  # noqa: PLR0913 what is counted and what is known of it
    frame: pd.DataFrame,
    *,
    at: str,
    count: str,
    base: str = "",
    value: bool = False,
    about: str = "",
    unit: str = "",
    confidentiality: Confidentiality = "children",
    origin: Origin = "collected",
    language: Language = "da",
) -> Counts:
    """Counts that stand in a table: one row for each period or unit.

    at : column of the period (`2019-W03`, `2019-03`, `2019-Q1`, `2019`, `2019-03-31`) or of the unit's name.
    count : column of what is counted. base : column of how many it is counted among, or of an exposure such as
    placement-years; without it the counts stand alone. value : `count` is no count but a value of each period, such
    as mean days of waiting, and `base` the number of cases behind it.
    about : what is counted, in words. unit : what the base counts, such as `family`; or in words what a value is.
    confidentiality : what the counts may tell about; the strictest rule where it is not said. origin : `rehearsal`
    for made-up numbers. language : of the words.

    Returns `Counts`, periods in the order of the calendar. Raises `DesignError`: NO_SUCH_VARIABLE, NO_ROWS,
    COUNT_MISSING, COUNT_NOT_POSITIVE, BASE_NOT_POSITIVE, PERIOD_TWICE, PERIODS_OF_UNLIKE_KINDS, TOO_MANY_PERIODS.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"quarter": ["2018-Q2", "2018-Q1"], "found": [7, 5], "new": [31, 28]})
    >>> counts(table, at="quarter", count="found", base="new", language="en").frame["at"].tolist()
    ['Q1 2018', 'Q2 2018']
    """
    counted = _numbers(frame, count)
    bases = _numbers(frame, base) if base else [None] * len(counted)
    names = [str(name) for name in column_of(frame, at).tolist()]
    sizes = [0 if each is None else math.floor(each) for each in bases] if base else [_size(each) for each in counted]
    kind: Counted = "mean" if value else "count" if not base else _kind_of(counted, bases)
    rows = [
        Count(name, 0.0, number, None if value else among, size)
        for name, number, among, size in zip(names, counted, bases, sizes, strict=True)
    ]
    said = {"at": at, "count": count, "base": base or None, "value": value or None, "about": about or None}
    known = Known(about, "" if value else unit, confidentiality, origin, language)
    source = source_of(call("counts", "frame", said), known)
    return ordered(Counts(kind, tuple(rows), source, unit=unit if value else ""))


def counts_of(estimate: Estimate | Sequence[Estimate], *, at: str = "") -> Counts:
    """The counts behind shares or ratios by period or unit, such as `proportion(design, "found", by="quarter")`.

    estimate : its rows have counts and are not weighted, as those of `ev.indicators.shares(rates)`; or several results
    of one row each, in order, which must count the same unit of the same base. at : the coordinate that names period
    or unit; may be left out where only one varies.
    Returns `Counts` with the source of the estimate. Raises `DesignError`: NO_COUNTS, NO_SUCH_COORDINATE,
    WEIGHTED_COUNTS, NO_ROWS, PERIOD_TWICE, and for results that may not stand in one chart UNLIKE_UNITS,
    UNLIKE_AGE_BASES, UNLIKE_PERIODS, UNLIKE_DENOMINATORS, UNLIKE_NUMERATORS, BASE_NOT_SAID.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"quarter": ["2018-Q1"] * 9 + ["2018-Q2"] * 8, "found": ["yes", "no"] * 8 + ["no"]})
    >>> share = ev.proportion(ev.survey_design(frame), "found", category="yes", by="quarter")
    >>> counts_of(share).frame["count"].tolist()
    [5.0, 3.0]
    """
    given = [estimate] if isinstance(estimate, Estimate) else list(estimate)
    if not given:
        raise DesignError(Fault("NO_ROWS", "counts_of", "no result is given", "Give one result, or one per period."))
    _check_alike(given)
    source = given[0].source
    rows = [(each, row) for each in given for row in each.rows]
    name = at or _varying([row for _, row in rows], source.question)
    made = [_count_of(each, row, name) for each, row in rows]
    kind: Counted = "share" if given[0].measure == "share" else "rate"
    codes = [each.source.code for each in given]
    inner = codes[0] if isinstance(estimate, Estimate) else f"[{', '.join(codes)}]"
    return ordered(Counts(kind, tuple(made), replace(source, code=call("counts_of", inner, {"at": at or None}))))


def _check_alike(given: Sequence[Estimate]) -> None:
    """`DesignError` with what differs first: the base that each says it is made of, the measure, the unit."""
    first = given[0]
    for other in given[1:]:
        fault = unlike(first.source.made_of, other.source.made_of, first.source.question)
        if fault:
            raise DesignError(fault)
        parts = (
            ("measure", first.measure, other.measure),
            ("unit", first.source.unit, other.source.unit),
            ("subject", first.source.confidentiality, other.source.confidentiality),
        )
        remedy = "Count the same in every period: children beside children, families beside families."
        check_same(parts, first.source.question, remedy)


def _varying(rows: Sequence[Row], where: str) -> str:
    names = list(dict.fromkeys(name for row in rows for name, _ in row.coordinates))
    varying = [name for name in names if len({row.coordinate(name) for row in rows}) > 1] or names[-1:]
    if len(varying) == 1:
        return varying[0]
    problem = f"rows differ in {', '.join(varying) or 'nothing'}"
    raise DesignError(Fault("NO_SUCH_COORDINATE", where, problem, "Say which one holds the periods with `at=`."))


def _count_of(estimate: Estimate, row: Row, at: str) -> Count:
    names = [name for name, _ in row.coordinates]
    if at not in names:
        problem = f'there is no coordinate "{at}"'
        raise DesignError(Fault("NO_SUCH_COORDINATE", estimate.source.question, problem, near(at, names)))
    count = row.count if row.summed is None else row.summed
    base = row.n if row.summed is None else row.summed_of
    if count is None or base is None:
        remedy = "A chart needs how many were counted of how many; a percentage alone has no limits."
        raise DesignError(Fault("NO_COUNTS", estimate.source.question, f"{_named(row)} has no counts", remedy))
    if base and abs(count / base - row.estimate) > 1e-9:
        problem = f"{_named(row)} is weighted: {row.estimate:.4g} is not {count:g} of {base:g}"
        remedy = "Take the counts of a design without weights; limits of control are about what was counted."
        raise DesignError(Fault("WEIGHTED_COUNTS", estimate.source.question, problem, remedy))
    value = row.coordinate(at)
    label = row.labels[names.index(at)] if len(row.labels) == len(names) else value
    return Count(label if periods_of([value]) is None else value, 0.0, float(count), float(base), row.n)


def _named(row: Row) -> str:
    return " / ".join(row.labels) or row.key


def column_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """That column; `DesignError` NO_SUCH_VARIABLE, COLUMN_TWICE or NO_ROWS."""
    check_columns(frame, [name], "counts")
    if not len(frame):
        raise DesignError(Fault("NO_ROWS", name, "the table has no rows", "Give one row for each period or unit."))
    return frame[name]


@dataclass(frozen=True, slots=True)
class Known:
    """What a table cannot say of itself; see `counts`."""

    about: str
    unit: str
    confidentiality: Confidentiality
    origin: Origin
    language: Language

    def __post_init__(self) -> None:
        check_said(self.origin, self.confidentiality, self.language)


def source_of(code: str, known: Known) -> Source:
    """Where counts of a table come from."""
    return Source(
        origin=known.origin,
        survey="",
        question=known.about,
        universe="",
        weight=texts(known.language).say("estimate.weight.none"),
        confidentiality=known.confidentiality,
        code=code,
        unit=known.unit,
        language=known.language,
    )


def _numbers(frame: pd.DataFrame, name: str) -> list[float]:
    values = pd.to_numeric(column_of(frame, name), errors="coerce").to_numpy(dtype=float)
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        problem = f'"{name}" holds no number in row {wrong[0] + 1}: {frame[name].tolist()[wrong[0]]!r}'
        raise DesignError(
            Fault("COUNT_MISSING", name, problem, "Write 0 where none was counted; leave out what is not known.")
        )
    if values.min() < 0:
        problem = f'"{name}" is {values.min():g} in row {int(values.argmin()) + 1}'
        raise DesignError(Fault("COUNT_NOT_POSITIVE", name, problem, "Counts and bases are 0 or more."))
    return [float(value) for value in values]


def _size(count: float) -> int:
    return math.floor(count)


def _kind_of(counted: Iterable[float], bases: Iterable[float | None]) -> Counted:
    """A share where every base is a whole number and no count is above it; else a rate."""
    pairs = [(count, base or 0.0) for count, base in zip(counted, bases, strict=True)]
    whole = all(float(base).is_integer() and count <= base for count, base in pairs)
    return "share" if whole else "rate"


def ordered(made: Counts) -> Counts:
    """The rows in the order of the calendar with their places, and the periods that are not there."""
    twice = [name for name, times in Counter(row.at for row in made.rows).items() if times > 1]
    if twice:
        remedy = "Add up its rows first, or chart each group by itself."
        raise DesignError(
            Fault("PERIOD_TWICE", made.source.question or "at", f'"{twice[0]}" stands in several rows', remedy)
        )
    periods = periods_of(row.at for row in made.rows)
    if periods is None:
        return replace(made, rows=tuple(replace(row, x=float(place + 1)) for place, row in enumerate(made.rows)))
    language = made.source.language
    pairs = sorted(zip(periods, made.rows, strict=True), key=lambda pair: pair[0].number)
    placed = [replace(row, x=float(period.number), at=period.words(language)) for period, row in pairs]
    missing = _between(pairs[0][0], pairs[-1][0], {period.number for period in periods})
    absent = tuple(Count(period.words(language), float(period.number), 0.0) for period in missing)
    return replace(made, rows=tuple(placed), kind=periods[0].kind, absent=absent)


def _between(first: Period, last: Period, known: set[int]) -> list[Period]:
    if last.number - first.number > _TOO_MANY:
        problem = f"{last.number - first.number} periods lie between the first and the last"
        raise DesignError(
            Fault("TOO_MANY_PERIODS", "at", problem, "See whether a year is mistyped, or use longer periods.")
        )
    return [Period(first.kind, number) for number in range(first.number, last.number) if number not in known]
