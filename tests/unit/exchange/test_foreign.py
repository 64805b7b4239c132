"""Reading other people's SPSS and Stata files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from evaltools.errors import ExchangeError
from evaltools.exchange import missing_codes, read_spss, read_stata
from evaltools.exchange.limits import Limit, safe_names


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    path = tmp_path / "foreign.sav"
    frame = pd.DataFrame(
        {"income": [10.0, 99.0, 98.0, np.nan], "town": ["Ålborg", "-", "", "Ry"], "day": [13_700_000_000.0, 0, 1, 2]}
    )
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=["Indkomst", None, "Dag"],
        variable_value_labels={"income": {10.0: "ti", 99.0: "vil ikke svare"}},
        missing_ranges={"income": [98, 99], "town": ["-"]},
        variable_format={"day": "DATE11"},
        variable_measure={"income": "scale"},
        file_label="Fremmed fil",
    )
    return path


def test_user_missing_values_stand_beside_the_frame_not_in_it(sav: Path) -> None:
    data = read_spss(sav)
    assert data.frame["income"].tolist()[0] == 10.0
    assert data.frame["income"].isna().tolist() == [False, True, True, True]
    assert data.missing["income"].tolist() == ["", "99", "98", "."]
    assert data.missing["town"].tolist() == ["", "-", ".", ""]


def test_labels_of_values_and_of_missing_values_are_kept_apart(sav: Path) -> None:
    data = read_spss(sav)
    assert data.value_labels == {"income": {10.0: "ti"}}
    assert data.missing_labels == {"income": {"99": "vil ikke svare"}}
    assert data.labels == {"income": "Indkomst", "town": "", "day": "Dag"}
    assert (data.measures["income"], data.file_label) == ("scale", "Fremmed fil")


def test_dates_are_times_also_those_that_python_can_hardly_hold(sav: Path) -> None:
    days = read_spss(sav).frame["day"]
    assert days.dt.strftime("%Y-%m-%d").tolist()[:2] == ["2016-12-01", "1582-10-14"]


def test_codes_of_other_people_are_not_taken_for_ours(sav: Path) -> None:
    assert (missing_codes(read_spss(sav)) == 0).to_numpy().all()


def test_stata_letters_stand_beside_the_frame(tmp_path: Path) -> None:
    path = tmp_path / "foreign.dta"
    frame = pd.DataFrame({"x": pd.Series([1.0, "a", 2.5], dtype="object"), "s": ["a", "", "b"], "q": [1.0, 2.0, 3.0]})
    pyreadstat.write_dta(frame, path, missing_user_values={"x": ["a"]}, variable_value_labels={"x": {"a": "nægter"}})
    data = read_stata(path)
    assert data.frame["x"].isna().tolist() == [False, True, False]
    assert data.missing["x"].tolist() == ["", ".a", ""]
    assert data.missing["s"].tolist() == ["", ".", ""]
    assert data.missing_labels == {"x": {".a": "nægter"}}


def test_a_file_that_is_not_there_or_not_of_the_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as caught:
        read_spss(tmp_path / "gone.sav")
    assert caught.value.code == "NO_SUCH_FILE"
    (tmp_path / "text.dta").write_text("not a Stata file", "utf-8")
    with pytest.raises(ExchangeError) as caught:
        read_stata(tmp_path / "text.dta")
    assert caught.value.code == "NOT_READABLE"


def test_a_cut_text_ends_with_an_ellipsis_and_fits() -> None:
    assert Limit(10, "bytes").fit("æøåæøå") == "æøå…"
    assert Limit(3, "characters").fit("abcdef") == "ab…"
    assert Limit(3, "characters").fit("abc") == "abc"


def test_names_that_would_be_alike_after_cutting_stay_apart() -> None:
    names = safe_names(["abcdefgh1", "abcdefgh2", "ABCDEF_"], Limit(7, "characters"), frozenset())
    assert len({name.lower() for name in names.values()}) == 3
    assert all(len(name) <= 7 for name in names.values())
