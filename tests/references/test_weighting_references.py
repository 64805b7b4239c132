"""Weights made to fit the population, unequal probabilities, lonely strata and breakdowns: as R's `survey` has them.

The arguments are read from each entry's R code. Where `svyby` uses the degrees of freedom of the whole design, ours are
those of the domain, which each entry gives beside them. A domain by `subset` has ours as well: R's `degf` counts the
same clusters, but one entry gives 10 for 7 clusters; there the interval is held against Student's t with 6.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from scipy import stats

from r_entries import agree, argument, design_of, entries, estimate_of, has_reference, read

FAMILIES = {"calibration", "pps", "lonely_psu", "domain"}
ENTRIES = entries(set(), FAMILIES)
PLAIN = [entry for entry in ENTRIES if not entry["r_code"].startswith("svyby(")]
BROKEN_DOWN = [entry for entry in ENTRIES if entry["r_code"].startswith("svyby(")]


def test_every_entry_of_these_families_is_compared() -> None:
    has_reference()
    assert {entry["family"] for entry in ENTRIES} == FAMILIES
    assert len(PLAIN) + len(BROKEN_DOWN) == len(ENTRIES) == 16


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: entry["id"])
def test_weighted_estimates_have_rs_values_errors_and_intervals(entry: dict[str, Any]) -> None:
    estimate = estimate_of(entry)
    for row, theirs in zip(estimate.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])
        df = clusters_in_domain(entry) - 1 if "subset(" in entry["r_code"] else float(theirs["df"])
        half = stats.t.ppf(0.975, df) * theirs["se"]
        assert row.df == df
        assert agree(row.low, theirs["value"] - half)
        assert agree(row.high, theirs["value"] + half)
        if df == float(theirs["df"]):
            assert agree(row.low, theirs["ci_low"])
            assert agree(row.high, theirs["ci_high"])


def clusters_in_domain(entry: dict[str, Any]) -> int:
    """Clusters with rows in the subset of an entry, counted by pandas."""
    subset = re.search(r"subset\(\w+, (.+?)\)\)$", entry["r_code"])
    assert subset is not None
    return int(read(entry).query(subset[1].replace("&", "and"))[argument(entry["r_design"], "ids?")[0]].nunique())


@pytest.mark.parametrize("entry", BROKEN_DOWN, ids=lambda entry: entry["id"])
def test_breakdowns_have_rs_values_and_errors_and_the_intervals_of_the_domains_own_degrees_of_freedom(
    entry: dict[str, Any],
) -> None:
    ours = {".".join(value for _, value in row.coordinates[1:]): row for row in estimate_of(entry).rows}
    assert ours.keys() == {theirs["label"] for theirs in entry["estimates"]}
    for theirs in entry["estimates"]:
        row = ours[theirs["label"]]
        assert agree(row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])
        assert row.df == theirs["df_domain"]
        assert agree(row.low, theirs["ci_low_domain_df"])
        assert agree(row.high, theirs["ci_high_domain_df"])


@pytest.mark.parametrize(
    "entry", [each for each in ENTRIES if "weights_summary" in each], ids=lambda entry: entry["id"]
)
def test_the_weights_themselves_are_rs(entry: dict[str, Any]) -> None:
    weights, theirs = design_of(entry, read(entry)).weights, entry["weights_summary"]
    assert agree(weights.sum(), theirs["sum"])
    assert agree(weights.min(), theirs["min"])
    assert agree(weights.max(), theirs["max"])
    assert all(agree(ours, other) for ours, other in zip(weights[:5].tolist(), theirs["first5"], strict=True))
