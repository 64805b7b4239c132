"""Control charts and the run chart: counts in their phases, with centre line, limits and signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.curve import Curve, CurvePoint, Kind, Signal
from evaltools.estimate.monitor.counts import Count, Counted, Counts
from evaltools.estimate.monitor.lines import Lines, Observed, Rule
from evaltools.estimate.monitor.phases import Phase, phases_of
from evaltools.estimate.monitor.rcode import r_of
from evaltools.estimate.monitor.rules import FEW_POINTS, Seen, named_some, runs_of, signals_of
from evaltools.estimate.result import Measured
from evaltools.language import noun, number, texts

_MEASURES: Final[Mapping[Counted, Measured]] = {
    "share": "share", "rate": "rate", "count": "count", "mean": "mean", "between": "count",
}  # fmt: skip
_FEW_EXPECTED: Final = 5


@dataclass(frozen=True, slots=True)
class Chart:
    """What tells one chart from another: `verb` that makes it (its words are named so), its rule and line.

    fits : what may be counted. per : what a rate is per. fewest : periods with cases that a phase must have.
    """

    verb: str
    kind: Kind
    rule: Rule
    line: str
    fits: tuple[Counted, ...]
    fewest: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asked for: phases, the end of the baseline, and what a rate is per."""

    phases: Mapping[str, str]
    baseline: str
    per: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """One phase, drawn: its points in order, its signals, and the numbers behind its lines."""

    points: tuple[CurvePoint, ...]
    signals: tuple[Signal, ...]
    numbers: Mapping[str, float]


def chart_of(counts: Counts, chart: Chart, wish: Wish) -> Curve:
    """The curve that a chart draws of these counts. `DesignError` NOT_FOR_THIS_CHART, TOO_FEW_PERIODS."""
    _check(counts, chart)
    source = counts.source
    say = texts(source.language).say
    phases = phases_of(counts, wish.phases, wish.baseline)
    drawn = [_drawn(counts, chart, wish, phase) for phase in phases]
    absent = [_absent(row, phases) for row in counts.absent]
    signals = tuple(signal for each in drawn for signal in each.signals) + tuple(_waiting(counts, drawn))
    points = sorted((*absent, *(point for each in drawn for point in each.points)), key=lambda point: point.x)
    said: dict[str, object] = {"phases": dict(wish.phases) or None, "baseline": wish.baseline or None}
    said["per"] = wish.per if wish.per != 1 else None
    return Curve(
        name=say(f"monitor.chart.{chart.verb}"),
        kind=chart.kind,
        measure=_MEASURES[counts.counted],
        points=tuple(points),
        source=replace(source, code=call(chart.verb, source.code, said)),
        method=say(f"monitor.method.{chart.verb}"),
        notes=tuple(_notes(counts, chart, wish, drawn)),
        signals=signals,
        verdict=say("monitor.note.signals" if signals else "monitor.note.no_signals"),
        periods=counts.kind or "",
        x_name=say(f"monitor.x.{counts.kind or counts.counted}"),
        unit=_unit(counts, wish.per),
        extra={
            name if len(drawn) == 1 else f"{name}:{phase.labels[0]}": value
            for phase, each in zip(phases, drawn, strict=True)
            for name, value in each.numbers.items()
        },
        r=r_of(chart.verb, phases, wish.per, counts.counted),
    )


def _absent(row: Count, phases: Sequence[Phase]) -> CurvePoint:
    """A period that is not in the data, in the phase that it lies in."""
    phase = [each for each in phases if each.rows[0].x <= row.x][-1]
    coordinates, labels = phase.coordinates, phase.labels
    return CurvePoint(row.x, row.at, None, 0, flags=("absent",), coordinates=coordinates, labels=labels)


def _check(counts: Counts, chart: Chart) -> None:
    where = counts.source.question or chart.verb
    if counts.counted not in chart.fits:
        problem = f"a {chart.verb} is not for {_PLURAL[counts.counted]}"
        remedy = f"It is for {' or '.join(_PLURAL[each] for each in chart.fits)}; `run_chart` takes all but units."
        raise DesignError(Fault("NOT_FOR_THIS_CHART", where, problem, remedy))
    if counts.counted == "share":
        _check_whole(counts, where)


_PLURAL: Final[Mapping[Counted, str]] = {
    "share": "shares (counts of a base)",
    "rate": "rates (counts over an exposure)",
    "count": "counts without a base",
    "mean": "values of periods",
    "between": "cases between events",
}


def _check_whole(counts: Counts, where: str) -> None:
    for row in counts.rows:
        if not float(row.count).is_integer():
            problem = f"{row.count:g} in {row.at} is not a whole number"
            raise DesignError(Fault("COUNT_NOT_WHOLE", where, problem, "Give the counts, not a share."))


