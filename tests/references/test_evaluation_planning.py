"""Power by formula and pooled projects, held to R and to numbers computed independently."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.meta_analysis import combine_effects

import evaltools as ev

EFFECTS = [0.021, 0.064, -0.012, 0.035, 0.051, 0.008, 0.090]
ERRORS = [0.012, 0.021, 0.018, 0.009, 0.025, 0.015, 0.020]
"""Made up: seven projects, in shares."""


def test_pooled_projects_are_those_of_statsmodels() -> None:
    # statsmodels has DerSimonian-Laird, Paule-Mandel ("iterated") and Knapp-Hartung (use_t), and no REML
    theirs = combine_effects(np.array(EFFECTS), np.array(ERRORS) ** 2, method_re="iterated", use_t=True, alpha=0.05)
    ours = ev.rollout.pool_numbers(EFFECTS, ERRORS, between="paule_mandel")
    row = ours.row(project="pooled")
    assert ours.extra["tau2"] == pytest.approx(theirs.tau2, abs=1e-8)
    assert row.estimate == pytest.approx(theirs.mean_effect_re, abs=1e-7)
    assert row.se == pytest.approx(theirs.sd_eff_w_re_hksj, abs=1e-7)
    simple = combine_effects(np.array(EFFECTS), np.array(ERRORS) ** 2, method_re="dl")
    laird = ev.rollout.pool_numbers(EFFECTS, ERRORS, between="dersimonian_laird", uncertainty="normal")
    assert laird.extra["tau2"] == pytest.approx(simple.tau2, abs=1e-12)
    assert laird.row(project="pooled").se == pytest.approx(simple.sd_eff_w_re, abs=1e-12)
    assert laird.extra["q"] == pytest.approx(simple.q, abs=1e-10)


def restricted_likelihood(tau2: float) -> float:
    """Of the made-up projects, after Viechtbauer (2005), equation 10."""
    effects, variances = np.array(EFFECTS), np.array(ERRORS) ** 2 + tau2
    weights = 1 / variances
    mean = (weights * effects).sum() / weights.sum()
    squares = (weights * (effects - mean) ** 2).sum()
    return float(-0.5 * (np.log(variances).sum() + np.log(weights.sum()) + squares))


def test_restricted_maximum_likelihood_is_where_the_likelihood_is_greatest() -> None:
    tau2 = ev.rollout.pool_numbers(EFFECTS, ERRORS).extra["tau2"]
    grid = np.linspace(0, 0.01, 200_001)
    assert tau2 == pytest.approx(grid[np.argmax([restricted_likelihood(each) for each in grid[::20]]) * 20], abs=2e-6)
    assert restricted_likelihood(tau2) >= max(restricted_likelihood(tau2 * (1 + step)) for step in (-1e-4, 1e-4))


def test_paule_and_mandels_equation_is_solved_and_r_stops_a_little_before() -> None:
    closely = ev.rollout.pool_numbers(EFFECTS, ERRORS, between="paule_mandel").extra["tau2"]
    weights = 1 / (np.array(ERRORS) ** 2 + closely)
    mean = (weights * EFFECTS).sum() / weights.sum()
    assert (weights * (np.array(EFFECTS) - mean) ** 2).sum() == pytest.approx(len(EFFECTS) - 1, abs=1e-9)
    as_in_r = ev.rollout.pool_numbers(EFFECTS, ERRORS, between="paule_mandel_as_in_r").extra["tau2"]
    assert 0 < abs(as_in_r - closely) < 1.3e-4


def test_where_projects_do_not_differ_there_is_no_variance_between_them() -> None:
    alike = ev.rollout.pool_numbers([0.02, 0.021, 0.019], [0.01, 0.01, 0.01])
    assert (alike.extra["tau2"], alike.extra["i2"]) == (0.0, 0.0)
    assert alike.row(project="next").se == pytest.approx(alike.row(project="pooled").se)


def test_the_prediction_interval_is_written_out_by_hand() -> None:
    # Higgins, Thompson and Spiegelhalter (2009): mean +/- t sqrt(tau2 + se2), here with k - 1 as R's metafor takes it
    found = ev.rollout.pool_numbers(EFFECTS, ERRORS)
    pooled, ahead = found.row(project="pooled"), found.row(project="next")
    half = 2.446911851 * np.sqrt(found.extra["tau2"] + (pooled.se or 0.0) ** 2)  # qt(0.975, 6)
    assert ahead.low == pytest.approx(pooled.estimate - half)
    assert ahead.high == pytest.approx(pooled.estimate + half)


def test_sizes_and_power_for_two_shares_are_those_of_the_manual_of_r() -> None:
    # R, help page of power.prop.test: p1 = .50, p2 = .75 gives power 0.740 at n = 50, and n = 76.7 for power .90
    assert ev.rollout.two_proportion_power(0.50, 0.75, 50).rows[0].estimate == pytest.approx(0.740, abs=5e-4)
    assert ev.rollout.two_proportion_size(0.50, 0.75, power=0.9).rows[0].estimate == pytest.approx(76.7, abs=0.05)


def test_power_for_two_shares_of_unequal_groups_is_written_out_by_hand() -> None:
    pooled = (57 * 0.14 + 98 * 0.33) / 155
    null = np.sqrt(pooled * (1 - pooled) * (1 / 57 + 1 / 98))
    spread = np.sqrt(0.14 * 0.86 / 57 + 0.33 * 0.67 / 98)
    ours = ev.rollout.two_proportion_power(0.14, 0.33, (57, 98)).rows[0].estimate
    assert ours == pytest.approx(norm.cdf((0.19 - 1.959963985 * null) / spread), abs=1e-9)


def test_a_wedge_without_more_than_chance_is_hussey_and_hughes_own_formula() -> None:
    # Hussey and Hughes (2007), equation 7, with U, V and W of a design of four waves of six clusters
    clusters, periods, own, between = 24, 5, 0.041 * 0.959 / 100, 0.015**2
    treated = np.array([[float(time > wave) for time in range(periods)] for wave in range(4) for _ in range(6)])
    u, w, v = treated.sum(), (treated.sum(axis=0) ** 2).sum(), (treated.sum(axis=1) ** 2).sum()
    below = (clusters * u - w) * own + (u**2 + clusters * periods * u - periods * w - clusters * v) * between
    error = np.sqrt(clusters * own * (own + periods * between) / below)
    wedge = ev.rollout.Wedge((6, 6, 6, 6), cases=100, between=0.015)
    found = ev.rollout.stepped_wedge_power(wedge, 0.05, 0.032)
    assert found.extra["standard_error"] == pytest.approx(error, rel=1e-12)


def test_the_smallest_change_of_a_wedge_has_the_power_that_was_asked_for() -> None:
    wedge = ev.rollout.Wedge((24, 25, 24, 25), cases=34, between=0.03, period_between=0.015)
    rise = ev.rollout.stepped_wedge_change(wedge, 0.08).rows[0].estimate
    assert ev.rollout.stepped_wedge_power(wedge, 0.08, 0.08 + rise).rows[0].estimate == pytest.approx(0.8, abs=1e-9)
    calm = ev.rollout.Wedge((24, 25, 24, 25), cases=34, between=0.03)
    assert ev.rollout.stepped_wedge_change(calm, 0.08).rows[0].estimate < rise
