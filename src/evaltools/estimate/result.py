"""What every estimator returns: rows of numbers with uncertainty, and where they come from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.bases import Base
from evaltools.estimate.known import Known
from evaltools.estimate.printing import Shown, as_html, as_text, counts, telling, told, told_p
from evaltools.estimate.saying import check_said
from evaltools.language import Language, percent_sign, texts
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality

FRAME_COLUMNS: Final = ("estimate", "se", "low", "high", "level", "df", "n", "N", "base", "method")

NO_R: Final = "# R has no function for this: "
"""Begins R code that is words only: why there is nothing to run."""

Measured = Literal[
    "share", "count", "total", "mean", "ratio", "quantile", "variance", "difference", "rate", "coefficient"
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a result comes from, in words that a reader of the memo understands.

    question : question number and text, or the name of the published source.
    universe : who the base is ("kommuner, der har svaret"). weight : "ingen" or how weights were made.
    confidentiality : decides the disclosure rule. code : the expression that gives the result again.
    unit : what the base counts, a key of `language.noun` such as `municipality`; "" where it is not known.
    title : what a reader calls the survey; "" where only `survey` is known. language : of these words.
    """

    origin: Origin
    survey: str
    question: str
    universe: str
    weight: str
    confidentiality: Confidentiality
    code: str
    citation: str = ""
    unit: str = ""
    title: str = ""
    language: Language = "da"
    made_of: Base | None = None
    """What a rate counts and of what, so that unlike rates are never set side by side; None where it is not said."""

    def __post_init__(self) -> None:
        check_said(self.origin, self.confidentiality, self.language)


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a sum: `weight` times what `codes` of `column` count in a group (no codes: its numbers summed).

    code : of the design the column is counted in. coordinates : of the group, in which `n` units answered.
    """

    weight: float
    code: str
    column: str
    n: int
    coordinates: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """What a row gives away besides its count, to anybody who knows the public weights: a sum of `terms`."""

    value: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One number. `coordinates` say which (`("method", "m1")`, `("region", "Nordjylland")`), `labels` in words.

    estimate : share 0-1, or in the unit of the variable. n : units (or cases) in the base, unweighted.
    N : population units in the domain, None where it is unknown. base : the denominator (weighted where weights
    are used). count : unweighted numerator of a share, None otherwise. low, high : None where there is no interval;
    equal to the estimate at full response. bounds_low, bounds_high : the least and greatest value that any answers
    of the silent units could give (no assumption about them); None where the population is unknown.
    """

    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    estimate: float
    n: int
    base: float
    method: str
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    df: float | None = None
    N: int | None = None
    count: int | None = None
    bounds_low: float | None = None
    bounds_high: float | None = None
    summed: float | None = None
    """Unweighted sum behind a total, mean or ratio: what is counted in the units that answered."""
    summed_of: float | None = None
    """Unweighted sum of the denominator of a ratio."""
    counted: tuple[str, tuple[str, ...]] = ("", ())
    """Column and codes that are counted (no codes: its numbers are summed), whatever call asked; empty if unknown."""
    largest: tuple[float, ...] = ()
    """The largest amounts that single units have in a sum, in falling order; none where nothing is summed."""
    tells: tuple[Sum, ...] = ()
    """Sums that follow from the row: a weighted total, the denominator of a ratio, a difference between waves."""

    @property
    def percent(self) -> float:
        """A share or a difference between shares in per cent or percentage points, as the register gives it."""
        return 100.0 * self.estimate

    @property
    def counts(self) -> tuple[int, int] | None:
        """Least and greatest number of population units inside the interval of a share; None where N is unknown."""
        if self.N is None or self.low is None or self.high is None or self.count is None:
            return None
        return math.ceil(self.low * self.N - 1e-9), math.floor(self.high * self.N + 1e-9)

    @property
    def key(self) -> str:
        """The values of the coordinates in one word: `m1/Nordjylland`."""
        return "/".join(value for _, value in self.coordinates)

    def coordinate(self, name: str) -> str:
        """The value of one coordinate; "" where the row has none of that name."""
        return dict(self.coordinates).get(name, "")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimate:
    """Rows of one measure with their joint covariance. `influence` is units x rows: linearised values.

    known : the answers that settle each row; None where estimates cannot be set side by side.
    """

    measure: Measured
    rows: tuple[Row, ...]
    source: Source
    notes: tuple[str, ...] = ()
    covariance: Floats | None = None
    influence: Floats | None = None
    unit: str = ""
    r: str = ""
    extra: Mapping[str, float] = field(default_factory=dict)
    known: Known | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """A fresh plain frame: coordinates, then `estimate se low high level df n N base method`."""
        names = [*dict.fromkeys(name for row in self.rows for name, _ in row.coordinates), *FRAME_COLUMNS]
        frame = pd.DataFrame(
            [{**dict(row.coordinates), **{name: getattr(row, name) for name in FRAME_COLUMNS}} for row in self.rows],
            columns=names,
        )
        numbers = ["estimate", "se", "low", "high", "level", "df", "base"]
        return frame.astype({**dict.fromkeys(numbers, "float64"), "n": "int64", "N": "Int64"})

    def __repr__(self) -> str:
        return as_text(_shown(self))

    def _repr_html_(self) -> str:
        return as_html(_shown(self))

    def r_code(self) -> str:
        """R code (package `survey`) that gives the same numbers; where R has no function, a comment says why.

        A line `# R does otherwise:` says so where R's number is not quite ours. The data that the code reads as `data`
        are `design.r_data()` of the design that was used.
        """
        return self.r

    def row(self, **coordinates: str) -> Row:
        """The one row with these coordinates; `DesignError` NO_SUCH_ROW or MANY_ROWS otherwise."""
        wanted = set(coordinates.items())
        found = [row for row in self.rows if wanted <= set(row.coordinates)]
        if len(found) == 1:
            return found[0]
        asked = ", ".join(f"{name}={value!r}" for name, value in coordinates.items()) or "no coordinates"
        if found:
            raise DesignError(
                Fault("MANY_ROWS", self.source.question, f"{len(found)} rows fit {asked}", "Name more coordinates.")
            )
        names = list(dict.fromkeys(name for row in self.rows for name, _ in row.coordinates))
        name, value = next(iter(coordinates.items()), ("", ""))
        nearest = (
            near(value, [row.coordinate(name) for row in self.rows])
            if name in names
            else f"The coordinates are: {', '.join(names)}."
        )
        raise DesignError(Fault("NO_SUCH_ROW", self.source.question, f"no row fits {asked}", nearest))

    def only(self, **coordinates: str) -> Estimate:
        """The same estimate with only the rows that have these coordinates (covariance follows)."""
        wanted = set(coordinates.items())
        keep = [index for index, row in enumerate(self.rows) if wanted <= set(row.coordinates)]
        if not keep:
            self.row(**coordinates)
        said = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in coordinates.items())
        return replace(
            self,
            rows=tuple(self.rows[index] for index in keep),
            source=replace(self.source, code=f"{self.source.code}.only({said})"),
            covariance=None if self.covariance is None else self.covariance[np.ix_(keep, keep)],
            influence=None if self.influence is None else self.influence[:, keep],
            known=None if self.known is None else self.known.at(keep),
        )


