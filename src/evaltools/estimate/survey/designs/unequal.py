"""Samples drawn with unequal probabilities, without replacement: what their first stage is."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.designs.model import Stage
from evaltools.estimate.survey.designs.soundness import check_fpc

Unequal = Literal["brewer"] | pd.DataFrame | Floats | None
"""`brewer`: the variance from the probabilities of single units. A table: their joint probabilities, row by row."""


def unequal_stage(rows: pd.DataFrame, stages: tuple[Stage, ...], fpc: tuple[str, ...], pps: Unequal) -> Stage:
    """The one stage of a sample with unequal probabilities, which stand in the column `fpc`.

    Raises `DesignError`: UNEQUAL_STAGES, PROBABILITIES_WRONG, JOINT_PROBABILITIES_WRONG.
    """
    if len(stages) > 1 or len(stages[0].unit) != len(rows) or len(fpc) != 1:
        problem = "with `pps` the rows themselves are drawn, in one stage, with a probability each"
        remedy = "Name the column of probabilities in `fpc`, and no `psu`."
        raise DesignError(Fault("UNEQUAL_STAGES", "pps", problem, remedy))
    probability = check_fpc(rows[fpc[0]], fpc[0])
    if (probability > 1).any():
        problem = f'"{fpc[0]}" is above 1 in {int((probability > 1).sum())} rows, and is no probability'
        remedy = "Give the probability with which each row came into the sample."
        raise DesignError(Fault("PROBABILITIES_WRONG", "fpc", problem, remedy))
    _, stratum = np.unique(stages[0].stratum, return_inverse=True)
    drawn = np.bincount(stratum)[stratum]
    return replace(stages[0], population=drawn / probability, joint=_joint(pps, probability, fpc[0]))


def _joint(pps: Unequal, probability: Floats, name: str) -> Floats | None:
    if isinstance(pps, str):
        if pps != "brewer":
            problem = f'there is no method "{pps}" for unequal probabilities'
            remedy = 'Write pps="brewer", or give the joint probabilities as a table.'
            raise DesignError(Fault("NO_SUCH_RULE", "pps", problem, remedy))
        return None
    joint = np.asarray(pps, dtype=float)
    if joint.shape != (len(probability),) * 2:
        problem = (
            f"the joint probabilities are {' x '.join(map(str, joint.shape))}, and there are {len(probability)} rows"
        )
        raise DesignError(
            Fault("JOINT_PROBABILITIES_WRONG", "pps", problem, "Give one row and one column for each row of the data.")
        )
    if not (np.isfinite(joint) & (joint > 0)).all() or not np.allclose(joint, joint.T, rtol=1e-6):
        problem = "the joint probabilities are not all positive and the same both ways"
        remedy = "Two units that are never drawn together give no variance; use pps='brewer'."
        raise DesignError(Fault("JOINT_PROBABILITIES_WRONG", "pps", problem, remedy))
    if not np.allclose(np.diag(joint), probability, rtol=1e-6):
        problem = f'the diagonal of the joint probabilities is not "{name}"'
        raise DesignError(
            Fault("JOINT_PROBABILITIES_WRONG", "pps", problem, "Put both in the same order, or correct one.")
        )
    return joint


def r_unequal(joint: bool) -> str:
    """R code of such a design, from the columns that `Design.r_data` gives."""
    how = 'ppsmat(as.matrix(data[grep("^ev_joint", names(data))])), variance = "HT"' if joint else '"brewer"'
    return f"svydesign(ids = ~1, strata = ~ev_cell, fpc = ~ev_p, pps = {how}, data = data)"
