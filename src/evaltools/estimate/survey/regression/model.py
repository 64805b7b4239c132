"""Generalised linear models with design-based covariance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate
from evaltools.estimate.survey.designs.answers import Answers
from evaltools.estimate.survey.designs.cells import laid_out, one_cell
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.linearised.linear import Linear, degrees_of_freedom, totals
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.estimate.survey.regression.columns import Specification, specify
from evaltools.estimate.survey.regression.factors import written_for_r
from evaltools.estimate.survey.regression.failing import (
    check_collinear,
    check_size,
    refuse_categories,
    refuse_direction,
)
from evaltools.estimate.survey.regression.families import Family, FamilyName, family_of
from evaltools.estimate.survey.regression.fitting import Fit, Problem, Scaled, fit, scaled
from evaltools.estimate.survey.regression.outcomes import outcome_in_r, outcome_values
from evaltools.estimate.survey.regression.replicating import refitted
from evaltools.estimate.survey.regression.uncertain import Told, Uncertain, uncertain
from evaltools.estimate.survey.writing import rcode, words


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Model(Estimate):
    """The coefficients of a model as an estimate, with what effects and tests need: its design and its columns.

    uncertain : all coefficients with their covariance and residual degrees of freedom.
    """

    design: Design = field(kw_only=True)
    specification: Specification = field(kw_only=True)
    family: Family = field(kw_only=True)
    coefficients: Linear = field(kw_only=True)
    uncertain: Uncertain = field(kw_only=True)


def glm(design: Design, formula: str, *, family: FamilyName = "gaussian", level: float = 0.95) -> Model:
    """Regression of an outcome on variables: linear, logistic or Poisson, with the covariance of the design.

    design : as in `proportion`. formula : as for statsmodels, `uses ~ size + log(children) + C(year)`: `+`, `:`, `*`,
    `- 1`, `I(...)`, comparisons, `log`, `log1p`, `log10`, `exp`, `sqrt`, `offset(...)`, `C(x, Treatment("a"))`.
    Categories come in the order of the questionnaire; the first that somebody has is the reference.
    family : `gaussian` (identity), `binomial` (log-odds; the outcome is 0/1, or has two categories, of which the later
    counts) or `poisson` (logarithm; only the mean is assumed, as in R's `quasipoisson`). level : 0.95 for 95 pct.

    Rows with an answer to everything in the model are used; silence is treated as in `mean`. The covariance is the
    sandwich of the inverse weighted information and the design covariance of the weighted scores, so that stages,
    finite populations and domains count. Nothing is assumed about the spread of the outcome.

    Returns a `Model`, an `Estimate` of measure `coefficient` with the coordinate `term` and joint covariance. In rows
    of a category `n` counts who has it. `extra` holds `n`, `df` and `steps` (of Newton's method).
    Raises `DesignError`: FORMULA_NOT_UNDERSTOOD, NO_SUCH_VARIABLE, NO_SUCH_CATEGORY, CHOICE_OF_MANY, NOT_NUMBERS,
    NO_ANSWERS, NO_VARIATION, CANNOT_BE_CALCULATED, OUTCOME_NOT_BINARY, NEGATIVE_COUNTS, EMPTY_CATEGORY, COLLINEAR,
    SEPARATED, TOO_MANY_TERMS, NOT_CONVERGED, NO_SUCH_FAMILY, LEVEL_NOT_A_SHARE.
    Source: Binder (1983), International Statistical Review 51; R `svyglm`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"uses": [1, 0, 1, 0, 1, 0, 0], "size": ["small"] * 2 + ["large"] * 3 + ["small"] * 2})
    >>> model = glm(ev.survey_design(frame, population=98), "uses ~ size", family="binomial")
    >>> [(row.key, round(row.estimate, 3)) for row in model.rows]
    [('Intercept', 0.693), ('size[T.small]', -1.792)]
    """
    check_level(level)
    kind = family_of(family)
    spec = specify(design, formula)
    return _model(design, spec, kind, _fitted(design, spec, kind), level)


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """The scaled columns over the base, the weights of the rows, and where the fit ended."""

    weights: Floats
    ready: Scaled
    found: Fit


def _fitted(design: Design, spec: Specification, family: Family) -> _Fitted:
    outcome = outcome_values(spec, design.answers, family)
    weights = item_weights(design, spec.known)[spec.rows]
    matrix = np.asarray(spec.matrix(design.answers), dtype=float)
    check_size(spec, matrix)
    ready = scaled(matrix, weights, spec.formula.has_constant)
    check_collinear(spec, ready.columns, weights)
    found = fit(Problem(family, outcome, ready.columns, weights, spec.offset(design.answers)))
    if not found.converged:
        refuse_categories(spec, design.answers, family, outcome)
        refuse_direction(spec, family, outcome, ready.columns, found)
    return _Fitted(weights, ready, found)


def _model(design: Design, spec: Specification, family: Family, fitted: _Fitted, level: float) -> Model:
    settled = design.full_response and bool(spec.known.all())
    df = _df(design, spec, settled)
    again = refitted(design, spec, family, fitted.weights, fitted.ready)
    linear = replace(_linear(design, spec, fitted.ready, fitted.found), replicated=again)
    known = uncertain(design, linear, df, settled)
    method = words.say(design, "method.census" if settled else f"regression.glm_{family.name}")
    told = [
        Told(int(inside.sum()), float(fitted.weights @ inside), level, method)
        for inside in _inside(spec, design.answers)
    ]
    said = {"family": None if family.name == "gaussian" else family.name, "level": level}
    return Model(
        measure="coefficient",
        rows=tuple(
            known.row(place, (("term", name),), (label,), each)
            for place, (name, label, each) in enumerate(zip(spec.names, spec.labels, told, strict=True))
        ),
        source=words.source(design, "glm", (spec.formula.text,), spec.columns, **said),
        notes=_notes(design, spec, family, fitted.found),
        covariance=known.covariance,
        influence=linear.influence,
        r=_r(design, spec, family),
        extra={"n": float(len(fitted.weights)), "df": df, "steps": float(fitted.found.steps)},
        design=design,
        specification=spec,
        family=family,
        coefficients=linear,
        uncertain=known,
    )


def _linear(design: Design, spec: Specification, ready: Scaled, found: Fit) -> Linear:
    """The coefficients with the linearised value of every unit: inverse information times its weighted score."""
    scores = np.multiply(ready.columns, found.residual[:, None], out=ready.columns)
    if not spec.base.all():
        everyone = np.zeros((len(spec.base), len(spec.names)))
        everyone[spec.base] = scores
        scores = everyone
    sums = totals(design, laid_out(scores), spec.known, one_cell(spec.base))
    influence = sums.influence @ (found.bread @ ready.back.T)
    return Linear(ready.back @ found.coefficients, influence, sums.known, present=sums.present)


def _inside(spec: Specification, answers: Answers) -> list[Mask]:
    """By coefficient, the rows of the base behind it: of a category those that have it.

    The constant has those of the smallest reference category: without numbers in the model it is their mean.
    """
    inside = spec.members(answers)
    references = [factor.codes(answers)[spec.rows] == factor.places[0] for factor in spec.compared]
    if spec.formula.has_constant and references:
        inside[0] = min(references, key=np.count_nonzero)
    return inside


def _df(design: Design, spec: Specification, settled: bool) -> float:
    """Those of the design among the rows used, less the coefficients, plus 1, as R's `svyglm`."""
    of_design = float(degrees_of_freedom(design, one_cell(spec.base))[0])
    df = of_design + 1 - len(spec.names)
    if df < 1 and not settled:
        problem = f"{len(spec.names)} coefficients are too many for a design with {of_design:g} degrees of freedom"
        remedy = "Use fewer variables, or coarser categories."
        raise DesignError(Fault("TOO_MANY_TERMS", f'formula "{spec.formula.text}"', problem, remedy))
    return df


