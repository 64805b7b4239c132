"""Somebody else's SPSS file becomes an estimate without any questionnaire."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import evaltools as ev


def test_a_sav_file_without_a_questionnaire_gives_the_same_mean_as_its_plain_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "stratum": ["north"] * 4 + ["south"] * 4,
            "weight": [2.0] * 4 + [5.0] * 4,
            "income": [10.0, 12.0, 9.0, 99.0, 20.0, 22.0, 25.0, 21.0],
        }
    )
    pyreadstat.write_sav(frame, tmp_path / "foreign.sav", missing_ranges={"income": [99]})
    data = ev.read_spss(tmp_path / "foreign.sav")
    known = frame.assign(income=frame["income"].where(frame["income"] != 99))
    ours = ev.mean(ev.survey_design(data.frame, strata="stratum", weights="weight"), "income")
    theirs = ev.mean(ev.survey_design(known, strata="stratum", weights="weight"), "income")
    assert ours.rows[0].estimate == theirs.rows[0].estimate
    # 2 * (10 + 12 + 9) + 5 * (20 + 22 + 25 + 21) = 502, over weights 3 * 2 + 4 * 5 = 26
    assert ours.rows[0].estimate == pytest.approx(502 / 26)
