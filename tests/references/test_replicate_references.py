"""Replicate designs of R's package `survey`: jackknife with and without population sizes, Fay, given bootstrap weights.

The design is read from each entry's R code; of NHANES, `d_nhanes2` are the strata with two units.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import Design, Estimate, half_samples, jackknife, mean, ratio, survey_design, total
from r_entries import argument, call_of, definition, drawn, entries, found_in, read, same_rows, with_terms


def design_of(entry: dict[str, Any], frame: pd.DataFrame) -> Design:
    code = entry["r_design"].partition(" <- ")[2]
    if code.startswith("svrepdesign("):
        (columns,) = re.findall(r"repweights='([^']+)'", code)
        (kind,) = re.findall(r"type='(\w+)'", code)
        return survey_design(frame, weights=argument(code, "weights")[0], replicate_weights={kind: columns})
    inner, kind = found_in(r"^as\.svrepdesign\((\w+), type='(\w+)'.*\)\Z", code)
    if kind == "Fay":
        (fay,) = re.findall(r"fay\.rho=([\d.]+)", code)
        return half_samples(of_pairs(frame), fay=float(fay))
    return jackknife(drawn(original(inner), frame, "fail"))


def original(name: str) -> str:
    """The R code of a design; the one without `fpc` has no entry of its own."""
    return re.sub(r", fpc=~\w+", "", definition(name.removesuffix("_nofpc"))) if "_nofpc" in name else definition(name)


def of_pairs(frame: pd.DataFrame) -> Design:
    units = frame.groupby("SDMVSTRA")["SDMVPSU"].transform("nunique")
    return drawn(definition("d_nhanes"), frame[units == 2], "fail")


def estimate_of(entry: dict[str, Any]) -> Estimate:
    function, names = call_of(entry)
    frame = read(entry)
    if "%in%" in entry["r_code"]:
        frame["is_1"] = np.where(frame["HI_CHOL"] == 1, "TRUE", "FALSE")
        return total(design_of(entry, frame), "is_1")
    frame, columns = with_terms(frame, names)
    design = design_of(entry, frame)
    return (
        ratio(design, *columns)
        if function == "svyratio"
        else {"svymean": mean, "svytotal": total}[function](design, columns)
    )


@pytest.mark.parametrize("entry", entries(set(), {"replicate"}), ids=lambda entry: entry["id"])
def test_replicates_give_the_errors_intervals_and_degrees_of_freedom_of_r(entry: dict[str, Any]) -> None:
    same_rows(estimate_of(entry), entry)