def _notes(design: Design, spec: Specification, family: Family, found: Fit) -> tuple[str, ...]:
    """What a reader must know: those of `mean`, whom the coefficients describe, references, and how it was fitted."""
    notes = list(words.notes(design, spec.columns, groups(design, None)))
    known = design.target == "superpopulation" or design.stages[0].population is not None
    notes += [words.say(design, f"regression.model_{design.target}")] if known else []
    used, rows = int(spec.base.sum()), design.n
    notes += [words.say(design, "regression.complete_cases", used=used, rows=rows)] if used < rows else []
    if family.name == "binomial" and spec.outcome.places:
        last = spec.outcome.category_label(spec.outcome.places[-1])
        notes.append(words.say(design, "regression.modelled", outcome=f"{spec.outcome.label}: {last}"))
    references = [f"{each.label}: {each.category_label(each.places[0])}" for each in spec.compared]
    notes += [words.say(design, "regression.references", categories=", ".join(references))] if references else []
    notes += [words.say(design, "regression.unused", categories=", ".join(spec.unused))] if spec.unused else []
    last_step = float(np.abs(found.last).max())
    notes.append(words.say(design, "regression.fitted", steps=found.steps, last=f"{last_step:.0e}"))
    return tuple(dict.fromkeys(notes))


def _r(design: Design, spec: Specification, family: Family) -> str:
    """The same model in R, with categories in our order."""
    outcome = outcome_in_r(spec.outcome, family)
    terms = [":".join(map(written_for_r, term.factors)) for term in spec.terms if term.factors]
    terms += [f"offset({written_for_r(each)})" for each in spec.offsets]
    right = " + ".join([*(terms or ["1"]), *([] if spec.formula.has_constant else ["0"])])
    control = "glm.control(epsilon = 1e-15, maxit = 200)"
    call = f"svyglm({outcome} ~ {right}, design = d, family = {family.in_r}, control = {control})"
    if design.stages[0].joint is not None:
        return rcode.JOINT
    if design.replicates is None:
        return f"{rcode.design(design)}\n{call}"
    return f"{rcode.answered(design, [column.name for column in spec.columns], spec.base)}\n{call}"
