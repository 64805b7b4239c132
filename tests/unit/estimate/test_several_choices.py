"""Any, all and pairs of several options, shares of answers, and permuted tables: values and refusals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import (
    Design,
    answer_shares,
    choices,
    combinations,
    contrast,
    design,
    permutation_test,
    rao_scott,
    survey_design,
)
from municipal_survey import municipal_data
from refused import code_of
from several_choices import data_of_methods

METHODS = ["methods_fgc", "methods_sos", "methods_inm"]


@pytest.fixture(scope="module")
def several() -> Design:
    return design(data_of_methods(), strata="region")


def test_any_of_the_methods_is_the_rest_of_those_who_chose_none(several: Design) -> None:
    none, some = combinations(several, METHODS).rows
    theirs = choices(several, "methods").row(category="none")
    assert (none.estimate, none.se, none.low) == pytest.approx((theirs.estimate, theirs.se, theirs.low))
    assert some.estimate == pytest.approx(1 - none.estimate)


def test_pairs_have_a_row_each_and_all_of_them_is_no_more_than_any_pair(several: Design) -> None:
    pairs = combinations(several, METHODS, how="pairs")
    (every,) = combinations(several, METHODS, how="all").rows
    assert [row.coordinate("category") for row in pairs.rows] == [
        "+".join(names) for names in itertools.combinations(METHODS, 2)
    ]
    assert every.estimate <= min(row.estimate for row in pairs.rows)


def test_shares_of_answers_add_to_one_and_stand_beside_shares_of_cases(several: Design) -> None:
    both = answer_shares(several, "methods")
    cases, answers = both.only(of="cases"), both.only(of="answers")
    assert sum(row.estimate for row in answers.rows) == pytest.approx(1)
    assert [row.estimate for row in cases.rows] == pytest.approx(
        [row.estimate for row in choices(several, "methods").rows]
    )
    number = sum(row.estimate for row in cases.rows)
    for one, other in zip(cases.rows, answers.rows, strict=True):
        assert other.estimate == pytest.approx(one.estimate / number)
        assert (other.low or 0) < other.estimate < (other.high or 1)


def test_the_error_of_a_share_of_answers_is_that_of_the_formula_of_shares_of_cases(several: Design) -> None:
    both = answer_shares(several, "methods")
    row = contrast(choices(several, "methods"), "fgc / (fgc + sos + inm + none)").rows[0]
    assert both.row(of="answers", category="fgc").se == pytest.approx(row.se)
    difference = contrast(both, {"answers/methods/fgc": 1, "cases/methods/fgc": -1}).rows[0]
    slope = contrast(choices(several, "methods"), "fgc / (fgc + sos + inm + none) - fgc").rows[0]
    assert (difference.estimate, difference.se) == pytest.approx((slope.estimate, slope.se))


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Two-sided p-value of a 2 x 2 table by distance from what the margins imply, counted one by one."""
    n, first, column = a + b + c + d, a + b, a + c
    chance = {
        x: math.comb(first, x) * math.comb(n - first, column - x) / math.comb(n, column)
        for x in range(max(0, first + column - n), min(first, column) + 1)
    }
    centre = first * column / n
    return sum(p for x, p in chance.items() if abs(x - centre) >= abs(a - centre) - 1e-9)


def test_without_a_finite_population_all_tables_counted_are_fishers_exact_test() -> None:
    frame = pd.DataFrame({"g": ["x"] * 9 + ["y"] * 11, "u": [1] * 7 + [0] * 2 + [1] * 3 + [0] * 8})
    test = permutation_test(survey_design(frame), "g", "u")
    assert test.p_value == pytest.approx(fisher(7, 2, 3, 8))
    assert any("Rao-Scott" in note for note in test.notes)


