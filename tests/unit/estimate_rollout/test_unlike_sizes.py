"""Where municipalities count by size: errors, degrees of freedom and how often intervals hold; the joint band."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
import rollout_simulation as simulation
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.bands import critical_value
from evaltools.estimate.rollout.planning.arithmetic import Timing, group_time, imputation
from evaltools.estimate.rollout.unlike import degrees, reach, widened

WEIGHTS = np.random.default_rng(3).lognormal(size=9)
SHARE = ("new_network", "new")


def written_out(weights: Any) -> tuple[Any, Any]:
    """The residual of a weighted mean as a matrix, each row scaled so that what all vary alike in varies by 1 (HC2)."""
    rest = np.eye(len(weights)) - weights / weights.sum()
    return rest, rest / np.sqrt(np.diag(rest @ rest.T))[:, None]


def test_a_residual_is_widened_by_what_the_weighted_mean_takes_from_it() -> None:
    rest, scaled = written_out(WEIGHTS)
    assert widened(WEIGHTS) == pytest.approx(np.diag(scaled) / np.diag(rest))
    assert widened(np.array([7.0])).tolist() == [1.0]


def test_degrees_of_freedom_are_those_of_the_quadratic_form_with_all_pairs_written_out() -> None:
    _, scaled = written_out(WEIGHTS)
    form = (WEIGHTS[:, None] * scaled) @ (WEIGHTS[:, None] * scaled).T
    expected = np.trace(form) ** 2 / (form**2).sum()
    alone = degrees(np.ones((1, 9)), WEIGHTS[None, :], np.ones(9, dtype=np.int64))
    assert alone[0] == pytest.approx(expected)
    alike = degrees(np.ones((1, 9)), np.ones((1, 9)), np.ones(9, dtype=np.int64))
    assert alike[0] == pytest.approx(8)
    two = degrees(np.ones((1, 9)), np.ones((1, 9)), np.array([1] * 4 + [2] * 5))
    assert two[0] == pytest.approx(9**2 / (4**2 / 3 + 5**2 / 4))  # Welch (1947)


def test_a_unit_that_is_nearly_all_of_its_cohort_leaves_one_degree_of_freedom() -> None:
    for largest in (1e3, 1e7, 1e12):
        weights = np.append(np.ones(5), largest)[None, :]
        assert degrees(np.ones((1, 6)), weights, np.ones(6, dtype=np.int64))[0] == pytest.approx(1.0, abs=0.01)
        assert np.isfinite(widened(weights)).all()


def test_intervals_by_size_hold_where_normal_ones_do_not() -> None:
    seeds = np.random.SeedSequence(98).spawn(400)
    panels = [simulation.panel(np.random.default_rng(seed)) for seed in seeds]
    shares, sizes, _, told = (np.array(part) for part in zip(*panels, strict=True))
    for estimate in (imputation, group_time):
        effect, error, df = estimate(shares[:, 1], sizes, Timing(simulation.STARTS, simulation.PERIODS))
        held = np.abs(effect - told[:, 1, 1]) <= reach(0.95, df) * error
        assert 0.94 <= held.mean() <= 0.98
        assert 10 < np.median(df) < 30


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return ev.rollout.example_rollout()


def panel_of(frame: pd.DataFrame) -> ev.rollout.RolloutPanel:
    return ev.rollout.panel(
        frame,
        unit="municipality",
        period="year",
        first="first",
        size="children",
        about=ev.rollout.About(language="en", confidentiality="children"),
    )


@pytest.mark.parametrize("covariates", [(), ("rain",)])
def test_units_give_imputation_the_errors_that_the_engine_has(frame: pd.DataFrame, covariates: tuple[str, ...]) -> None:
    rain = np.random.default_rng(2).normal(size=len(frame))
    panel = panel_of(frame.assign(rain=rain, new_network=frame.new_network / frame.new + 0.01 * rain))
    found = ev.rollout.imputation(panel, "new_network", covariates=covariates, bands="pointwise")
    matrices = tuple((name, panel.matrix(name)) for name in covariates)
    told = engine.imputed(engine.Layout(panel.matrix("new_network"), panel.starts, np.ones(98), matrices))
    assert [row.se for row in found.rows] == pytest.approx([*told.errors, told.average[1]], rel=1e-6)


@pytest.mark.parametrize("average", ["unit", "size"])
def test_times_since_adoption_have_a_joint_band(frame: pd.DataFrame, average: Any) -> None:
    panel = panel_of(frame)
    band = ev.rollout.imputation(panel, SHARE, average=average)
    each = ev.rollout.imputation(panel, SHARE, average=average, bands="pointwise")
    assert band.covariance is not None
    wide = band.extra["critical_value"]
    df = min(row.df for row in each.rows[:-1] if row.df) if average == "size" else np.inf
    assert wide == critical_value(band.covariance[:-1, :-1], 0.95, df)
    for row, alone in zip(band.rows[:-1], each.rows[:-1], strict=True):
        assert row.se is not None
        assert row.low == pytest.approx(row.estimate - wide * row.se)
        assert alone.low is not None
        assert wide * row.se > row.estimate - alone.low > 0
    assert band.rows[-1] == each.rows[-1]
    if average == "unit":  # the average over all is that of the times by their numbers of rows, and so is its error
        parts = np.array([84, 63, 42, 21]) / 210
        spread = np.sqrt(parts @ band.covariance[:-1, :-1] @ parts)
        assert float(spread) == pytest.approx(band.rows[-1].se)
        assert float(parts @ [row.estimate for row in band.rows[:-1]]) == pytest.approx(band.rows[-1].estimate)


def test_a_band_of_few_degrees_of_freedom_is_wider() -> None:
    alike = np.eye(4) * 0.5 + 0.5
    assert 2.1 < critical_value(alike, 0.95) < critical_value(alike, 0.95, 12) < critical_value(alike, 0.95, 5) < 4
    assert critical_value(np.eye(1), 0.95, 10) == pytest.approx(2.228, abs=1e-3)