def _drawn(counts: Counts, chart: Chart, wish: Wish, phase: Phase) -> _Drawn:
    """One phase; its lines are taken from the rows of the baseline that have cases."""
    known = [row for row in phase.rows if _base(row) > 0]
    first = sum(_base(row) > 0 for row in phase.baseline)
    if first < chart.fewest:
        name = f' in "{phase.labels[0]}"' if phase.labels else ""
        problem = f"{first} periods with cases{name} are too few for the lines; {chart.fewest} are needed"
        remedy = "Wait for more periods, or make the phase or the baseline longer."
        raise DesignError(Fault("TOO_FEW_PERIODS", counts.source.question, problem, remedy))
    scale = 1.0 if counts.counted in ("share", "between") else wish.per
    seen = Observed(
        np.array([row.count for row in known]),
        np.array([1.0 if _alone(counts, chart) else _base(row) for row in known]),
        first,
    )
    lines = chart.rule(seen)
    values = (seen.count if chart.verb == "g_chart" else seen.count / seen.base) * scale
    beyond = _beyond(values, lines, scale)
    language = counts.source.language
    told = Seen([row.at for row in known], values, lines.centre * scale, chart.line, beyond)
    signals = signals_of(told, language, phase.coordinates)
    flags = {
        row.at: _flags(place, row, beyond, signals, bool(wish.baseline) and place < first)
        for place, row in enumerate(known)
    }
    made = {row.at: _point(counts, row, place, (values, lines, scale), phase) for place, row in enumerate(known)}
    points = tuple(
        replace(made[row.at], flags=flags[row.at]) if row.at in made
        else CurvePoint(row.x, row.at, None, 0, flags=("empty",), coordinates=phase.coordinates, labels=phase.labels)
        for row in phase.rows
    )  # fmt: skip
    return _Drawn(points, tuple(signals), _numbers(told, lines))


def _alone(counts: Counts, chart: Chart) -> bool:
    """Whether nothing divides: counts alone, values, and cases between events in a run chart."""
    return counts.counted in ("count", "mean") or (counts.counted == "between" and chart.verb != "g_chart")


def _base(row: Count) -> float:
    return 1.0 if row.base is None else row.base


def _beyond(values: np.ndarray, lines: Lines, scale: float) -> tuple[int, ...]:
    if lines.low is None or lines.high is None:
        return ()
    outside = (values < lines.low * scale) | (values > lines.high * scale)
    return tuple(np.flatnonzero(outside).tolist())


def _flags(
    place: int, row: Count, beyond: Sequence[int], signals: Sequence[Signal], in_baseline: bool
) -> tuple[str, ...]:
    in_run = any(signal.rule == "long_run" and row.at in signal.at for signal in signals)
    found = {"beyond": place in beyond, "run": in_run, "baseline": in_baseline}
    return tuple(name for name, is_so in found.items() if is_so)


def _point(counts: Counts, row: Count, place: int, drawn: tuple[np.ndarray, Lines, float], phase: Phase) -> CurvePoint:
    values, lines, scale = drawn
    low, high = (None if limit is None else float(limit[place]) * scale for limit in (lines.low, lines.high))
    rare = counts.counted == "between"
    return CurvePoint(
        x=row.x,
        at=row.at,
        y=float(values[place]),
        n=row.n,
        count=None if counts.counted == "mean" else round(row.base or 0) if rare else round(row.count),
        base=row.base if counts.counted == "rate" else None,
        centre=lines.centre * scale,
        low=low,
        high=high,
        coordinates=phase.coordinates,
        labels=phase.labels,
    )


def _numbers(told: Seen, lines: Lines) -> dict[str, float]:
    runs = runs_of(told.values, told.centre)
    return {
        "centre": told.centre,
        "useful": float(runs.useful),
        "longest_run": float(runs.longest),
        "longest_run_limit": float(runs.longest_limit),
        "crossings": float(runs.crossings),
        "crossings_limit": float(runs.crossings_limit),
        **lines.extra,
    }


def _waiting(counts: Counts, drawn: Sequence[_Drawn]) -> Iterator[Signal]:
    """Whether it has been unusually long since the last event."""
    last = drawn[-1].points[-1]
    if counts.since is not None and last.high is not None and counts.since > last.high:
        words = texts(counts.source.language).say("monitor.signal.since", count=counts.since)
        yield Signal("since", words, (), last.coordinates)


def _unit(counts: Counts, per: float) -> str:
    language = counts.source.language
    known = noun(counts.source.unit, language)
    name = known.many if known else counts.source.unit
    if counts.counted == "rate":
        return texts(language).say("monitor.unit.per", per=number(per, 0, language), name=name).strip()
    return name if counts.counted == "count" else counts.unit


def _notes(counts: Counts, chart: Chart, wish: Wish, drawn: Sequence[_Drawn]) -> Iterator[str]:
    language = counts.source.language
    say = texts(language).say
    empty = [point.at for each in drawn for point in each.points if point.y is None]
    for name, periods in (("empty", empty), ("absent", [row.at for row in counts.absent])):
        if periods:
            yield say(f"monitor.note.{name}", named=named_some(periods, language))
    if any(each.numbers["useful"] < FEW_POINTS for each in drawn):
        yield say("monitor.note.few_points", limit=FEW_POINTS)
    if wish.baseline:
        yield say(
            "monitor.note.baseline", named=[row.at for row in phases_of(counts, {}, wish.baseline)[0].baseline][-1]
        )
    small = [point for each in drawn for point in each.points if _few_expected(chart, point)]
    if small:
        yield say("monitor.note.few_expected", count=len(small), limit=_FEW_EXPECTED)
    if counts.since is not None:
        yield say("monitor.note.since", count=counts.since)
    if chart.kind == "gaps" and len(counts.rows) > 0 and counts.rows[0].base not in (None, 1.0):
        yield say("monitor.note.every", every=round(counts.rows[0].base or 1))


def _few_expected(chart: Chart, point: CurvePoint) -> bool:
    """Whether the limits of a share are rough, since few cases of either kind are expected at the centre."""
    if chart.verb not in ("p_chart", "p_prime_chart") or point.y is None or point.centre is None:
        return False
    return point.n * min(point.centre, 1 - point.centre) < _FEW_EXPECTED
