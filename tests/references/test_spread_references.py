"""Quantiles, variances, design effects and all intervals for shares of R's package `survey`, from each entry's own call."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest

from evaltools.estimate import design_effects, interval, proportion, quantile, variance
from r_entries import REFERENCE, agree, call_of, design_of, entries, found_in, read, with_terms

OF_QUANTILES = {"mean": interval.wald, "xlogit": interval.logit, "beta": interval.korn_graubard}
OF_SHARES = {
    "beta": interval.korn_graubard,
    "xlogit": interval.logit,
    "logit": interval.logit,
    "mean": interval.wald,
    "wilson": interval.wilson,
    "likelihood": interval.likelihood,
}
LOOSE = 1e-6
"""For quantiles and likelihood intervals, which R finds by interpolation."""


def said(entry: dict[str, Any], name: str) -> str:
    """The text of a named argument of the entry's call."""
    (text,) = found_in(rf"{name}='(\w+)'", entry["r_code"])
    return text


@pytest.mark.parametrize("entry", entries(set(), {"quantile"}), ids=lambda entry: entry["id"])
def test_quantiles_are_those_of_svyquantile(entry: dict[str, Any]) -> None:
    _, (variable,) = call_of({"r_code": re.sub(r", c\(.*", ")", entry["r_code"])})
    (asked,) = found_in(r"c\(([\d.,]+)\)", entry["r_code"])
    chances = [float(each) for each in asked.split(",")]
    own = OF_QUANTILES[said(entry, "interval.type")]()
    design = design_of(entry, read(entry))
    estimate = quantile(design, variable, chances, rule=said(entry, "qrule"), interval=own)
    for row, theirs in zip(estimate.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["value"], LOOSE)
        assert agree(row.se, theirs["se"], LOOSE)
        assert agree(row.low, theirs["ci_low"], LOOSE)
        assert agree(row.high, theirs["ci_high"], LOOSE)
        assert row.df == theirs["df"]


@pytest.mark.parametrize("entry", entries(set(), {"variance"}), ids=lambda entry: entry["id"])
def test_variances_are_those_of_svyvar(entry: dict[str, Any]) -> None:
    _, names = call_of(entry)
    estimate = variance(design_of(entry, read(entry)), names)
    first = estimate.row(item=names[0], **{"with": names[0]})
    both = estimate.row(item=names[0], **{"with": names[1]})
    spread, together, correlation = entry["estimates"]
    assert agree(first.estimate, spread["value"])
    assert agree(first.se, spread["se"])
    assert agree(both.estimate, together["value"])
    assert agree(estimate.extra[f"correlation {names[0]} {names[1]}"], correlation["value"])


@pytest.mark.parametrize("entry", entries(set(), {"ciprop"}), ids=lambda entry: entry["id"])
def test_all_intervals_for_shares_are_those_of_svyciprop(entry: dict[str, Any]) -> None:
    _, names = call_of(entry)
    frame, (column,) = with_terms(read(entry), names)
    method = said(entry, "method")
    category = "1" if pd.api.types.is_numeric_dtype(frame[column]) else "TRUE"
    row = proportion(design_of(entry, frame), column, category=category, interval=OF_SHARES[method]()).rows[0]
    (theirs,) = entry["estimates"]
    tolerance = LOOSE if method == "likelihood" else 1e-8
    assert agree(row.estimate, theirs["value"], tolerance)
    assert agree(row.se, theirs["se"], tolerance)
    assert agree(row.low, theirs["ci_low"], tolerance)
    assert agree(row.high, theirs["ci_high"], tolerance)


def with_effects() -> list[dict[str, Any]]:
    """The entries whose call asks for design effects."""
    path = REFERENCE / "survey.json"
    known = json.loads(path.read_text("utf-8"))["entries"] if path.exists() else []
    return [entry for entry in known if "deff=TRUE" in entry.get("r_code", "")]


@pytest.mark.parametrize("entry", with_effects(), ids=lambda entry: entry["id"])
def test_design_effects_are_those_of_deff_true(entry: dict[str, Any]) -> None:
    function, names = call_of(entry)
    design = design_of(entry, read(entry))
    of = "total" if function == "svytotal" else "mean"
    estimate = design_effects(design, names, of=of)  # type: ignore[arg-type]
    assert len(estimate.rows) == len(entry["estimates"])
    for row, theirs in zip(estimate.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["deff"])


def test_the_entries_are_there() -> None:
    if (REFERENCE / "survey.json").exists():
        assert len(with_effects()) == 7
        assert len(entries(set(), {"quantile", "variance", "ciprop"})) == 16
