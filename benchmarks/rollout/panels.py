"""Made-up rollouts of any size: units over 40 quarters, four waves of adoption, some that never adopt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WAVES = (16, 20, 24, 28)


@dataclass(frozen=True)
class Size:
    """How many units and periods."""

    units: int
    periods: int

    @property
    def name(self) -> str:
        """As the table says it."""
        return f"{self.units:,} x {self.periods}"

    @property
    def rows(self) -> int:
        """Rows of the frame."""
        return self.units * self.periods


def frame_of(size: Size) -> pd.DataFrame:
    """One row per unit and period: `unit`, `period`, `first` (0: never), `y`."""
    draw = np.random.default_rng(20150101)
    first = np.resize(np.array([*WAVES, 0]), size.units)
    draw.shuffle(first)
    period = np.arange(1, size.periods + 1)
    since = period[None, :] - first[:, None]
    on = (first[:, None] > 0) & (since >= 0)
    y = draw.normal(0, 1, (size.units, 1)) + 0.02 * period + draw.normal(0, 1, (size.units, size.periods)) + 0.3 * on
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(size.units), size.periods),
            "period": np.tile(period, size.units),
            "first": np.repeat(first, size.periods),
            "y": y.ravel(),
        }
    )
