"""Factors of a formula: each gives one number per row, or one category; only what is listed here can be calculated."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column
from evaltools.estimate.survey.designs.conditions import names_in, rows_where
from evaltools.estimate.survey.designs.selection import check_answered
from evaltools.estimate.survey.regression.formula import factor_tree, not_understood
from evaltools.estimate.survey.writing import rcode

FUNCTIONS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "log": np.log, "log1p": np.log1p, "log10": np.log10, "exp": np.exp, "sqrt": np.sqrt, "I": lambda value: value,
}  # fmt: skip
OPERATORS: Final[Mapping[type[ast.operator], tuple[Callable[[Any, Any], Any], str]]] = {
    ast.Add: (np.add, "+"), ast.Sub: (np.subtract, "-"), ast.Mult: (np.multiply, "*"), ast.Div: (np.divide, "/"),
    ast.Pow: (np.power, "^"),
}  # fmt: skip
"""Each with its sign in R."""
CATEGORICAL: Final = ("C", "factor")


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One factor. `places`: positions of the categories in use in their column, reference first; none for numbers."""

    text: str
    tree: ast.expr
    formula: str
    columns: tuple[Column, ...]
    places: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The words for it: the question where it is one variable, else the calculation."""
        return self.columns[0].label if self.places or isinstance(self.tree, ast.Name) else self.text

    @property
    def categories(self) -> tuple[str, ...]:
        """The codes in use, reference first."""
        return tuple(self.columns[0].categories[place] for place in self.places)

    def category_label(self, place: int) -> str:
        """The words for the category at this position of its column."""
        return self.columns[0].labels[place]

    def numbers(self, answers: Answers) -> Any:
        """Its number in each row."""
        with np.errstate(all="ignore"):
            return _evaluate(self.tree, answers, self.formula)

    def codes(self, answers: Answers) -> Codes:
        """The position of its category in each row."""
        return answers.column(self.columns[0].name).codes


def read_factor(answers: Answers, text: str, formula: str) -> Factor:
    """One factor with its columns, all its categories in use for the time being.

    Raises `DesignError`: FORMULA_NOT_UNDERSTOOD, NO_SUCH_VARIABLE, NO_SUCH_CATEGORY, CHOICE_OF_MANY, NOT_NUMBERS.
    """
    tree = _inside_offset(factor_tree(text, formula))
    if isinstance(tree, ast.Name):
        column = _column(answers, tree.id)
        categorical = column.numbers is None
        return Factor(text, tree, formula, (column,), tuple(range(len(column.categories))) if categorical else ())
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in CATEGORICAL:
        return _categorical(answers, text, tree, formula)
    columns = tuple(_column(answers, name) for name in sorted(_variables(tree)))
    found = Factor(text, tree, formula, columns)
    if not columns:
        raise not_understood(formula, f'"{text}" names no variable')
    found.numbers(answers)
    return found


def in_use(factor: Factor, rows: Mask) -> tuple[Factor, tuple[str, ...]]:
    """The factor with only the categories that the rows have, and the words for those left out.

    Raises `DesignError` NO_SUCH_CATEGORY when nobody has the reference that was named.
    """
    column = factor.columns[0]
    counts = np.bincount(column.codes[rows], minlength=len(column.categories))
    places = tuple(place for place in factor.places if counts[place])
    first = factor.places[0]
    if first not in places and isinstance(factor.tree, ast.Call) and len(factor.tree.args) > 1:
        problem = f'nobody in the model has category "{column.categories[first]}" of "{column.name}"'
        remedy = f"Compare with one of: {', '.join(column.categories[place] for place in places)}."
        raise DesignError(Fault("NO_SUCH_CATEGORY", f'formula "{factor.formula}"', problem, remedy))
    left = tuple(f"{column.label}: {column.labels[place]}" for place in factor.places if not counts[place])
    return Factor(factor.text, factor.tree, factor.formula, factor.columns, places), left


def written_for_r(factor: Factor) -> str:
    """The factor as R writes it, with categories in our order."""
    if factor.places:
        levels = ", ".join(map(rcode.quoted, factor.categories))
        return f"factor({factor.columns[0].name}, levels = c({levels}))"
    return _r(factor.tree)


def _column(answers: Answers, name: str) -> Column:
    if name in answers.families and name not in answers.frame.columns:
        several = ", ".join(answers.families[name][:4])
        problem = f'"{name}" has several columns ({several})'
        raise DesignError(Fault("CHOICE_OF_MANY", answers.survey, problem, "Name one of its columns in the formula."))
    check_answered(answers, [name])
    column = answers.column(name)
    if column.numbers is None and not column.categories:
        problem = f'"{name}" holds text, which is neither a number nor a category'
        raise DesignError(Fault("NOT_NUMBERS", answers.survey, problem, "Sort the texts into categories first."))
    return column


def _variables(tree: ast.expr) -> set[str]:
    """The variables of a calculation: its names but those of functions."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    functions = {id(part) for func in called for part in ast.walk(func)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in functions}


