"""Estimates of one design set side by side, so that contrasts across them have the right covariance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.bases import first_unlike
from evaltools.estimate.result import NO_R, Estimate
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.linearised.linear import Linear, covariance, joined
from evaltools.estimate.survey.writing import words


def together(design: Design, estimates: Mapping[str, Estimate]) -> Estimate:
    """All rows of several estimates of one design, or of domains of it, with their joint covariance.

    estimates : by a name of your choice, which becomes the coordinate `estimate`; rows keep their own coordinates.
    The result is made for `contrast`: the share of one question less that of another domain, a ratio of two totals.
    Raises `DesignError`: NO_COVARIANCE where an estimate was made by other means, OTHER_DESIGN where it is of another
    design, UNLIKE_UNITS and its like where rates are not made of the same.
    design : the whole, without the domains. Returns an `Estimate`.
    Source: covariance of linearised values; Särndal, Swensson and Wretman (1992), section 5.5.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"weeks": [6.0, 8.0, 10.0, 4.0], "size": ["big", "big", "small", "small"]})
    >>> design = ev.survey_design(frame, population=8)
    >>> parts = {"big": ev.mean(design.domain("size == 'big'"), "weeks"), "all": ev.mean(design, "weeks")}
    >>> ev.contrast(together(design, parts), "big / all").rows[0].estimate
    1.0
    """
    fault = first_unlike((each.source.made_of for each in estimates.values()), "together")
    if fault:
        raise DesignError(fault)
    linear = [_linear(design, name, estimate) for name, estimate in estimates.items()]
    if not linear:
        raise DesignError(Fault("NO_COVARIANCE", "estimates", "no estimate is given", "Name at least one."))
    whole = joined(linear)
    found = list(estimates.values())
    rows = [
        replace(row, coordinates=(("estimate", name), *row.coordinates), labels=(name, *row.labels))
        for name, estimate in estimates.items()
        for row in estimate.rows
    ]
    measures = {estimate.measure for estimate in found}
    said = {name: words.Name(estimate.source.code) for name, estimate in estimates.items()}
    return Estimate(
        measure=found[0].measure if len(measures) == 1 else "mean",
        rows=tuple(rows),
        source=replace(
            found[0].source,
            question="; ".join(dict.fromkeys(estimate.source.question for estimate in found)),
            confidentiality=min((each.source.confidentiality for each in found), key=words.STRICTEST.index),
            code=words.call("together", design.code, {}, said),
        ),
        notes=tuple(dict.fromkeys(note for estimate in found for note in estimate.notes)),
        covariance=covariance(design, whole),
        influence=whole.influence,
        known=whole.known,
        unit=found[0].unit if len({estimate.unit for estimate in found}) == 1 else "",
        r=f"{NO_R}results of several calls have no joint covariance there; each part has code of its own",
    )


def _linear(design: Design, name: str, estimate: Estimate) -> Linear:
    if estimate.influence is None or estimate.known is None:
        problem = f'"{name}" has no linearised values, so that its covariance with others is unknown'
        raise DesignError(Fault("NO_COVARIANCE", name, problem, "Take means, totals, ratios and shares of one design."))
    if len(estimate.influence) != design.units or design.code not in estimate.source.code:
        problem = f'"{name}" is of another design than the one given'
        remedy = "Make all estimates from one design, or from domains of it; for two waves take `change`."
        raise DesignError(Fault("OTHER_DESIGN", name, problem, remedy))
    return Linear(np.array([row.estimate for row in estimate.rows]), estimate.influence, estimate.known)
