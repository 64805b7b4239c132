"""Runs recorded code such as `proportion(design(load("x/2018")), "b1_stage").row(row="m1").estimate`, and nothing else.

The code is parsed, not executed: only named verbs, three methods, plain attributes of a row and literals exist.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Final

from evaltools.errors import Fault, MemoError, near

Verbs = Mapping[str, Callable[..., object]]
"""Verb by name; a dotted name such as `interval.exact` is one name."""

_LONGEST: Final = 20_000
_METHODS: Final = frozenset({"row", "only", "domain", "point"})
_ATTRIBUTES: Final = frozenset(
    {
        "estimate",
        "percent",
        "y",
        "se",
        "low",
        "high",
        "n",
        "N",
        "base",
        "count",
        "centre",
        "df",
        "bounds_low",
        "bounds_high",
        "p_value",
        "statistic",
    }
)


def evaluate_code(code: str, verbs: Verbs, known: dict[str, object]) -> object:
    """The value of recorded code. `known` keeps what was computed before, by its code.

    >>> evaluate_code("double(2)", {"double": lambda x: 2 * x}, {})
    4
    """
    if not isinstance(code, str) or len(code) > _LONGEST:
        raise _refused(str(code), f"it is not text of at most {_LONGEST} characters")
    try:
        return _value(ast.parse(code, mode="eval").body, verbs, known)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refused(code, "it is not an expression that can be read") from error
    except (TypeError, AttributeError, LookupError, ArithmeticError, AssertionError) as error:
        raise _refused(code, f"it cannot be computed ({type(error).__name__})") from error


def _value(node: ast.expr, verbs: Verbs, known: dict[str, object]) -> object:
    match node:
        case ast.Constant(value=str() | int() | float() | None as plain):
            return plain
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Tuple() | ast.List() | ast.Dict():
            return _collection(node, verbs, known)
        case ast.Call():
            return _remembered(node, verbs, known)
        case ast.Attribute() if node.attr in _ATTRIBUTES:
            return getattr(_result(node.value, verbs, known), node.attr)
    raise _refused(ast.unparse(node), f"{type(node).__name__} is not part of the language")


def _collection(node: ast.Tuple | ast.List | ast.Dict, verbs: Verbs, known: dict[str, object]) -> object:
    if isinstance(node, ast.Dict):
        keys = [_text(key) for key in node.keys]
        return dict(zip(keys, (_value(value, verbs, known) for value in node.values), strict=True))
    values = [_value(element, verbs, known) for element in node.elts]
    return tuple(values) if isinstance(node, ast.Tuple) else values


def _remembered(node: ast.Call, verbs: Verbs, known: dict[str, object]) -> object:
    code = ast.unparse(node)
    if code not in known:
        known[code] = _call(node, verbs, known)
    return known[code]


def _call(node: ast.Call, verbs: Verbs, known: dict[str, object]) -> object:
    function = _function(node.func, verbs, known)
    arguments = [_value(argument, verbs, known) for argument in node.args]
    keywords = {_name(word): _value(word.value, verbs, known) for word in node.keywords}
    return function(*arguments, **keywords)


def _function(node: ast.expr, verbs: Verbs, known: dict[str, object]) -> Callable[..., object]:
    name = ast.unparse(node)
    if name in verbs:
        return verbs[name]
    if isinstance(node, ast.Attribute) and node.attr in _METHODS:
        method = getattr(_result(node.value, verbs, known), node.attr)
        assert callable(method)
        return method  # type: ignore[no-any-return]  # a bound method of a result
    raise _refused(name, f'there is no verb "{name}". {near(name, verbs)}')


def _result(node: ast.expr, verbs: Verbs, known: dict[str, object]) -> object:
    """What a call gave: only that has attributes and methods, literals have none."""
    if not isinstance(node, ast.Call):
        raise _refused(ast.unparse(node), "only the result of a verb has parts")
    return _value(node, verbs, known)


def _text(key: ast.expr | None) -> str:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    raise _refused("{...}", "a key is not plain text")


def _name(word: ast.keyword) -> str:
    if word.arg is None:
        raise _refused(ast.unparse(word.value), "arguments must be named one by one")
    return word.arg


def _refused(code: str, problem: str) -> MemoError:
    remedy = "Build the memo again; recorded code is written by the program, never by hand."
    return MemoError(Fault("CODE_REFUSED", code[:80], problem, remedy))
