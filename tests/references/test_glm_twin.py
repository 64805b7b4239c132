"""Regression on made-up municipalities that lie in the project, against formulas written out once more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import Design, average_marginal_effects, glm, poststratify, survey_design


@pytest.fixture(scope="module")
def municipal() -> Design:
    frame = pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")
    return survey_design(frame, strata="region", weights="wt", fpc="N_region")


def test_the_covariance_is_the_written_out_sum_over_strata(municipal: Design) -> None:
    """Binder's sandwich, written out stratum by stratum with the finite population correction."""
    model = glm(municipal, "use_fgc_w1 ~ size + placements", family="binomial")
    frame = municipal.answers.frame
    columns = np.column_stack(
        [np.ones(len(frame)), frame["size"] == "medium", frame["size"] == "small", frame["placements"]]
    ).astype(float)
    expected = 1 / (1 + np.exp(-columns @ model.uncertain.values))
    weights = frame["wt"].to_numpy()
    assert np.abs(columns.T @ (weights * (frame["use_fgc_w1"] - expected))).max() < 1e-8
    bread = np.linalg.inv(columns.T @ (columns * (weights * expected * (1 - expected))[:, None]))
    scores = columns * (weights * (frame["use_fgc_w1"] - expected)).to_numpy()[:, None]
    middle = np.zeros((4, 4))
    for _, rows in frame.groupby("region"):
        part, n, units = scores[rows.index], len(rows), float(rows["N_region"].iloc[0])
        deviation = part - part.mean(axis=0)
        middle += (1 - n / units) * n / (n - 1) * deviation.T @ deviation
    assert model.covariance == pytest.approx(bread @ middle @ bread, rel=1e-7, abs=1e-12)


def test_weights_that_meet_known_counts_leave_only_residuals_to_chance(municipal: Design) -> None:
    """What the counts fix of the outcome varies no more: a model of the margin itself is certain."""
    counts = {"size": {"large": 32, "medium": 35, "small": 31}}
    fitted = poststratify(municipal, counts)
    rows = glm(fitted, "I(size == 'large') ~ 1").rows
    assert rows[0].estimate == pytest.approx(32 / 98, rel=1e-10)
    assert rows[0].se == pytest.approx(0, abs=1e-10)
    before, after = (glm(each, "placements ~ 1").rows[0].se for each in (municipal, fitted))
    assert before is not None
    assert after is not None
    assert after < before


def test_effects_of_a_model_with_one_category_are_differences_of_means(municipal: Design) -> None:
    model = glm(municipal, "use_sos_w1 ~ size", family="binomial")
    effects = average_marginal_effects(model, "size")
    linear = glm(municipal, "use_sos_w1 ~ size")
    for effect, row in zip(effects.rows, linear.rows[1:], strict=True):
        assert (effect.estimate, effect.se) == pytest.approx((row.estimate, row.se), rel=1e-8)
