"""A census with silent municipalities against the plain frame of its answers, and an interval of a later R.

`muni98_synthetic_respondents.csv` : 69 of 98 municipalities in 5 regions, weight N_h / n_h. The dataset of
`municipal_survey` holds the same answers with the 29 silent municipalities beside them. R's numbers on the plain frame
stand in `data/municipal_twin.json`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evaltools.estimate import Design, design, interval, mean, proportion, survey_design
from municipal_survey import municipal_data

METHODS = ["use_fgc_w1", "use_sos_w1", "use_inm_w1"]


@pytest.fixture(scope="module")
def plain() -> Design:
    frame = pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")
    return survey_design(frame, strata="region", weights="wt", fpc="N_region")


def test_a_census_with_silent_units_gives_the_same_as_the_plain_frame_of_answers(plain: Design) -> None:
    census = proportion(design(municipal_data(), strata="region"), "use", category="user")
    sample = proportion(plain, METHODS, category=1)
    for ours, theirs in zip(census.rows, sample.rows, strict=True):
        assert (ours.estimate, ours.se, ours.df) == pytest.approx((theirs.estimate, theirs.se, theirs.df), rel=1e-12)
        assert (ours.low, ours.high, ours.N) == (theirs.low, theirs.high, theirs.N)


def test_shares_of_ones_are_means_of_them_with_the_same_covariance(plain: Design) -> None:
    shares, means = proportion(plain, METHODS, category=1), mean(plain, METHODS)
    assert shares.covariance == pytest.approx(means.covariance, rel=1e-12)


def test_wilsons_interval_is_that_of_svyciprop(plain: Design) -> None:
    """By `survey` 4.5, which is the first to have it."""
    row = proportion(plain, "use_sos_w1", category=1, interval=interval.wilson()).rows[0]
    assert (row.low, row.high) == pytest.approx((0.355686445858066, 0.489271207584644), rel=1e-8)
