"""Indicators from counts: one share, two shares, a share and its target; published cases with their source."""

from evaltools.estimate.indicators.binomial import binomial_test, clopper_pearson, jeffreys, wilson
from evaltools.estimate.indicators.cases import published_case, read_published_cases
from evaltools.estimate.indicators.comparing import against_target, two_proportions
from evaltools.estimate.indicators.differences import (
    boschloo,
    fisher,
    miettinen_nurminen,
    newcombe,
    probability_of_increase,
    risk_ratio,
)

__all__ = [
    "against_target",
    "binomial_test",
    "boschloo",
    "clopper_pearson",
    "fisher",
    "jeffreys",
    "miettinen_nurminen",
    "newcombe",
    "probability_of_increase",
    "published_case",
    "read_published_cases",
    "risk_ratio",
    "two_proportions",
    "wilson",
]
