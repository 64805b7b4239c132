"""Replicates: the same sample weighed many times over; how far the results lie apart gives their covariance.

What a replicate weighs differently is one factor for each unit drawn, never one for each row: units are summed first.
Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaltools.estimate.arrays import Codes, Floats, Mask

Kind = Literal["bootstrap", "jackknife", "brr", "fay"]
Centre = Literal["replicates", "estimate"]


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Factors on the weights of units, one column per replicate, and what each squared deviation counts for.

    unit : row of `factors` for each lowest unit drawn. factors : units x replicates. scales : one per replicate.
    centre : what deviations are from, the mean of the replicates (R's default) or the estimate (R's `mse = TRUE`).
    given : whether somebody else made them, so that their degrees of freedom are known from the factors only.
    """

    kind: Kind
    unit: Codes
    factors: Floats
    scales: Floats
    centre: Centre = "replicates"
    given: bool = False

    @property
    def count(self) -> int:
        """How many replicates there are."""
        return len(self.scales)

    def totals(self, values: Floats, sums: Floats) -> Floats:
        """Totals under each replicate (replicates x k), from the totals and their sums by lowest unit (units x k)."""
        size = len(self.factors)
        by_unit = sums
        if not np.array_equal(self.unit, np.arange(size)):
            by_unit = np.stack([np.bincount(self.unit, column, size) for column in sums.T], axis=1)
        return np.asarray(values + (self.factors - 1).T @ by_unit)

    def covariance(self, values: Floats, replicated: Floats) -> Floats:
        """Covariance of values (k) that were replicated (replicates x k)."""
        counts = self.scales > 0
        deviation = replicated - (
            values if self.centre == "estimate" or not counts.any() else replicated[counts].mean(0)
        )
        return np.asarray(deviation.T @ (self.scales[:, None] * deviation))

    def degrees_of_freedom(self, present: Mask, linear: float) -> float:
        """One less than the rank of the factors of the units present (lowest units).

        linear : units less strata, which is that rank for replicates made here, up to one less than their number.
        """
        if not self.given:
            return max(min(linear, self.count - 1.0), 1.0)
        factors = self.factors[np.unique(self.unit[present])]
        small = factors if len(factors) < self.count else factors.T
        strength = np.linalg.eigvalsh(small @ small.T)
        return max(float((strength > 1e-10 * strength.max()).sum() - 1), 1.0)
