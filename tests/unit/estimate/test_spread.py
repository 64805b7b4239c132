"""Quantiles, variances and design effects: what must be true of them, what they refuse; and which shares to show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import (
    contrast,
    design,
    design_effects,
    interval,
    mean,
    proportion,
    publication_flags,
    quantile,
    survey_design,
    variance,
)
from evaltools.estimate.survey.amounts.quantile_rules import RULES, Steps
from municipal_survey import municipal_data
from refused import code_of


def numbers(size: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"x": rng.gamma(2.0, 20.0, size), "y": rng.normal(5.0, 2.0, size)})
    return frame.assign(kind=(["a", "b"] * size)[:size], w=rng.uniform(1.0, 4.0, size))


NUMPY = {
    "hf1": "inverted_cdf", "hf2": "averaged_inverted_cdf", "hf4": "interpolated_inverted_cdf", "hf5": "hazen",
    "hf6": "weibull", "hf7": "linear", "hf8": "median_unbiased", "hf9": "normal_unbiased",
}  # fmt: skip


@pytest.mark.parametrize("rule", list(NUMPY))
def test_rules_without_weights_are_those_of_numpy(rule: str) -> None:
    values = numbers(23)["x"].to_numpy()
    steps = Steps.of(values, np.ones(23), np.argsort(values))
    for chance in (0.001, 0.1, 0.25, 0.5, 0.77, 0.9, 0.999):
        theirs = np.quantile(values, chance, method=NUMPY[rule])  # type: ignore[call-overload]
        assert RULES[rule](steps, chance) == pytest.approx(theirs, rel=1e-12)


def test_a_weight_of_two_is_two_rows_where_the_rule_allows_it() -> None:
    values, times = np.array([3.0, 8.0, 1.0, 5.0]), np.array([2, 1, 3, 2])
    rows = np.repeat(values, times)
    for rule in ("math", "school", "hf1", "hf2", "hf3"):
        weighted = Steps.of(values, times.astype(float), np.argsort(values))
        repeated = Steps.of(rows, np.ones(len(rows)), np.argsort(rows, kind="stable"))
        assert [RULES[rule](weighted, chance) for chance in (0.2, 0.375, 0.5, 0.9)] == [
            RULES[rule](repeated, chance) for chance in (0.2, 0.375, 0.5, 0.9)
        ]


def test_quantiles_do_not_depend_on_the_order_of_rows_or_the_scale_of_weights() -> None:
    frame = numbers()
    turned = frame.iloc[::-1].assign(w=frame["w"] * 7)
    one, other = (quantile(survey_design(each, weights="w"), "x", [0.2, 0.5], rule="hf7") for each in (frame, turned))
    for ours, theirs in zip(one.rows, other.rows, strict=True):
        assert (ours.estimate, ours.low, ours.high) == pytest.approx((theirs.estimate, theirs.low, theirs.high))


def test_quantiles_of_a_census_that_everyone_answered_have_no_width_and_no_doubt() -> None:
    row = quantile(survey_design(numbers(), population=40), "x", 0.5, rule="school").rows[0]
    assert (row.low, row.high, row.se) == (row.estimate, row.estimate, 0.0)
    assert row.estimate == pytest.approx(float(np.median(numbers()["x"])))


def test_silence_on_the_question_widens_the_median_of_a_census() -> None:
    census = design(municipal_data(), strata="region")
    row = quantile(census, "placed", 0.5, rule="math").rows[0]
    assert row.n < 69
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.estimate < row.high


def test_two_quantiles_have_a_joint_covariance_that_a_contrast_uses() -> None:
    estimate = quantile(survey_design(numbers(), weights="w"), "x", (0.25, 0.75), rule="hf7")
    first, last = (row.se or 0.0 for row in estimate.rows)
    apart = contrast(estimate, (-1, 1)).rows[0]
    assert apart.se is not None
    assert 0 < apart.se < float(np.hypot(first, last))
    assert estimate.covariance is not None
    assert np.sqrt(np.diag(estimate.covariance)) == pytest.approx([first, last])


def test_the_rule_is_named_in_notes_and_code() -> None:
    estimate = quantile(survey_design(numbers()), "x", 0.5, rule="hf6", by="kind")
    assert any("hf6" in note for note in estimate.notes)
    assert estimate.source.code == 'quantile(survey_design(frame), "x", 0.5, rule="hf6", by="kind")'
    assert 'qrule = "hf6"' in estimate.r_code()
    assert "x" in repr(estimate)


def test_a_quantile_without_a_sound_rule_chance_or_interval_is_refused() -> None:
    sample = survey_design(numbers())
    assert code_of(lambda: quantile(sample, "x", 0.5, rule="median")) == "NO_SUCH_RULE"
    assert code_of(lambda: quantile(sample, "x", 50, rule="math")) == "PROBABILITY_NOT_A_SHARE"
    assert code_of(lambda: quantile(sample, "x", 0.5, rule="math", interval=interval.exact())) == "INTERVAL_FOR_SHARES"
    assert code_of(lambda: quantile(sample, "kind", 0.5, rule="math")) == "NOT_NUMBERS"


def test_a_variance_is_that_of_numpy_where_all_weigh_the_same() -> None:
    frame = numbers()
    estimate = variance(survey_design(frame), ["x", "y"])
    theirs = np.cov(frame["x"], frame["y"])
    assert [row.estimate for row in estimate.rows] == pytest.approx([theirs[0, 0], theirs[0, 1], theirs[1, 1]])
    assert estimate.extra["correlation x y"] == pytest.approx(np.corrcoef(frame["x"], frame["y"])[0, 1])
    by_kind = variance(survey_design(frame), "x", by="kind")
    assert by_kind.row(kind="b").estimate == pytest.approx(frame.loc[frame["kind"] == "b", "x"].var())
    alone = numbers(3)
    assert code_of(lambda: variance(survey_design(alone), "x", by="kind")) == "VARIANCE_NEEDS_TWO"


def test_a_simple_random_sample_has_a_design_effect_of_one() -> None:
    sample = survey_design(numbers(), population=90)
    rows = [*design_effects(sample, ["x", "kind"]).rows, *design_effects(sample, "x", of="total").rows]
    assert [row.estimate for row in rows] == pytest.approx([1.0] * 4, rel=1e-10)
    assert design_effects(sample, "x", replacement=True).rows[0].estimate == pytest.approx(50 / 90)


def test_a_design_effect_that_cannot_be_is_refused() -> None:
    light = survey_design(numbers().assign(w=0.5), weights="w")
    assert code_of(lambda: design_effects(light, "x")) == "WEIGHTS_BELOW_SAMPLE"
    assert code_of(lambda: design_effects(survey_design(numbers(), population=40), "x")) == "NO_DESIGN_EFFECT"


def verdicts(yes: int, no: int, population: int | None) -> list[str]:
    frame = pd.DataFrame({"uses": ["yes"] * yes + ["no"] * no})
    estimate = proportion(survey_design(frame, population=population), "uses", category="yes")
    return [flag.verdict for flag in publication_flags(estimate)]


def test_shares_with_too_few_answers_or_too_wide_intervals_are_flagged() -> None:
    assert verdicts(20, 49, 98) == ["show"]
    assert verdicts(5, 5, 98) == ["hide"]
    assert verdicts(10, 10, 21) == ["show"]
    assert verdicts(10, 10, None) == ["hide"]
    assert verdicts(2, 58, None) == ["hide"]
    assert verdicts(58, 2, None) == ["review"]
    assert verdicts(500, 500, None) == ["show"]
    assert verdicts(98, 0, 98) == ["show"]


def test_a_flag_says_its_reason_in_the_language_of_the_survey() -> None:
    english = publication_flags(proportion(survey_design(numbers(20)), "kind"))[0]
    assert "fewer than 30" in english.reason
    census = design(municipal_data(), strata="region")
    danish = publication_flags(proportion(census, "use", category="user"))[0]
    assert "bredt" in danish.reason
    assert code_of(lambda: publication_flags(mean(survey_design(numbers()), "x"))) == "FLAGS_FOR_SHARES"
