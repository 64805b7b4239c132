"""Two shares, one share and a target: numbers that R, scipy and statsmodels computed (`data/shares_evaluation.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest, boschloo_exact, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from evaltools.estimate import indicators

REFERENCE = Path(__file__).parent / "data" / "shares_evaluation.json"
LATER, EARLIER = (22, 98), (8, 57)


def case(name: str) -> dict[str, Any]:
    """One reference case."""
    cases: list[dict[str, Any]] = json.loads(REFERENCE.read_text("utf-8"))["cases"]
    return next(each for each in cases if each["id"] == name)


def test_boschloos_test_of_kobenhavn() -> None:
    # scipy takes the columns of a table as the groups; the reference gave it the years as rows, so that it holds
    # the answers (30 found in the network, 125 not) to be the groups. Given those groups we get its value.
    theirs = case("kbh_boschloo")
    assert indicators.boschloo((22, 30), (76, 125)) == pytest.approx(theirs["value"], abs=theirs["tolerance"])


@pytest.mark.parametrize(
    ("later", "earlier"), [((22, 98), (8, 57)), ((5, 9), (1, 12)), ((0, 6), (4, 7)), ((3, 3), (3, 3))]
)
def test_exact_tests_are_those_of_scipy_with_the_years_as_groups(
    later: tuple[int, int], earlier: tuple[int, int]
) -> None:
    table = [[later[0], earlier[0]], [later[1] - later[0], earlier[1] - earlier[0]]]
    assert indicators.boschloo(later, earlier) == pytest.approx(boschloo_exact(table).pvalue, abs=1e-6)
    assert indicators.fisher(later, earlier) == pytest.approx(fisher_exact(table).pvalue, abs=1e-10)
    assert indicators.binomial_test(*later, 0.4) == pytest.approx(binomtest(*later, 0.4).pvalue, abs=1e-12)


def test_the_risk_ratio_of_kobenhavn() -> None:
    theirs = case("kbh_rr")
    assert indicators.risk_ratio(LATER, EARLIER) == pytest.approx(theirs["value"], abs=theirs["tolerance"])


def test_the_probability_of_an_increase_in_kobenhavn() -> None:
    theirs = case("kbh_bayes")
    assert indicators.probability_of_increase(LATER, EARLIER) == pytest.approx(theirs["value"], abs=theirs["tolerance"])


def test_kobenhavn_against_its_target() -> None:
    theirs = case("kbh_target")
    assert indicators.binomial_test(22, 98, 0.33) == pytest.approx(theirs["value"], abs=theirs["tolerance"])


def test_exact_and_score_interval_of_the_first_year_in_kobenhavn() -> None:
    theirs = case("kbh_old_cp")
    ours = [indicators.clopper_pearson(8, 57), indicators.wilson(8, 57)]
    assert ours == [pytest.approx(each, abs=theirs["tolerance"]) for each in theirs["value"]]


def test_three_intervals_of_one_breakdown_in_38() -> None:
    theirs = case("aalborg_breakdown")
    ours = [indicators.clopper_pearson(1, 38), indicators.wilson(1, 38), indicators.jeffreys(1, 38)]
    assert ours == [pytest.approx(each, abs=theirs["tolerance"]) for each in theirs["value"]]


def test_miettinen_nurminen_gives_newcombes_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table II: 56/70 against 48/80, method 4 gives 0.0528 to 0.3382
    assert indicators.miettinen_nurminen((56, 70), (48, 80)) == pytest.approx((0.0528, 0.3382), abs=5e-5)


def test_newcombe_and_wilson_are_those_of_statsmodels() -> None:
    for later, earlier in (((22, 98), (8, 57)), ((56, 70), (48, 80)), ((1, 38), (5, 40)), ((0, 20), (3, 25))):
        theirs = confint_proportions_2indep(*later, *earlier, method="newcomb", compare="diff")
        assert indicators.newcombe(later, earlier) == pytest.approx(theirs, abs=1e-10)
        assert indicators.wilson(*later) == pytest.approx(proportion_confint(*later, method="wilson"), abs=1e-10)
        assert indicators.clopper_pearson(*later) == pytest.approx(proportion_confint(*later, method="beta"), abs=1e-10)
        assert indicators.jeffreys(1, 38) == pytest.approx(proportion_confint(1, 38, method="jeffreys"), abs=1e-10)
