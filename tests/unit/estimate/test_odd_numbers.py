"""Counts and durations at their limits: a right number or a reason, never a number that is none, and no warning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

import evaltools as ev
from evaltools.errors import DesignError
from refused import code_of
from unlike_rates import SHARE

pytestmark = pytest.mark.filterwarnings("error")

ENDED = pd.DataFrame({"m": [1, 2, 3, 4, 5, 6], "x": [3.0, 9, 4, 8, 6, 7], "one": "a", "own": list("abcdef")})
TOWNS = pd.DataFrame({"town": list("abcdefgh"), "found": [0, 10**7] * 4, "new": 10**7})


def spells(frame: pd.DataFrame = ENDED) -> ev.durations.Spells:
    return ev.durations.spells(frame, end="m")


def rates() -> tuple[ev.indicators.Rate, ...]:
    return ev.indicators.rates(TOWNS, SHARE, count="found", base="new", place="town")


WRONG: dict[str, tuple[str, Callable[[], object]]] = {
    "a number without end": ("NOT_A_NUMBER", lambda: ev.durations.cox(spells(ENDED.assign(x=np.inf)), "x")),
    "one category": ("NOTHING_TO_EXPLAIN", lambda: ev.durations.cox(spells(), "one")),
    "a category for each row": ("SEPARATED", lambda: ev.durations.cox(spells(), "own")),
    "a ratio of two rows": (
        "NO_RATIOS",
        lambda: ev.durations.hazard_ratios(ev.durations.cox(spells(ENDED[:3].assign(x=[1e-3, 2e-3, 0.0])), "x")),
    ),
    "more tables than can be made": ("BASE_TOO_LARGE", lambda: ev.indicators.boschloo((5, 9000), (7, 9000))),
    "places at both ends": ("NOT_FITTED", lambda: ev.indicators.variation(rates())),
    "more cases than people": (
        "BASE_TOO_LARGE",
        lambda: ev.monitor.funnel(
            ev.monitor.counts(TOWNS.assign(new=10**10), at="town", count="found", base="new", language="en")
        ),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_has_no_number_is_refused(what: str) -> None:
    code, call = WRONG[what]
    assert code_of(call) == code


def test_shrunken_shares_at_both_ends_have_limits() -> None:
    for row in ev.indicators.shrunken(rates()).rows:
        assert row.low is not None
        assert row.high is not None
        assert 0 <= row.low <= row.estimate + 1e-12
        assert row.estimate - 1e-12 <= row.high <= 1


def test_limits_of_a_beta_distribution_are_those_of_scipy_where_it_has_them() -> None:
    found = ev.indicators.shrunken(
        ev.indicators.rates(
            TOWNS.assign(found=[2, 9, 4, 30] * 2, new=[20, 40, 30, 60] * 2), SHARE, count="found", base="new"
        )
    )
    row = found.rows[1]
    a, b = found.extra["a"] + 9, found.extra["b"] + 31
    assert [row.low, row.high] == pytest.approx([beta.ppf(0.025, a, b), beta.ppf(0.975, a, b)])


def test_an_empty_mark_is_called_empty_and_a_baseline_may_be_a_year() -> None:
    records = pd.DataFrame({"day": ["2018-01-01", "2018-02-01"], "broke": [np.nan, 1.0]})
    with pytest.raises(DesignError, match='"broke" is empty in row 1'):
        ev.monitor.counts_between(records, date="day", event="broke")
    years = pd.DataFrame({"year": range(2000, 2012), "found": [3, 4, 5] * 4, "new": 20})
    counts = ev.monitor.counts(years, at="year", count="found", base="new", language="en")
    assert ev.monitor.p_chart(counts, baseline=2005).points == ev.monitor.p_chart(counts, baseline="2005").points  # type: ignore[arg-type]  # a year as a number, as people type it
