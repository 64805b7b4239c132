"""Shares made of rates, and estimates that are told which indicator they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, get_args

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.bases import first_unlike
from evaltools.estimate.calls import Name, call, literal
from evaltools.estimate.indicators.counted import counted_row, r_of
from evaltools.estimate.indicators.rates import Rate, base_of
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.language import Language, texts
from evaltools.schema import Indicator
from evaltools.schema.model import Confidentiality

SUBJECTS: Final[Mapping[str, Confidentiality]] = {
    "child": "children",
    "family": "families",
    "placement": "children",
    "meeting": "families",
    "interview": "families",
    "municipality": "practice",
}
"""Whose secrets the counts of a unit touch; of any other unit, those of children."""


def shares(found: Rate | Sequence[Rate], *, level: float = 0.95, language: Language = "da") -> Estimate:
    """The shares of some rates, each with its interval: an estimate that `release`, tables and charts take.

    found : one rate or several that may stand side by side. Counts have Wilson's interval, or Clopper-Pearson's where
    fewer than 5 cases are counted or left over; a cited percentage has none. level : of the intervals.
    language : of labels. Returns a row per rate with the coordinates `place` and `when`.
    Raises `DesignError`: UNLIKE_UNITS, UNLIKE_AGE_BASES, UNLIKE_PERIODS, UNLIKE_DENOMINATORS, UNLIKE_NUMERATORS,
    NO_RATES, NO_COUNTS where some are
    cited and some counted, LEVEL_NOT_A_SHARE. Source: Wilson (1927); Clopper and Pearson (1934).
    """
    listed = (found,) if isinstance(found, Rate) else tuple(found)
    check_level(level)
    _check_language(language)
    if not listed:
        raise DesignError(Fault("NO_RATES", "rates", "no rate is given", "Give at least one."))
    fault = first_unlike((each.made_of(language) for each in listed), listed[0].indicator.name)
    if fault:
        raise DesignError(fault)
    if len({each.percent is None for each in listed}) > 1:
        problem, remedy = "some rates have counts and some are percentages alone", "Show the cited ones by themselves."
        raise DesignError(Fault("NO_COUNTS", listed[0].indicator.name, problem, remedy))
    rows = tuple(_row(each, level, language) for each in listed)
    notes = (texts(language).say("estimate.note.no_counts"),) if any(row.count is None for row in rows) else ()
    return Estimate("share", rows, _source(listed, level, language), notes, r=r_of(rows))


def _row(found: Rate, level: float, language: Language) -> Row:
    """The row of one rate."""
    names = (("place", found.place), ("when", found.when))
    coordinates = tuple((name, value) for name, value in names if value) or (("indicator", found.indicator.name),)
    labels = tuple(value for _, value in names if value) or (found.indicator.label.to(language),)
    if found.percent is not None:
        method = texts(language).say("estimate.method.cited")
        return Row(coordinates, labels, found.share, 0, 0.0, method, level=level)
    return counted_row(coordinates, labels, (found.count, found.base), level=level, language=language)


def as_indicator(estimate: Estimate, indicator: Indicator) -> Estimate:
    """The same shares, which now say what indicator they are of, so that unlike ones are refused beside them.

    estimate : shares or ratios made from answers, such as `proportion(design, "held", category="1")`. indicator : what
    they are. Returns the estimate with that base. Raises `DesignError`: NOT_A_SHARE, NO_SUCH_PERIOD.
    """
    if estimate.measure not in ("share", "ratio"):
        problem = f"a {estimate.measure} is not a share"
        raise DesignError(Fault("NOT_A_SHARE", estimate.source.question, problem, "Take a proportion or a ratio."))
    made = base_of(indicator, estimate.source.language)
    code = call("as_indicator", estimate.source.code, {}, indicator.name)
    return replace(estimate, source=replace(estimate.source, made_of=made, code=code))


def of_rates(found: Estimate | Rate | Sequence[Rate], level: float = 0.95) -> Estimate:
    """Rates as an estimate; an estimate as it is."""
    return found if isinstance(found, Estimate) else shares(found, level=level)


def _check_language(language: str) -> None:
    if language not in get_args(Language):
        problem = f'there is no language "{language}"'
        raise DesignError(Fault("NO_SUCH_LANGUAGE", "language", problem, near(language, get_args(Language))))


def _source(found: Sequence[Rate], level: float, language: Language) -> Source:
    first = found[0]
    made = first.made_of(language)
    citations = tuple(dict.fromkeys(each.citation for each in found if each.citation))
    cited = any(each.percent is not None for each in found)
    inner = ", ".join(map(_code, found))
    return Source(
        origin="published" if cited else "collected",
        survey=first.indicator.survey or first.indicator.name,
        question=first.indicator.label.to(language),
        universe=made.denominator,
        weight=texts(language).say("estimate.weight.none"),
        confidentiality=SUBJECTS.get(made.unit, "children"),
        code=call("shares", f"[{inner}]", {"level": level, "language": language}),
        citation="; ".join(citations),
        unit=made.unit,
        language=language,
        made_of=made,
    )


def _code(found: Rate) -> str:
    said = {"citation": found.citation, "place": found.place, "when": found.when, "age_base": found.age_base}
    said = {name: value for name, value in said.items() if value}
    name = literal(found.indicator.name)
    if found.percent is not None:
        return call("cited_rate", name, said, Name(repr(found.percent)))
    return call("rate", name, said, found.count, found.base)
