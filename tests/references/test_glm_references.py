"""Generalised linear models of R's package `survey` (4.1-1 and 4.5), reproduced through the public face.

Formula, family and term are read from each entry's R call; tolerance 1e-6 relative, since R's own standard errors are
those of its last step but one. The municipal numbers stand here too, so that they are compared everywhere.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import Design, average_marginal_effects, glm, poststratify, survey_design, term_test
from evaltools.estimate.survey import Model
from evaltools.estimate.survey.regression.families import FamilyName
from r_entries import agree, design_of, entries, has_reference, read

TOLERANCE = 1e-6
FAMILIES: dict[str, FamilyName] = {"quasibinomial": "binomial", "quasipoisson": "poisson"}

ENTRIES = entries(set(), {"glm"})
MODELS = [entry for entry in ENTRIES if entry["r_code"].startswith("svyglm(")]
TESTS = [entry for entry in ENTRIES if entry["r_code"].startswith("regTermTest(")]


def model_of(entry: dict[str, Any]) -> Model:
    """The model that the entry's call of `svyglm` describes."""
    call = entry["r_code"]
    formula = re.search(r"svyglm\((.+?), design=", call)
    family = re.search(r"family=(\w+)\(\)", call)
    assert formula is not None
    return glm(
        design_of(entry, read(entry)), formula[1], family=FAMILIES.get(family[1], "gaussian") if family else "gaussian"
    )


@pytest.mark.parametrize("entry", MODELS, ids=lambda entry: entry["id"])
def test_r_survey_gives_the_same_coefficients_errors_and_limits(entry: dict[str, Any]) -> None:
    model = model_of(entry)
    assert len(model.rows) == len(entry["estimates"])
    for row, theirs in zip(model.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["value"], TOLERANCE)
        assert agree(row.se, theirs["se"], TOLERANCE)
        assert agree(row.low, theirs["ci_low"], TOLERANCE)
        assert agree(row.high, theirs["ci_high"], TOLERANCE)
        assert row.df == theirs["df"]


@pytest.mark.parametrize("entry", TESTS, ids=lambda entry: entry["id"])
def test_the_test_of_a_term_is_that_of_reg_term_test(entry: dict[str, Any]) -> None:
    term = re.search(r", ~([\w+()]+)\)$", entry["r_code"])
    assert term is not None
    ours = term_test(model_of(entry), term[1].split("+"))
    (theirs,) = entry["estimates"]
    assert agree(ours.statistic, theirs["value"], TOLERANCE)
    assert list(ours.df) == theirs["df"]
    assert agree(ours.p_value, theirs["p_value"], TOLERANCE)


def test_no_entry_of_the_family_is_left_out() -> None:
    has_reference()
    assert ENTRIES
    assert len(MODELS) + len(TESTS) == len(ENTRIES)


@pytest.fixture(scope="module")
def municipal() -> Design:
    frame = pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")
    return survey_design(frame, strata="region", weights="wt", fpc="N_region")


def test_the_rate_of_network_placements_by_use_of_a_method_is_rs(municipal: Design) -> None:
    model = glm(municipal, "network_placements ~ use_fgc_w1 + offset(log(placements))", family="poisson")
    theirs = [
        (-2.67440176182483, 0.0381217472122504, -2.7505819948308, -2.59822152881887),
        (0.58403933042407, 0.0497432432745768, 0.484635390672011, 0.683443270176128),
    ]
    for row, expected in zip(model.rows, theirs, strict=True):
        assert (row.estimate, row.se, row.low, row.high) == pytest.approx(expected, rel=1e-8)
        assert row.df == 63


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
