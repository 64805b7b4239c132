"""The tasks by the public face of evaltools, from a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

import evaltools as ev
from estimate.child import Numbers, run
from estimate.population import PROBABILITIES, REPLICATES, SEED, margins, read

designed = partial(ev.survey_design, strata="stratum", psu="psu", weights="weight")


def frame(place: Path) -> pd.DataFrame:
    """The sample as a frame that shares the memory of its columns."""
    return pd.DataFrame(read(place), copy=False)


def numbers(found: ev.Estimate) -> Numbers:
    """Values and standard errors in the order of the rows."""
    return {
        "estimate": np.array([row.estimate for row in found.rows]),
        "se": np.array([row.se for row in found.rows]),
    }


def crosstab(design: ev.Design) -> Numbers:
    """Shares of all in each cell by row, and the test of no association."""
    found = ev.crosstab(design, "kind", "use", of="all")
    ordered = sorted(found.rows, key=lambda row: (row.coordinate("kind"), row.coordinate("category")))
    cells = numbers(ev.Estimate(found.measure, tuple(ordered), found.source))
    return {**cells, "test": np.array([found.extra[key] for key in ("F", "df1", "df2")])}


def rake(design: ev.Design) -> Numbers:
    """Weights of the first rows, and the sum of all squares."""
    weights = ev.rake(design, margins()).weights
    return {"estimate": np.append(weights[:20], weights @ weights)}


def bootstrap(design: ev.Design) -> Numbers:
    """Replicates, and means by domain from them."""
    return numbers(ev.mean(ev.bootstrap(design, replicates=REPLICATES, seed=SEED), "score", by="domain"))


TASKS: Mapping[str, Callable[[ev.Design], Numbers]] = {
    "mean": lambda design: numbers(ev.mean(design, "score")),
    "mean by domain": lambda design: numbers(ev.mean(design, "score", by="domain")),
    "total by domain": lambda design: numbers(ev.total(design, "spent", by="domain")),
    "share by domain": lambda design: numbers(ev.proportion(design, "uses", category=1, by="domain")),
    "crosstab": crosstab,
    "rake": rake,
    "quantiles": lambda design: numbers(ev.quantile(design, "income", PROBABILITIES, rule="math")),
    "logistic model": lambda design: numbers(ev.glm(design, "uses ~ C(sex) + x1 + x2 + x3", family="binomial")),
    "bootstrap": bootstrap,
}

if __name__ == "__main__":
    run(frame, designed, TASKS)
