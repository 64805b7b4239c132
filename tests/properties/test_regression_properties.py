"""What must hold of a model for any answers: weights in any unit, rows in any order, populations full or endless."""

from __future__ import annotations

from random import Random
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltools.errors import DesignError
from evaltools.estimate import Design, crosstab, glm, survey_design

Family = Literal["gaussian", "binomial", "poisson"]
CANNOT: set[str] = {"SEPARATED", "COLLINEAR", "NO_VARIATION", "TOO_MANY_TERMS", "NO_SUCH_CATEGORY", "EMPTY_CATEGORY"}
"""What answers made by chance may lack; everything else must give a model."""


@st.composite
def answers(draw: st.DrawFn) -> pd.DataFrame:
    """Between 12 and 40 rows in two strata, with a number, three categories, and 0/1 outcomes and counts."""
    rows = draw(st.integers(12, 40))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        found: list[Any] = draw(st.lists(values, min_size=rows, max_size=rows))
        return found

    return pd.DataFrame(
        {
            "hours": column(st.integers(0, 20)),
            "size": column(st.sampled_from(["a", "b", "c"])),
            "uses": column(st.integers(0, 1)),
            "cases": column(st.integers(0, 9)),
            "weight": column(st.floats(0.5, 8)),
            "stratum": ["x", "x", "y", "y", *column(st.sampled_from(["x", "y"]))[4:]],
        }
    )


def numbers(design: Design, formula: str, family: Family) -> np.ndarray | None:
    """Estimates, standard errors and limits (columns) of a model; None where these answers cannot be fitted."""
    try:
        model = glm(design, formula, family=family)
    except DesignError as error:
        if error.code not in CANNOT:
            raise
        return None
    found = np.array([[row.estimate, row.se, row.low, row.high] for row in model.rows], dtype=float)
    assert np.isfinite(found[:, :2]).all()
    return found


MODELS: tuple[tuple[str, Family], ...] = (
    ("hours ~ size + cases", "gaussian"),
    ("uses ~ size + hours", "binomial"),
    ("cases ~ size * hours", "poisson"),
)


@settings(max_examples=30, deadline=None)
@given(answers(), st.sampled_from(MODELS), st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_scaled_weights_and_reordered_rows_change_nothing(
    frame: pd.DataFrame, model: tuple[str, Family], scale: float, random: Random
) -> None:
    formula, family = model
    first = numbers(survey_design(frame, strata="stratum", weights="weight"), formula, family)
    order = list(frame.index)
    random.shuffle(order)
    other = frame.loc[order].assign(weight=lambda f: scale * f["weight"])
    second = numbers(survey_design(other, strata="stratum", weights="weight"), formula, family)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert second[:, :2] == pytest.approx(first[:, :2], rel=1e-6, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(answers(), st.sampled_from(MODELS))
def test_a_full_response_leaves_nothing_uncertain_and_an_endless_population_gives_the_sandwich(
    frame: pd.DataFrame, model: tuple[str, Family]
) -> None:
    formula, family = model
    rows = {name: int((frame["stratum"] == name).sum()) for name in ("x", "y")}
    whole = numbers(survey_design(frame, strata="stratum", population=rows), formula, family)
    if whole is not None:
        assert (whole[:, 1] == 0).all()
        assert (whole[:, 2] == whole[:, 0]).all()
        assert (whole[:, 3] == whole[:, 0]).all()
    large = {name: 10_000_000 * count for name, count in rows.items()}
    endless = numbers(survey_design(frame, strata="stratum", population=large), formula, family)
    classic = numbers(survey_design(frame, strata="stratum"), formula, family)
    assert (endless is None) == (classic is None)
    if endless is not None and classic is not None:
        assert endless[:, :2] == pytest.approx(classic[:, :2], rel=1e-6, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(answers())
def test_a_logistic_model_of_two_groups_gives_the_log_odds_of_the_table(frame: pd.DataFrame) -> None:
    frame = frame.assign(group=np.where(frame["size"] == "a", "a", "other"))
    made = survey_design(frame, strata="stratum", weights="weight")
    found = numbers(made, "uses ~ group", "binomial")
    if found is None:
        return
    shares = crosstab(made, "group", "uses")
    odds = [
        row.estimate / (1 - row.estimate) for name in ("a", "other") for row in [shares.row(category="1", group=name)]
    ]
    assert found[:, 0] == pytest.approx([np.log(odds[0]), np.log(odds[1] / odds[0])], rel=1e-7, abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(answers(), st.sampled_from(MODELS))
def test_without_weights_the_covariance_is_the_heteroscedastic_sandwich(
    frame: pd.DataFrame, model: tuple[str, Family]
) -> None:
    formula, family = model
    try:
        fitted = glm(survey_design(frame), formula, family=family)
    except DesignError as error:
        if error.code not in CANNOT:
            raise
        return
    columns = np.asarray(fitted.specification.matrix(fitted.design.answers))
    eta = columns @ fitted.uncertain.values
    expected = {"gaussian": eta, "binomial": 1 / (1 + np.exp(-eta)), "poisson": np.exp(eta)}[family]
    slope = {"gaussian": np.ones_like(eta), "binomial": expected * (1 - expected), "poisson": expected}[family]
    score = columns * (frame[fitted.specification.outcome.text].to_numpy() - expected)[:, None]
    bread = np.linalg.inv(columns.T @ (slope[:, None] * columns))
    n = len(frame)
    sandwich = n / (n - 1) * bread @ (score.T @ score) @ bread
    # variances, not their roots: of a perfect fit rounding may leave one just below 0
    assert np.diag(fitted.uncertain.covariance) == pytest.approx(np.diag(sandwich), rel=2e-5, abs=1e-14)
