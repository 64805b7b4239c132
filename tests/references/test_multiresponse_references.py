"""Several choices in R's package `survey`: any of them, and pairs, by verbs of their own.

The questions are read from each entry's call; see `test_survey_references.py`.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from evaltools.estimate import combinations, interval
from r_entries import agree, design_of, entries, read

COMBINED = [entry for entry in entries(set(), {"multiresponse"}) if "I(" in entry["r_code"]]


@pytest.mark.parametrize("entry", COMBINED, ids=lambda entry: entry["id"])
def test_any_and_both_of_several_options_are_the_conditions_of_svymean(entry: dict[str, Any]) -> None:
    names = list(dict.fromkeys(re.findall(r"use_\w+", entry["r_code"])))
    how = "pairs" if "&" in entry["r_code"] else "any"
    ours = combinations(design_of(entry, read(entry)), names, how=how, interval=interval.wald())  # type: ignore[arg-type]
    for theirs in entry["estimates"]:
        named = re.findall(r"use_\w+", theirs["label"])
        said = theirs["label"].endswith("TRUE")
        row = ours.row(category="+".join(named) if how == "pairs" else "any")
        assert agree(row.estimate if said else 1 - row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])
        assert agree(row.low if said else 1 - (row.high or 0), theirs["ci_low"])
        assert agree(row.high if said else 1 - (row.low or 0), theirs["ci_high"])
        assert row.df == theirs["df"]
    if how == "any":
        assert ours.covariance == pytest.approx(np.array(entry["vcov"]), rel=1e-8)
