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

_METHODS: Final = frozenset({"row", "only", "domain"})
_ATTRIBUTES: Final = frozenset(
    {
        "estimate",
        "percent",
        "se",
        "low",
        "high",
        "n",
        "N",
        "base",
        "count",
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
    try:
        tree = ast.parse(code, mode="eval").body
    except SyntaxError as error:
        raise _refused(code, "it is not an expression") from error
    return _value(tree, verbs, known)


def _value(node: ast.expr, verbs: Verbs, known: dict[str, object]) -> object:
    match node:
        case ast.Constant():
            return node.value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Tuple() | ast.List() | ast.Dict():
            return _collection(node, verbs, known)
        case ast.Call():
            return _remembered(node, verbs, known)
        case ast.Attribute() if node.attr in _ATTRIBUTES:
            return getattr(_value(node.value, verbs, known), node.attr)
    raise _refused(ast.unparse(node), f"{type(node).__name__} is not part of the language")


def _collection(node: ast.Tuple | ast.List | ast.Dict, verbs: Verbs, known: dict[str, object]) -> object:
    if isinstance(node, ast.Dict):
        pairs = zip((key for key in node.keys if key is not None), node.values, strict=True)
        return {_value(key, verbs, known): _value(value, verbs, known) for key, value in pairs}
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
    keywords = {word.arg: _value(word.value, verbs, known) for word in node.keywords if word.arg is not None}
    return function(*arguments, **keywords)


def _function(node: ast.expr, verbs: Verbs, known: dict[str, object]) -> Callable[..., object]:
    name = ast.unparse(node)
    if name in verbs:
        return verbs[name]
    if isinstance(node, ast.Attribute) and node.attr in _METHODS:
        method = getattr(_value(node.value, verbs, known), node.attr)
        assert callable(method)
        return method  # type: ignore[no-any-return]  # a bound method of a result
    raise _refused(name, f'there is no verb "{name}". {near(name, verbs)}')


def _refused(code: str, problem: str) -> MemoError:
    remedy = "Build the memo again; recorded code is written by the program, never by hand."
    return MemoError(Fault("CODE_REFUSED", code[:80], problem, remedy))
