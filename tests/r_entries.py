"""Reads the reference entries of R's package `survey`: their data, designs and calls, as arguments of our verbs.

The entries lie beside the project, in `../shared/reference/survey.json`; what is absent is skipped.
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
    calibrate,
    interval,
    mean,
    poststratify,
    proportion,
    rake,
    ratio,
    standardise,
    survey_design,
    total,
)

REFERENCE = Path(__file__).parents[1] / "../shared/reference"
TOLERANCE = 1e-8


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


def found_in(pattern: str, code: str) -> tuple[str, ...]:
    r"""The groups of a pattern where it first fits in R code; it must fit.

    >>> found_in(r"type='(\w+)'", "as.svrepdesign(d, type='JKn')")
    ('JKn',)
    """
    found = re.search(pattern, code)
    assert found is not None, f"{pattern} is not in {code}"
    return found.groups()


def argument(code: str, name: str) -> list[str]:
    """The variables of one formula argument of an R call, none for `~1`."""
    found = re.search(rf"(?<![\w.]){name}=~([\w+]+)", code)
    return [] if found is None or found[1] == "1" else found[1].split("+")


def design_of(entry: dict[str, Any], frame: pd.DataFrame) -> Design:
    """The design that the entry's R code describes: drawn, then weighted anew, then seen through a subset."""
    option = re.search(r"lonely\.psu='(\w+)'", entry.get("option", ""))
    design = weighted(entry["r_design"].partition(" <- ")[2], frame, option[1] if option else "fail")
    subset = re.search(r"subset\(\w+, (.+?)\)\)$", entry["r_code"])
    return design.domain(subset[1].replace("&", "and")) if subset else design


def weighted(code: str, frame: pd.DataFrame, lonely: str = "fail") -> Design:
    """The design that R code makes, by the verbs that its function and the name of its first argument mean."""
    function, inside = code.split("(", 1)
    if function == "svydesign":
        return drawn(code, frame, lonely)
    design = weighted(definition(inside.split(",", 1)[0]), frame, lonely)
    if function == "postStratify":
        (margin,) = tables(code)
        return poststratify(design, margin)
    if function == "rake":
        return rake(design, {name: counts for margin in tables(code) for name, counts in margin.items()})
    if function == "calibrate":
        return calibrate_as(code, design, frame)
    if function == "svystandardize":
        (by,) = argument(code, "by")
        (population,) = found_in(r"population=c\(([\d.,]+)\)", code)
        counts = [float(count) for count in population.split(",")]
        standard = {by: dict(zip(sorted(frame[by].unique()), counts, strict=True))}
        return standardise(design, standard, over=argument(code, "over"), answered=argument(code, "excluding.missing"))
    raise AssertionError(f"no verb of ours is known for {function}")


def definition(name: str) -> str:
    """The R code that makes the design of this name, wherever among the entries it stands."""
    path = REFERENCE / "survey.json"
    known = {entry["r_design"] for entry in json.loads(path.read_text("utf-8"))["entries"] if "r_design" in entry}
    code: str
    (code,) = {each.partition(" <- ")[2] for each in known if each.startswith(f"{name} <- ")}
    return code


def drawn(code: str, frame: pd.DataFrame, lonely: str) -> Design:
    """The design of a call of `svydesign`."""
    strata, psu, fpc = argument(code, "strata"), argument(code, "ids?"), argument(code, "fpc")
    weights = argument(code, "weights")
    joint = re.search(r"pps=ppsmat\(([\w.]+)\)", code)
    return survey_design(
        frame,
        strata=strata[0] if strata else None,
        psu=psu or None,
        weights=weights[0] if weights else None,
        fpc=fpc or None,
        pps=pd.read_csv(REFERENCE / "data" / f"{joint[1]}.csv")
        if joint
        else "brewer"
        if "pps='brewer'" in code
        else None,
        lonely=lonely,  # type: ignore[arg-type]  # the word as R's option has it; the verb refuses any other
    )


def tables(code: str) -> list[dict[str, dict[str, float]]]:
    """Each `data.frame(name=c('a','b'), Freq=c(1,2))` as a margin."""
    found = re.findall(r"data\.frame\((\w+)=c\(([^)]*)\), Freq=c\(([^)]*)\)\)", code)
    return [
        {name: dict(zip(re.findall(r"'([^']*)'", names), map(float, counts.split(",")), strict=True))}
        for name, names, counts in found
    ]


def calibrate_as(code: str, design: Design, frame: pd.DataFrame) -> Design:
    """A call of `calibrate`: R gives the intercept and all categories but the first, we give every category."""
    formula, vector = found_in(r"~([\w+]+), c\((.*?=[\d.]+)\)", code)
    totals = {name.strip("` "): float(total) for name, total in (pair.split("=") for pair in vector.split(", "))}
    units = totals["(Intercept)"]
    asked: dict[str, dict[str, float] | float] = {}
    for name in formula.split("+"):
        if name in totals:
            asked[name] = totals[name]
        else:
            first, *others = sorted(frame[name].unique())
            counts = {code: totals[f"{name}{code}"] for code in others}
            asked[name] = {first: units - sum(counts.values()), **counts}
    bounds = re.search(r"bounds=c\(([\d.]+),([\d.]+)\)", code)
    if "calfun='logit'" in code and bounds:
        return calibrate(design, asked, method="logit", bounds=(float(bounds[1]), float(bounds[2])))
    return calibrate(design, asked)


def estimate_of(entry: dict[str, Any]) -> Estimate:
    """The estimate of an entry, by the verb that its R call means."""
    function, names = call_of(entry)
    if function == "svyby":
        return breakdown_of(entry)
    frame, columns = with_terms(read(entry), names)
    design = design_of(entry, frame)
    if function == "svytotal":
        return total(design, columns)
    if function == "svyratio":
        return ratio(design, *columns)
    if all(pd.api.types.is_numeric_dtype(frame[name]) for name in columns):
        return mean(design, columns)
    return proportion(design, columns, interval=interval.wald())


def breakdown_of(entry: dict[str, Any]) -> Estimate:
    """The means or totals of a call of `svyby`."""
    variable, groups, function = found_in(r"^svyby\(~(\w+), ~([\w+]+), \w+, (\w+)", entry["r_code"])
    verb = {"svymean": mean, "svytotal": total}[function]
    return verb(design_of(entry, read(entry)), variable, by=groups.split("+"))


def call_of(entry: dict[str, Any]) -> tuple[str, list[str]]:
    """The R function of an entry and the terms of its first formulas."""
    function, inside = found_in(r"^(\w+)\((.*)\)\Z", entry["r_code"])
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


def agree(ours: float | None, theirs: float | None, tolerance: float = TOLERANCE) -> bool:
    """Whether two numbers agree relatively; a reference of None is not compared."""
    return theirs is None or (ours is not None and abs(ours - theirs) <= tolerance * max(abs(theirs), 1e-300))


def has_reference() -> None:
    """Skip where the reference values are absent."""
    if not (REFERENCE / "survey.json").exists():
        pytest.skip("the reference values lie only beside the project, in ../shared/reference")


def same_rows(estimate: Estimate, entry: dict[str, Any]) -> None:
    """Assert that the rows have R's values, errors, intervals and degrees of freedom, in R's order."""
    assert len(estimate.rows) == len(entry["estimates"])
    for row, theirs in zip(estimate.rows, entry["estimates"], strict=True):
        assert agree(row.estimate, theirs["value"])
        assert agree(row.se, theirs["se"])
        assert agree(row.low, theirs["ci_low"])
        assert agree(row.high, theirs["ci_high"])
        assert row.df == theirs["df"]