def _inside_offset(tree: ast.expr) -> ast.expr:
    is_offset = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "offset"
    return tree.args[0] if is_offset and isinstance(tree, ast.Call) and len(tree.args) == 1 else tree


def _categorical(answers: Answers, text: str, tree: ast.Call, formula: str) -> Factor:
    """`C(size)`, or with a reference of one's own `C(size, Treatment("small"))`."""
    if not tree.args or not isinstance(tree.args[0], ast.Name) or len(tree.args) > 2 or tree.keywords:
        raise not_understood(
            formula, f'"{text}" does not name one variable', 'Write C(size), or C(size, Treatment("small")).'
        )
    column = _column(answers, tree.args[0].id)
    if not column.categories:
        problem = f'"{column.name}" has too many different values to be a list of categories'
        raise DesignError(Fault("NOT_CATEGORIES", answers.survey or "data", problem, "Use it as a number."))
    places = list(range(len(column.categories)))
    if len(tree.args) == 2:
        reference = _reference(tree.args[1], text, formula)
        if reference not in column.categories:
            problem = f'"{column.name}" has no category "{reference}"'
            where = f'formula "{formula}"'
            raise DesignError(Fault("NO_SUCH_CATEGORY", where, problem, near(reference, column.categories)))
        first = column.categories.index(reference)
        places = [first, *(place for place in places if place != first)]
    return Factor(text, tree, formula, (column,), tuple(places))


def _reference(node: ast.expr, text: str, formula: str) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Treatment":
        given = [*node.args, *(word.value for word in node.keywords if word.arg == "reference")]
        if len(given) == 1 and isinstance(given[0], ast.Constant):
            return str(given[0].value)
    raise not_understood(
        formula, f'"{text}" does not name a reference', 'Write for instance C(size, Treatment("small")).'
    )


def _evaluate(node: ast.expr, answers: Answers, formula: str) -> Any:
    """A calculation on numbers; comparisons are 1 where they hold and 0 elsewhere."""
    if isinstance(node, ast.Name):
        return _numbers(answers, node.id, formula)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = (_evaluate(side, answers, formula) for side in (node.left, node.right))
        return OPERATORS[type(node.op)][0](left, right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, answers, formula)
    if isinstance(node, ast.Call) and _function(node) in FUNCTIONS and len(node.args) == 1 and not node.keywords:
        return FUNCTIONS[_function(node)](_evaluate(node.args[0], answers, formula))
    if isinstance(node, (ast.Compare, ast.BoolOp)):
        for name in names_in(node):
            _column(answers, name)
        return rows_where(node, answers).astype(float)
    allowed = f"Use + - * / ** and {', '.join(FUNCTIONS)}, C(...) and offset(...); powers stand inside I(...)."
    raise not_understood(formula, f'"{ast.unparse(node)}" cannot be calculated', allowed)


def _function(node: ast.Call) -> str:
    """The name of a function; numpy's prefix is allowed, as statsmodels users write it."""
    return ast.unparse(node.func).removeprefix("np.")


def _numbers(answers: Answers, name: str, formula: str) -> Floats:
    column = _column(answers, name)
    if column.numbers is None:
        problem = f'"{name}" holds categories, which cannot be calculated with'
        remedy = f"Use it alone, or ask for one category: I({name} == {column.categories[0]!r})."
        raise DesignError(Fault("NOT_NUMBERS", f'formula "{formula}"', problem, remedy))
    return column.numbers


def _r(node: ast.expr) -> str:
    if isinstance(node, (ast.Compare, ast.BoolOp)):
        return f"as.numeric({rcode.condition(ast.unparse(node))})"
    if isinstance(node, ast.Call):
        inside = _r(node.args[0])
        return inside if _function(node) == "I" and inside.startswith("as.numeric(") else f"{_function(node)}({inside})"
    if isinstance(node, ast.BinOp):
        return f"({_r(node.left)} {OPERATORS[type(node.op)][1]} {_r(node.right)})"
    return f"(-{_r(node.operand)})" if isinstance(node, ast.UnaryOp) else ast.unparse(node)
