"""The R code that results carry, run in R: it gives the same numbers, for every estimator on every design.

Wilson's interval came to R's `survey` with 4.5 and is compared in `test_survey_references.py` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import r_survey
from evaltools import estimate as ev
from evaltools.estimate import Design, Estimate
from municipal_survey import municipal_data

TOLERANCE = 1e-8
SEED = 1998


@cache
def frame() -> pd.DataFrame:
    """Made-up schools: 4 counties of towns, towns of schools, with weights, answers and some that are missing."""
    chance = np.random.default_rng(SEED)
    rows: list[dict[str, Any]] = []
    for county, towns in zip("abcd", (40, 30, 25, 60), strict=True):
        for town in range(8):
            schools = int(chance.integers(6, 15))
            for school in range(4):
                likely = 0.2 + 0.15 * "abcd".index(county)
                pupils = int(chance.integers(80, 600))
                rows.append(
                    {
                        "county": county, "town": f"{county}{town}", "school": f"{county}{town}{school}",
                        "towns": towns, "schools": schools, "drawn": 4 * 8, "all": 8 * towns,
                        "weight": towns / 8 * schools / 4,
                        "uses": "yes" if chance.random() < likely else "no",
                        "size": ("small", "middle", "large")[int(chance.integers(0, 3))],
                        "pupils": float(pupils), "network": float(chance.binomial(pupils, 0.1)),
                        "score": None if chance.random() < 0.1 else float(chance.normal(60, 10)),
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def designs() -> Mapping[str, Design]:
    """One design of each kind."""
    data = frame()
    plain = ev.survey_design(data, strata="county", fpc="all")
    return {
        "elements": ev.survey_design(data.head(60), population=400),
        "strata": plain,
        "strata without correction": ev.survey_design(data, strata="county", weights="weight"),
        "towns": ev.survey_design(data, strata="county", psu="town", weights="weight", fpc="towns"),
        "towns and schools": ev.survey_design(data, strata="county", psu=["town", "school"], fpc=["towns", "schools"]),
        "the process behind": ev.survey_design(data, strata="county", fpc="all", target="superpopulation"),
        "a domain": ev.survey_design(data, strata="county", psu="town", weights="weight", fpc="towns").domain(
            "size in ['small', 'middle']"
        ),
        "a lonely town, adjusted": _lonely("adjust"),
        "a lonely town, averaged": _lonely("average"),
        **weighted(),
    }


SIZES = {"small": 700.0, "middle": 500.0, "large": 600.0}
COUNTIES = {"a": 400.0, "b": 500.0, "c": 300.0, "d": 600.0}


def weighted() -> Mapping[str, Design]:
    """Designs whose weights were made to fit known totals, or come from unequal probabilities."""
    data = frame()
    towns = ev.survey_design(data, strata="county", psu="town", weights="weight", fpc="towns")
    probable = data.assign(p=(20 + data["pupils"] / 8) / 1000)
    alike = data.head(60).assign(p=0.15)
    joint = np.full((60, 60), 0.15 * 59 / 399)
    np.fill_diagonal(joint, 0.15)
    crossed = {f"{size} x {county}": 50.0 for size in SIZES for county in COUNTIES}
    pupils: dict[str, dict[str, float] | float] = {"size": SIZES, "pupils": 600_000.0}
    return {
        "post-stratified": ev.poststratify(towns, {"size": SIZES}),
        "post-stratified by two": ev.poststratify(towns, {"size x county": crossed}),
        "raked": ev.rake(towns, {"size": SIZES, "county": COUNTIES}),
        "calibrated": ev.calibrate(towns, pupils),
        "calibrated to a number": ev.calibrate(towns, {"pupils": 600_000.0}, units=1800.0),
        "calibrated by logit": ev.calibrate(towns, pupils, method="logit", bounds=(0.3, 3.0)),
        "calibrated within bounds": ev.calibrate(towns, pupils, bounds=(0.3, 3.0)),
        "trimmed": ev.trim(towns, upper=18.0),
        "trimmed strictly": ev.trim(towns, upper=18.0, lower=9.0, strict=True),
        "raked after post-stratification": ev.rake(
            ev.poststratify(towns, {"size": SIZES}), {"county": COUNTIES, "uses": {"yes": 800.0, "no": 1000.0}}
        ),
        "standardised": ev.standardise(towns, {"size": SIZES}, over="county", answered="score"),
        "unequal probabilities": ev.survey_design(probable, strata="county", fpc="p", pps="brewer"),
        "joint probabilities": ev.survey_design(alike, fpc="p", pps=joint),
    }


def _lonely(rule: Any) -> Design:
    data = frame()
    kept = data[(data["county"] != "d") | (data["town"] == "d0")]
    return ev.survey_design(kept, strata="county", psu="town", weights="weight", lonely=rule)


Make = Callable[[Design], Estimate]

ESTIMATORS: Mapping[str, Make] = {
    "mean": lambda design: ev.mean(design, "score"),
    "means": lambda design: ev.mean(design, ["pupils", "network"]),
    "mean by size": lambda design: ev.mean(design, "pupils", by="size"),
    "total": lambda design: ev.total(design, "network"),
    "total by size": lambda design: ev.total(design, "network", by="size"),
    "ratio": lambda design: ev.ratio(design, "network", "pupils"),
    "ratio by size": lambda design: ev.ratio(design, "network", "pupils", by="size"),
    "share": lambda design: ev.proportion(design, "uses", category="yes"),
    "shares": lambda design: ev.proportion(design, ["uses", "size"]),
    "shares by county": lambda design: ev.proportion(design, "size", by="county"),
    "share, Korn-Graubard": lambda design: ev.proportion(
        design, "uses", category="yes", interval=ev.interval.korn_graubard()
    ),
    "share, logit": lambda design: ev.proportion(design, "uses", category="yes", interval=ev.interval.logit()),
    "share, Wald": lambda design: ev.proportion(design, "uses", category="yes", interval=ev.interval.wald()),
    "table": lambda design: ev.crosstab(design, "size", "uses"),
    "contrast": lambda design: ev.contrast(ev.mean(design, ["pupils", "network"]), [1, -10]),
    "linear model": lambda design: ev.glm(design, "score ~ size * uses + log(pupils)"),
    "logistic model": lambda design: ev.glm(design, "uses ~ size + score", family="binomial"),
    "Poisson model": lambda design: ev.glm(design, "network ~ size + offset(log(pupils))", family="poisson"),
    "marginal effects": lambda design: ev.average_marginal_effects(
        ev.glm(design, "uses ~ size + I(score ** 2 / 100)", family="binomial"), ["size", "score"]
    ),
}


TOLERANCES: Mapping[str, float] = {"logistic model": 1e-6, "Poisson model": 1e-6, "marginal effects": 1e-5}
"""R's errors of these models are those of its last step but one, and its effects difference quotients."""

