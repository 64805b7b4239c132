"""The same kinds of reference as `test_survey_references.py`, on made-up municipalities that lie in the project.

`muni98_synthetic_respondents.csv` : 69 of 98 municipalities in 5 regions, weight N_h / n_h. Values by R 4.2.2 with
`survey` 4.1-1 and 4.5, `svydesign(id=~1, strata=~region, weights=~wt, fpc=~N_region)`; relative tolerance 1e-8.
The dataset of `municipal_survey` holds the same answers with the 29 silent municipalities beside them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import Design, contrast, design, interval, mean, proportion, rao_scott, ratio, survey_design
from municipal_survey import municipal_data

METHODS = ["use_fgc_w1", "use_sos_w1", "use_inm_w1"]
SHARES = [0.40755035780546, 0.421034322820037, 0.227035294637335]
ERRORS = [0.0344426478484865, 0.033736314318709, 0.0298842847004735]
COVARIANCE = [
    [0.00118629599081485, 2.67502282625484e-05, 2.46241528703843e-05],
    [2.67502282625484e-05, 0.00113813890381073, 6.07934438395322e-05],
    [2.46241528703843e-05, 6.07934438395322e-05, 0.000893070472058954],
]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")


@pytest.fixture(scope="module")
def plain(frame: pd.DataFrame) -> Design:
    return survey_design(frame, strata="region", weights="wt", fpc="N_region")


def test_shares_of_several_methods_have_rs_joint_covariance(plain: Design) -> None:
    estimate = proportion(plain, METHODS, category=1)
    assert [row.estimate for row in estimate.rows] == pytest.approx(SHARES, rel=1e-8)
    assert [row.se for row in estimate.rows] == pytest.approx(ERRORS, rel=1e-8)
    assert estimate.covariance == pytest.approx(np.array(COVARIANCE), rel=1e-8)


def test_a_census_with_silent_units_gives_the_same_as_the_plain_frame_of_answers(plain: Design) -> None:
    census = proportion(design(municipal_data(), strata="region"), "use", category="user")
    sample = proportion(plain, METHODS, category=1)
    for ours, theirs in zip(census.rows, sample.rows, strict=True):
        assert (ours.estimate, ours.se, ours.df) == pytest.approx((theirs.estimate, theirs.se, theirs.df), rel=1e-12)
        assert (ours.low, ours.high, ours.N) == (theirs.low, theirs.high, theirs.N)


def test_the_difference_of_two_methods_uses_their_covariance(plain: Design) -> None:
    row = contrast(mean(plain, METHODS), {"use_fgc_w1": 1, "use_sos_w1": -1}).rows[0]
    assert (row.estimate, row.se) == pytest.approx((-0.0134839650145773, 0.0476543223443633), rel=1e-8)


def test_network_placements_per_placement_is_a_ratio_of_totals(plain: Design) -> None:
    row = ratio(plain, "network_placements", "placements").rows[0]
    theirs = (0.0904068952000307, 0.00291841231450357, 0.084576696375821, 0.0962370940242404)
    assert (row.estimate, row.se, row.low, row.high) == pytest.approx(theirs, rel=1e-8)
    assert row.df == 64


def test_a_breakdown_keeps_the_whole_design_and_has_its_own_degrees_of_freedom(plain: Design) -> None:
    estimate = proportion(plain, "use_fgc_w1", category=1, by="size", interval=interval.wald())
    ours = [estimate.row(size=size) for size in ("small", "medium", "large")]
    errors = [0.0596609515549619, 0.0595284755086623, 0.0581272109403642]
    assert [row.se for row in ours] == pytest.approx(errors, rel=1e-8)
    assert [row.df for row in ours] == [18, 20, 17]
    assert ours[0].low == pytest.approx(0.202652919084939, rel=1e-8)


def test_the_table_of_method_by_size_has_rs_rao_scott_f(plain: Design) -> None:
    test = rao_scott(plain, "use_fgc_w1", "size")
    assert (test.statistic, *test.df) == pytest.approx((1.9432665248293, 1.96888849183977, 126.008863477745), rel=1e-8)
    assert test.p_value == pytest.approx(0.148192240658463, rel=1e-8)


def test_korn_graubard_and_wilson_are_those_of_svyciprop(plain: Design) -> None:
    beta = proportion(plain, "use_sos_w1", category=1, interval=interval.korn_graubard()).rows[0]
    wilson = proportion(plain, "use_sos_w1", category=1, interval=interval.wilson()).rows[0]
    assert (beta.low, beta.high) == pytest.approx((0.354008633878833, 0.490282085755493), rel=1e-8)
    assert (wilson.low, wilson.high) == pytest.approx((0.355686445858066, 0.489271207584644), rel=1e-8)
