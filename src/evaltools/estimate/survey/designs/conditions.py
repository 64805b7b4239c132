"""Conditions that a person can read, such as `size in [1, 2]`: parsed and evaluated on rows, never run as code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.survey.designs.answers import Answers, Column, code_text

ORDERINGS: Final[Mapping[type[ast.cmpop], Callable[[Floats, float], Mask]]] = {
    ast.Lt: lambda column, value: column < value,
    ast.LtE: lambda column, value: column <= value,
    ast.Gt: lambda column, value: column > value,
    ast.GtE: lambda column, value: column >= value,
}
MIRRORED: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip


def parse_condition(condition: str) -> ast.expr:
    """The condition as a tree; `DesignError` CONDITION_NOT_UNDERSTOOD."""
    try:
        return ast.parse(condition.strip(), mode="eval").body
    except SyntaxError:
        _refuse(condition, "it is not complete")


def names_in(tree: ast.expr) -> set[str]:
    """The columns that a condition asks for."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def rows_where(tree: ast.expr, answers: Answers) -> Mask:
    """The rows where the condition holds; a row without an answer is not among them.

    Raises `DesignError`: CONDITION_NOT_UNDERSTOOD, NO_SUCH_VARIABLE, NO_SUCH_CATEGORY.
    """
    return _evaluate(tree, answers, ast.unparse(tree))[0]


def _refuse(condition: str, why: str) -> NoReturn:
    problem = f"the condition {condition!r} is not understood: {why}"
    remedy = "Write for instance \"region == 'Hovedstaden' and size in ['1', '2']\" with and, or, not."
    raise DesignError(Fault("CONDITION_NOT_UNDERSTOOD", "domain", problem, remedy))


def _evaluate(node: ast.expr, answers: Answers, condition: str) -> tuple[Mask, Mask]:
    """Rows where the condition is surely true and where it is surely false (Kleene): no answer is neither."""
    if isinstance(node, ast.BoolOp):
        parts = [_evaluate(value, answers, condition) for value in node.values]
        both, either = np.logical_and.reduce, np.logical_or.reduce
        yes, no = [part[0] for part in parts], [part[1] for part in parts]
        return (both(yes), either(no)) if isinstance(node.op, ast.And) else (either(yes), both(no))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        true, false = _evaluate(node.operand, answers, condition)
        return false, true
    if isinstance(node, ast.Compare):
        if len(node.ops) > 1:
            _refuse(condition, "it compares more than two things at once")
        return _compare(node.left, node.ops[0], node.comparators[0], answers, condition)
    if isinstance(node, ast.Name):
        column = answers.column(node.id)
        if column.numbers is None:
            _refuse(condition, f'"{node.id}" is not a yes/no column')
        return column.valid & (column.numbers != 0), column.valid & (column.numbers == 0)
    _refuse(condition, f'"{ast.unparse(node)}" is neither a comparison nor and, or, not')


def _compare(left: ast.expr, sign: ast.cmpop, right: ast.expr, answers: Answers, condition: str) -> tuple[Mask, Mask]:
    if not isinstance(left, ast.Name):
        if isinstance(right, ast.Name) and type(sign) in MIRRORED:
            return _compare(right, MIRRORED[type(sign)](), left, answers, condition)
        _refuse(condition, f'"{ast.unparse(left)}" is not a variable')
    column = answers.column(left.id)
    value = _literal(right, condition)
    if isinstance(sign, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)):
        hit = _is_one_of(column, [code_text(each) for each in (value if isinstance(value, (list, tuple)) else [value])])
        holds = hit if isinstance(sign, (ast.Eq, ast.In)) else ~hit
    elif type(sign) in ORDERINGS and isinstance(value, (int, float)):
        if column.numbers is None:
            _refuse(condition, f'"{left.id}" is not a number, so that < and > mean nothing')
        holds = ORDERINGS[type(sign)](column.numbers, float(value))
    else:
        _refuse(condition, f'"{ast.unparse(right)}" cannot be compared in this way')
    return column.valid & holds, column.valid & ~holds


def _is_one_of(column: Column, wanted: list[str]) -> Mask:
    if not column.categories:
        assert column.numbers is not None
        return np.isin(column.numbers, [float(code) for code in wanted])
    unknown = [code for code in wanted if code not in column.categories]
    if unknown and column.numbers is None:
        problem = f'"{column.name}" has no category "{unknown[0]}"'
        raise DesignError(Fault("NO_SUCH_CATEGORY", "domain", problem, near(unknown[0], column.categories)))
    return np.isin(column.codes, [column.categories.index(code) for code in wanted if code in column.categories])


def _literal(node: ast.expr, condition: str) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        _refuse(condition, f'"{ast.unparse(node)}" is not a plain value')
