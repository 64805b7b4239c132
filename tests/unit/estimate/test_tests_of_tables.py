"""Tests of association and cells of tables: what they add up to, several choices at once, and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.special import chdtrc, fdtrc

from evaltools.estimate import Design, crosstab, design, interval, rao_scott, survey_design
from evaltools.estimate.survey.tables.mixtures import mixture_tail
from municipal_survey import municipal_data
from refused import code_of
from several_choices import OPTIONS, data_of_methods


@pytest.fixture(scope="module")
def weighted() -> Design:
    return design(municipal_data(), strata="region")


@pytest.fixture(scope="module")
def several() -> Design:
    return design(data_of_methods(), strata="region")


@pytest.mark.parametrize("df", [8.0, math.inf])
def test_a_mixture_of_equal_parts_is_close_to_one_chi_squared_or_f(df: float) -> None:
    for statistic in (9.0, 15.0, 25.0):
        classic = chdtrc(3, statistic / 2) if math.isinf(df) else fdtrc(3, df, statistic / 6)
        assert mixture_tail(statistic, np.full(3, 2.0), df) == pytest.approx(classic, rel=0.02)


def test_a_mixture_of_unequal_parts_agrees_with_draws_of_it() -> None:
    rng = np.random.default_rng(5)
    parts = np.array([3.0, 1.0, 0.2])
    drawn = rng.chisquare(1, (400_000, 3)) @ parts * 12 / rng.chisquare(12, 400_000)
    for statistic in (6.0, 12.0, 25.0):
        assert mixture_tail(statistic, parts, 12.0) == pytest.approx((drawn > statistic).mean(), abs=0.01)


def test_shares_of_all_add_to_one_and_counts_to_the_population(weighted: Design) -> None:
    shares, counts = (crosstab(weighted, "size", "use_fgc", of=of) for of in ("all", "count"))
    assert sum(row.estimate for row in shares.rows) == pytest.approx(1)
    assert sum(row.estimate for row in counts.rows) == pytest.approx(98)
    assert sum(row.count or 0 for row in counts.rows) == 69
    for cell in counts.rows:
        share = shares.row(size=cell.coordinate("size"), category=cell.coordinate("category"))
        assert 98 * share.estimate == pytest.approx(cell.estimate)
        assert share.count == cell.count
    assert "interaction(size, use_fgc)" in shares.r_code()


def test_several_choices_are_tested_by_the_sum_of_the_tables_of_the_options(several: Design) -> None:
    both = rao_scott(several, "size", "methods", statistic="Chisq")
    alone = [rao_scott(several, "size", f"methods_{name}", statistic="Chisq") for name in OPTIONS]
    second = [rao_scott(several, "size", f"methods_{name}") for name in OPTIONS]
    assert both.statistic == pytest.approx(sum(test.statistic for test in alone))
    trace = sum(one.statistic / other.statistic for one, other in zip(alone, second, strict=True))
    df = sum(test.df[0] for test in alone)
    assert both.df == (df,)
    assert both.p_value == pytest.approx(chdtrc(df, both.statistic * df / trace))
    assert rao_scott(several, "size", "methods").statistic == pytest.approx(both.statistic / trace)
    assert rao_scott(several, "size", "methods").df[0] < df


def test_a_mixture_does_not_depend_on_which_answer_is_called_yes() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"g": rng.integers(0, 3, 300), "a": rng.integers(0, 2, 300)})
    one = rao_scott(survey_design(frame), "g", "a", statistic="lincom")
    other = rao_scott(survey_design(frame.assign(a=1 - frame["a"])), "g", "a", statistic="lincom")
    assert (one.statistic, one.p_value) == pytest.approx((other.statistic, other.p_value))


def test_walds_test_has_a_degree_of_freedom_for_each_free_cell(weighted: Design) -> None:
    test = rao_scott(weighted, "size", "use_fgc", statistic="Wald")
    assert test.df == (2.0, 64.0)
    assert test.p_value == pytest.approx(fdtrc(*test.df, test.statistic))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda d: rao_scott(d, "size", "size"), "SAME_VARIABLE"),
        (lambda d: crosstab(d, "size", "size"), "SAME_VARIABLE"),
        (lambda d: rao_scott(d, "size", "use_fgc", statistic="f"), "NO_SUCH_STATISTIC"),  # type: ignore[arg-type]
        (lambda d: rao_scott(d, "size", "why", statistic="Wald"), "NO_SUCH_STATISTIC"),
        (lambda d: crosstab(d, "size", "use_fgc", of="cells"), "NO_SUCH_SHARE"),  # type: ignore[arg-type]
        (lambda d: crosstab(d, "size", "use", of="all"), "MANY_TABLES"),
        (lambda d: crosstab(d, "size", "use_fgc", of="count", interval=interval.logit()), "INTERVAL_FOR_SHARES"),
        (lambda d: crosstab(d, "size", "why"), "MULTIPLE_ITEM"),
        (lambda d: rao_scott(d, "why", "size"), "CHOICE_OF_MANY"),
        (lambda d: rao_scott(d.domain("use_fgc == '1'"), "size", "use_fgc"), "NO_TEST"),
    ],
)
def test_tables_that_mean_nothing_are_refused(weighted: Design, call: Callable[[Design], object], code: str) -> None:
    assert code_of(lambda: call(weighted)) == code
