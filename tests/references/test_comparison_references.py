"""Comparisons in R's package `survey` and in base R: t tests, paired tests, change and contrasts, by the public face.

The arguments are read from each entry's design and call; see `test_survey_references.py`.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from evaltools.estimate import Estimate, contrast, mcnemar, mean, result, t_test, total
from r_entries import agree, design_of, entries, found_in, read

TESTS = entries(set(), {"test"})
CHANGES = entries(set(), {"change"})


def frame_of(entry: dict[str, Any]) -> pd.DataFrame:
    """The data; of `both`, the units with an answer in both waves, weighted by how many these are."""
    frame = read(entry)
    if "data=both" not in entry["r_design"]:
        return frame
    both = frame.dropna(subset=["use_fgc_w1", "use_fgc_w2"]).astype({"use_fgc_w1": int, "use_fgc_w2": int})
    return both.assign(wt=both["N_region"] / both.groupby("region")["region"].transform("size"))


def t_tests(entry: dict[str, Any]) -> list[result.Test]:
    """The test of a call of `svyttest`: two groups, or a difference of two columns against 0."""
    left, right = found_in(r"^svyttest\((.+)~(\w+),", entry["r_code"])
    design = design_of(entry, frame_of(entry))
    if right == "0":
        return [t_test(design, left.removeprefix("I(").removesuffix(")").split("-"))]
    return [t_test(design, left, by=right)]


def paired_tests(entry: dict[str, Any]) -> list[result.Test]:
    """Both tests of a call that counts `w1` against `w2`."""
    design = design_of(entry, frame_of(entry))
    waves = [f"use_fgc_{wave}" for wave in re.findall(r"(w\d)==0&(w\d)==1", entry["r_code"])[0]]
    called = {"binom.test": "exact", "mcnemar.test": "chi_squared"}
    return [mcnemar(design, *waves, method=called[name]) for name in re.findall(r"(\w+\.test)\(", entry["r_code"])]  # type: ignore[arg-type]


@pytest.mark.parametrize("entry", TESTS, ids=lambda entry: entry["id"])
def test_tests_of_means_and_of_pairs_are_those_of_r(entry: dict[str, Any]) -> None:
    ours = t_tests(entry) if entry["r_code"].startswith("svyttest") else paired_tests(entry)
    for mine, theirs in zip(ours, entry["estimates"], strict=True):
        assert agree(mine.statistic, theirs["value"])
        assert agree(mine.p_value, theirs["p_value"])
        assert mine.df == ((pytest.approx(theirs["df"]),) if "df" in theirs else ())
        assert agree(mine.estimate, theirs.get("estimate"))


def contrast_of(entry: dict[str, Any]) -> Estimate:
    """The contrast of a call: of means or totals, by weights or by a formula in `quote`."""
    function, variables = found_in(r"(svymean|svytotal)\(~([\w+]+),", entry["r_code"])
    estimate = {"svymean": mean, "svytotal": total}[function](design_of(entry, frame_of(entry)), variables.split("+"))
    quoted = re.search(r"quote\((.+?)\)\)", entry["r_code"])
    if quoted:
        return contrast(estimate, quoted[1])
    (weights,) = found_in(r"svycontrast\(s, c\((.+?)\)\)", entry["r_code"])
    return contrast(estimate, {name: float(value) for name, value in (each.split("=") for each in weights.split(", "))})


@pytest.mark.parametrize("entry", CHANGES, ids=lambda entry: entry["id"])
def test_changes_and_formulas_of_estimates_are_those_of_svycontrast(entry: dict[str, Any]) -> None:
    (ours,), (theirs,) = contrast_of(entry).rows, entry["estimates"]
    for name, key in (("estimate", "value"), ("se", "se"), ("low", "ci_low"), ("high", "ci_high"), ("df", "df")):
        assert agree(getattr(ours, name), theirs.get(key))
