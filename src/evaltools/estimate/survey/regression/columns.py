"""The columns of a model: terms with their factors coded as in R, and the rows that have an answer to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.regression.factors import Factor, in_use, read_factor
from evaltools.estimate.survey.regression.formula import Formula, parse_formula
from evaltools.estimate.survey.writing import words

CONSTANT = "Intercept"


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One term: the factors that it multiplies, and of each the positions that get a column (none for numbers).

    names, labels : of its columns, in order; the first factor varies fastest.
    """

    name: str
    factors: tuple[Factor, ...]
    coded: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def categories_only(self) -> Term:
        """The term without its numbers: the same columns, 1 for who has their categories."""
        kept = [(factor, places) for factor, places in zip(self.factors, self.coded, strict=True) if factor.places]
        return replace(self, factors=tuple(factor for factor, _ in kept), coded=tuple(places for _, places in kept))


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """A formula read against a design.

    base : rows in the domain with an answer to everything in the model. known : rows that settle whether they are
    in the base and what they would say there. unused : words for categories that nobody in the base has.
    """

    formula: Formula
    outcome: Factor
    terms: tuple[Term, ...]
    offsets: tuple[Factor, ...]
    base: Mask
    known: Mask
    unused: tuple[str, ...]

    @property
    def rows(self) -> Mask | slice:
        """The base as it picks rows; all of them without a copy."""
        return slice(None) if self.base.all() else self.base

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What explains the outcome, each once."""
        found = {factor.text: factor for term in self.terms for factor in term.factors}
        return (*found.values(), *self.offsets)

    @property
    def compared(self) -> tuple[Factor, ...]:
        """The factors whose coefficients are differences from a reference."""
        found = {
            factor.text: factor
            for term in self.terms
            for factor, places in zip(term.factors, term.coded, strict=True)
            if len(places) < len(factor.places)
        }
        return tuple(found.values())

    @property
    def columns(self) -> tuple[Column, ...]:
        """The variables, the outcome's first."""
        return _columns((self.outcome, *self.factors))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns in order."""
        return tuple(name for term in self.terms for name in term.names)

    @property
    def labels(self) -> tuple[str, ...]:
        """The words for the columns in order."""
        return tuple(label for term in self.terms for label in term.labels)

    def matrix(self, answers: Answers) -> Any:
        """The columns over the rows of the base (rows x k)."""
        size = int(self.base.sum())
        columns = [column for term in self.terms for column in _numbers(term, answers, self.rows, size)]
        return np.stack(columns).T

    def members(self, answers: Answers) -> list[Mask]:
        """By column, the rows of the base that have its categories; all where it has none."""
        size = int(self.base.sum())
        return [
            column == 1 for term in self.terms for column in _numbers(term.categories_only, answers, self.rows, size)
        ]

    def offset(self, answers: Answers) -> Any:
        """What is added to the linear predictor as it is, over the rows of the base."""
        return sum((factor.numbers(answers)[self.rows] for factor in self.offsets), np.zeros(int(self.base.sum())))


def specify(design: Design, text: str) -> Specification:
    """The formula read against the design.

    Raises `DesignError` as `parse_formula` and `read_factor`, and NO_ANSWERS, NO_VARIATION, CANNOT_BE_CALCULATED.
    """
    answers, formula = design.answers, parse_formula(text)
    outcome = read_factor(answers, formula.outcome, text)
    read = {code: read_factor(answers, code, text) for term in formula.terms for code in term}
    offsets = tuple(read_factor(answers, code, text) for code in formula.offsets)
    columns = _columns((outcome, *read.values(), *offsets))
    valid = np.logical_and.reduce([column.valid for column in columns])
    base = valid & design.mask
    if not base.any():
        names = ", ".join(column.name for column in columns)
        problem = f"nobody in the domain has an answer to all of {names}"
        raise DesignError(Fault("NO_ANSWERS", answers.survey or "data", problem, "Use fewer variables."))
    unused: list[str] = []
    for code, factor in read.items():
        if factor.places:
            read[code], left = in_use(factor, base)
            unused += left
    if outcome.places:
        outcome, left = in_use(outcome, base)
    _check_values(answers, base, (outcome, *read.values(), *offsets))
    _check_variation(answers, base, (*read.values(), outcome))
    constant = words.say(design, "regression.constant")
    return Specification(
        formula=formula,
        outcome=outcome,
        terms=tuple(_term(formula, codes, read, constant) for codes in formula.terms),
        offsets=offsets,
        base=base,
        known=valid | np.logical_or.reduce([column.outside for column in columns]),
        unused=tuple(dict.fromkeys(unused)),
    )


def substituted(answers: Answers, column: Column, place: int | None = None, numbers: Floats | None = None) -> Answers:
    """The answers as if all had said the category at this place, or these numbers."""
    if place is not None:
        size = len(column.codes)
        numbers = None if column.numbers is None else np.full(size, _number_of(column.categories[place]))
        column = replace(column, codes=np.full(size, place, dtype=np.int64))
    return replace(answers, memo={**answers.memo, column.name: replace(column, numbers=numbers)})


def _number_of(code: str) -> float:
    return float(code == "True") if code in ("True", "False") else float(code)


def _columns(factors: Sequence[Factor]) -> tuple[Column, ...]:
    return tuple({column.name: column for factor in factors for column in factor.columns}.values())


def _term(formula: Formula, codes: tuple[str, ...], read: dict[str, Factor], constant: str) -> Term:
    factors = tuple(read[code] for code in codes)
    coded = tuple(_coded(formula, codes, factor) for factor in factors)
    names, labels = [""], [""]
    for factor, places in zip(factors, coded, strict=True):
        names = [_joined(name, word, ":") for word in _names(factor, places) for name in names]
        labels = [_joined(label, word, " x ") for word in _labels(factor, places) for label in labels]
    if not codes:
        names, labels = [CONSTANT], [constant]
    return Term(":".join(codes) or CONSTANT, factors, coded, tuple(names), tuple(labels))


def _coded(formula: Formula, codes: tuple[str, ...], factor: Factor) -> tuple[int, ...]:
    """The categories with a column: all but the reference where the term without the factor is there too, as in R."""
    without = {code for code in codes if code != factor.text}
    return factor.places[1:] if any(set(term) == without for term in formula.terms) else factor.places


def _names(factor: Factor, places: tuple[int, ...]) -> list[str]:
    """Names as statsmodels gives them: `size`, `size[T.large]`."""
    if not factor.places:
        return [factor.text]
    sign = "T." if len(places) < len(factor.places) else ""
    return [f"{factor.text}[{sign}{factor.columns[0].categories[place]}]" for place in places]


def _labels(factor: Factor, places: tuple[int, ...]) -> list[str]:
    if not factor.places:
        return [factor.label]
    return [f"{factor.label}: {factor.category_label(place)}" for place in places]


def _joined(first: str, second: str, sign: str) -> str:
    return f"{first}{sign}{second}" if first else second


def _numbers(term: Term, answers: Answers, rows: Mask | slice, size: int) -> list[Any]:
    columns: list[Any] = [np.ones(size)]
    for factor, places in zip(term.factors, term.coded, strict=True):
        if factor.places:
            codes = factor.codes(answers)[rows]
            parts = [(codes == place).astype(float) for place in places]
        else:
            parts = [factor.numbers(answers)[rows]]
        columns = [part if len(term.factors) == 1 else column * part for part in parts for column in columns]
    return columns


def _check_values(answers: Answers, base: Mask, factors: Sequence[Factor]) -> None:
    for factor in factors:
        if factor.places:
            continue
        lost = int((base & ~np.isfinite(factor.numbers(answers))).sum())
        if lost:
            problem = f'"{factor.text}" has no value in {lost} of {int(base.sum())} rows'
            remedy = "Leave these rows out with `design.domain`, or calculate otherwise, such as log(x + 1)."
            raise DesignError(Fault("CANNOT_BE_CALCULATED", f'formula "{factor.formula}"', problem, remedy))


def _check_variation(answers: Answers, base: Mask, factors: Sequence[Factor]) -> None:
    for factor in factors:
        if len(factor.places) > 1:
            continue
        values = factor.codes(answers)[base] if factor.places else factor.numbers(answers)[base]
        if np.ptp(values) == 0:
            said = factor.categories[0] if factor.places else f"{float(values[0]):g}"
            problem = f'"{factor.text}" is {said} in all {int(base.sum())} rows of the model, so that nothing varies'
            raise DesignError(
                Fault("NO_VARIATION", f'formula "{factor.formula}"', problem, "Leave it out, or widen the domain.")
            )
