"""The yardstick: the least arithmetic that a specialist would write in numpy for this sample, and nothing around it.

Rows are added to sums by cluster and cell in one pass; clusters are the same number in every stratum. Codes from 0 and
columns without gaps are made beforehand, as evaltools keeps them between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit

from estimate.child import Numbers, run
from estimate.population import (
    CLUSTERS,
    CODED,
    IN_STRATUM,
    PROBABILITIES,
    REPLICATES,
    SEED,
    STRATA,
    Columns,
    margins,
    read,
)

Array = npt.NDArray[Any]
DF = CLUSTERS - STRATA


@dataclass(frozen=True, slots=True)
class Ready:
    """Columns with codes from 0, gaps filled with 0, and the weight of those who answered."""

    columns: Columns
    psu: Array
    weight: Array
    weight_of: Mapping[str, Array]


def ready(columns: Columns) -> Ready:
    """The columns made ready once."""
    weight, weight_of = columns["weight"], {}
    kept = {name: columns[name] - 1 if name in CODED else columns[name] for name in columns}
    for name in ("score", "income"):
        here = ~np.isnan(columns[name])
        kept[name], weight_of[name] = np.where(here, columns[name], 0.0), np.where(here, weight, 0.0)
    return Ready(kept, columns["psu"] - 1, weight, weight_of)


def sums(data: Ready, cells: int, cell: Array | int, weights: Array) -> Array:
    """Sums of weights by cluster and cell."""
    return np.bincount(data.psu * cells + cell, weights, CLUSTERS * cells).reshape(CLUSTERS, cells)


def covariance(linear: Array) -> Array:
    """Covariance of values with these linearised sums (clusters x k), between the clusters of each stratum."""
    by_stratum = linear.reshape(STRATA, IN_STRATUM, -1)
    deviation = (by_stratum - by_stratum.mean(axis=1, keepdims=True)).reshape(CLUSTERS, -1)
    return np.asarray(IN_STRATUM / (IN_STRATUM - 1) * (deviation.T @ deviation))


def errors(linear: Array) -> Array:
    """Standard errors of values with these linearised sums."""
    return np.asarray(np.sqrt(np.diag(covariance(linear))))


def ratio(above: Array, below: Array) -> Numbers:
    """Ratios of totals, from their sums by cluster."""
    size = below.sum(axis=0)
    value = above.sum(axis=0) / size
    return {"estimate": value, "se": errors((above - value * below) / size)}


def means(data: Ready, name: str, cells: int, cell: Array | int) -> Numbers:
    weight = data.weight_of.get(name, data.weight)
    return ratio(sums(data, cells, cell, weight * data.columns[name]), sums(data, cells, cell, weight))


def totals(data: Ready) -> Numbers:
    found = sums(data, 10, data.columns["domain"], data.weight * data.columns["spent"])
    return {"estimate": found.sum(axis=0), "se": errors(found)}


def crosstab(data: Ready) -> Numbers:
    """Shares of the cells, and the second-order F of Rao and Scott (1984)."""
    down, across = CODED["kind"], CODED["use"]
    cells = sums(data, down * across, data.columns["kind"] * across + data.columns["use"], data.weight)
    whole = cells.sum()
    share = cells.sum(axis=0) / whole
    matrix = covariance((cells - share * cells.sum(axis=1, keepdims=True)) / whole)
    table = share.reshape(down, across)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)).ravel()
    pearson = len(data.psu) * ((share - expected) ** 2 / expected).sum()
    i, j = np.divmod(np.arange(down * across), across)
    rows, columns = i[:, None] == np.arange(1, down), j[:, None] == np.arange(1, across)
    main = np.column_stack([np.ones(down * across), rows, columns]).astype(float)
    both = (rows[:, :, None] & columns[:, None, :]).reshape(down * across, -1).astype(float)
    contrast = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    scaled = contrast / share[:, None]
    effect = np.linalg.solve(contrast.T @ scaled / len(data.psu), scaled.T @ matrix @ scaled)
    trace = np.trace(effect)
    first = trace**2 / np.trace(effect @ effect)
    return {
        "estimate": share,
        "se": np.sqrt(np.diag(matrix)),
        "test": np.array([pearson / trace, first, first * DF]),
    }


def rake(data: Ready) -> Numbers:
    """Iterative proportional fitting of the crossed table, taken back to the rows once."""
    named = {name: np.array(list(counts.values())) for name, counts in margins().items()}
    sizes = [len(counts) for counts in named.values()]
    cell = np.zeros(len(data.psu), dtype=np.int64)
    for name, size in zip(named, sizes, strict=True):
        cell = cell * size + data.columns[name]
    before = np.bincount(cell, data.weight, int(np.prod(sizes))).reshape(sizes)
    table, off = before, np.inf
    while off > 1e-10:
        off = 0.0
        for axis, counts in enumerate(named.values()):
            others = tuple(each for each in range(len(sizes)) if each != axis)
            factor = counts / table.sum(axis=others)
            off = max(off, float(np.abs(factor - 1).max()))
            table = table * np.expand_dims(factor, others)
    weights = data.weight * (table / before).ravel()[cell]
    return {"estimate": np.append(weights[:20], weights @ weights)}


def answered_df(data: Ready, weight: npt.NDArray[np.float64]) -> int:
    """Clusters in which somebody answered, less the strata."""
    answered = np.bincount(data.psu, weight) > 0
    return int(answered.sum()) - STRATA


def quantiles(data: Ready) -> Numbers:
    """The least value with at least the share at or below it; Woodruff's interval by log-odds."""
    values, weight = data.columns["income"], data.weight_of["income"]
    order = np.argsort(values)
    order = order[weight[order] > 0]
    sorted_values, reached = values[order], np.cumsum(weight[order])
    size = reached[-1]
    below = sums(data, 1, 0, weight)
    t, found, spread = stdtrit(answered_df(data, weight), 0.975), [], []
    for chance in PROBABILITIES:
        value = sorted_values[np.searchsorted(reached, chance * size)]
        share = ratio(sums(data, 1, 0, weight * (values <= value)), below)
        p = share["estimate"][0]
        half = t * share["se"][0] / (p * (1 - p))
        low, high = sorted_values[np.searchsorted(reached, expit(logit(p) + np.array([-half, half])) * size)]
        found.append(value)
        spread.append((high - low) / (2 * t))
    return {"estimate": np.array(found), "se": np.array(spread)}


