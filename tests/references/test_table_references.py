"""Tables of R's package `survey`: tests of association (`svychisq`) and cells (`interaction`), by the public face.

The arguments are read from each entry's design and call; see `test_survey_references.py`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from evaltools.estimate import crosstab, interval, rao_scott
from r_entries import agree, call_of, design_of, entries, found_in, read, with_terms


@pytest.mark.parametrize("entry", entries(set(), {"crosstab"}), ids=lambda entry: entry["id"])
def test_tests_of_association_are_those_of_svychisq(entry: dict[str, Any]) -> None:
    _, names = call_of(entry)
    frame, (row, column) = with_terms(read(entry), names)
    (statistic,) = re.findall(r"statistic='(\w+)'", entry["r_code"])
    ours = rao_scott(design_of(entry, frame), row, column, statistic=statistic)
    (theirs,) = entry["estimates"]
    df = theirs["df"] if isinstance(theirs["df"], list) else [theirs["df"]]
    assert agree(ours.statistic, theirs["value"])
    assert len(ours.df) == len(df)
    assert all(agree(mine, other) for mine, other in zip(ours.df, df, strict=True))
    assert agree(ours.p_value, theirs["p_value"], 1e-7)


@pytest.mark.parametrize("entry", entries(set(), {"crosstab_cells"}), ids=lambda entry: entry["id"])
def test_cells_are_means_and_totals_of_crossed_categories(entry: dict[str, Any]) -> None:
    function, row, column = found_in(r"^(\w+)\(~interaction\((\w+), (\w+)\)", entry["r_code"])
    design = design_of(entry, read(entry))
    ours = crosstab(design, row, column, of={"svymean": "all", "svytotal": "count"}[function], interval=interval.wald())  # type: ignore[arg-type]
    assert len(ours.rows) == len(entry["estimates"])
    for theirs in entry["estimates"]:
        here, there = theirs["label"].partition(")")[2].split(".")
        cell = ours.row(**{row: here, "category": there})
        assert agree(cell.estimate, theirs["value"])
        assert agree(cell.se, theirs["se"])
        assert agree(cell.low, theirs["ci_low"])
        assert agree(cell.high, theirs["ci_high"])
        assert cell.df == theirs["df"]
