"""Indicators from counts: rates that know what they are made of, targets, comparisons, places; published cases."""

from evaltools.estimate.bases import Base, unlike
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
from evaltools.estimate.indicators.rates import Rate, base_of, cited_rate, indicator_named, rate, rates, read_indicators
from evaltools.estimate.indicators.shares import as_indicator, shares
from evaltools.estimate.indicators.shrinkage import shrunken
from evaltools.estimate.indicators.status import baseline_rate, status
from evaltools.estimate.indicators.stories import Story, published_story
from evaltools.estimate.indicators.variation import variation
from evaltools.schema import Indicator

__all__ = [
    "Base",
    "Indicator",
    "Rate",
    "Story",
    "against_target",
    "as_indicator",
    "base_of",
    "baseline_rate",
    "binomial_test",
    "boschloo",
    "cited_rate",
    "clopper_pearson",
    "fisher",
    "indicator_named",
    "jeffreys",
    "miettinen_nurminen",
    "newcombe",
    "probability_of_increase",
    "published_case",
    "published_story",
    "rate",
    "rates",
    "read_indicators",
    "read_published_cases",
    "risk_ratio",
    "shares",
    "shrunken",
    "status",
    "two_proportions",
    "unlike",
    "variation",
    "wilson",
]
