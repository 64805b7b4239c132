"""Checks that a design makes sense, each with a message in the user's own names and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np
import pandas as pd

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, first_places
from evaltools.estimate.survey.designs.model import Lonely, Stage, Target


def check_target(target: str, lonely: str) -> None:
    """`DesignError` NO_SUCH_TARGET or NO_SUCH_RULE for a word that is not one of the choices."""
    if target not in get_args(Target):
        problem = f'there is no target "{target}"'
        raise DesignError(Fault("NO_SUCH_TARGET", "design", problem, near(target, get_args(Target))))
    if lonely not in get_args(Lonely):
        problem = f'there is no rule "{lonely}" for a stratum with one unit'
        raise DesignError(Fault("NO_SUCH_RULE", "design", problem, near(lonely, get_args(Lonely))))


def check_in_frame(data: Dataset, names: Iterable[str]) -> None:
    """`DesignError` NO_SUCH_VARIABLE unless all are columns of the frame, which is known of silent units too."""
    for name in names:
        if name not in data.frame_columns:
            problem = f'the frame has no column "{name}"'
            remedy = near(name, data.frame_columns)
            raise DesignError(Fault("NO_SUCH_VARIABLE", data.questionnaire.id, problem, remedy))


def check_weights(values: pd.Series, name: str) -> Floats:
    """Weights as numbers; `DesignError` WEIGHT_NOT_A_NUMBER, WEIGHT_MISSING or WEIGHT_NOT_POSITIVE."""
    weights = _number_column(values, name, "WEIGHT_NOT_A_NUMBER")
    if np.isnan(weights).any() or np.isinf(weights).any():
        problem = f'weight "{name}" is missing in {int((~np.isfinite(weights)).sum())} rows'
        raise DesignError(
            Fault("WEIGHT_MISSING", "weights", problem, "Give every row a weight, or leave the rows out.")
        )
    if (weights <= 0).any():
        problem = f'weight "{name}" is not positive in {int((weights <= 0).sum())} rows'
        remedy = "A row that stands for nobody does not belong in the data: leave it out, or see `design.domain`."
        raise DesignError(Fault("WEIGHT_NOT_POSITIVE", "weights", problem, remedy))
    return weights


def check_fpc(values: pd.Series, name: str) -> Floats:
    """Population sizes as numbers; `DesignError` FPC_MISSING where one is absent or not positive."""
    sizes = _number_column(values, name, "FPC_MISSING")
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        problem = f'population size "{name}" is missing or not positive in {int((~(sizes > 0)).sum())} rows'
        raise DesignError(Fault("FPC_MISSING", "fpc", problem, "Give each row the number of units in its stratum."))
    return sizes


def _number_column(values: pd.Series, name: str, code: str) -> Floats:
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        raise DesignError(Fault(code, "design", f'"{name}" is not a number', "Convert the column to numbers first."))
    return values.to_numpy(dtype=float, na_value=np.nan)


def drawn_by_stratum(stage: Stage) -> Floats:
    """Units drawn in each stratum, by the code of the stratum."""
    return np.bincount(stage.stratum[first_places(stage.unit)]).astype(float)


def check_lonely(stages: tuple[Stage, ...], target: Target, lonely: Lonely, cell_names: tuple[str, ...]) -> None:
    """`DesignError` LONELY_STRATUM when a stratum has one unit of several and the rule is `fail`."""
    if lonely != "fail":
        return
    for number, stage in enumerate(stages):
        if number and (stage.population is None or target == "superpopulation"):
            return
        first = first_places(stage.unit)
        stratum = stage.stratum[first]
        drawn = drawn_by_stratum(stage)[stratum]
        alone = drawn == 1
        if stage.population is not None and target == "finite":
            alone &= stage.population[first] > drawn + 1e-9
        if alone.any():
            raise DesignError(_lonely_fault(number, int(stratum[alone][0]), cell_names, int(alone.sum())))


def _lonely_fault(number: int, stratum: int, cell_names: tuple[str, ...], count: int) -> Fault:
    name = (cell_names[stratum] or "the whole sample") if number == 0 else f"a unit of stage {number}"
    problem = f'"{name}" has only one unit drawn, so that its variance is unknown ({count} such strata)'
    remedy = "Merge it with a neighbour, or say lonely='adjust', 'average' or 'remove' and why."
    return Fault("LONELY_STRATUM", "strata", problem, remedy)