def _shown(estimate: Estimate) -> Shown:
    """The rows in words, with interval, answers and population, the methods they were made by, and the notes."""
    language, source = estimate.source.language, estimate.source
    say = texts(language).say
    as_share = estimate.measure in ("share", "difference") and estimate.unit != "percent"
    places = telling([row.labels for row in estimate.rows])
    level = next((row.level for row in estimate.rows if row.low is not None), 0.0)
    limits = [_limits(row, language, as_share=as_share) for row in estimate.rows]
    table = {
        say("estimate.print.estimate"): [told(row.estimate, language, as_share=as_share) for row in estimate.rows],
        say("estimate.print.interval", level=percent_sign(level, 0, language)): limits,
        "df": [_df(row, language) for row in estimate.rows],
    }
    filled = {name: column for name, column in table.items() if any(column)}
    filled |= {name: [told(getattr(row, name), language) for row in estimate.rows] for name in ("n", "N")}
    labels = [[row.labels[place] for row in estimate.rows] for place in places]
    methods = dict.fromkeys(row.method for row in estimate.rows)
    return Shown(
        title=f"{_measure(estimate)}: {source.question or source.survey}",
        header=(*("" for _ in places), *filled),
        rows=tuple(zip(*labels, *filled.values(), strict=True)),
        words=len(places),
        remarks=(*(say("estimate.print.method", method=each) for each in methods), *estimate.notes),
    )


def _measure(estimate: Estimate) -> str:
    """What is measured, with its unit where it has one of its own."""
    say, unit = texts(estimate.source.language).say, estimate.unit
    name = say(f"estimate.print.{estimate.measure}")
    own = unit not in ("", "percent") and estimate.measure not in ("share", "count")
    return say("estimate.print.with_unit", measure=name, unit=unit) if own else name


def _df(row: Row, language: Language) -> str:
    """The degrees of freedom that the interval of a row leans on; "" where it is no t interval."""
    if row.df is None or row.low is None or not row.se or not math.isfinite(row.df) or counts(row.method, language):
        return ""
    return told(row.df, language)


def _limits(row: Row, language: Language, *, as_share: bool) -> str:
    if row.low is None or row.high is None:
        return ""
    low, high = (told(limit, language, as_share=as_share) for limit in (row.low, row.high))
    return texts(language).say("estimate.print.limits", low=low, high=high)


@dataclass(frozen=True, slots=True, repr=False)
class Test:
    """A hypothesis test: its statistic, degrees of freedom and p-value, with the method in words.

    estimate : what is held against the hypothesis, such as a difference; None where it is not one number.
    """

    name: str
    statistic: float
    p_value: float
    method: str
    source: Source
    df: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()
    r: str = ""
    estimate: float | None = None
    row: Row | None = None
    """The one counted share that is tested: its counts follow from the p-value."""

    def r_code(self) -> str:
        """R code (package `survey`) that gives the same numbers, or says why there is none (see `Estimate.r_code`)."""
        return self.r

    def __repr__(self) -> str:
        return as_text(_shown_test(self))

    def _repr_html_(self) -> str:
        return as_html(_shown_test(self))


def _shown_test(test: Test) -> Shown:
    language = test.source.language
    say = texts(language).say
    df = "; ".join(told(each, language) for each in test.df)
    columns = {
        say("estimate.print.estimate"): told(test.estimate, language),
        say("estimate.print.statistic"): told(test.statistic, language),
        "df": df,
        "p": told_p(test.p_value, language),
    }
    filled = {name: value for name, value in columns.items() if value}
    remarks = (say("estimate.print.method", method=test.method), *test.notes)
    return Shown(say("estimate.print.test", name=test.name), tuple(filled), (tuple(filled.values()),), 0, remarks)
