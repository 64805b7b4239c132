"""Coefficients and effects with their standard errors and t limits, as every row of a model tells them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaltools.estimate.arrays import Floats
from evaltools.estimate.result import Row
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.intervals.interval import t_quantile
from evaltools.estimate.survey.linearised.linear import Linear, covariance, standard_errors


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells besides its value: the rows and weighted units behind it, level and method."""

    n: int
    base: float
    level: float
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Uncertain:
    """Values with their covariance. settled : whether a variance of 0 means that nothing is left to infer."""

    values: Floats
    covariance: Floats
    se: Floats
    df: float
    settled: bool

    def row(self, place: int, coordinates: tuple[tuple[str, str], ...], labels: tuple[str, ...], told: Told) -> Row:
        """The value at a place as a row; without limits where its variance is 0 though somebody is silent."""
        value, error = float(self.values[place]), float(self.se[place])
        half = float(t_quantile(np.array([max(self.df, 1.0)]), told.level)[0]) * error
        shown = error > 0 or self.settled
        return Row(
            coordinates=coordinates,
            labels=labels,
            estimate=value,
            n=told.n,
            base=told.base,
            method=told.method,
            se=error,
            low=value - half if shown else None,
            high=value + half if shown else None,
            level=told.level,
            df=self.df,
        )


def uncertain(design: Design, linear: Linear, df: float, settled: bool) -> Uncertain:
    """Values with the covariance that the design gives them."""
    matrix = covariance(design, linear)
    return Uncertain(linear.values, matrix, standard_errors(matrix, linear.influence), df, settled)
