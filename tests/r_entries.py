"""Reads entries of numbers that R's package `survey` computed: their data, designs and calls, as arguments of verbs.

Some lie beside the project, in `../shared/reference/survey.json`, on data of other people; what is absent is skipped.
The twins, on municipalities of our own, lie in `references/data/municipal_twin.json` and are always there.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evaltools.estimate import (
    Design,
    calibrate,
    half_samples,
    jackknife,
    poststratify,
    rake,
    standardise,
    survey_design,
)

OURS = Path(__file__).parent / "references" / "data"
REFERENCE = Path(__file__).parents[1] / "../shared/reference"

Entry = dict[str, Any]


def entries_in(path: Path) -> list[Entry]:
    """The entries of a file; none where it is absent."""
    known: list[Entry] = json.loads(path.read_text("utf-8"))["entries"] if path.exists() else []
    return known


REFERENCES = entries_in(REFERENCE / "survey.json")
TWINS = entries_in(OURS / "municipal_twin.json")


def table(name: str) -> pd.DataFrame:
    """The data of this name, wherever they lie."""
    path = next((path for path in (OURS / name, REFERENCE / "data" / name) if path.exists()), None)
    if path is None:
        pytest.skip("the reference data lie only beside the project, in ../shared/reference/data")
    return pd.read_csv(path)


def read(entry: Entry) -> pd.DataFrame:
    """The data of an entry; of `both`, the units with an answer in both waves, weighted by how many these are."""
    frame = table(entry["dataset"])
    if "data=both" not in entry["r_design"]:
        return frame
    both = frame.dropna(subset=["use_fgc_w1", "use_fgc_w2"]).astype({"use_fgc_w1": int, "use_fgc_w2": int})
    return both.assign(wt=both["N_region"] / both.groupby("region")["region"].transform("size"))


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


def design_of(entry: Entry, frame: pd.DataFrame) -> Design:
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
    if function in ("svrepdesign", "as.svrepdesign"):
        return replicated(code, frame)
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
    """The R code that makes the design of this name, wherever among the entries it stands.

    A design without `fpc`, and the pairs of NHANES, have no entry of their own.
    """
    known = {entry["r_design"] for entry in (*REFERENCES, *TWINS) if "r_design" in entry}
    code: str
    (code,) = {each.partition(" <- ")[2] for each in known if each.startswith(f"{name.removesuffix('_nofpc')} <- ")}
    return re.sub(r", fpc=~\w+", "", code) if name.endswith("_nofpc") else code


def replicated(code: str, frame: pd.DataFrame) -> Design:
    """The design of a call of `svrepdesign` (weights given) or `as.svrepdesign` (made)."""
    if code.startswith("svrepdesign("):
        (columns,), (kind,) = found_in(r"repweights='([^']+)'", code), found_in(r"type='(\w+)'", code)
        return survey_design(frame, weights=argument(code, "weights")[0], replicate_weights={kind: columns})
    inner, kind = found_in(r"^as\.svrepdesign\((\w+), type='(\w+)'.*\)\Z", code)
    if kind not in ("Fay", "BRR"):
        return jackknife(drawn(definition(inner), frame, "fail"))
    if inner.endswith("2"):
        inner, frame = inner.removesuffix("2"), of_pairs(frame)
    fay = re.search(r"fay\.rho=([\d.]+)", code)
    return half_samples(drawn(definition(inner), frame, "fail"), fay=float(fay[1]) if fay else 0.0)


def of_pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of NHANES in strata with two units."""
    return frame[frame.groupby("SDMVSTRA")["SDMVPSU"].transform("nunique") == 2]


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
        pps=table(f"{joint[1]}.csv") if joint else "brewer" if "pps='brewer'" in code else None,
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
