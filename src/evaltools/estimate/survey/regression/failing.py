"""Why a model cannot be fitted, in the words of who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers
from evaltools.estimate.survey.regression.columns import CONSTANT, Specification
from evaltools.estimate.survey.regression.families import Family
from evaltools.estimate.survey.regression.fitting import Fit, crossed

ALONE = 1e-10
"""A column of whose variance less is left, given those before it, is fixed by them."""


def check_size(spec: Specification, matrix: Floats) -> None:
    """`DesignError` TOO_MANY_TERMS or EMPTY_CATEGORY; `matrix` holds the columns as written (rows x k)."""
    where, names = f'formula "{spec.formula.text}"', spec.names
    if len(names) > len(matrix):
        problem = f"{len(names)} coefficients are asked of {len(matrix)} rows"
        raise DesignError(Fault("TOO_MANY_TERMS", where, problem, "Use fewer variables, or coarser categories."))
    empty = [name for name, column in zip(names, matrix.T, strict=True) if not column.any()]
    if empty:
        problem = f'nobody in the model has "{empty[0]}"'
        remedy = "Merge its categories, or leave the product out."
        raise DesignError(Fault("EMPTY_CATEGORY", where, problem, remedy))


def check_collinear(spec: Specification, columns: Floats, weights: Floats) -> None:
    """`DesignError` COLLINEAR when a column, centred and scaled, is fixed by those before it."""
    where, names = f'formula "{spec.formula.text}"', spec.names
    alike = crossed(columns, weights) / weights.sum()
    spread = np.sqrt(np.where(np.diag(alike) > 0, np.diag(alike), 1.0))
    alike = alike / np.outer(spread, spread)
    for place in range(1, len(names)):
        before = alike[:place, :place]
        by_others = np.linalg.solve(before, alike[:place, place])
        if alike[place, place] - by_others @ alike[:place, place] < ALONE:
            parts = zip(names[:place], by_others, strict=True)
            known = [f'"{name}"' for name, part in parts if abs(part) > 1e-6] or [f'"{names[0]}"']
            problem = f'"{names[place]}" is fixed by {" and ".join(known)}, so that their shares cannot be told apart'
            raise DesignError(Fault("COLLINEAR", where, problem, _remedy(names[place])))


def refuse_categories(spec: Specification, answers: Answers, family: Family, outcome: Floats) -> None:
    """`DesignError` SEPARATED when a category has one outcome only, so that its coefficient has no limit."""
    lowest = outcome == 0
    for words, inside in _categories(spec, answers):
        if inside.any() and (lowest[inside].all() or (family.name == "binomial" and not lowest[inside].any())):
            some = "none" if lowest[inside].all() else "all"
            problem = f"{some} of the {int(inside.sum())} rows with {words} have {_success(spec)}"
            limit = "so that the coefficient has no limit"
            remedy = "Merge the category with a neighbour, or leave it out of the domain."
            raise DesignError(Fault("SEPARATED", f'formula "{spec.formula.text}"', f"{problem}, {limit}", remedy))


def refuse_direction(spec: Specification, family: Family, outcome: Floats, columns: Floats, found: Fit) -> NoReturn:
    """`DesignError` SEPARATED when the last step told the outcomes apart, and NOT_CONVERGED otherwise."""
    where = f'formula "{spec.formula.text}"'
    if family.name != "gaussian" and _separates(family, outcome, columns, found):
        large = np.abs(found.last) > 1e-3 * np.abs(found.last).max()
        known = [f'"{name}"' for place, name in enumerate(spec.names) if large[place] and name != CONSTANT]
        problem = f"who has {_success(spec)} can be told without error from {' and '.join(known)}"
        remedy = "Use fewer variables, or coarser ones: the coefficients have no limit."
        raise DesignError(Fault("SEPARATED", where, problem, remedy))
    problem = f"the fit had not settled after {found.steps} steps"
    remedy = "Use fewer variables, or take the logarithm of those that are very skewed."
    raise DesignError(Fault("NOT_CONVERGED", where, problem, remedy))


def _categories(spec: Specification, answers: Answers) -> Iterator[tuple[str, Mask]]:
    """What is said of each group that has a coefficient of its own, and who is in it; references of factors too."""
    for term in spec.terms:
        for factor in term.factors[:1] if len(term.factors) == 1 else ():
            codes = factor.codes(answers)[spec.base]
            for place in factor.places:
                yield f'{factor.columns[0].name} "{factor.columns[0].categories[place]}"', codes == place
    for name, column in zip(spec.names, spec.matrix(answers).T, strict=True):
        if set(np.unique(column)) == {0.0, 1.0}:
            yield f'"{name}" 1', column == 1
            if spec.formula.has_constant:
                yield f'"{name}" 0', column == 0


def _separates(family: Family, outcome: Floats, columns: Floats, found: Fit) -> bool:
    """Whether a direction moves each row towards what it answered, or not at all (Albert and Anderson 1984)."""
    move = columns @ found.last
    most = np.abs(move).max()
    if family.name == "poisson":
        return bool(np.where(outcome > 0, -np.abs(move), -move).min() >= -1e-4 * most)
    apart = np.where(outcome > 0, 1.0, -1.0)
    return bool((apart * move).min() >= -1e-4 * most or (apart * (columns @ found.coefficients)).min() > 0)


def _remedy(name: str) -> str:
    """What to do with a column that others fix; of a product, some combinations are had by nobody."""
    return "Merge categories, or leave the product out." if ":" in name else "Leave one of them out."


def _success(spec: Specification) -> str:
    """The outcome in words: `uses "yes"`, or the number itself."""
    categories = spec.outcome.categories
    return f'{spec.outcome.columns[0].name} "{categories[-1]}"' if categories else f'"{spec.outcome.text}"'
