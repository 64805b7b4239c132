"""Contrasts by formula and across estimates, t tests, paired tests, families of tests: values and refusals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import (
    Design,
    adjust,
    adjusted,
    change,
    cochran_q,
    contrast,
    design,
    mcnemar,
    mean,
    pairwise_mcnemar,
    proportion,
    rao_scott,
    ratio,
    survey_design,
    t_test,
    together,
    total,
)
from evaltools.estimate.survey.comparisons.multiplicity import adjusted_p_values
from evaltools.estimate.survey.comparisons.pairs import _finite
from municipal_survey import municipal_data
from refused import code_of
from several_choices import data_of_methods

PATH = Path(__file__).parents[2] / "references" / "data" / "muni98_synthetic_respondents.csv"


@pytest.fixture(scope="module")
def weighted() -> Design:
    return design(municipal_data(), strata="region")


@pytest.fixture(scope="module")
def several() -> Design:
    return design(data_of_methods(), strata="region")


@pytest.fixture(scope="module")
def plain() -> Design:
    return survey_design(pd.read_csv(PATH), strata="region", weights="wt", fpc="N_region")


def test_a_formula_of_two_totals_is_their_ratio(plain: Design) -> None:
    both = contrast(total(plain, ["network_placements", "placements"]), "network_placements / placements").rows[0]
    theirs = ratio(plain, "network_placements", "placements").rows[0]
    assert (both.estimate, both.se, both.df) == pytest.approx((theirs.estimate, theirs.se, theirs.df))


def test_every_operation_of_a_formula_has_the_slope_that_small_steps_show(plain: Design) -> None:
    totals = total(plain, ["network_placements", "placements"])
    formula = "sqrt('placements') * log(network_placements) ** 2 - exp(-network_placements / placements) + 3"
    row = contrast(totals, formula).rows[0]

    def value(a: float, b: float) -> float:
        return math.sqrt(b) * math.log(a) ** 2 - math.exp(-a / b) + 3

    a, b = (each.estimate for each in totals.rows)
    step = 1e-4
    slope = np.array([
        (value(a + step, b) - value(a - step, b)) / (2 * step),
        (value(a, b + step) - value(a, b - step)) / (2 * step),
    ])  # fmt: skip
    assert row.estimate == pytest.approx(value(a, b))
    assert row.se == pytest.approx(math.sqrt(slope @ totals.covariance @ slope), rel=1e-6)


def test_estimates_of_one_design_set_side_by_side_have_the_covariance_of_one_call(weighted: Design) -> None:
    once = proportion(weighted, ["use_fgc", "barrier"])
    parts = together(weighted, {"use": proportion(weighted, "use_fgc"), "barrier": proportion(weighted, "barrier")})
    assert parts.covariance == pytest.approx(once.covariance)
    assert [row.coordinates[1:] for row in parts.rows] == [row.coordinates for row in once.rows]


def test_a_contrast_of_two_domains_is_that_of_a_breakdown(plain: Design) -> None:
    groups = mean(plain, "placements", by="size")
    parts = {size: mean(plain.domain(f"size == '{size}'"), "placements") for size in ("large", "small")}
    one = contrast(together(plain, parts), {"large": 1, "small": -1}).rows[0]
    other = contrast(groups, {"large": 1, "small": -1}).rows[0]
    assert (one.estimate, one.se) == pytest.approx((other.estimate, other.se))
    test = t_test(plain.domain("size in ['small', 'large']"), "placements", by="size")
    assert (test.estimate, test.statistic) == pytest.approx((-one.estimate, -one.estimate / (one.se or 0)))


def test_a_paired_t_test_is_that_of_the_contrast_of_the_two_means(plain: Design) -> None:
    test = t_test(plain, ["placements", "network_placements"])
    row = contrast(mean(plain, ["placements", "network_placements"]), [1, -1]).rows[0]
    assert test.statistic == pytest.approx(row.estimate / (row.se or 0))
    assert test.df == (63.0,)


def test_the_finite_mcnemar_goes_from_a_fact_to_the_binomial_as_the_population_grows() -> None:
    assert _finite(size=51, up=9, down=2, n=51) == 0.0
    exact = 2 * sum(math.comb(11, x) for x in range(3)) / 2**11
    values = [_finite(size, 9, 2, 51) for size in (60, 98, 200, 2000)]
    assert values == sorted(values)
    assert max(values) < exact
    assert _finite(2_000_000, 9, 2, 51) == pytest.approx(exact, rel=1e-4)


def test_the_finite_mcnemar_is_what_counting_all_samples_gives() -> None:
    """Two of three changers up and one down of four seen out of seven, among 2 k = 4 changers, counted one by one."""
    samples = list(itertools.combinations([1, 1, -1, -1], 3))
    extreme = sum(abs(sum(sample)) >= 1 for sample in samples) / len(samples)
    assert _finite(size=6, up=2, down=1, n=4) == pytest.approx(extreme)


def test_cochrans_q_of_two_options_is_mcnemars_chi_squared(several: Design) -> None:
    q = cochran_q(several, ["methods_fgc", "methods_inm"])
    pair = mcnemar(several, "methods_fgc", "methods_inm", method="chi_squared")
    assert (q.statistic, q.p_value) == pytest.approx((pair.statistic, pair.p_value))
    wald = cochran_q(several, ["methods_fgc", "methods_inm"], method="design")
    t = mcnemar(several, "methods_fgc", "methods_inm", method="design")
    assert (wald.statistic, wald.p_value) == pytest.approx((t.statistic**2, t.p_value))


def test_options_of_a_multiple_item_are_compared_pair_by_pair_within_one_family(several: Design) -> None:
    tests = pairwise_mcnemar(several, "methods")
    raw = [mcnemar(several, *test.name.split(" x ")) for test in tests]
    assert len(tests) == 6
    assert [test.p_value for test in tests] == pytest.approx(adjusted_p_values([test.p_value for test in raw]))
    assert "Holm" in tests[0].notes[0]


def test_adjusted_p_values_are_those_of_p_adjust_in_r() -> None:
    p = [0.012, 0.2, 0.03, 0.0004, 0.03]
    assert adjusted_p_values(p) == pytest.approx((0.048, 0.2, 0.09, 0.002, 0.09))
    assert adjusted_p_values(p, method="benjamini_hochberg") == pytest.approx((0.03, 0.2, 0.0375, 0.002, 0.0375))


def test_one_test_of_a_family_can_be_had_alone(several: Design) -> None:
    tests = [rao_scott(several, "size", f"methods_{name}") for name in ("fgc", "sos")]
    whole = adjust(tests, family="methods by size")
    alone = adjusted(tests, 2, family="methods by size")
    assert (whole[1].p_value, whole[1].source.code) == (alone.p_value, alone.source.code)
    assert alone.source.code.startswith("adjusted((rao_scott(")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda d: contrast(mean(d, "placed"), "placed +"), "FORMULA_NOT_UNDERSTOOD"),
        (lambda d: contrast(mean(d, "placed"), "open(placed)"), "FORMULA_NOT_UNDERSTOOD"),
        (lambda d: contrast(mean(d, "placed"), "placed / 0"), "FORMULA_HAS_NO_VALUE"),
        (lambda d: contrast(mean(d, "placed"), "log(-placed)"), "FORMULA_HAS_NO_VALUE"),
        (lambda d: contrast(mean(d, "placed"), "plased"), "NO_SUCH_ROW"),
        (lambda d: together(d, {}), "NO_COVARIANCE"),
        (lambda d: together(d, {"change": change(d, d, "use_fgc")}), "NO_COVARIANCE"),
        (lambda d: together(d, {"mean": mean(design(municipal_data()), "placed")}), "OTHER_DESIGN"),
        (lambda d: t_test(d, "placed", by="size"), "TWO_GROUPS"),
        (lambda d: t_test(d, ["placed", "placed"]), "SAME_VARIABLE"),
        (lambda d: t_test(d, ["placed", "network", "placed"]), "TWO_VARIABLES"),
        (lambda d: t_test(d, "barrier"), "NOT_NUMBERS"),
        (lambda d: mcnemar(d, "use_fgc", "use_fgc", category=1), "SAME_VARIABLE"),
        (lambda d: mcnemar(d, "use_fgc", "barrier"), "NEEDS_CATEGORY"),
        (lambda d: mcnemar(d, "use_fgc", "use_sos", category=1, method="fisher"), "NO_SUCH_METHOD"),  # type: ignore[arg-type]
        (lambda d: mcnemar(d, "use_fgc", "use_sos", category=1, method="finite"), "MCNEMAR_NEEDS_POPULATION"),
        (lambda d: cochran_q(d, "use_fgc", category=1), "TWO_VARIABLES"),
        (lambda d: cochran_q(d, ["use_fgc", "use_fgc"], category=1), "SAME_VARIABLE"),
        (lambda d: adjust([], family="none"), "NO_TESTS"),
        (lambda d: adjust([rao_scott(d, "size", "use_fgc")], family=" "), "NO_FAMILY"),
        (lambda d: adjusted([rao_scott(d, "size", "use_fgc")], 2, family="one"), "NO_SUCH_TEST"),
        (lambda d: adjusted_p_values([0.1], method="tukey"), "NO_SUCH_METHOD"),  # type: ignore[arg-type]
        (lambda d: adjusted_p_values([1.2]), "NOT_A_P_VALUE"),
    ],
)
def test_comparisons_that_mean_nothing_are_refused(
    weighted: Design, call: Callable[[Design], object], code: str
) -> None:
    assert code_of(lambda: call(weighted)) == code


def test_a_group_with_one_answer_and_answers_that_never_differ_are_refused() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "g": ["a", "b", "b", "b"], "u": [0, 1, 0, 1], "v": [0, 1, 0, 1]})
    few = survey_design(frame, population=40)
    assert code_of(lambda: t_test(few, "x", by="g")) == "FEW_ANSWERS"
    assert code_of(lambda: mcnemar(few, "u", "v")) == "NO_TEST"
    assert code_of(lambda: cochran_q(few, ["u", "v"])) == "NO_TEST"
    assert code_of(lambda: pairwise_mcnemar(few, ["u", "v"])) == "NO_TEST"
    assert code_of(lambda: t_test(survey_design(frame.assign(x=2.0), population=40), "x")) == "NO_TEST"
