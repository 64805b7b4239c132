"""One place: interrupted series and synthetic control, with every argument read from the case and its table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

import evaltools as ev
from evaltools.estimate import Estimate
from evaluation_calls import Calls, Case, data_of


def interrupted(case: Case) -> Estimate:
    """The regression that the case describes, on its table: an admission count, a column of 0 and 1, a base."""
    table = data_of(case)
    said = f"{case['method']} {case['parameters'].get('terms', '')}"
    switch = next(name for name in table.columns if set(table[name]) == {0, 1})
    offset = re.search(r"offset log\((\w+)\)", said)
    change: Literal["level", "level_and_slope"] = "level_and_slope" if "slope" in said or "*" in said else "level"
    series = ev.rollout.series(
        table,
        start=int(table["time"][table[switch] == 1].iloc[0]),
        count=next(name for name in table.columns if name not in {"year", "month", "time", switch, "pop", "stdpop"}),
        base=offset[1] if offset else "stdpop",
        period="time",
    )
    season = 12 if "harmonics" in said else 0
    errors: Literal["quasi", "poisson"] = "quasi" if "quasi" in said else "poisson"
    return ev.rollout.interrupted_series(series, change=change, season=season, errors=errors)


def by_name(case: Case) -> Sequence[float]:
    """What the method names in brackets, in that order, then standard errors where the case has them."""
    found = interrupted(case)
    level, ratio = found.row(term="level"), found.row(term="level_ratio")
    known = {
        "b": level.estimate,
        "level": level.estimate,
        "RR": ratio.estimate,
        "lo": ratio.low,
        "hi": ratio.high,
        "dispersion": found.extra["dispersion"],
        "se": level.se,
    }
    errors = [level.se]
    if "slope" in case["method"]:
        known["slope"] = found.row(term="slope").estimate
        errors.append(found.row(term="slope").se)
    told = re.search(r"\[([^\]]+)\]", case["method"])
    assert told
    values = [known[name.strip()] or 0.0 for name in told[1].split(",")]
    return values if case["se"] is None else [*values, *(each or 0.0 for each in errors)]


def mixture(case: Case) -> Sequence[float]:
    """One unit against others: mean gap, gap in the last year, squares before."""
    table = data_of(case)
    unit, last = case["parameters"]["treated"], int(re.findall(r"\d{4}", case["parameters"]["pre"])[1])
    rows = table.assign(first=np.where(table["state"] == unit, last + 1, 0))
    outcome = next(name for name in table.columns if name not in {"state", "year"} and not table[name].isna().any())
    panel = ev.rollout.panel(pd.DataFrame(rows), unit="state", period="year", first="first")
    found = ev.rollout.synthetic_control(panel, outcome)
    year = re.search(r"gap (\d{4}),", case["method"])
    assert year
    return [
        found.row(period="mean").estimate,
        found.row(period=year[1]).estimate,
        found.extra["squares_before"],
    ]


def published_mixture(case: Case) -> Sequence[float]:
    """California in 1989 by the predictors of the paper: means over the 1980s, as far as they are known, and cigarettes.

    The states are those that the method names.
    """
    table = data_of(case)
    outcome = next(name for name in table.columns if name not in {"state", "year"} and not table[name].isna().any())
    known = table[table["year"].between(1980, 1988)]
    ranges = {
        name: known.loc[known[name].notna(), "year"].agg(["min", "max"]).tolist()
        for name in table.columns
        if name not in {"state", "year", outcome}
    }
    predictors = [(name, first, last) for name, (first, last) in ranges.items()]
    predictors += [(outcome, year, year) for year in (1975, 1980, 1988)]
    rows = table.assign(first=np.where(table["state"] == "California", 1989, 0))
    panel = ev.rollout.panel(pd.DataFrame(rows), unit="state", period="year", first="first")
    found = ev.rollout.synthetic_control(panel, outcome, predictors=predictors)
    return [found.extra[f"weight_{state}"] for state in re.findall(r"(\w+) \.\d+", case["method"])]


CALLS: Calls = {
    "ITS ": by_name,
    "Outcome-only synthetic control": mixture,
    "predictor-weighted SC": published_mixture,
}
