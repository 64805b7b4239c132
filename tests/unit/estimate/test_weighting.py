"""Weights made to fit the population: what they meet, what stays the same, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaltools import estimate
from evaltools.errors import DesignError
from evaltools.estimate import (
    Design,
    calibrate,
    contrast,
    design,
    mean,
    poststratify,
    proportion,
    rake,
    ratio,
    standardise,
    survey_design,
    total,
    trim,
)
from evaltools.estimate.survey.linearised.silence import item_weights, weight_steps
from evaltools.memo.expressions import evaluate_code
from municipal_survey import municipal_data

RNG = np.random.default_rng(4)
ROWS = pd.DataFrame(
    {
        "region": RNG.choice(["north", "south", "west"], 120, p=[0.5, 0.3, 0.2]),
        "size": RNG.choice([1, 2], 120),
        "staff": RNG.gamma(3, 4, 120),
        "uses": RNG.choice(["yes", "no"], 120),
        "weight": RNG.uniform(5, 15, 120),
    }
).assign(score=lambda rows: rows["staff"] * 2 + (rows["region"] == "north") * 10 + RNG.normal(0, 3, 120))
REGION = {"north": 500, "south": 400, "west": 300}
SIZE = {1: 700, 2: 500}


def sample(rows: pd.DataFrame = ROWS) -> Design:
    """A sample with unequal weights."""
    return survey_design(rows, weights="weight")


def sums(made: Design, name: str) -> Mapping[object, float]:
    """Weights added by category."""
    return made.answers.frame.assign(made=made.weights).groupby(name)["made"].sum().to_dict()


def test_post_stratified_raked_and_calibrated_weights_meet_their_totals() -> None:
    assert sums(poststratify(sample(), {"region": REGION}), "region") == pytest.approx(REGION, rel=1e-12)
    raked = rake(sample(), {"region": REGION, "size": SIZE})
    assert sums(raked, "region") == pytest.approx(REGION, rel=1e-9)
    assert sums(raked, "size") == pytest.approx(SIZE, rel=1e-9)
    for method, bounds in (("linear", None), ("linear", (0.4, 2.5)), ("logit", (0.4, 2.5))):
        made = calibrate(sample(), {"region": REGION, "staff": 15_000}, method=method, bounds=bounds)  # type: ignore[arg-type]
        assert sums(made, "region") == pytest.approx(REGION, rel=1e-9)
        assert total(made, "staff").rows[0].estimate == pytest.approx(15_000, rel=1e-9)
        if bounds:
            factors = made.weights / ROWS["weight"].to_numpy()
            assert factors.min() >= 0.4 - 1e-12
            assert factors.max() <= 2.5 + 1e-12


def test_a_total_that_is_known_has_no_error_and_an_interval_of_one_point() -> None:
    made = calibrate(sample(), {"region": REGION, "staff": 15_000})
    for row in (*total(made, "staff").rows, *total(made, "region").rows):
        assert row.se == 0
        assert (row.low, row.high) == (row.estimate, row.estimate)
    assert mean(made, "score").rows[0].se


def test_the_variance_is_that_of_residuals_from_the_regression_on_what_is_known() -> None:
    made = calibrate(sample(), {"region": REGION, "staff": 15_000})
    before, after, score = ROWS["weight"].to_numpy(), made.weights, ROWS["score"].to_numpy()
    known = np.column_stack([*(ROWS["region"] == name for name in REGION), ROWS["staff"]]).astype(float)
    root = np.sqrt(before)
    slope = np.linalg.lstsq(known * root[:, None], score * root, rcond=None)[0]
    rest = after * (score - known @ slope)
    variance = len(rest) / (len(rest) - 1) * ((rest - rest.mean()) ** 2).sum()
    row = total(made, "score").rows[0]
    assert row.estimate == pytest.approx(after @ score, rel=1e-12)
    assert row.se == pytest.approx(np.sqrt(variance), rel=1e-10)
    plain = total(sample(), "score").rows[0].se
    assert plain is not None
    assert row.se is not None
    assert row.se < plain / 3


def test_ratios_domains_breakdowns_and_contrasts_use_the_residuals_too() -> None:
    made = rake(sample(), {"region": REGION, "size": SIZE})
    quotient = ratio(made, "score", "staff").rows[0]
    value = quotient.estimate
    rest = ROWS["score"] - value * ROWS["staff"]
    by_hand = total(rake(sample(ROWS.assign(rest=rest)), {"region": REGION, "size": SIZE}), "rest").rows[0]
    assert by_hand.se is not None
    assert quotient.se == pytest.approx(by_hand.se / (made.weights @ ROWS["staff"]), rel=1e-9)
    broken = mean(made, "score", by="region")
    north = mean(made.domain("region == 'north'"), "score").rows[0]
    assert broken.row(region="north").se == pytest.approx(north.se, rel=1e-12)
    gap = contrast(broken, {"north": 1, "south": -1}).rows[0]
    assert broken.covariance is not None
    assert gap.se == pytest.approx(np.sqrt([1, -1] @ broken.covariance[:2, :2] @ [1, -1]), rel=1e-12)


def test_shares_depend_on_the_proportions_of_the_known_counts_only() -> None:
    one = proportion(rake(sample(), {"region": REGION, "size": SIZE}), "uses")
    more: dict[str, dict[Any, float]] = {
        "region": {name: 10 * count for name, count in REGION.items()},
        "size": {1: 7000, 2: 5000},
    }
    ten = proportion(rake(sample(), more), "uses")
    for few, many in zip(one.rows, ten.rows, strict=True):
        assert (few.estimate, few.se, few.low) == pytest.approx((many.estimate, many.se, many.low), rel=1e-9)


def test_new_names_and_another_order_of_rows_change_nothing() -> None:
    one = mean(rake(sample(), {"region": REGION, "size": SIZE}), "score").rows[0]
    names = {"north": "z", "south": "y", "west": "x"}
    other = ROWS.assign(region=ROWS["region"].map(names)).sample(frac=1, random_state=1)
    renamed = {names[name]: count for name, count in REGION.items()}
    two = mean(rake(sample(other), {"size": SIZE, "region": renamed}), "score").rows[0]
    assert (two.estimate, two.se) == pytest.approx((one.estimate, one.se), rel=1e-9)


def test_post_strata_that_are_crossed_are_those_of_a_joined_column() -> None:
    joined = ROWS.assign(both=ROWS["region"] + " x " + ROWS["size"].astype(str))
    counts = {f"{name} x {size}": 100 + 10 * size for name in REGION for size in SIZE}
    crossed = poststratify(sample(), {"region x size": counts})
    assert crossed.weights == pytest.approx(poststratify(sample(joined), {"both": counts}).weights, rel=1e-12)


def test_one_margin_raked_is_post_stratification() -> None:
    raked, post = rake(sample(), {"region": REGION}), poststratify(sample(), {"region": REGION})
    assert raked.weights == pytest.approx(post.weights, rel=1e-12)
    assert mean(raked, "score").rows[0].se == pytest.approx(mean(post, "score").rows[0].se, rel=1e-12)


def test_numbers_alone_can_be_calibrated_with_the_number_of_units() -> None:
    made = calibrate(sample(), {"staff": 15_000}, units=1200)
    assert made.weights.sum() == pytest.approx(1200, rel=1e-12)
    assert "units=1200" in made.code
    assert "~1 + staff, c(1200, 15000)" in made.r_design
    of_known_size = survey_design(ROWS, population=1200)
    assert calibrate(of_known_size, {"staff": 15_000}).weights.sum() == pytest.approx(1200, rel=1e-12)


def test_the_convergence_of_raking_is_told_with_every_estimate() -> None:
    made = rake(sample(), {"region": REGION, "size": SIZE})
    (step,) = made.adjustments
    assert step.iterations > 1
    assert step.deviation <= 1e-10
    note = mean(made, "score").notes[0]
    assert "region, size" in note
    assert f"{step.iterations} iterations" in note


def test_trimming_keeps_the_sum_and_goes_on_when_it_is_strict() -> None:
    made = trim(sample(), upper=12, lower=7)
    assert made.weights.sum() == pytest.approx(ROWS["weight"].sum(), rel=1e-12)
    heavy = survey_design(ROWS.assign(weight=[1.0] * 100 + [2.85] * 10 + [9.0] * 10), weights="weight")
    assert trim(heavy, upper=3).weights.max() > 3
    strict = trim(heavy, upper=3, strict=True)
    assert strict.weights.max() == pytest.approx(3)
    assert strict.weights.sum() == pytest.approx(heavy.weights.sum(), rel=1e-12)
    assert strict.r_design.startswith("trimWeights(svydesign(")


def test_standardised_groups_have_one_composition_and_keep_their_size() -> None:
    made = standardise(sample(), {"size": {1: 3, 2: 1}}, over="region")
    frame = made.answers.frame.assign(made=made.weights)
    for name, group in frame.groupby("region"):
        assert group.loc[group["size"] == 1, "made"].sum() / group["made"].sum() == pytest.approx(0.75, rel=1e-12)
        assert group["made"].sum() == pytest.approx(ROWS.loc[ROWS["region"] == name, "weight"].sum(), rel=1e-12)
    by_size = mean(sample(), "score", by=["region", "size"])
    north = [by_size.row(region="north", size=size).estimate for size in ("1", "2")]
    expected = 0.75 * north[0] + 0.25 * north[1]
    assert mean(made, "score", by="region").row(region="north").estimate == pytest.approx(expected, rel=1e-12)


def test_standardising_leaves_out_those_without_an_answer() -> None:
    open_rows = ROWS.assign(score=ROWS["score"].where(ROWS.index % 7 > 0))
    made = standardise(sample(open_rows), {"size": {1: 1, 2: 1}}, over="region", answered="score")
    closed = standardise(sample(open_rows.dropna().reset_index(drop=True)), {"size": {1: 1, 2: 1}}, over="region")
    ours, theirs = (mean(each, "score", by="region") for each in (made, closed))
    assert made.n == closed.n
    assert [row.estimate for row in ours.rows] == pytest.approx([row.estimate for row in theirs.rows], rel=1e-12)


def test_a_census_takes_counts_from_its_population() -> None:
    raked = rake(design(municipal_data()), ["region", "size"])
    everyone = municipal_data().population
    assert sums(raked, "region") == pytest.approx(everyone["region"].value_counts().to_dict(), rel=1e-9)
    assert sums(raked, "size") == pytest.approx(everyone["size"].value_counts().to_dict(), rel=1e-9)
    counts = {name: everyone[name].value_counts().to_dict() for name in ("region", "size")}
    assert raked.weights == pytest.approx(rake(design(municipal_data()), counts).weights, rel=1e-12)


def test_post_strata_of_a_census_weigh_as_its_response_cells() -> None:
    post, cells = poststratify(design(municipal_data()), "region"), design(municipal_data(), strata="region")
    assert post.weights == pytest.approx(cells.weights, rel=1e-12)
    one, other = (proportion(each, "barrier") for each in (post, cells))
    assert [row.estimate for row in one.rows] == pytest.approx([row.estimate for row in other.rows], rel=1e-12)


def test_those_silent_on_a_question_are_made_up_for_by_the_same_totals() -> None:
    raked = rake(design(municipal_data()), ["region", "size"])
    column = raked.answers.column("barrier")
    known = column.valid | column.outside
    assert not known.all()
    weights = item_weights(raked, known)
    for name in ("region", "size"):
        met = raked.answers.frame.assign(made=weights).groupby(name, observed=True)["made"].sum().to_dict()
        assert met == pytest.approx(sums(raked, name), rel=1e-9)
    assert (weights[~known] == 0).all()
    assert total(raked, "barrier").covariance is not None
    assert sum(row.estimate for row in total(raked, "barrier").rows) == pytest.approx(98, rel=1e-9)
    assert len(weight_steps(raked, known)) == 2


def test_the_interval_of_a_calibrated_census_lies_within_what_the_silent_can_change() -> None:
    estimate_ = proportion(rake(design(municipal_data()), ["region", "size"]), "use", category="user", by="region")
    for row in estimate_.rows:
        assert row.bounds_low is not None
        assert row.bounds_high is not None
        assert row.low is not None
        assert row.high is not None
        assert row.bounds_low <= row.low <= row.estimate <= row.high <= row.bounds_high


def test_full_response_leaves_no_width_whatever_weights_are_made() -> None:
    everyone = design(municipal_data(everyone=True))
    for made in (rake(everyone, ["region", "size"]), poststratify(everyone, ["region", "size"])):
        assert made.weights == pytest.approx(np.ones(98), rel=1e-12)
        for row in (*proportion(made, "use", category="user").rows, *mean(made, "network").rows):
            assert row.se == 0
            assert (row.low, row.high) == (row.estimate, row.estimate)


def test_recorded_code_makes_the_same_weights_again() -> None:
    verbs = {name: getattr(estimate, name) for name in ("design", "rake", "trim", "calibrate", "proportion")}
    code = proportion(trim(rake(design(municipal_data()), ["region", "size"]), upper=1.6), "use_fgc").source.code
    again = evaluate_code(code, {**verbs, "load": lambda _: municipal_data()}, {})
    ours = proportion(trim(rake(design(municipal_data()), ["region", "size"]), upper=1.6), "use_fgc")
    assert [row.estimate for row in again.rows] == [row.estimate for row in ours.rows]  # type: ignore[attr-defined]


def test_r_reads_the_weights_before_and_makes_the_same_steps() -> None:
    made = rake(sample(), {"region": REGION, "size": SIZE})
    assert made.r_data()["ev_weight"].tolist() == ROWS["weight"].tolist()
    code = mean(made, "score").r_code()
    assert 'factor(region, levels = c("north", "south", "west")) + factor(size, levels = c("1", "2"))' in code
    assert 'c(500, 400, 300, 500), calfun = "raking"' in code
    post = poststratify(sample(), {"region": REGION}).r_design
    assert 'data.frame(region = c("north", "south", "west"), Freq = c(500, 400, 300))' in post
    assert "svystandardize(" in standardise(sample(), {"size": {1: 3, 2: 1}}, over="region").r_design


def test_standard_errors_are_those_that_repeated_samples_show() -> None:
    rng = np.random.default_rng(98)
    region = rng.choice(["a", "b", "c"], 4000, p=[0.5, 0.3, 0.2])
    size = np.where(rng.random(4000) < np.where(region == "a", 0.7, 0.3), "s", "l")
    score = (region == "a") * 6 + (size == "s") * 4 + rng.normal(0, 2, 4000)
    everyone = pd.DataFrame({"region": region, "size": size, "score": score})
    margins = {name: everyone[name].value_counts().to_dict() for name in ("region", "size")}
    rows = [
        mean(rake(survey_design(everyone.sample(120, random_state=seed), population=4000), margins), "score").rows[0]
        for seed in range(150)
    ]
    spread = np.std([row.estimate for row in rows])
    assert np.mean([row.estimate for row in rows]) == pytest.approx(score.mean(), abs=4 * spread / 150**0.5)
    assert np.mean([row.se for row in rows if row.se]) == pytest.approx(spread, rel=0.2)
    held = [row.low <= score.mean() <= row.high for row in rows if row.low is not None and row.high is not None]
    assert np.mean(held) >= 0.89


WITH_HOLE = ROWS.assign(region=ROWS["region"].where(ROWS.index > 3))
FOUR = {"north": 500, "south": 400, "west": 300, "east": 20}
CORNERS = pd.DataFrame({"a": list("xxy"), "b": list("xyy"), "weight": 1.0})
PROBABLE = ROWS.assign(p=1 / ROWS["weight"])
JOINT = np.outer(PROBABLE["p"], PROBABLE["p"])


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: rake(sample(), {}), "NO_MARGIN", "no known counts"),
        (lambda: poststratify(sample(), {"region": REGION, "size": SIZE}), "NO_MARGIN", "2 margins"),
        (lambda: rake(sample(), {"region": "sizes"}), "NO_MARGIN", "region"),
        (lambda: rake(sample(), {"staff": 5.0}), "NO_MARGIN", "`calibrate`"),  # type: ignore[dict-item]
        (lambda: rake(sample(), {"area": REGION}), "NO_SUCH_VARIABLE", "area"),
        (lambda: rake(sample(), {"staff": REGION}), "NOT_CATEGORIES", "staff"),
        (lambda: rake(sample(), ["region"]), "POPULATION_UNKNOWN", "region"),
        (lambda: rake(design(municipal_data()), ["barrier"]), "AUXILIARY_MISSING", "barrier"),
        (lambda: rake(design(municipal_data()), ["use_fgc"]), "NOT_IN_FRAME", "region"),
        (lambda: rake(sample(WITH_HOLE), {"region": REGION}), "AUXILIARY_MISSING", "4 of the 120 rows"),
        (lambda: poststratify(sample(), {"region": FOUR}), "EMPTY_CATEGORY", '20 units of region "east"'),
        (lambda: poststratify(sample(), {"region": {"north": 5, "west": 2}}), "CATEGORY_WITHOUT_COUNT", "south"),
        (lambda: poststratify(sample(), {"region": {**REGION, "west": 0}}), "COUNT_NOT_POSITIVE", "west"),
        (lambda: poststratify(sample(), {"region": {**REGION, "west": -2}}), "COUNT_NOT_POSITIVE", "-2"),
        (lambda: rake(sample(), {"region": REGION, "size": {1: 1, 2: 1}}), "MARGINS_DIFFER", "1200 units"),
        (lambda: calibrate(sample(), {"region": REGION}, units=5), "MARGINS_DIFFER", "1200"),
        (
            lambda: rake(sample(CORNERS), {"a": {"x": 1, "y": 9}, "b": {"x": 9, "y": 1}}),
            "TOTALS_NOT_MET",
            "1000 iterations",
        ),
        (lambda: calibrate(sample(), {"uses": 5.0}), "AUXILIARY_NOT_A_NUMBER", "uses"),
        (lambda: calibrate(sample(), {"staff": 9e5}, units=1200), "NEGATIVE_WEIGHTS", "logit"),
        (
            lambda: calibrate(sample(), {"staff": 9e5}, units=1200, method="logit", bounds=(0.5, 2)),
            "TOTALS_NOT_MET",
            '"staff" (900000)',
        ),
        (lambda: calibrate(sample(), {"region": REGION}, method="logit"), "BOUNDS_WRONG", "(0.3, 3)"),
        (lambda: calibrate(sample(), {"region": REGION}, method="greg"), "NO_SUCH_METHOD", "greg"),  # type: ignore[arg-type]
        (lambda: trim(sample()), "BOUNDS_WRONG", "upper"),
        (lambda: trim(sample(), upper=3), "TRIMMING_FAILED", "Widen"),
        (lambda: rake(sample().domain("size == 1"), {"region": REGION}), "WEIGHTS_BEFORE_DOMAIN", "`rake`"),
        (
            lambda: standardise(design(municipal_data()), "size", over="region", answered="barrier"),
            "ANSWERED_IN_CENSUS",
            "answered",
        ),
        (lambda: survey_design(ROWS, psu="region", fpc="weight", pps="brewer"), "UNEQUAL_STAGES", "`fpc`"),
        (lambda: survey_design(ROWS, fpc="weight", pps="brewer"), "PROBABILITIES_WRONG", "120 rows"),
        (lambda: survey_design(PROBABLE, fpc="p", pps="sampford"), "NO_SUCH_RULE", "brewer"),  # type: ignore[arg-type]
        (lambda: survey_design(PROBABLE, fpc="p", weights="weight", pps="brewer"), "WEIGHTS_TWICE", "`weights`"),
        (lambda: survey_design(PROBABLE, fpc="p", pps=JOINT[:5, :5]), "JOINT_PROBABILITIES_WRONG", "5 x 5"),
        (lambda: survey_design(PROBABLE, fpc="p", pps=JOINT * 0), "JOINT_PROBABILITIES_WRONG", "positive"),
        (lambda: survey_design(PROBABLE, fpc="p", pps=JOINT), "JOINT_PROBABILITIES_WRONG", '"p"'),
    ],
)
def test_weights_that_cannot_be_made_are_refused_with_a_remedy(
    call: Callable[[], Design], code: str, words: str
) -> None:
    with pytest.raises(DesignError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.faults[0].remedy


def test_a_question_whose_answers_cannot_meet_the_totals_says_so() -> None:
    data = municipal_data()
    silent = data.missing["barrier"].where(data.frame["size"] != "large", -8).astype("int8")
    held = type(data)(**{**vars(data), "missing": data.missing.assign(barrier=silent)})
    with pytest.raises(DesignError) as caught:
        proportion(rake(design(held), ["region", "size"]), "barrier")
    assert caught.value.code == "EMPTY_CATEGORY"
    assert 'size "large"' in str(caught.value)


def test_unequal_probabilities_of_a_simple_sample_give_its_variance() -> None:
    rows = ROWS.assign(p=0.3)
    joint = np.full((120, 120), 0.3 * 119 / 399)
    np.fill_diagonal(joint, 0.3)
    simple = survey_design(ROWS, population=400)
    for pps in ("brewer", joint):
        row = total(survey_design(rows, fpc="p", pps=pps), "score").rows[0]
        assert (row.estimate, row.se) == pytest.approx(
            (total(simple, "score").rows[0].estimate, total(simple, "score").rows[0].se), rel=1e-9
        )
        assert row.df == np.inf
        assert "normal" in row.method


def test_joint_probabilities_that_make_a_variance_negative_are_refused() -> None:
    rows = ROWS.assign(p=0.3)
    joint = np.full((120, 120), 0.08)
    np.fill_diagonal(joint, 0.3)
    with pytest.raises(DesignError) as caught:
        total(survey_design(rows, fpc="p", pps=joint), "score")
    assert caught.value.code == "NEGATIVE_VARIANCE"
