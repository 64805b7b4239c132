"""A jackknife by R 4.2.2 with `survey` 4.1-1, on made-up municipalities that lie in the project.

`as.svrepdesign(svydesign(id=~1, strata=~region, weights=~wt, fpc=~N_region), type="JKn")`; relative tolerance 1e-8.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from evaltools.estimate import Design, interval, jackknife, proportion, ratio, survey_design


@pytest.fixture(scope="module")
def replicated() -> Design:
    frame = pd.read_csv(Path(__file__).parent / "data" / "muni98_synthetic_respondents.csv")
    return jackknife(survey_design(frame, strata="region", weights="wt", fpc="N_region"))


def test_a_ratio_has_rs_jackknife_error_and_interval(replicated: Design) -> None:
    row = ratio(replicated, "network_placements", "placements").rows[0]
    theirs = (0.0904068952000307, 0.00295322802825072, 0.084507143992032, 0.0963066464080293, 64)
    assert (row.estimate, row.se, row.low, row.high, row.df) == pytest.approx(theirs, rel=1e-8)


def test_shares_by_size_have_rs_jackknife_errors(replicated: Design) -> None:
    estimate = proportion(replicated, "use_fgc_w1", category=1, by="size", interval=interval.wald())
    errors = [estimate.row(size=size).se for size in ("small", "medium", "large")]
    assert errors == pytest.approx([0.0617069116703038, 0.0611107271342994, 0.0599978078445906], rel=1e-8)