def logistic(data: Ready) -> Numbers:
    """Newton's method, and the covariance of the weighted scores (Binder 1983)."""
    columns = data.columns
    x = np.column_stack([np.ones(len(data.psu)), columns["sex"], columns["x1"], columns["x2"], columns["x3"]])
    place, step = np.zeros(x.shape[1]), np.ones(1)
    while np.abs(step).max() > 1e-10:
        mean = 1 / (1 + np.exp(-(x @ place)))
        residual = data.weight * (columns["uses"] - mean)
        bread = np.linalg.inv(x.T @ ((data.weight * mean * (1 - mean))[:, None] * x))
        step = bread @ (x.T @ residual)
        place = place + step
    scores = np.stack([np.bincount(data.psu, residual * column, CLUSTERS) for column in x.T], axis=1)
    return {"estimate": place, "se": errors(scores @ bread)}


def bootstrap(data: Ready) -> Numbers:
    """Rao and Wu's (1988) factors of the clusters, times the sums by cluster and domain."""
    chance = np.random.default_rng(SEED)
    even = np.full(IN_STRATUM, 1 / IN_STRATUM)
    drawn = [chance.multinomial(IN_STRATUM - 1, even, REPLICATES).T for _ in range(STRATA)]
    factors = np.concatenate(drawn) * (IN_STRATUM / (IN_STRATUM - 1))
    weight, domain = data.weight_of["score"], data.columns["domain"]
    above, below = (sums(data, 10, domain, each) for each in (weight * data.columns["score"], weight))
    replicated = (factors.T @ above) / (factors.T @ below)
    return {"estimate": above.sum(axis=0) / below.sum(axis=0), "se": replicated.std(axis=0, ddof=1)}


TASKS: Mapping[str, Callable[[Ready], Numbers]] = {
    "mean": lambda data: means(data, "score", 1, 0),
    "mean by domain": lambda data: means(data, "score", 10, data.columns["domain"]),
    "total by domain": totals,
    "share by domain": lambda data: means(data, "uses", 10, data.columns["domain"]),
    "crosstab": crosstab,
    "rake": rake,
    "quantiles": quantiles,
    "logistic model": logistic,
    "bootstrap": bootstrap,
}


if __name__ == "__main__":
    run(read, ready, TASKS)
