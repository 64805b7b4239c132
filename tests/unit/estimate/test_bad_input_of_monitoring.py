"""What monitoring refuses, each in the user's own names and with a remedy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import DesignError
from evaltools.estimate import Estimate
from evaltools.estimate.monitor import (
    Counts,
    counts,
    counts_between,
    counts_of,
    counts_per,
    funnel,
    funnel_limits,
    g_chart,
    merged,
    p_chart,
    p_prime_chart,
    run_chart,
    u_chart,
)
from made_results import shares, source

TABLE = pd.DataFrame({"quarter": ["2018-Q1", "2018-Q2", "2018-Q3"], "found": [6, 9, 8], "new": [60, 75, 58]})
RECORDS = pd.DataFrame({"day": ["2019-01-07", "2019-01-09", "2019-02-21"], "broke": [0, 1, 0]})


def made(**changes: object) -> Counts:
    return counts(TABLE.assign(**changes), at="quarter", count="found", base="new")  # type: ignore[arg-type]


def towns(**changes: object) -> Counts:
    table = TABLE.assign(quarter=["a", "b", "c"]).assign(**changes)  # type: ignore[arg-type]
    return counts(table, at="quarter", count="found", base="new")


def rates() -> Counts:
    return made(new=[60.5, 75.0, 58.0])


def by_quarter() -> Estimate:
    return shares({"2018-Q1": (5, 40), "2018-Q2": (9, 50)}, name="quarter", N=None)


def cited() -> Estimate:
    case = {
        "label": "A",
        "unit": "placements",
        "measure": "a",
        "citation": "b",
        "cited": [{"id": "now", "percent": "9.14", "period": "2014"}],
    }
    return ev.indicators.published_case("a", cases={"a": case})


def weighted() -> Estimate:
    frame = pd.DataFrame(
        {"quarter": ["2018-Q1", "2018-Q2"] * 4, "found": ["yes", "no", "no", "yes"] * 2, "w": [1.0, 2, 3, 4] * 2}
    )
    return ev.proportion(ev.survey_design(frame, weights="w"), "found", category="yes", by="quarter")


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "NO_SUCH_VARIABLE": (lambda: counts(TABLE, at="quarter", count="foun"), '"found"'),
    "NO_ROWS": (lambda: counts(TABLE.head(0), at="quarter", count="found"), "one row for each period"),
    "COUNT_MISSING": (lambda: made(found=[6, None, 8]), "row 2"),
    "COUNT_NOT_POSITIVE": (lambda: made(found=[6, -1, 8]), "row 2"),
    "PERIOD_TWICE": (lambda: made(quarter=["2018-Q1", "2018-Q1", "2018-Q2"]), "2018-Q1"),
    "PERIODS_OF_UNLIKE_KINDS": (lambda: made(quarter=["2018-Q1", "2018-05", "2018-06"]), "month"),
    "TOO_MANY_PERIODS": (lambda: counts(pd.DataFrame({"d": ["1919-01-01", "2019-01-01"], "n": [1, 2]}), at="d", count="n"), "mistyped"),
    "NO_SUCH_PERIOD": (lambda: counts_per(RECORDS, "quater", date="day"), '"quarter"'),
    "NOT_A_DATE": (lambda: counts_per(RECORDS.assign(day=["2019-01-07", "2019-13-01", ""]), "week", date="day"), "row 2"),
    "NOT_TRUE_OR_FALSE": (lambda: counts_per(RECORDS.assign(broke=[0, 1, 7]), "week", date="day", where="broke"), "row 3"),
    "NO_EVENTS": (lambda: counts_between(RECORDS.assign(broke=0), date="day", event="broke"), '"broke"'),
    "EVERY_NOT_POSITIVE": (lambda: counts_between(RECORDS, date="day", event="broke", every=0), "5"),
    "NOT_LONGER": (lambda: merged(made(), "month"), "quarter"),
    "NOT_ADDED_UP": (lambda: merged(counts(TABLE, at="quarter", count="found", value=True), "year"), "records"),
    "NO_COUNTS": (lambda: counts_of(cited()), "2014"),
    "NO_SUCH_COORDINATE": (lambda: counts_of(by_quarter(), at="quater"), '"quarter"'),
    "WEIGHTED_COUNTS": (lambda: counts_of(weighted()), "without weights"),
    "UNLIKE_UNITS": (
        lambda: counts_of([by_quarter().only(quarter="2018-Q1"), shares({"2018-Q2": (9, 50)}, name="quarter", where=source(unit="family"))]),
        "family",
    ),
    "NOT_FOR_THIS_CHART": (lambda: p_chart(rates()), "p_chart"),
    "COUNT_NOT_WHOLE": (lambda: p_chart(made(found=[6, 9.5, 8])), "2. kvartal 2018"),
    "TOO_FEW_PERIODS": (lambda: p_prime_chart(made(new=[60, 75, 0], found=[6, 9, 0])), "2 periods"),
    "PHASES_AND_BASELINE": (lambda: p_chart(made(), phases={"2018-Q2": "x"}, baseline="2018-Q2"), "baseline"),
    "EMPTY_PHASE": (lambda: p_chart(made(), phases={"2019-Q2": "Efter"}), "Efter"),
    "PER_NOT_POSITIVE": (lambda: run_chart(made(), per=0), "100"),
    "TOO_FEW_UNITS": (lambda: funnel(towns(found=[6, 0, 0], new=[60, 0, 0])), "two_proportions"),
    "NOTHING_VARIES": (lambda: funnel(towns(found=0)), "0%"),
    "TARGET_NOT_A_SHARE": (lambda: funnel(towns(), target=33), "0.33"),
    "NO_SUCH_METHOD": (lambda: funnel(towns(), overdispersion="addditive"), '"additive"'),  # type: ignore[arg-type]
    "BASE_NOT_POSITIVE": (lambda: funnel_limits(funnel(towns()), [0]), "1 and more"),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_it_is_refused_with_what_to_do(code: str) -> None:
    call, hint = REFUSED[code]
    with pytest.raises(DesignError) as refused:
        call()
    assert refused.value.code == code
    assert hint in str(refused.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: run_chart(towns(), phases={"d": "x"}),
        lambda: g_chart(made()),
        lambda: u_chart(counts(TABLE, at="quarter", count="found")),
        lambda: funnel(rates()),
        lambda: counts_of([]),
        lambda: counts_of(shares({"a": (1, 2), "b": (2, 3)}).only(row="a"), at="x"),
        lambda: p_chart(made(), baseline="2017-Q1"),
    ],
    ids=[
        "phase of a unit",
        "g of shares",
        "u of counts",
        "funnel of rates",
        "no result",
        "no coordinate",
        "no baseline",
    ],
)
def test_what_does_not_fit_is_refused_and_never_gives_nan(call: Callable[[], object]) -> None:
    with pytest.raises(DesignError):
        call()
