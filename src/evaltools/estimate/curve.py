"""A result that is points in order: a monitoring chart, a funnel, a survival curve; with the signals seen in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.printing import Shown, as_html, as_text, told
from evaltools.estimate.result import Measured, Source
from evaltools.language import Language, texts

CURVE_COLUMNS: Final = (
    "x", "at", "y", "count", "n", "base", "se", "centre", "low", "high", "inner_low", "inner_high", "flags",
)  # fmt: skip
_NUMBERS: Final = ("x", "y", "base", "se", "centre", "low", "high", "inner_low", "inner_high")
_MOST_LINES: Final = 40
"""Curves with more points print their beginning and their end."""
_ENDS: Final = 12

Kind = Literal["control", "run", "gaps", "funnel", "steps", "stock"]
"""What the points are: counts of periods with control limits; values of periods around a median; cases from one event
to the next; counts of units by size; a curve that only moves where something happens; how many there are
at the end of each period, and how many came and went in it."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point. `coordinates` say which of several curves it lies on (`("phase", "before")`), `labels` in words.

    x : its place on the axis: the number of a period, a length of time, the size of a base. at : the same in words
    (`2019-W03`, `Randers`), unique on its curve. y : share 0-1 or in the unit of the curve; None where there is none,
    as in a period without cases. n : units or cases behind the point, at risk where steps are taken. count : how many
    of them are counted; None where y is no count. base : the denominator where it is no number of units, such as
    placement-years. se : standard error of y. low, high : limits of control or of an interval. inner_low,
    inner_high : a second, narrower pair. flags : what is to be seen at the point, such as `beyond`.
    """

    x: float
    at: str
    y: float | None
    n: int
    count: int | None = None
    base: float | None = None
    se: float | None = None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    inner_low: float | None = None
    inner_high: float | None = None
    flags: tuple[str, ...] = ()
    coordinates: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def percent(self) -> float | None:
        """A share in per cent, as the register gives it; None where there is no value."""
        return None if self.y is None else 100.0 * self.y

    def coordinate(self, name: str) -> str:
        """The value of one coordinate; "" where the point has none of that name."""
        return dict(self.coordinates).get(name, "")


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule sees in the points, as a value and in words. It says that something is there, never why.

    rule : such as `beyond`, `long_run`, `few_crossings`. words : a sentence. at : the points that show it.
    """

    rule: str
    words: str
    at: tuple[str, ...] = ()
    coordinates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Curve:
    """Points in order, with the signals that its rules see in them.

    name : what it is, in words. kind : what the points are. measure : what y measures; a `share` prints in per cent.
    x_name, unit : what x and y are, in words. periods : what x numbers, such as `week`; "" where it numbers no periods
    of the calendar. verdict : what it means that there are signals, or that there is none. level : of the interval or
    the outer limits; None where limits follow another rule, which `method` names. extra : numbers about the whole
    curve, such as the longest run.
    """

    name: str
    kind: Kind
    measure: Measured
    points: tuple[CurvePoint, ...]
    source: Source
    method: str
    notes: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()
    verdict: str = ""
    x_name: str = ""
    periods: str = ""
    unit: str = ""
    level: float | None = None
    extra: Mapping[str, float] = field(default_factory=dict)
    r: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """A fresh frame: coordinates, then `x at y count n base se centre low high inner_low inner_high flags`."""
        names = [*dict.fromkeys(name for point in self.points for name, _ in point.coordinates), *CURVE_COLUMNS]
        rows = [{**dict(each.coordinates), **_columns(each)} for each in self.points]
        frame = pd.DataFrame(rows, columns=names)
        return frame.astype({**dict.fromkeys(_NUMBERS, "float64"), "n": "int64", "count": "Int64"})

    def __repr__(self) -> str:
        return as_text(_shown(self))

    def _repr_html_(self) -> str:
        return as_html(_shown(self))

    def r_code(self) -> str:
        """R code that gives the same numbers, or says why there is none (see `Estimate.r_code`)."""
        return self.r

    def point(self, at: str, **coordinates: str) -> CurvePoint:
        """The one point there; `DesignError` NO_SUCH_POINT or MANY_ROWS otherwise."""
        wanted = set(coordinates.items())
        found = [each for each in self.points if each.at == at and wanted <= set(each.coordinates)]
        if len(found) == 1:
            return found[0]
        if found:
            problem = f'{len(found)} points lie at "{at}"'
            names = ", ".join(dict.fromkeys(name for point in found for name, _ in point.coordinates))
            raise DesignError(Fault("MANY_ROWS", self.name, problem, f"Name more coordinates: {names}."))
        problem = f'no point lies at "{at}"'
        raise DesignError(Fault("NO_SUCH_POINT", self.name, problem, near(at, [each.at for each in self.points])))

    def only(self, **coordinates: str) -> Curve:
        """The same result with only the points, and signals, that have these coordinates."""
        wanted = set(coordinates.items())
        said = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in coordinates.items())
        points = tuple(each for each in self.points if wanted <= set(each.coordinates))
        if not points:
            known = [value for point in self.points for _, value in point.coordinates]
            remedy = near(next(iter(coordinates.values()), ""), known)
            raise DesignError(Fault("NO_SUCH_POINT", self.name, f"no point has {said}", remedy))
        signals = tuple(each for each in self.signals if wanted <= set(each.coordinates))
        source = replace(self.source, code=f"{self.source.code}.only({said})")
        return replace(self, points=points, signals=signals, source=source)


