"""Rates: how many of how many, of which indicator, where and when; and percentages that can only be cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import check_columns
from evaltools.estimate.bases import PERIODS, Base
from evaltools.estimate.indicators.binomial import check_counts
from evaltools.estimate.indicators.counted import LARGEST_BASE
from evaltools.language import Language
from evaltools.schema import Indicator, read_dictionary


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `base` of an indicator at a place and time; or only a percentage, which can be cited, never tested.

    place, when : as a reader writes them ("Randers", "2018"). age_base : the ages, where the indicator leaves them to
    a question. percent : what a source tells without counts; None where they are known. citation : that source.
    """

    indicator: Indicator
    count: int
    base: int
    place: str = ""
    when: str = ""
    age_base: str = ""
    percent: float | None = None
    citation: str = ""

    @property
    def share(self) -> float:
        """0-1."""
        return self.count / self.base if self.percent is None else self.percent / 100

    def made_of(self, language: Language = "da") -> Base:
        """What the rate counts and of what, in words of that language."""
        made = base_of(self.indicator, language)
        return replace(made, age_base=self.age_base) if self.age_base else made


def read_indicators(folder: Path) -> Mapping[str, Indicator]:
    """The indicators of the data dictionary in a folder, by id: `data_dictionary/indicators.yaml`.

    Raises `SchemaError` for a file that is wrong.
    """
    return read_dictionary(folder.parent).indicators


def indicator_named(name: str, indicators: Mapping[str, Indicator]) -> Indicator:
    """One of them; `DesignError` NO_SUCH_INDICATOR with near names."""
    if name not in indicators:
        raise DesignError(
            Fault("NO_SUCH_INDICATOR", "indicator", f'there is no indicator "{name}"', near(name, indicators))
        )
    return indicators[name]


def base_of(indicator: Indicator, language: Language = "da") -> Base:
    """What an indicator counts and of what. Raises `DesignError` NO_SUCH_PERIOD unless it is stock, flow or unknown."""
    period = indicator.period.en if indicator.period else "unknown"
    if period not in PERIODS:
        problem = f'the period is "{period}"'
        raise DesignError(Fault("NO_SUCH_PERIOD", indicator.name, problem, near(period, PERIODS)))
    return Base(
        numerator=indicator.counted.to(language),
        denominator=indicator.among.to(language),
        unit=indicator.unit.en,
        age_base=indicator.age_base.to(language) if indicator.age_base else "",
        period=period,
        span=indicator.span.to(language) if indicator.span else "",
    )


def rate(indicator: Indicator, count: int, base: int, *, place: str = "", when: str = "", age_base: str = "") -> Rate:
    """`count` of `base` of an indicator, at a place and time.

    indicator : from `read_indicators`. count, base : whole numbers, 0 <= count <= base. place, when : whose and of
    when. age_base : the ages ("0-17 år"), where they differ from the indicator's or are left to a question.
    Returns a `Rate`. Raises `DesignError`: COUNT_NOT_WHOLE, NO_CASES_COUNTED, COUNT_ABOVE_BASE, BASE_TOO_LARGE,
    NO_SUCH_PERIOD.

    >>> from evaltools.language import Text
    >>> from evaltools.schema import Indicator
    >>> said = [Text(word, word) for word in ("New", "own network", "new families", "family")]
    >>> found = rate(Indicator("new", *said, period=Text("flow", "flow")), 22, 98, place="Copenhagen", when="2012")
    >>> round(found.share, 3), found.made_of("en").unit
    (0.224, 'family')
    """
    made = Rate(indicator, count, base, place, when, age_base)
    check_counts(count, base)
    if base > LARGEST_BASE:
        problem = f"the base is {base}"
        raise DesignError(Fault("BASE_TOO_LARGE", indicator.name, problem, f"Give at most {LARGEST_BASE}."))
    made.made_of()
    return made


def cited_rate(
    indicator: Indicator, percent: float, *, citation: str, place: str = "", when: str = "", age_base: str = ""
) -> Rate:
    """A percentage that a source gives without counts: it can be shown with its source, never tested or compared.

    indicator, place, when, age_base : as in `rate`. percent : 9.14. citation : who says so, and where.
    Returns a `Rate`. Raises `DesignError`: NOT_A_PERCENTAGE, CITED_WITHOUT_SOURCE, NO_SUCH_PERIOD.

    >>> from evaltools.language import Text
    >>> from evaltools.schema import Indicator
    >>> said = [Text(word, word) for word in ("Network", "network placements", "all placements", "placement")]
    >>> cited_rate(Indicator("net", *said), 9.14, citation="The municipality's site, 2014").base
    0
    """
    if not 0 <= percent <= 100:
        problem, remedy = f"{percent:g} is no percentage of a whole", "Write 9.14 for 9,14 pct."
        raise DesignError(Fault("NOT_A_PERCENTAGE", indicator.name, problem, remedy))
    if not citation.strip():
        problem, remedy = "a percentage without counts needs its source", "Say who published it, where and when."
        raise DesignError(Fault("CITED_WITHOUT_SOURCE", indicator.name, problem, remedy))
    made = Rate(indicator, 0, 0, place, when, age_base, float(percent), citation)
    made.made_of()
    return made


def rates(
    frame: pd.DataFrame, indicator: Indicator, *, count: str, base: str, place: str = "", when: str = ""
) -> tuple[Rate, ...]:
    """A rate for each row of a table of counts, such as one row per municipality and year.

    frame : the table; it is not changed. count, base, place, when : names of its columns; place and when may be left
    out. Rows with a base of 0 are left out, since nothing happened there. indicator : what all are rates of.
    Returns the rates in the order of the rows. Raises `DesignError`: NO_SUCH_VARIABLE and those of `rate`.
    """
    check_columns(frame, filter(None, (count, base, place, when)), "frame")
    kept = frame[frame[base] != 0]
    nothing = [""] * len(kept)
    columns = (kept[name].astype(str).tolist() if name else nothing for name in (place, when))
    counts = ([_whole(value) for value in kept[name].tolist()] for name in (count, base))
    return tuple(
        rate(indicator, *pair, place=here, when=then) for *pair, here, then in zip(*counts, *columns, strict=True)
    )


def _whole(value: object) -> int:
    return int(value) if isinstance(value, float) and value.is_integer() else cast(int, value)
