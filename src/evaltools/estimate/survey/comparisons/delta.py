"""Formulas over the rows of an estimate, with their slopes: the delta method takes these to a variance."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats

_Place = Callable[[str], int]

_FUNCTIONS: Final[Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]]] = {
    "log": (math.log, lambda x: 1 / x),
    "exp": (math.exp, math.exp),
    "sqrt": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
}
"""Functions that a formula may use, each with its derivative."""


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """A value with its derivatives by the rows."""

    value: float
    by_row: Floats


def slope_of(formula: str, values: Floats, place: _Place, where: str) -> Slope:
    """The value of a formula and its derivatives by each of the values.

    formula : names of rows (in quotes where they are no plain words), numbers, `+ - * / **`, `log`, `exp`, `sqrt`.
    place : tells which value a name means. Raises `DesignError` FORMULA_NOT_UNDERSTOOD or FORMULA_HAS_NO_VALUE.
    Source: Särndal, Swensson and Wretman (1992), section 5.5; R `svycontrast(quote())`.

    >>> slope_of("a / b", np.array([6.0, 3.0]), "ab".index, "data").by_row.round(3).tolist()
    [0.333, -0.667]
    """
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DesignError(_not_understood(formula, where)) from None
    try:
        found = _slope(tree, values, place)
    except (ZeroDivisionError, ValueError, OverflowError):
        found = None
    except LookupError:
        raise DesignError(_not_understood(formula, where)) from None
    if found is None or not (math.isfinite(found.value) and np.isfinite(found.by_row).all()):
        problem = f'"{formula}" has no value: something is divided by 0, or a root or logarithm does not exist'
        raise DesignError(Fault("FORMULA_HAS_NO_VALUE", where, problem, "Look at the rows that it is made of."))
    return found


def _not_understood(formula: str, where: str) -> Fault:
    remedy = 'Use names of rows, numbers, + - * / **, log, exp and sqrt, such as "network / placed".'
    return Fault("FORMULA_NOT_UNDERSTOOD", where, f'"{formula}" is not a formula of rows', remedy)


def _slope(node: ast.expr, values: Floats, place: _Place) -> Slope:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str() as name):
            row = place(name)
            return Slope(float(values[row]), (np.arange(len(values)) == row).astype(float))
        case ast.Constant(value=int() | float() as number):
            return Slope(float(number), np.zeros(len(values)))
        case ast.UnaryOp(op=ast.USub()):
            inner = _slope(node.operand, values, place)
            return Slope(-inner.value, -inner.by_row)
        case ast.BinOp():
            return _combined(node.op, _slope(node.left, values, place), _slope(node.right, values, place))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            function, derivative = _FUNCTIONS[name]
            inner = _slope(argument, values, place)
            return Slope(function(inner.value), derivative(inner.value) * inner.by_row)
    raise LookupError


def _combined(operator: ast.operator, one: Slope, other: Slope) -> Slope:
    match operator:
        case ast.Add():
            return Slope(one.value + other.value, one.by_row + other.by_row)
        case ast.Sub():
            return Slope(one.value - other.value, one.by_row - other.by_row)
        case ast.Mult():
            return Slope(one.value * other.value, one.by_row * other.value + one.value * other.by_row)
        case ast.Div():
            value = one.value / other.value
            return Slope(value, (one.by_row - value * other.by_row) / other.value)
        case ast.Pow() if not other.by_row.any():
            power = other.value
            return Slope(math.pow(one.value, power), power * math.pow(one.value, power - 1) * one.by_row)
    raise LookupError
