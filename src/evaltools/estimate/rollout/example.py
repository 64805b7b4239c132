"""A made-up rollout, to learn on and to test with: 98 invented municipalities, four waves, flow and stock."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault

_YEARS: Final = range(2011, 2019)
_WAVES: Final = (2015, 2016, 2017, 2018)
_UNITS: Final = 98
_LEAVES: Final = 0.35
"""Share of the placed children whose placement ends within a year."""


def example_rollout(*, effect: float = 0.04, never: int = 14, seed: int = 7) -> pd.DataFrame:
    """A made-up rollout: one row per invented municipality and year, new placements and those in place at its end.

    effect : what adoption adds to the share of new placements found in the network, half of it in the first year.
    never : how many municipalities never adopt. seed : of the draws; equal seeds give equal rows.

    Returns columns `municipality`, `year`, `first` (year of adoption, NA where never), `children` (aged 0-17, in
    thousands), `new` and `new_network` (placements of the year: the flow), `placed` and `placed_network` (those in
    place at the end of the year: the stock). The true effect on the flow is known: one sees what estimators find.
    Raises `DesignError` EXAMPLE_WRONG.

    >>> example_rollout().columns.tolist()[:3]
    ['municipality', 'year', 'first']
    """
    if not 0 <= never < _UNITS or not abs(effect) < 0.5:
        problem = f"never is {never} and effect is {effect:g}"
        raise DesignError(
            Fault("EXAMPLE_WRONG", "example", problem, "Give 0 to 97 municipalities and an effect below 0.5.")
        )
    draw = np.random.default_rng(seed)
    first = np.resize(np.array(_WAVES, dtype=float), _UNITS)
    first[_UNITS - never :] = np.nan
    draw.shuffle(first)
    size = np.round(np.exp(draw.normal(np.log(70), 0.7, _UNITS))) + 12
    level = np.clip(draw.normal(0.09, 0.03, _UNITS), 0.02, None)
    placed, network = size.astype(int), draw.binomial(size.astype(int), level)
    parts = []
    for year in _YEARS:
        since = year - first
        gain = np.where(since >= 1, effect, np.where(since >= 0, effect / 2, 0.0))
        share = np.clip(level + 0.003 * (year - _YEARS[0]) + draw.normal(0, 0.012, _UNITS) + gain, 0.005, 0.95)
        new = draw.poisson(_LEAVES * size) + 2
        new_network = draw.binomial(new, share)
        others = draw.binomial(placed - network, 1 - _LEAVES) + new - new_network
        network = draw.binomial(network, 1 - _LEAVES) + new_network
        placed = others + network
        columns = {"year": year, "new": new, "new_network": new_network, "placed": placed, "placed_network": network}
        parts.append(pd.DataFrame({"place": np.arange(_UNITS), **columns}))
    rows = pd.concat(parts).sort_values(["place", "year"], ignore_index=True)
    place = rows.pop("place").to_numpy()
    rows.insert(0, "municipality", [f"Example {each + 1:02d}" for each in place])
    rows.insert(2, "first", pd.array(first[place], dtype="Float64").astype("Int64"))
    rows.insert(3, "children", np.round(size[place] * 0.11, 1))
    return rows
