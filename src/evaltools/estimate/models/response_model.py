"""Who is silent? A logistic model of response on what the frame knows of every unit."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.discrete.discrete_model import Logit

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.survey.designs.answers import code_text
from evaltools.estimate.survey.designs.selection import names_of
from evaltools.estimate.survey.designs.soundness import check_in_frame
from evaltools.estimate.survey.writing import words
from evaltools.language import texts


def response_model(data: Dataset, on: str | Sequence[str], *, level: float = 0.95) -> Estimate:
    """Odds ratios of having answered, by columns of the frame, all in one logistic regression.

    on : frame columns, each taken as categories; the largest category is the one that others are compared with.
    Returns rows with coordinates `variable` and `category`; `count` of `n` units answered. `extra` has
    `lr_p_value` and `lr_df` of the test that none of the columns matters (likelihood ratio).
    Raises `DesignError`: NO_SUCH_VARIABLE, NOTHING_TO_EXPLAIN, SEPARATED, LEVEL_NOT_A_SHARE.
    Source: maximum likelihood by statsmodels `Logit`.
    data : from `load`. level : 0.95 for 95 pct.
    """
    check_level(level)
    names = names_of(on)
    units = data.frame if data.population.empty else data.population
    _check(data, units, names)
    responded = units["responded"].to_numpy(dtype=float)
    columns = {name: np.array(list(map(code_text, units[name]))) for name in names}
    coded = [(name, code) for name in names for code in _others(columns[name])]
    for name in names:
        _check_separation(data, name, columns[name], responded)
    matrix = np.column_stack([np.ones(len(units)), *((columns[name] == code).astype(float) for name, code in coded)])
    fit = _fit(data, responded, matrix)
    limits = np.exp(fit.conf_int(1 - level))
    language = data.questionnaire.languages[0]
    method = texts(language).say("estimate.method.logistic")
    rows = [
        Row(
            coordinates=(("variable", name), ("category", code)),
            labels=(name, code),
            estimate=float(np.exp(fit.params[place])),
            n=int((columns[name] == code).sum()),
            base=float((columns[name] == code).sum()),
            method=method,
            low=float(limits[place][0]),
            high=float(limits[place][1]),
            level=level,
            count=int(responded[columns[name] == code].sum()),
        )
        for place, (name, code) in enumerate(coded, 1)
    ]
    return Estimate(
        measure="ratio",
        rows=tuple(rows),
        source=words.source_of_response(data, words.call("response_model", data.code, {"level": level}, on)),
        extra={"lr_p_value": float(fit.llr_pvalue), "lr_df": float(fit.df_model)},
        r=f"{NO_R}survey takes those who answered; base R's glm of the whole frame gives these odds",
    )


def _check(data: Dataset, units: pd.DataFrame, names: Sequence[str]) -> None:
    check_in_frame(data, names)
    if not 0 < units["responded"].sum() < len(units):
        problem = "all units answered, or none did"
        raise DesignError(
            Fault("NOTHING_TO_EXPLAIN", data.questionnaire.id, problem, "There is no difference to explain.")
        )


def _others(values: np.ndarray) -> list[str]:
    """The categories but the largest, in order."""
    categories, counts = np.unique(values, return_counts=True)
    largest = categories[counts.argmax()]
    return [str(code) for code in categories if code != largest]


def _check_separation(data: Dataset, name: str, values: np.ndarray, responded: np.ndarray) -> None:
    for code in np.unique(values):
        inside = responded[values == code]
        if inside.all() or not inside.any():
            how = "all" if inside.all() else "none"
            problem = f'{how} of the {len(inside)} units with {name} "{code}" answered, so that its odds have no limit'
            raise DesignError(
                Fault("SEPARATED", data.questionnaire.id, problem, "Merge the category with a neighbour.")
            )


def _fit(data: Dataset, responded: np.ndarray, matrix: np.ndarray) -> Any:
    problem = "the columns together separate those who answered from those who did not"
    fault = Fault("SEPARATED", data.questionnaire.id, problem, "Use fewer columns, or coarser ones.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = Logit(responded, matrix).fit(disp=False, maxiter=100)
    except (np.linalg.LinAlgError, Warning):
        raise DesignError(fault) from None
    if not fit.mle_retvals["converged"] or not np.isfinite(fit.bse).all():
        raise DesignError(fault)
    return fit
