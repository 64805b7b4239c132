"""Formulas of named amounts, such as `project / (days * (before - after))`: parsed, never executed."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError, Fault, near

_LONGEST: Final = 500
_SIGNS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)


def value_of(formula: str, amounts: Mapping[str, float]) -> float:
    """The value of a formula with + - * / and parentheses.

    Raises `DesignError`: BAD_FORMULA, NO_SUCH_AMOUNT, DIVIDED_BY_ZERO.

    >>> value_of("cost / (days - 1)", {"cost": 12.0, "days": 5.0})
    3.0
    """
    try:
        if len(formula) > _LONGEST:
            raise _bad(formula[:40], f"it is longer than {_LONGEST} signs")
        return _value(ast.parse(formula.strip(), mode="eval").body, amounts)
    except (SyntaxError, ValueError, RecursionError):
        raise _bad(formula, "it cannot be read") from None
    except ZeroDivisionError:
        said = ", ".join(f"{name} = {value:g}" for name, value in amounts.items())
        raise by_zero(formula, said) from None


def names_in(formula: str) -> tuple[str, ...]:
    """The amounts that a formula names, in order; `DesignError` BAD_FORMULA where it cannot be read.

    >>> names_in("a / (b - a)")
    ('a', 'b')
    """
    try:
        found = [node for node in ast.walk(ast.parse(formula.strip(), mode="eval")) if isinstance(node, ast.Name)]
    except (SyntaxError, ValueError, RecursionError):
        raise _bad(formula, "it cannot be read") from None
    return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: node.col_offset)))


def divisors(formula: str) -> tuple[str, ...]:
    """What a formula divides by, each as a formula of its own.

    >>> divisors("a / (b - c) + d / e")
    ('b - c', 'e')
    """
    tree = ast.parse(formula.strip(), mode="eval")
    divided = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    return tuple(ast.unparse(node.right) for node in sorted(divided, key=lambda node: node.right.col_offset))


def by_zero(formula: str, said: str) -> DesignError:
    """What is said where a formula divides by zero."""
    remedy = "There is nothing to divide by there: change the range of what is divided by."
    return DesignError(Fault("DIVIDED_BY_ZERO", formula, f"with {said} it divides by zero", remedy))


def _value(node: ast.expr, amounts: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as plain) if not isinstance(plain, bool):
            return float(plain)
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, amounts)
        case ast.BinOp() if type(node.op) in _SIGNS:
            return _SIGNS[type(node.op)](_value(node.left, amounts), _value(node.right, amounts))
        case ast.Name():
            if node.id not in amounts:
                problem = f'there is no amount "{node.id}"'
                raise DesignError(Fault("NO_SUCH_AMOUNT", "formula", problem, near(node.id, amounts)))
            return float(amounts[node.id])
    raise _bad(ast.unparse(node), "it is not part of a formula")


def _bad(formula: str, problem: str) -> DesignError:
    return DesignError(
        Fault("BAD_FORMULA", formula, problem, "Use names of amounts, numbers, + - * / and parentheses.")
    )
