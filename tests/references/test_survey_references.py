"""Numbers that R's package `survey` computed (4.1-1 and 4.5), reproduced through the public face.

The arguments are read from each entry's R design and R call. Reference: `../shared/reference/survey.json`; tolerance
1e-8 relative, as its `meta` says. Files of other people's data lie outside the project, so the tests are skipped
where they are absent; `test_municipal_twin.py` runs everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import (
    Design,
    Estimate,
    contrast,
    interval,
    mean,
    proportion,
    rao_scott,
    ratio,
    survey_design,
    total,
)

REFERENCE = Path(__file__).parents[2] / "../shared/reference"
TOLERANCE = 1e-8

HERE = {"mean-02", "mean-03", "total-02", "total-09", "proportion-01", "ratio-04"}
FAMILIES = {"multiresponse", "smallpop"}
BEYOND = {"mean", "total", "proportion", "ratio"}
"""Families whose other entries are met as well; kept as a guard, since they go through the same code."""


def entries(wanted: set[str], families: set[str]) -> list[dict[str, Any]]:
    """The reference entries of these ids or families; none where the file is absent."""
    path = REFERENCE / "survey.json"
    if not path.exists():
        return []
    known: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["entries"]
    return [entry for entry in known if entry["id"] in wanted or entry["family"] in families]


def read(entry: dict[str, Any]) -> pd.DataFrame:
    """The data of an entry."""
    path = REFERENCE / "data" / entry["dataset"]
    if not path.exists():
        pytest.skip("the reference data lie only beside the project, in ../shared/reference/data")
    return pd.read_csv(path)


def argument(code: str, name: str) -> list[str]:
    """The variables of one formula argument of an R call, none for `~1`."""
    found = re.search(rf"\b{name}=~([\w+]+)", code)
    return [] if found is None or found[1] == "1" else found[1].split("+")


def design_of(entry: dict[str, Any], frame: pd.DataFrame) -> Design:
    """The design that the entry's R code describes."""
    code = entry["r_design"]
    strata, psu, fpc = argument(code, "strata"), argument(code, "ids?"), argument(code, "fpc")
    weights = argument(code, "weights")
    design = survey_design(
        frame,
        strata=strata[0] if strata else None,
        psu=psu or None,
        weights=weights[0] if weights else None,
        fpc=fpc or None,
    )
    subset = re.search(r"subset\(\w+, (.+?)\)\)$", entry["r_code"])
    return design.domain(subset[1].replace("&", "and")) if subset else design


def call_of(entry: dict[str, Any]) -> tuple[str, list[str]]:
    """The R function of an entry and the terms of its first formulas."""
    function, inside = re.fullmatch(r"(\w+)\((.*)\)", entry["r_code"]).groups()  # type: ignore[union-attr]
    formulas = re.findall(r"~((?:I\([^~]*?\)(?=[+,]|$)|[\w.]+|\+)+)", inside)
    return function, [term for formula in formulas for term in terms(formula)]


def terms(formula: str) -> list[str]:
    """The terms of a formula; a plus inside `I(...)` separates nothing.

    >>> terms("a+I(b+c > 0)")
    ['a', 'I(b+c > 0)']
    """
    found, depth = [""], 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        if sign == "+" and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found


def with_terms(frame: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The frame with a text column for each `I(condition)`, and the columns that the terms are."""
    frame, columns = frame.copy(), []
    for number, term in enumerate(names):
        if term.startswith("I("):
            truth = np.asarray(frame.eval(term[2:-1].replace("&", " and ")), dtype=bool)
            frame[f"term{number}"] = np.where(truth, "TRUE", "FALSE")
            columns.append(f"term{number}")
        else:
            columns.append(term)
    return frame, columns


def estimate_of(entry: dict[str, Any]) -> Estimate:
    """The estimate of an entry, by the verb that its R call means."""
    function, names = call_of(entry)
    frame, columns = with_terms(read(entry), names)
    design = design_of(entry, frame)
    if function == "svytotal":
        return total(design, columns)
    if function == "svyratio":
        return ratio(design, *columns)
    if all(pd.api.types.is_numeric_dtype(frame[name]) for name in columns):
        return mean(design, columns)
    return proportion(design, columns, interval=interval.wald())


def agree(ours: float | None, theirs: float | None, tolerance: float = TOLERANCE) -> bool:
    """Whether two numbers agree relatively; a reference of None is not compared."""
    return theirs is None or (ours is not None and abs(ours - theirs) <= tolerance * max(abs(theirs), 1e-300))


def has_reference() -> None:
    """Skip where the reference values are absent."""
    if not (REFERENCE / "survey.json").exists():
        pytest.skip("the reference values lie only beside the project, in ../shared/reference")


LINEAR = [
    entry
    for entry in entries(HERE, {*BEYOND, "multiresponse"})
    if entry["r_code"].startswith(("svymean(", "svytotal(", "svyratio("))
]


@pytest.mark.parametrize("entry", LINEAR, ids=lambda entry: entry["id"])
def test_r_survey_gives_the_same_estimates_errors_and_intervals(entry: dict[str, Any]) -> None:
    estimate = estimate_of(entry)
    assert len(estimate.rows) == len(entry["estimates"])
    for row, theirs in zip(estimate.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])
        assert agree(row.low, theirs["ci_low"])
        assert agree(row.high, theirs["ci_high"])
        assert row.df == theirs["df"]


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


@pytest.mark.parametrize(
    "entry",
    [each for each in entries(set(), {"crosstab"}) if "statistic='F'" in each["r_code"]],
    ids=lambda entry: entry["id"],
)
def test_the_rao_scott_test_is_that_of_svychisq(entry: dict[str, Any]) -> None:
    _, names = call_of(entry)
    frame, (row, column) = with_terms(read(entry), names)
    ours = rao_scott(design_of(entry, frame), row, column)
    (theirs,) = entry["estimates"]
    assert agree(ours.statistic, theirs["value"])
    assert all(agree(mine, other) for mine, other in zip(ours.df, theirs["df"], strict=True))
    assert agree(ours.p_value, theirs["p_value"], 1e-7)


def test_the_reference_entries_are_there() -> None:
    has_reference()
    assert {entry["id"] for entry in entries(HERE, set())} == HERE
    assert {entry["family"] for entry in entries(set(), FAMILIES)} == FAMILIES
