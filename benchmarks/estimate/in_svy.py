"""The tasks in the Python package svy, run by the Python of an environment of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import svy

from estimate.child import Numbers, run
from estimate.population import PROBABILITIES, REPLICATES, SEED, margins, read


def frame(place: Path) -> pl.DataFrame:
    return pl.DataFrame(read(place)).with_columns(pl.col("score", "income").fill_nan(None))


def designed(rows: pl.DataFrame) -> Any:
    return svy.Sample(rows, svy.Design(stratum="stratum", psu="psu", wgt="weight"))


def numbers(found: Any, kept: Callable[[Any], bool] = lambda cell: True) -> Numbers:
    """Values and standard errors, in the order of the groups."""
    cells = sorted((each for each in found.estimates if kept(each)), key=lambda each: float((each.by_level or [0])[0]))
    return {"estimate": np.array([each.est for each in cells]), "se": np.array([each.se for each in cells])}


def crosstab(sample: Any) -> Numbers:
    found = sample.categorical.tabulate("kind", "use")
    cells = sorted(found.estimates, key=lambda each: (float(each.rowvar), float(each.colvar)))
    test = found.stats.f
    return {
        "estimate": np.array([each.est for each in cells]),
        "se": np.array([each.se for each in cells]),
        "test": np.array([test.value, test.df_num, test.df_den]),
    }


def rake(sample: Any) -> Numbers:
    raked = sample.weighting.rake(controls=margins(), tol=1e-10)
    weights = raked.data["rk_wgt"].to_numpy()
    return {"estimate": np.append(weights[:20], weights @ weights)}


def quantiles(sample: Any) -> Numbers:
    found = sample.estimation.quantile("income", p=PROBABILITIES, drop_nulls=True)
    cells = [each for one in found for each in one.estimates]
    return {"estimate": np.array([each.est for each in cells])}


def logistic(sample: Any) -> Numbers:
    found = sample.glm.fit("uses", x=[svy.Cat("sex", ref=1), "x1", "x2", "x3"], family="binomial", tol=1e-12)
    return {"estimate": np.array([each.est for each in found.coefs]), "se": np.array([each.se for each in found.coefs])}


def bootstrap(sample: Any) -> Numbers:
    replicated = sample.weighting.create_bs_wgts(REPLICATES, rstate=SEED)
    found = replicated.estimation.mean("score", by="domain", method="replication", drop_nulls=True)
    return {"estimate": numbers(found)["estimate"]}


TASKS: Mapping[str, Callable[[Any], Numbers]] = {
    "mean": lambda sample: numbers(sample.estimation.mean("score", drop_nulls=True)),
    "mean by domain": lambda sample: numbers(sample.estimation.mean("score", by="domain", drop_nulls=True)),
    "total by domain": lambda sample: numbers(sample.estimation.total("spent", by="domain")),
    "share by domain": lambda sample: numbers(
        sample.estimation.prop("uses", by="domain"), lambda cell: float(cell.y_level) == 1
    ),
    "crosstab": crosstab,
    "rake": rake,
    "quantiles": quantiles,
    "logistic model": logistic,
    "bootstrap": bootstrap,
}

if __name__ == "__main__":
    run(frame, designed, TASKS)
