"""Numbers with uncertainty: `survey` on a `Design`, `indicators` on counts. Rooms import the results from here."""

from evaltools.estimate.result import Curve, Estimate, Measured, Row, Source, Test
from evaltools.estimate.survey import (
    Design,
    Interval,
    choices,
    contrast,
    design,
    interval,
    item_response,
    mean,
    proportion,
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
    "design",
    "interval",
    "item_response",
    "mean",
    "proportion",
    "ratio",
    "response",
    "survey_design",
    "total",
]
