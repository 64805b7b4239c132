"""Finds the planted relations of a rehearsal again: an estimate with its standard error, from the answers alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm

from evaltools.collect import Answers
from evaltools.rehearsal.drivers import driver
from evaltools.rehearsal.model import Relation, SurveySettings
from evaltools.rehearsal.settings import read_settings
from evaltools.rehearsal.sheets import unit_sheets
from evaltools.schema import Missing, Questionnaire
from evaltools.store import Unit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One unit in one wave of one rehearsal."""

    seed: int
    unit: Unit
    wave: int
    wave_name: str
    submitted: bool
    answers: Answers


def made_up(
    questionnaires: Sequence[Questionnaire],
    units: Sequence[Unit],
    seeds: Sequence[int],
    settings: SurveySettings | None = None,
) -> list[Case]:
    """The cases of a survey in all its waves, as many rehearsals would send them in."""
    steered = settings or read_settings(questionnaires[0].survey)
    return [case for seed in seeds for case in _one_rehearsal(questionnaires, units, seed, steered)]


def _one_rehearsal(
    questionnaires: Sequence[Questionnaire], units: Sequence[Unit], seed: int, settings: SurveySettings
) -> Iterator[Case]:
    last: dict[str, Answers] = {}
    for wave, questionnaire in enumerate(questionnaires):
        sheets = {sheet.unit: sheet for sheet in unit_sheets(questionnaire, settings, units, wave, seed, last)}
        for unit in units:
            sheet = sheets.get(unit.code)
            submitted = sheet is not None and sheet.disposition == "submitted"
            answers = sheet.answers if sheet is not None and submitted else {}
            yield Case(seed, unit, wave, questionnaire.wave, submitted, answers)
        last = {code: sheet.answers for code, sheet in sheets.items() if sheet.disposition == "submitted"}


def found(relation: Relation, cases: Sequence[Case]) -> tuple[float, float]:
    """The estimate of a relation's truth, and its standard error."""
    used = [case for case in cases if case.wave_name in relation.waves]
    if relation.estimator == "correlation":
        return _correlation(relation, used)
    if relation.outcome != "submitted":
        used = [case for case in used if _is_in_base(relation, case.answers)]
    outcome = np.array([_outcome(relation, case) for case in used])
    family = sm.families.Poisson() if relation.estimator == "log_mean" else sm.families.Binomial()
    groups = np.unique([f"{case.seed} {case.unit.code}" for case in used], return_inverse=True)[1]
    fit = sm.GLM(outcome, _drivers(relation, used), family=family).fit(cov_type="cluster", cov_kwds={"groups": groups})
    return float(fit.params[1]), float(fit.bse[1])


def _is_in_base(relation: Relation, answers: Answers) -> bool:
    if relation.outcome not in answers:
        return False
    if relation.estimator == "log_odds":
        kinds = {code for code in relation.codes if not code.isdigit()}
        return bool(kinds) or not isinstance(answers[relation.outcome], Missing)
    names = [name for name in (relation.outcome, relation.base) if name]
    return all(_is_number(answers.get(name)) for name in names)


def _outcome(relation: Relation, case: Case) -> object:
    if relation.outcome == "submitted":
        return float(case.submitted)
    value = case.answers[relation.outcome]
    if relation.estimator == "log_odds":
        return float((value.kind if isinstance(value, Missing) else value) in relation.codes)
    if relation.estimator == "log_mean":
        return float(str(value))
    part, whole = float(str(value)), float(str(case.answers[relation.base]))
    return (part, whole - part)


def _drivers(relation: Relation, cases: Sequence[Case]) -> Floats:
    names = (relation.on, *relation.also)
    return np.array(
        [[1.0, *(driver(name, case.unit.frame, case.wave, case.answers) for name in names)] for case in cases]
    )


def _correlation(relation: Relation, cases: Sequence[Case]) -> tuple[float, float]:
    frames = {(case.seed, case.unit.code): case.unit.frame for case in cases}
    logs: dict[tuple[int, str], dict[int, float]] = {key: {} for key in frames}
    for case in cases:
        if _is_number(case.answers.get(relation.outcome)):
            logs[case.seed, case.unit.code][case.wave] = float(np.log(float(str(case.answers[relation.outcome]))))
    both = [key for key, waves in logs.items() if len(waves) == 2]
    X = np.array([[1.0, *(driver(name, frames[key], 0, {}) for name in relation.also)] for key in both])
    left, right = (_residuals(np.array([logs[key][wave] for key in both]), X) for wave in (0, 1))
    r = float(np.corrcoef(left, right)[0, 1])
    return r, (1 - r**2) / float(np.sqrt(len(both) - 1))


def _residuals(y: Floats, X: Floats) -> Floats:
    beta, *_ = np.linalg.lstsq(X, y, rcond=None)
    return np.asarray(y - X @ beta)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, Missing)
