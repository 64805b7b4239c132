"""Shares of those who answered, out of a known number: the fewer are missing, the surer the share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from evaltools.estimate.result import Estimate
from evaltools.estimate.survey import proportion, survey_design
from evaltools.language import texts

_LEAST: Final = 2


def of_some(found: Estimate, population: int) -> Estimate:
    """The share of one row with the interval for a finite number, of whom some answered.

    found : a share of one row, with its count; a single answer has no interval. population : how many there are.
    Raises `DesignError` where more answered than there are.
    """
    (row,) = found.rows
    if row.n < _LEAST:
        return replace(found, rows=(replace(row, low=None, high=None, N=population),))
    count = round(row.estimate * row.n)
    method = texts(found.source.language).say("local.finite")
    frame = pd.DataFrame({"said": ["yes"] * count + ["no"] * (row.n - count)})
    (finite,) = proportion(survey_design(frame, population=population), "said", category="yes").rows
    told = replace(row, low=finite.low, high=finite.high, method=method, N=population, se=finite.se)
    return replace(found, rows=(told,))
