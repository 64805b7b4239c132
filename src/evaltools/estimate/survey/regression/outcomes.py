"""The outcome of a model as numbers that its family takes."""

from __future__ import annotations

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.designs.answers import Answers
from evaltools.estimate.survey.regression.columns import Specification
from evaltools.estimate.survey.regression.factors import Factor, written_for_r
from evaltools.estimate.survey.regression.families import Family
from evaltools.estimate.survey.writing import rcode


def outcome_values(spec: Specification, answers: Answers, family: Family) -> Floats:
    """The outcome over the base; of two categories the later is 1.

    Raises `DesignError` OUTCOME_NOT_BINARY, NOT_NUMBERS or NEGATIVE_COUNTS.
    """
    factor = spec.outcome
    if factor.categories:
        return _of_categories(spec, answers, family)
    values = np.asarray(factor.numbers(answers)[spec.rows], dtype=float)
    where = f'formula "{spec.formula.text}"'
    if family.name == "binomial" and not np.isin(values, (0.0, 1.0)).all():
        problem = f'"{factor.text}" has other values than 0 and 1, such as {values[~np.isin(values, (0, 1))][0]:g}'
        remedy = f"Ask whether it passes a limit: I({factor.text} > {float(np.median(values)):g}) ~ ..."
        raise DesignError(Fault("OUTCOME_NOT_BINARY", where, problem, remedy))
    if family.name == "poisson" and values.min() < 0:
        problem = f'"{factor.text}" is below 0 in {int((values < 0).sum())} rows, such as {values.min():g}'
        raise DesignError(Fault("NEGATIVE_COUNTS", where, problem, 'Use family="gaussian", or correct the counts.'))
    return values


def outcome_in_r(factor: Factor, family: Family) -> str:
    """The outcome as R writes it, 0/1 where it is two categories."""
    if family.name == "binomial" and factor.places:
        return f"as.numeric({factor.columns[0].name} == {rcode.quoted(factor.categories[-1])})"
    return written_for_r(factor)


def _of_categories(spec: Specification, answers: Answers, family: Family) -> Floats:
    factor, where = spec.outcome, f'formula "{spec.formula.text}"'
    remedy = (
        f'Ask for one of them, with family="binomial": I({factor.columns[0].name} == {factor.categories[-1]!r}) ~ ...'
    )
    if family.name != "binomial":
        problem = f'"{factor.text}" holds categories, which are no numbers'
        raise DesignError(Fault("NOT_NUMBERS", where, problem, remedy))
    if len(factor.categories) != 2:
        said = ", ".join(factor.categories[:6])
        problem = f'"{factor.text}" has {len(factor.categories)} categories ({said}), not two'
        raise DesignError(Fault("OUTCOME_NOT_BINARY", where, problem, remedy))
    return np.asarray(factor.codes(answers)[spec.rows] == factor.places[1], dtype=float)
