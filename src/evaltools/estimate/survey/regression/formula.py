"""Formulas such as `uses ~ size + log(children)`: read by patsy, as for statsmodels, but never run as code."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from patsy import PatsyError
from patsy.desc import ModelDesc, Term

from evaltools.errors import DesignError, Fault

EXAMPLE = 'Write for instance "outcome ~ size + log(children)".'


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in parts: each term is the factors that it multiplies, by their text; `()` is the constant.

    Terms stand as written, main effects before products, as in R. offsets : what `offset(...)` adds as it is.
    """

    text: str
    outcome: str
    terms: tuple[tuple[str, ...], ...]
    offsets: tuple[str, ...]

    @property
    def has_constant(self) -> bool:
        """Whether there is a constant (intercept)."""
        return () in self.terms


def parse_formula(text: str) -> Formula:
    """The parts of a formula; `DesignError` FORMULA_NOT_UNDERSTOOD.

    >>> parse_formula("uses ~ size * old + offset(log(n))").terms
    ((), ('size',), ('old',), ('size', 'old'))
    """
    if "~" not in text:
        raise not_understood(text, 'it has no "~" between the outcome and what explains it')
    try:
        parsed = ModelDesc.from_formula(text)
    except PatsyError as error:
        raise not_understood(text, _why(text, error)) from None
    outcome, terms = [_codes(term) for term in parsed.lhs_termlist], [_codes(term) for term in parsed.rhs_termlist]
    if len(outcome) != 1 or len(outcome[0]) != 1:
        raise not_understood(text, 'it does not have one outcome before "~"')
    offsets = [term for term in terms if len(term) == 1 and term[0].startswith("offset(")]
    kept = [term for term in terms if term not in offsets]
    if not kept:
        raise not_understood(text, "nothing is left to estimate")
    return Formula(text, outcome[0][0], tuple(sorted(kept, key=len)), tuple(term[0] for term in offsets))


def factor_tree(text: str, formula: str) -> ast.expr:
    """One factor as a tree; `DesignError` FORMULA_NOT_UNDERSTOOD."""
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise not_understood(formula, f'"{text}" is neither a variable nor a calculation') from None


def not_understood(formula: str, why: str, remedy: str = EXAMPLE) -> DesignError:
    """The error FORMULA_NOT_UNDERSTOOD, to be raised."""
    return DesignError(Fault("FORMULA_NOT_UNDERSTOOD", f'formula "{formula}"', why, remedy))


def _codes(term: Term) -> tuple[str, ...]:
    return tuple(factor.name() for factor in term.factors)


def _why(text: str, error: PatsyError) -> str:
    place = error.origin
    here = text[place.start : place.end].strip() if place is not None else ""
    return f'{error.message} (at "{here}")' if here else str(error.message)
