"""Numbers that R's package `survey` computed (4.1-1 and 4.5), reproduced through the public face.

The arguments are read from each entry's R design and R call. Reference: `../shared/reference/survey.json`; tolerance
1e-8 relative, as its `meta` says. Files of other people's data lie outside the project, so the tests are skipped
where they are absent; `test_municipal_twin.py` runs everywhere.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from evaltools.estimate import contrast, interval, proportion, survey_design
from r_entries import agree, call_of, design_of, entries, estimate_of, has_reference, read, same_rows, with_terms

HERE = {"mean-02", "mean-03", "total-02", "total-09", "proportion-01", "ratio-04"}
FAMILIES = {"multiresponse", "smallpop"}
BEYOND = {"mean", "total", "proportion", "ratio"}
"""Families whose other entries are met as well; kept as a guard, since they go through the same code."""


LINEAR = [
    entry
    for entry in entries(HERE, {*BEYOND, "multiresponse"})
    if entry["r_code"].startswith(("svymean(", "svytotal(", "svyratio("))
]


@pytest.mark.parametrize("entry", LINEAR, ids=lambda entry: entry["id"])
def test_r_survey_gives_the_same_estimates_errors_and_intervals(entry: dict[str, Any]) -> None:
    same_rows(estimate_of(entry), entry)


@pytest.mark.parametrize("entry", [entry for entry in LINEAR if "vcov" in entry], ids=lambda entry: entry["id"])
def test_r_survey_gives_the_same_joint_covariance_and_contrasts(entry: dict[str, Any]) -> None:
    estimate = estimate_of(entry)
    assert estimate.covariance is not None
    for ours, theirs in zip(estimate.covariance, entry["vcov"], strict=True):
        assert all(agree(mine, other) for mine, other in zip(ours.tolist(), theirs, strict=True))
    for theirs in entry.get("contrasts", ()):
        row = contrast(estimate, theirs["weights"]).rows[0]
        assert agree(row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])


@pytest.mark.parametrize("entry", entries(set(), {"smallpop"}), ids=lambda entry: entry["id"])
def test_shares_of_a_small_population_are_exact(entry: dict[str, Any]) -> None:
    x, n, population = (entry["inputs"][name] for name in ("x", "n", "N"))
    answers = pd.DataFrame({"uses": [1] * x + [0] * (n - x)})
    row = proportion(survey_design(answers, population=population), "uses", category=1).rows[0]
    (theirs,) = entry["estimates"]
    assert agree(row.estimate, theirs["value"])
    assert agree(row.se, theirs["se"])
    assert (row.low, row.high) == pytest.approx((theirs["ci_low"], theirs["ci_high"]), rel=1e-12)
    assert row.counts == (theirs["count_low"], theirs["count_high"])
    assert row.level == theirs["ci_level"]


CIPROP = {"beta": interval.korn_graubard, "xlogit": interval.logit, "mean": interval.wald, "wilson": interval.wilson}


@pytest.mark.parametrize(
    "entry",
    [each for each in entries(set(), {"ciprop"}) if re.search(r"method='(beta|xlogit|mean|wilson)'", each["r_code"])],
    ids=lambda entry: entry["id"],
)
def test_named_intervals_for_shares_are_those_of_svyciprop(entry: dict[str, Any]) -> None:
    function, names = call_of(entry)
    frame, (column,) = with_terms(read(entry), names)
    method = re.search(r"method='(\w+)'", entry["r_code"])
    assert function == "svyciprop"
    assert method is not None
    category = "1" if pd.api.types.is_numeric_dtype(frame[column]) else "TRUE"
    row = proportion(design_of(entry, frame), column, category=category, interval=CIPROP[method[1]]()).rows[0]
    (theirs,) = entry["estimates"]
    assert agree(row.estimate, theirs["value"])
    assert agree(row.low, theirs["ci_low"])
    assert agree(row.high, theirs["ci_high"])


def test_the_reference_entries_are_there() -> None:
    has_reference()
    assert {entry["id"] for entry in entries(HERE, set())} == HERE
    assert {entry["family"] for entry in entries(set(), FAMILIES)} == FAMILIES
