"""Made-up schools, and one design of each kind over them: what the proof in R is made on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from evaltools import estimate as ev
from evaltools.estimate import Design
from municipal_survey import municipal_data

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
    ways = np.random.default_rng(SEED + 1)
    options = {name: (ways.random(len(rows)) < share).astype(int) for name, share in OPTIONS.items()}
    return pd.DataFrame(rows).assign(
        pair=lambda f: f["county"] + (f["town"].str[1].astype(int) // 2).astype(str), **options
    )


OPTIONS = {"visits": 0.5, "letters": 0.35, "meetings": 0.25}
"""What schools may offer, with the share that does: several choices of the same units."""


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
        **replicated(),
    }


def censuses() -> Mapping[str, Design]:
    """Designs of the made-up municipal survey, with grids and several choices in one item."""
    even = ev.design(municipal_data())
    return {
        "census": even,
        "census by region": ev.design(municipal_data(), strata="region"),
        "raked census": ev.rake(even, ["region", "size"]),
    }


def replicated() -> Mapping[str, Design]:
    """Designs whose covariances come from replicates."""
    data = frame()
    plain = ev.survey_design(data, strata="county", fpc="all")
    towns = ev.survey_design(data, strata="county", psu="town", weights="weight", fpc="towns")
    pairs = ev.survey_design(data, strata="pair", psu="town", weights="weight")
    draws = np.random.default_rng(SEED + 2).multinomial(len(data), np.full(len(data), 1 / len(data)), 40).T
    given = data.join(pd.DataFrame(draws * data[["weight"]].to_numpy(), columns=[f"bw{n}" for n in range(40)]))
    return {
        "jackknife": ev.jackknife(plain),
        "jackknife of towns": ev.jackknife(towns),
        "jackknife of two stages": ev.jackknife(
            ev.survey_design(data, strata="county", psu=["town", "school"], fpc=["towns", "schools"])
        ),
        "bootstrap": ev.bootstrap(towns, replicates=60, seed=7),
        "half-samples": ev.half_samples(pairs),
        "half-samples after Fay": ev.half_samples(pairs, fay=0.3),
        "replicate weights given": ev.survey_design(
            given, weights="weight", replicate_weights={"bootstrap": "bw[0-9]+"}
        ),
        "jackknife of a domain": ev.jackknife(towns).domain("size in ['small', 'middle']"),
        "jackknife, post-stratified": ev.jackknife(ev.poststratify(towns, {"size": SIZES})),
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
