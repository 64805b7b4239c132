"""Baselines that were made up, for tests of planning: counts by municipality and year before a rollout."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaltools.estimate import rollout
from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout.planning.arithmetic import Timing


def rows(units: int = 98, years: int = 4, *, seed: int = 98, noise: float = 0.015, cases: int = 34) -> pd.DataFrame:
    """New placements and those in the network, with municipalities of very unlike size."""
    chance = np.random.default_rng(seed)
    sizes = np.maximum(np.rint(chance.lognormal(np.log(cases), 0.75, units)), 3).astype(int)
    levels = np.clip(chance.normal(0.08, 0.03, units), 0.01, 0.5)
    shares = np.clip(levels[:, None] + chance.normal(0, noise, (units, years)), 0.0, 1.0)
    counts = chance.binomial(sizes[:, None], shares)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"{101 + place}" for place in range(units)], years),
            "period": np.tile(np.arange(2015 - years, 2015), units),
            "count": counts.ravel(),
            "base": np.repeat(sizes, years),
        }
    )


def plain(units: int, years: int, cases: int, share: float, *, noise: float = 0.0) -> rollout.Baseline:
    """Units that are all alike, whose power a formula knows."""
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{place:03d}" for place in range(units)], years),
            "period": np.tile(np.arange(2015 - years, 2015), units),
            "count": round(cases * share),
            "base": cases,
        }
    )
    return rollout.baseline(frame, noise=noise)


def long(timing: Timing, values: Floats, weights: Floats) -> pd.DataFrame:
    """A panel of eight periods as rows."""
    units = len(timing.starts)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), 8),
            "period": np.tile(np.arange(1, 9), units),
            "first": np.repeat(np.where(timing.starts < 8, timing.starts + 1, 0), 8),
            "value": values.ravel(),
            "size": np.repeat(weights.ravel(), 8),
        }
    )