def _columns(point: CurvePoint) -> dict[str, object]:
    return {name: getattr(point, name) for name in CURVE_COLUMNS[:-1]} | {"flags": " ".join(point.flags)}


def _shown(curve: Curve) -> Shown:
    """The points in words, with counts and limits, then the signals, the method and the notes."""
    language = curve.source.language
    say = texts(language).say
    curves = [" / ".join(point.labels) for point in curve.points]
    columns = {
        "": curves if any(curves) else [],
        curve.x_name or say("estimate.curve.at"): [point.at for point in curve.points],
        curve.unit or say(f"estimate.print.{curve.measure}"): [_told(curve, point.y) for point in curve.points],
        say("estimate.print.count"): [told(point.count, language) for point in curve.points],
        "n": [told(point.n, language) for point in curve.points],
        say("estimate.curve.centre"): [_told(curve, point.centre) for point in curve.points],
        say("estimate.curve.limits"): [_limits(curve, point.low, point.high) for point in curve.points],
        say("estimate.curve.inner"): [_limits(curve, point.inner_low, point.inner_high) for point in curve.points],
        say("estimate.curve.flags"): [_flags(point, language) for point in curve.points],
    }
    filled = {name: column for name, column in columns.items() if any(column)}
    return Shown(
        title=": ".join(filter(None, (curve.name, curve.source.question or curve.source.survey))),
        header=tuple(filled),
        rows=_ends(tuple(zip(*filled.values(), strict=True))),
        words=1 + any(curves),
        remarks=(
            *(signal.words for signal in curve.signals),
            *filter(None, [curve.verdict]),
            say("estimate.print.method", method=curve.method),
            *curve.notes,
        ),
    )


def _ends(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """All rows, or of many only the first and the last ones with a row of dots between them."""
    if len(rows) <= _MOST_LINES:
        return rows
    return (*rows[:_ENDS], ("...",) * len(rows[0]), *rows[-_ENDS:])


def _told(curve: Curve, value: float | None) -> str:
    return told(value, curve.source.language, as_share=curve.measure == "share")


def _limits(curve: Curve, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return texts(curve.source.language).say("estimate.print.limits", low=_told(curve, low), high=_told(curve, high))


def _flags(point: CurvePoint, language: Language) -> str:
    return ", ".join(texts(language).say(f"estimate.curve.flag.{flag}") for flag in point.flags)
