"""Poisson regression of a short series by iterated least squares, with three kinds of standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats

_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """columns : periods x terms. coefficients : logarithms of ratios. fitted : expected counts."""

    columns: Floats
    counts: Floats
    coefficients: Floats
    fitted: Floats

    @property
    def dispersion(self) -> float:
        """Pearson's chi squared per degree of freedom: 1 where counts vary as Poisson's do."""
        free = len(self.counts) - len(self.coefficients)
        return float(((self.counts - self.fitted) ** 2 / self.fitted).sum() / free)

    @property
    def residuals(self) -> Floats:
        """Pearson's residuals."""
        return np.asarray((self.counts - self.fitted) / np.sqrt(self.fitted))

    def covariance(self, kind: str, lags: int) -> Floats:
        """Of the coefficients: `poisson`, `quasi` (times the dispersion) or `hac` (Newey and West 1987)."""
        bread = np.linalg.inv(self.columns.T @ (self.fitted[:, None] * self.columns))
        if kind == "poisson":
            return np.asarray(bread)
        if kind == "quasi":
            return np.asarray(bread * self.dispersion)
        scores = self.columns * (self.counts - self.fitted)[:, None]
        middle = scores.T @ scores
        for lag in range(1, lags + 1):
            shifted = scores[lag:].T @ scores[:-lag]
            middle += (1 - lag / (lags + 1)) * (shifted + shifted.T)
        return np.asarray(bread @ middle @ bread)


def poisson(columns: Floats, counts: Floats, offset: Floats, where: str) -> Fitted:
    """Maximum likelihood with the logarithm as link. Raises `DesignError` SERIES_NOT_SEPARABLE, NOT_CONVERGED."""
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        problem = "the change, the trend and the seasons cannot be told apart"
        raise DesignError(Fault("SERIES_NOT_SEPARABLE", where, problem, "Give more periods, or fewer terms."))
    linear = np.log(np.maximum(counts, 0.5))
    coefficients = np.linalg.lstsq(columns, linear - offset, rcond=None)[0]
    for _ in range(_MOST_STEPS):
        linear = columns @ coefficients + offset
        fitted = np.exp(linear)
        weighted = fitted[:, None] * columns
        step = np.linalg.solve(columns.T @ weighted, columns.T @ (counts - fitted))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-12:
            return Fitted(
                columns, counts, np.asarray(coefficients, dtype=float), np.exp(columns @ coefficients + offset)
            )
    problem = "the regression finds no end"
    raise DesignError(Fault("NOT_CONVERGED", where, problem, "Are all counts 0 before or after the change?"))
