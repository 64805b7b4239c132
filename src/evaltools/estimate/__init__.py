"""Numbers with uncertainty: `survey` on a `Design`, `indicators` on counts. Rooms import the results from here."""

from evaltools.estimate import indicators, survey
from evaltools.estimate.result import Curve, Estimate, Measured, Row, Source, Test
from evaltools.estimate.survey import (
    Design,
    Interval,
    choices,
    contrast,
    crosstab,
    design,
    interval,
    item_response,
    mean,
    missing_kinds,
    proportion,
    rao_scott,
    ratio,
    response,
    survey_design,
    total,
)

__all__ = [
    "Curve",
    "Design",
    "Estimate",
    "Interval",
    "Measured",
    "Row",
    "Source",
    "Test",
    "choices",
    "contrast",
    "crosstab",
    "design",
    "indicators",
    "interval",
    "item_response",
    "mean",
    "missing_kinds",
    "proportion",
    "rao_scott",
    "ratio",
    "response",
    "survey",
    "survey_design",
    "total",
]