APART = frozenset({("shares by county", "a lonely town, averaged")})
"""Where a domain is a stratum, R spreads what a lonely stratum adds over that domain's strata, and we over all."""


def cases() -> Iterator[tuple[str, Design, Estimate]]:
    """Every estimator on every design."""
    for (design_name, design), (name, make) in product(designs().items(), ESTIMATORS.items()):
        if (name, design_name) not in APART:
            yield f"{name}; {design_name}", design, make(design)
    even = ev.design(municipal_data())
    censuses = {
        "census": even,
        "census by region": ev.design(municipal_data(), strata="region"),
        "raked census": ev.rake(even, ["region", "size"]),
    }
    for name, design in censuses.items():
        yield f"shares of the methods; {name}", design, ev.proportion(design, "use")


def wrong(result: Estimate, heard: r_survey.Heard, tolerance: float = TOLERANCE) -> str:
    """What differs between our numbers and R's; nothing where they agree."""
    if heard.failure:
        return heard.failure
    ours = _in_the_order_of_r(result)
    found = [
        _apart("values", [row.estimate for row in ours], heard.values, tolerance),
        _apart("errors", [row.se or 0.0 for row in ours], heard.errors, tolerance),
    ]
    if heard.limits:
        found.append(_apart("limits", [x for row in ours for x in (row.estimate, row.low, row.high)], heard.limits))
    return " ".join(each for each in found if each)


def _in_the_order_of_r(result: Estimate) -> list[Any]:
    """R gives all groups of the first variable, then of the next; we give all categories of the first group."""
    names = [name for name, _ in result.rows[0].coordinates]
    what = [name for name in names if name in ("item", "category", "contrast", "term", "variable")]
    keys = list(dict.fromkeys(tuple(row.coordinate(name) for name in what) for row in result.rows))
    by = [name for name in names if name not in what]
    return sorted(
        result.rows,
        key=lambda row: (
            keys.index(tuple(row.coordinate(name) for name in what)),
            *(row.coordinate(name) for name in reversed(by)),
        ),
    )


def _apart(what: str, ours: list[Any], theirs: list[float], tolerance: float = TOLERANCE) -> str:
    if len(ours) != len(theirs):
        return f"{what}: {len(ours)} numbers against {len(theirs)}"
    far = [
        (mine, other)
        for mine, other in zip(ours, theirs, strict=True)
        if not abs(mine - other) <= tolerance * max(abs(other), 1e-4)
    ]
    return f"{what}: {far[:3]}" if far else ""


@pytest.mark.proof
def test_r_gives_the_same_numbers_by_the_code_that_every_result_carries(tmp_path: Path) -> None:
    if not r_survey.is_there():
        pytest.skip("R with its package survey is not found: install Debian's r-cran-survey and r-cran-mass")
    made = {name: (design, result) for name, design, result in cases()}
    heard = r_survey.run(
        {name: (result.r_code(), design.r_data()) for name, (design, result) in made.items()}, tmp_path
    )
    found = {
        name: problem
        for name, (_, result) in made.items()
        if (problem := wrong(result, heard[name], TOLERANCES.get(name.split(";")[0], TOLERANCE)))
    }
    print(f"{len(made)} results of {len(ESTIMATORS)} estimators on {len(designs()) + 3} designs: {len(found)} apart")  # noqa: T201  the figures of the proof
    assert found == {}, "\n".join(f"{name}: {problem}" for name, problem in found.items())
