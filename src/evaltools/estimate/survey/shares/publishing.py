"""Which shares should not be shown: too few units behind them, or an interval too wide to say anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from evaltools.errors import DesignError, Fault
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, percent_sign, texts

FEWEST_EFFECTIVE: Final = 30
"""Units, after the design effect and the population are taken into account."""

NARROW: Final = 0.05
"""An interval of at most this width may always be shown."""

WIDE: Final = 0.30
"""An interval of this width or more says too little."""

WIDE_FOR_ITS_SHARE: Final = 1.30
"""An interval wider than this times the share says too little of it."""

LEAST_DF: Final = 8
"""Degrees of freedom below which a statistician should look at an interval."""

Verdict = Literal["show", "review", "hide"]


@dataclass(frozen=True, slots=True, repr=False)
class Flag:
    """Whether one share can be shown.

    row : its key. effective : its effective number of answers, None where nothing is left to chance. width : of its
    interval, as a share. reason : the rule in words.
    """

    row: str
    verdict: Verdict
    effective: float | None
    width: float
    reason: str

    def __repr__(self) -> str:
        return f"<{self.row}: {self.verdict}. {self.reason}>"


def publication_flags(estimate: Estimate) -> tuple[Flag, ...]:
    """Whether each share of an estimate should be shown, with the reason in words.

    `hide` where the interval is 30 points wide or more, or wider than 5 points and than 130 per cent of the share;
    in a sample from a population of unknown size also where the effective number of answers is below 30. In a known
    population few answers may tell much (25 of 26 units), so that there the interval alone decides: for 98 units it is
    the exact one. `review` where the interval is wider than 130 per cent of what is left to 1, where it leans on fewer
    than 8 degrees of freedom, or where a known population has fewer than 30 effective answers. Else `show`.
    estimate : shares with intervals at 95 pct. Returns one `Flag` per row.

    Raises `DesignError` FLAGS_FOR_SHARES.
    Source: Parker and others (2017), NCHS Vital and Health Statistics, series 2 no. 175; the rule for a known
    population is ours.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> answered = pd.DataFrame({"uses": ["yes"] * 50 + ["no"] * 21})
    >>> estimate = ev.proportion(ev.survey_design(answered, population=98), "uses", category="yes")
    >>> [flag.verdict for flag in publication_flags(estimate)]
    ['show']
    """
    if estimate.measure != "share" or any(row.low is None or row.high is None for row in estimate.rows):
        problem = f"publication flags are for shares with intervals, and these are of measure {estimate.measure}"
        raise DesignError(Fault("FLAGS_FOR_SHARES", estimate.source.question, problem, "Use them on `proportion`."))
    return tuple(_flag(row, estimate.source.language) for row in estimate.rows)


def _flag(row: Row, language: Language) -> Flag:
    assert row.low is not None
    assert row.high is not None
    width, effective = row.high - row.low, effective_number(row)
    few = effective is not None and effective < FEWEST_EFFECTIVE
    verdict, key = _verdict(row, width, few)
    reason = texts(language).say(
        f"estimate.flag.{key}",
        width=percent_sign(width, 0, language),
        n=row.n,
        effective=row.n if effective is None else round(effective),
        df=round(row.df or 0),
        fewest=FEWEST_EFFECTIVE,
    )
    return Flag(row.key, verdict, effective, width, reason)


def _verdict(row: Row, width: float, few: bool) -> tuple[Verdict, str]:
    if row.n == row.N:
        return "show", "counted"
    if few and row.N is None:
        return "hide", "few"
    if width >= WIDE:
        return "hide", "wide"
    if width > max(NARROW, WIDE_FOR_ITS_SHARE * row.estimate):
        return "hide", "wide_for_share"
    if width > max(NARROW, WIDE_FOR_ITS_SHARE * (1 - row.estimate)):
        return "review", "wide_for_rest"
    return _second_look(row, few)


def _second_look(row: Row, few: bool) -> tuple[Verdict, str]:
    if few:
        return "review", "few_of_known"
    if row.df is not None and row.df < LEAST_DF:
        return "review", "few_units"
    return "show", "sound"


def effective_number(row: Row) -> float | None:
    """Answers of a simple random sample without end that would be as precise; n where all or none have the trait.

    None where nothing is left to chance.

    >>> effective_number(Row((), (), 0.5, 60, 60.0, "", se=0.04))
    156.25
    """
    if row.n == row.N:
        return None
    spread = row.estimate * (1 - row.estimate)
    if not row.se or spread <= 0:
        return float(row.n)
    return spread / row.se**2
