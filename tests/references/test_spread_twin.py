"""Quantiles by every rule, variances, design effects and intervals by R 4.2.2 with `survey` 4.1-1, on municipalities
that lie in the project: `svydesign(id=~1, strata=~region, weights=~wt, fpc=~N_region)`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import (
    Design,
    design_effects,
    interval,
    jackknife,
    proportion,
    quantile,
    survey_design,
    variance,
)

CHANCES = (0.25, 0.5, 0.8)
STEPPED = [31, 27, 35, 2.002272925846, 42, 41, 51, 2.5028411573075, 79, 75, 83, 2.002272925846]
QUANTILES = {
    "math": STEPPED,
    "school": STEPPED,
    "hf1": STEPPED,
    "hf2": STEPPED,
    "hf3": STEPPED,
    "hf4": [29.1369539551358, 27, 34, 1.75198881011525, 42, 41, 50.8087625350224, 2.45497745749098,
            79, 75, 82.0596255974982, 1.76691215006001],
    "hf5": [30.0081411126187, 27, 34, 1.75198881011525, 42.5276641167052, 41, 51.7185495002144, 2.68268268357742,
            79, 75.1881370371516, 82.5596255974982, 1.84496649594568],
    "hf6": [29.5584415584415, 27, 34, 1.75198881011525, 42.5450067174205, 41, 51.8957822573987, 2.72704122748782,
            79.1787190082645, 75.8598882285536, 82.9042416208507, 1.76308975968599],
    "hf7": [30.615629984051, 27, 34.0772871415165, 1.77133255398707, 42.5162337662338, 41, 51.449644627245,
            2.61538006523061, 79, 75, 82.2150095741457, 1.80580229125395],
    "hf8": [29.8440327445067, 27, 34, 1.75198881011525, 42.5325948561243, 41, 51.7852011353948, 2.69936452915056,
            79, 75.3930018842427, 82.6744976052824, 1.82244271773766],
    "hf9": [29.8835840418574, 27, 34, 1.75198881011525, 42.5312954193821, 41, 51.7693523752379, 2.69539783622926,
            79, 75.3401687009028, 82.6457796033363, 1.82847836458851],
}  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> Design:
    frame = pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")
    return survey_design(frame, strata="region", weights="wt", fpc="N_region")


@pytest.mark.parametrize("rule", list(QUANTILES))
def test_quantiles_by_every_rule_are_those_of_r(plain: Design, rule: str) -> None:
    estimate = quantile(plain, "placements", CHANCES, rule=rule, interval=interval.korn_graubard())
    ours = [number for row in estimate.rows for number in (row.estimate, row.low, row.high, row.se)]
    assert ours == pytest.approx(QUANTILES[rule], rel=1e-8)


def test_quantiles_of_replicates_have_rs_limits(plain: Design) -> None:
    """R reads the limits of replicates off the Wald interval, whatever `interval.type` is asked for."""
    estimate = quantile(jackknife(plain), "placements", (0.25, 0.5), rule="hf7", interval=interval.wald())
    ours = [number for row in estimate.rows for number in (row.estimate, row.low, row.high, row.se)]
    theirs = [30.615629984051, 27, 34, 1.75198881011525, 42.5162337662338, 41, 51.3449206854597, 2.58916932606503]
    assert ours == pytest.approx(theirs, rel=1e-8)


def test_variances_have_rs_joint_covariance(plain: Design) -> None:
    estimate = variance(plain, ["placements", "network_placements"])
    assert [row.estimate for row in estimate.rows] == pytest.approx(
        [1619.09788731459, 123.227816118032, 16.2986233098358], rel=1e-8
    )
    theirs = [
        [73385.656262483, 3804.14324871577, 238.592266115364],
        [3804.14324871577, 281.371821047528, 26.6609789033266],
        [238.592266115364, 26.6609789033266, 4.00210818767575],
    ]
    assert estimate.covariance == pytest.approx(np.array(theirs), rel=1e-8)


def test_variances_of_replicates_have_rs_joint_covariance(plain: Design) -> None:
    estimate = variance(jackknife(plain), ["placements", "network_placements"])
    theirs = [
        [75695.9398227573, 3923.18201935869, 245.476543827693],
        [3923.18201935869, 289.277794130897, 27.3169730284698],
        [245.476543827693, 27.3169730284698, 4.09125975257095],
    ]
    assert estimate.covariance == pytest.approx(np.array(theirs), rel=1e-8)


def test_design_effects_with_and_without_replacement_are_those_of_r(plain: Design) -> None:
    effects = [
        design_effects(plain, "placements").rows[0].estimate,
        design_effects(plain, "use_fgc_w1", category=1).rows[0].estimate,
        design_effects(plain, "placements", replacement=True).rows[0].estimate,
        design_effects(plain, "placements", of="total").rows[0].estimate,
        design_effects(plain, "placements", of="total", replacement=True).rows[0].estimate,
    ]
    theirs = [1.08167355818494, 1.12900881524369, 0.32008707334044, 1.08167355818494, 0.32008707334044]
    assert effects == pytest.approx(theirs, rel=1e-8)
    by_size = design_effects(plain, "placements", by="size")
    assert [by_size.row(size=size).estimate for size in ("large", "medium", "small")] == pytest.approx(
        [1.173981192625656, 0.863643899606229, 1.184899923587555], rel=1e-8
    )


def test_likelihood_limits_are_those_of_r(plain: Design) -> None:
    row = proportion(plain, "use_fgc_w1", category=1, interval=interval.likelihood()).rows[0]
    assert (row.low, row.high) == pytest.approx((0.339795280775161, 0.477742338951657), rel=1e-6)
