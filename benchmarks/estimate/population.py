"""A made-up sample of one million rows: 20 columns, 50 strata, 2,000 clusters (PSUs), weights, some answers missing.

Every contender reads the same files, one column each in numpy's own format; R reads their bytes as they are.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROWS = 1_000_000
STRATA = 50
CLUSTERS = 2_000
IN_STRATUM = CLUSTERS // STRATA
UNITS = 20_000_000
"""Units of the population that the rows stand for."""
SEED = 1998

CODED = {"domain": 10, "region": 5, "sex": 2, "age": 10, "kind": 4, "use": 3}
"""Columns of categories and how many there are; codes count from 1, as in most files of surveys."""

MARGINS: Mapping[str, tuple[float, ...]] = {
    "region": (0.24, 0.17, 0.23, 0.21, 0.15),
    "sex": (0.51, 0.49),
    "age": (0.08, 0.1, 0.12, 0.1, 0.09, 0.11, 0.13, 0.12, 0.09, 0.06),
}
"""Shares of the population that weights are raked to."""

PROBABILITIES = (0.25, 0.5, 0.75)
REPLICATES = 200

Columns = dict[str, npt.NDArray[Any]]


def population(folder: Path, rows: int = ROWS) -> Path:
    """The folder with the columns of a sample of so many rows, written if it is not there yet."""
    place = folder / f"population-{rows}-{SEED}"
    if not place.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as unfinished:
            for name, values in made(rows).items():
                np.save(Path(unfinished) / f"{name}.npy", values)
            os.mkdir(place)
            os.rename(unfinished, place)
            os.mkdir(unfinished)
    return place


def read(place: Path) -> Columns:
    """The columns of a sample."""
    return {path.stem: np.load(path) for path in sorted(place.glob("*.npy"))}


def margins() -> dict[str, dict[int, float]]:
    """Known number of units by category of each margin."""
    return {name: {code: UNITS * share for code, share in enumerate(shares, 1)} for name, shares in MARGINS.items()}


def made(rows: int) -> Columns:
    """The columns; the first rows are one of each cluster, so that clusters come in the order of their codes."""
    chance = np.random.default_rng(SEED)
    cluster = np.concatenate([np.arange(CLUSTERS), chance.integers(0, CLUSTERS, rows - CLUSTERS)])
    own = chance.normal(0, 1, CLUSTERS)[cluster]
    codes = {name: chance.integers(1, most + 1, rows) for name, most in CODED.items()}
    codes["use"] = np.where(chance.random(rows) < 0.02 * codes["kind"], 1, codes["use"])
    x = {f"x{number}": chance.normal(0, 1, rows) for number in (1, 2, 3)}
    odds = -0.4 + 0.3 * x["x1"] - 0.2 * x["x2"] + 0.1 * x["x3"] + 0.2 * (codes["sex"] == 2) + 0.3 * own
    score = 50 + 5 * own + 2 * codes["domain"] + chance.normal(0, 10, rows)
    income = np.exp(10 + 0.2 * own + 0.05 * codes["age"] + chance.normal(0, 0.6, rows))
    return {
        "stratum": cluster // IN_STRATUM + 101,
        "psu": cluster + 1,
        "weight": UNITS / rows * np.exp(chance.normal(0, 0.4, rows)),
        **codes,
        "uses": (chance.random(rows) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        "employed": (chance.random(rows) < 0.6).astype(np.int64),
        "score": np.where(chance.random(rows) < 0.03, np.nan, score),
        "income": np.where(chance.random(rows) < 0.05, np.nan, income),
        **x,
        "children": chance.poisson(1.2, rows).astype(float),
        "spent": chance.gamma(2, 500, rows),
        "saved": chance.gamma(1, 900, rows),
        "distance": chance.exponential(12, rows),
    }
