"""Replicates: they give the variance of linearisation for totals, keep population corrections, and say what they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import (
    Design,
    average_marginal_effects,
    bootstrap,
    change,
    contrast,
    design,
    glm,
    half_samples,
    jackknife,
    mean,
    proportion,
    ratio,
    survey_design,
    total,
    with_replicates,
)
from every_verb import answers, sample
from municipal_survey import municipal_data
from refused import code_of


def two_stages() -> Design:
    """Towns drawn in two regions, schools drawn in each town; both with their numbers."""
    rng = np.random.default_rng(5)
    rows = [
        {"region": region, "town": town, "school": f"{town}{school}", "towns": 12 + 3 * (region == "south"),
         "schools": 8, "pupils": float(rng.poisson(40 + 9 * len(town) + 5 * (town > "m")))}
        for region, towns in (("north", "abcde"), ("south", "pqrstuv"))
        for town in towns
        for school in range(4)
    ]  # fmt: skip
    return survey_design(pd.DataFrame(rows), strata="region", psu=["town", "school"], fpc=["towns", "schools"])


def pairs() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    strata = np.repeat([f"s{number:02}" for number in range(11)], 2)
    return pd.DataFrame({"stratum": strata, "size": 6, "x": rng.normal(50, 9, 22), "y": rng.normal(5, 1, 22)})


def test_the_jackknife_of_two_stages_has_the_variance_of_both_for_totals() -> None:
    linear = total(two_stages(), "pupils").rows[0]
    row = total(jackknife(two_stages()), "pupils").rows[0]
    assert (row.estimate, row.se, row.df) == pytest.approx((linear.estimate, linear.se, linear.df), rel=1e-10)


def test_the_bootstrap_of_two_stages_comes_near_to_the_variance_of_both() -> None:
    linear = total(two_stages(), "pupils").rows[0]
    row = total(bootstrap(two_stages(), replicates=6000, seed=4), "pupils").rows[0]
    assert row.se == pytest.approx(linear.se, rel=0.03)
    first_stage = survey_design(two_stages().answers.frame.assign(w=6.0), strata="region", psu="town", weights="w")
    assert (total(first_stage, "pupils").rows[0].se or 0) > 1.1 * (row.se or 1)


@pytest.mark.parametrize("fay", [0.0, 0.3])
def test_half_samples_have_the_variance_of_linearisation_with_its_population_correction(fay: float) -> None:
    sample = survey_design(pairs(), strata="stratum", fpc="size")
    linear, row = total(sample, ["x", "y"]), total(half_samples(sample, fay=fay), ["x", "y"])
    assert row.covariance == pytest.approx(linear.covariance, rel=1e-10)
    assert [each.df for each in row.rows] == [11, 11]


def test_domains_contrasts_and_replicates_agree_with_replicating_by_hand() -> None:
    frame = pairs().assign(kind=(["a", "b", "a"] * 8)[:22])
    sample = bootstrap(survey_design(frame, strata="stratum", fpc="size"), replicates=60, seed=9)
    assert sample.replicates is not None
    weights = sample.weights[:, None] * sample.replicates.factors
    means = [
        (weights * frame["x"].to_numpy()[:, None])[rows].sum(axis=0) / weights[rows].sum(axis=0)
        for rows in (frame["kind"] == "a", frame["kind"] == "b")
    ]
    estimate = mean(sample, "x", by="kind")
    assert [row.se for row in estimate.rows] == pytest.approx([each.std(ddof=1) for each in means], rel=1e-10)
    apart = contrast(estimate, {"a": 1, "b": -1}).rows[0]
    assert apart.se == pytest.approx((means[0] - means[1]).std(ddof=1), rel=1e-10)
    assert mean(sample.domain("kind == 'a'"), "x").rows[0].se == pytest.approx(estimate.rows[0].se, rel=1e-12)


def test_a_census_that_everyone_answered_leaves_no_width() -> None:
    everyone = survey_design(pairs().assign(size=2), strata="stratum", fpc="size")
    for replicated in (jackknife(everyone), bootstrap(everyone, replicates=30, seed=1), half_samples(everyone)):
        assert mean(replicated, "x").rows[0].se == pytest.approx(0, abs=1e-12)


def test_the_same_seed_gives_the_same_numbers_and_the_code_says_it() -> None:
    sample = survey_design(pairs(), strata="stratum")
    one, other, third = (mean(bootstrap(sample, replicates=40, seed=seed), "x") for seed in (1, 1, 2))
    assert one.rows == other.rows
    assert one.rows[0].se != third.rows[0].se
    assert one.source.code == 'mean(bootstrap(survey_design(frame, strata="stratum"), replicates=40, seed=1), "x")'
    assert "40" in one.notes[0]
    assert "svrepdesign(" in one.r_code()


def test_given_replicates_have_their_scale_named_or_given() -> None:
    frame = pairs().assign(w=3.0, r1=[6.0, 0.0] * 11, r2=[0.0, 6.0] * 11)
    sample = survey_design(frame, weights="w")
    apart = 2 * 3 * float(frame["x"][::2].sum() - frame["x"][1::2].sum())
    for said, scale in (({"kind": "bootstrap"}, 1.0), ({"kind": "brr"}, 0.5), ({"kind": "fay", "scale": 0.1}, 0.1)):
        row = total(with_replicates(sample, "r[12]", **said), "x").rows[0]
        assert row.se == pytest.approx(np.sqrt(2 * scale) * abs(apart) / 2, rel=1e-10)
    assert total(with_replicates(sample, ["r1", "r2"], kind="brr"), "x").rows[0].df == 1


def test_what_cannot_be_replicated_is_refused_with_a_remedy() -> None:
    sample = survey_design(pairs(), strata="stratum", fpc="size")
    assert code_of(lambda: jackknife(bootstrap(sample, replicates=10, seed=1))) == "REPLICATES_TWICE"
    assert code_of(lambda: bootstrap(sample, replicates=1, seed=1)) == "FEW_REPLICATES"
    assert code_of(lambda: half_samples(two_stages())) == "NOT_PAIRS"
    assert code_of(lambda: half_samples(sample, fay=30)) == "FAY_NOT_A_SHARE"
    assert code_of(lambda: bootstrap(sample, replicates=10**8, seed=1)) == "TOO_MANY_FACTORS"
    assert code_of(lambda: with_replicates(sample, "r[0-9]", kind="brr")) == "NO_SUCH_VARIABLE"
    assert code_of(lambda: with_replicates(sample, ["x"], kind="brrr")) == "NO_SUCH_RULE"
    assert code_of(lambda: with_replicates(sample, ["x"], kind="fay")) == "SCALE_NEEDED"
    assert code_of(lambda: with_replicates(sample, ["x"], kind="brr", rscales=[1, 2])) == "SCALES_LENGTH"


def test_replicate_weights_must_be_there_and_belong_to_units() -> None:
    holes = pairs().assign(r1=[np.nan, 2.0] * 11)
    assert code_of(lambda: with_replicates(survey_design(holes), ["r1"], kind="brr")) == "REPLICATE_WEIGHT_WRONG"
    apart = pairs().assign(r1=[1.0, 2.0] * 11)
    clustered = survey_design(apart, psu="stratum")
    assert code_of(lambda: with_replicates(clustered, ["r1"], kind="brr")) == "REPLICATES_VARY"
    alone = survey_design(pairs().iloc[:21], strata="stratum", lonely="adjust")
    assert code_of(lambda: jackknife(alone)) == "REPLICATES_NEED_STAGES"


def test_silence_on_one_question_and_change_are_left_to_linearisation() -> None:
    census = design(municipal_data(), strata="region")
    assert code_of(lambda: change(jackknife(census), census, "placed")) == "CHANGE_OF_REPLICATES"
    silent = jackknife(census)
    assert code_of(lambda: ratio(silent, "network", "placed")) == "REPLICATES_AND_SILENCE"
    assert proportion(silent, "use", category="user").rows[0].se == pytest.approx(0.0344426478484866, rel=1e-8)
    frame = pairs().assign(kind=["a"] + ["b"] * 21)
    small = bootstrap(survey_design(frame, strata="stratum"), replicates=50, seed=2)
    assert code_of(lambda: mean(small, "x", by="kind")) == "REPLICATE_EMPTY"


def test_a_model_is_fitted_anew_in_each_replicate() -> None:
    """The spread of coefficients fitted by hand under each replicate's weights; effects count the coefficients too."""
    linear, replicated = sample(), jackknife(sample())
    model = glm(replicated, "score ~ cases")
    frame, found = answers(), replicated.replicates
    assert found is not None
    columns = np.column_stack([np.ones(len(frame)), frame["cases"]])
    fits = []
    for factor in found.factors.T:
        root = np.sqrt(replicated.weights * factor)
        fits.append(np.linalg.lstsq(columns * root[:, None], frame["score"] * root, rcond=None)[0])
    away = np.array(fits) - np.mean(fits, axis=0)
    assert model.covariance == pytest.approx(away.T @ (found.scales[:, None] * away), rel=1e-6)
    effects = [
        average_marginal_effects(glm(each, "uses ~ score", family="binomial"), "score").rows[0].se
        for each in (linear, replicated)
    ]
    assert effects[1] == pytest.approx(effects[0], rel=0.1)


def test_a_replicate_that_leaves_too_little_for_the_model_is_refused() -> None:
    frame = answers().assign(rare=[1.0, *[0.0] * 53])
    with pytest.raises(DesignError) as caught:
        glm(jackknife(sample(frame)), "score ~ rare")
    assert caught.value.code == "NOT_CONVERGED"
    assert "1 of 54 replicates" in str(caught.value)
