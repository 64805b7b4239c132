"""Made-up rollouts over 98 municipalities: new placements per year, staff of a method adopted in waves 2015-2018."""

from __future__ import annotations

import numpy as np
import pandas as pd

YEARS = range(2011, 2019)
WAVES = (2015, 2016, 2017, 2018)


def rollout_frame(*, seed: int = 1, never: int = 14, effect: float = 0.03, units: int = 98) -> pd.DataFrame:
    """One row per municipality and year: `kommune`, `year`, `first`, `network` of `placements`, `children`, `size`.

    first : the year of adoption, nothing for the last `never` municipalities. effect : on the share of new placements
    in the network, reached over two years.
    """
    draw = np.random.default_rng(seed)
    first = np.resize(np.array(WAVES, dtype=float), units)
    first[units - never :] = np.nan
    draw.shuffle(first)
    size = np.round(np.exp(draw.normal(np.log(75), 0.75, units))).astype(int) + 20
    level = np.clip(draw.normal(0.08, 0.03, units), 0.02, None)
    rows = []
    for unit in range(units):
        for year in YEARS:
            since = year - first[unit]
            gain = 0.0 if not since >= 0 else effect * (0.5 if since < 1 else 1.0)
            share = np.clip(level[unit] + 0.004 * (year - 2011) + draw.normal(0, 0.015) + gain, 0.005, 0.95)
            placements = int(draw.poisson(0.45 * size[unit])) + 3
            rows.append(
                {
                    "kommune": f"K{unit:02d}",
                    "year": year,
                    "first": first[unit],
                    "network": int(draw.binomial(placements, share)),
                    "placements": placements,
                    "children": int(size[unit]),
                    "deprived": float(np.round(level[unit] * 10 + size[unit] / 100, 3)),
                }
            )
    return pd.DataFrame(rows)