def test_strata_are_permuted_apart_as_counting_all_orders_shows() -> None:
    frame = pd.DataFrame({
        "s": ["a"] * 4 + ["b"] * 4, "g": list("xxyyxyyy"), "u": [1, 1, 0, 0, 1, 0, 1, 0], "N": [400] * 4 + [800] * 4,
    })  # fmt: skip
    drawn = survey_design(frame, strata="s", fpc="N", target="superpopulation")
    weight, group, use = np.repeat([100.0, 200.0], 4), frame["g"] == "x", frame["u"].to_numpy()

    def excess(one: np.ndarray) -> float:
        centre = sum(weight[rows][0] * group[rows].sum() * one[rows].mean() for rows in (slice(0, 4), slice(4, 8)))
        return abs(float((weight * group * one).sum()) - float(centre))

    orders = list(itertools.permutations(range(4)))
    values = [excess(np.concatenate([use[:4][list(a)], use[4:][list(b)]])) for a in orders for b in orders]
    expected = np.mean(np.array(values) >= excess(use) - 1e-9)
    assert permutation_test(drawn, "g", "u").p_value == pytest.approx(float(expected))


def test_the_more_of_a_population_answered_the_surer_the_same_table_is() -> None:
    frame = pd.DataFrame({"g": ["x"] * 20 + ["y"] * 20, "u": [1] * 12 + [0] * 8 + [1] * 7 + [0] * 13})
    values = [permutation_test(survey_design(frame, population=size), "g", "u").p_value for size in (40, 60, 98, 4000)]
    assert values == sorted(values)
    assert values[0] == 0
    assert values[-1] == pytest.approx(permutation_test(survey_design(frame), "g", "u").p_value, abs=0.02)


def test_who_left_a_question_open_is_silent_on_it_in_a_permuted_census() -> None:
    data = municipal_data()
    whole = permutation_test(design(data), "barrier", "use_fgc")
    answers = data.frame.loc[data.frame["responded"] & data.frame["barrier"].notna(), ["barrier", "use_fgc"]]
    alone = permutation_test(survey_design(answers, population=98), "barrier", "use_fgc")
    assert len(answers) < int(data.frame["responded"].sum())
    assert whole.p_value == pytest.approx(alone.p_value)


def test_drawn_permutations_are_close_to_all_of_them_and_seeded() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"g": rng.integers(0, 2, 60), "u": rng.integers(0, 2, 60), "w": rng.uniform(1, 1.0001, 60)})
    every = permutation_test(survey_design(frame), "g", "u")
    drawn = [permutation_test(survey_design(frame, weights="w"), "g", "u", seed=seed).p_value for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] == pytest.approx(every.p_value, abs=0.25)


def test_the_check_agrees_with_rao_scott_on_the_municipalities() -> None:
    weighted = design(municipal_data(), strata="region")
    check = permutation_test(weighted, "size", "use_fgc", permutations=1999)
    assert check.p_value == pytest.approx(rao_scott(weighted, "size", "use_fgc").p_value, abs=0.1)
    assert "permutations=1999" in check.source.code


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda d: combinations(d, METHODS, how="some"), "NO_SUCH_METHOD"),  # type: ignore[arg-type]
        (lambda d: combinations(d, METHODS[:1]), "TWO_VARIABLES"),
        (lambda d: combinations(d, METHODS[:1] * 2), "SAME_VARIABLE"),
        (lambda d: answer_shares(d, "size"), "NOT_A_MULTIPLE"),
        (lambda d: permutation_test(d, "size", "methods"), "PERMUTES_UNITS"),
        (lambda d: permutation_test(d, "size", "size"), "SAME_VARIABLE"),
        (lambda d: permutation_test(d, "size", "methods_fgc", permutations=9), "FEW_PERMUTATIONS"),
        (lambda d: permutation_test(d, "region", "methods_fgc"), "NO_TEST"),
    ],
)
def test_what_cannot_be_combined_or_permuted_is_refused(
    several: Design, call: Callable[[Design], object], code: str
) -> None:
    assert code_of(lambda: call(several)) == code


def test_units_that_hold_several_rows_are_not_permuted() -> None:
    frame = pd.DataFrame({"unit": [1, 1, 2, 2, 3, 3], "g": list("xyxyxy"), "u": [1, 0, 1, 0, 1, 1]})
    assert code_of(lambda: permutation_test(survey_design(frame, psu="unit"), "g", "u")) == "PERMUTES_UNITS"
