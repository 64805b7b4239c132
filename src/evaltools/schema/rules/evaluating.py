"""What a rule gives for a set of answers. Total: no tree and no answers make it raise; what cannot be said is None.

Numbers are exact inside (fractions of the decimals as written), so that 0.1 + 0.2 <= 0.3 holds and nobody is stopped
by the noise of binary fractions. The meaning of every operator stands in `docs/rules.md`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.schema.rules.operators import OPERATORS
from evaltools.schema.rules.walking import walk
from evaltools.schema.tree import Answer, Call, Constant, Tree

LARGEST: Final = 10**15
"""Numbers beyond this are treated as missing: up to here every program that prints our rules counts alike."""
MOST_DIGITS: Final = 10

Number = int | Fraction
_NUMBERS: Final = (int, Fraction)
_NO_NUMBERS: Final = (bool, Missing)
_PLAIN: Final = (str, bool, tuple)
_Result = bool | Number | str | tuple[str, ...] | None
_Answers = Mapping[str, Value]
_Meaning = Callable[[tuple[Tree, ...], _Answers], _Result]


def evaluate(tree: Tree, answers: _Answers) -> Value | None:
    """The value of a rule: a truth value, a number, a text or codes; None where it cannot be said.

    `answers` by field name; a name that is absent and a kind of missing are both "not known".

    >>> evaluate(Call("+", (Constant(0.1), Constant(0.2))), {})
    0.3
    >>> evaluate(Call("<", (Answer("f1_placed"), Constant(3))), {}) is None
    True
    """
    try:
        result = _value(tree, answers)
    except RecursionError:  # only a tree made by hand can be so deep: `compile_rule` and `tree_from_json` refuse it
        return None
    if isinstance(result, Fraction):
        return int(result) if result.denominator == 1 else float(result)
    return result


def exact(value: object) -> Number | None:
    """A number as an exact fraction of its decimals; None for what is no number that rules can use.

    >>> exact(0.1), exact(3), exact(True), exact(float("inf"))
    (Fraction(1, 10), 3, None, None)
    """
    if isinstance(value, _NO_NUMBERS) or not isinstance(value, (int, float, Fraction)):
        return None
    if isinstance(value, float):
        value = Fraction(repr(value)) if math.isfinite(value) else LARGEST + 1
    return value if -LARGEST <= value <= LARGEST else None


def _value(tree: Tree, answers: _Answers) -> _Result:
    if isinstance(tree, Call):
        arity = OPERATORS.get(tree.operator)
        if arity is None or not arity.allows(len(tree.operands)):
            return None
        return _MEANINGS[tree.operator](tree.operands, answers)
    return _known(tree.value if isinstance(tree, Constant) else answers.get(tree.name))


def _known(value: object) -> _Result:
    if isinstance(value, _PLAIN):
        return value
    return exact(value)


def _truth(tree: Tree, answers: _Answers) -> bool | None:
    value = _value(tree, answers)
    return value if isinstance(value, bool) else None


def _number(tree: Tree, answers: _Answers) -> Number | None:
    return exact(_value(tree, answers))


def _and(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    result: bool | None = True
    for operand in operands:
        truth = _truth(operand, answers)
        if truth is False:
            return False
        result = None if truth is None else result
    return result


def _or(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    result: bool | None = False
    for operand in operands:
        truth = _truth(operand, answers)
        if truth is True:
            return True
        result = None if truth is None else result
    return result


def _not(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    truth = _truth(operands[0], answers)
    return None if truth is None else not truth


def _comparison(compare: Callable[[Any, Any], bool], *, order: bool) -> _Meaning:
    def meaning(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
        left, right = (_possible(operand, answers) for operand in operands)
        results = {_compared(compare, a, b, order=order) for a in left for b in right}
        return results.pop() if len(results) == 1 else None

    return meaning


def _compared(compare: Callable[[Any, Any], bool], left: _Result, right: _Result, *, order: bool) -> bool | None:
    if isinstance(left, str):
        alike = isinstance(right, str)
    elif isinstance(left, bool) or isinstance(right, bool):
        alike = type(left) is type(right) and not order
    else:
        alike = isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS)
    return compare(left, right) if alike else None


def _possible(tree: Tree, answers: _Answers) -> tuple[_Result, ...]:
    """What a side of a comparison may be: a count with some conditions unknown lies between two numbers."""
    if isinstance(tree, Call) and tree.operator == "count" and tree.operands:
        low, high = _count_limits(tree.operands, answers)
        return tuple(range(low, high + 1)) if high else (_value(tree, answers),)
    return (_value(tree, answers),)


def _in(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    value = _value(operands[0], answers)
    listed = operands[1]
    if value is None or not isinstance(listed, Call) or listed.operator != "list":
        return None
    found = [_compared(operator.eq, value, _value(member, answers), order=False) for member in listed.operands]
    return True if True in found else None if None in found else False


def _plus(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    return _calculated(operator.add, operands, answers)


def _minus(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    if len(operands) == 1:
        value = _number(operands[0], answers)
        return None if value is None else -value
    return _calculated(operator.sub, operands, answers)


def _times(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    return _calculated(operator.mul, operands, answers)


def _divided(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    dividend, divisor = (_number(operand, answers) for operand in operands)
    if dividend is None or divisor is None or divisor == 0:
        return None
    return exact(Fraction(dividend) / divisor)


def _calculated(
    calculate: Callable[[Number, Number], Number], operands: tuple[Tree, ...], answers: _Answers
) -> Number | None:
    left, right = (_number(operand, answers) for operand in operands)
    return None if left is None or right is None else exact(calculate(left, right))


def _if(operands: tuple[Tree, ...], answers: _Answers) -> _Result:
    condition = _truth(operands[0], answers)
    return None if condition is None else _value(operands[1 if condition else 2], answers)


def _answered(operands: tuple[Tree, ...], answers: _Answers) -> bool:
    return _value(operands[0], answers) not in (None, "", ())


def _missing(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    field, kind = operands
    if not isinstance(field, Answer) or not isinstance(kind, Constant):
        return None
    value = answers.get(field.name, Missing.NOT_ANSWERED)
    return isinstance(value, Missing) and value.kind == kind.value


def _selected(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    chosen = _value(operands[0], answers)
    if not isinstance(chosen, tuple):
        return None
    return any(isinstance(code, Constant) and code.value in chosen for code in operands[1:])


def _asked(operands: tuple[Tree, ...], answers: _Answers) -> tuple[Tree, ...]:
    """The operands of a group without those that name a field that is not asked."""
    return tuple(operand for operand in operands if not _names_unasked(operand, answers))


def _names_unasked(tree: Tree, answers: _Answers) -> bool:
    if isinstance(tree, Call) and tree.operator == "missing":
        return False
    return any(isinstance(node, Answer) and answers.get(node.name) is Missing.NOT_ASKED for node in walk(tree))


def _any(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    asked = _asked(operands, answers)
    return _or(asked, answers) if asked else None


def _all(operands: tuple[Tree, ...], answers: _Answers) -> bool | None:
    asked = _asked(operands, answers)
    return _and(asked, answers) if asked else None


def _count(operands: tuple[Tree, ...], answers: _Answers) -> int | None:
    low, high = _count_limits(operands, answers)
    return low if low == high and _asked(operands, answers) else None


def _count_limits(operands: tuple[Tree, ...], answers: _Answers) -> tuple[int, int]:
    truths = [_truth(operand, answers) for operand in _asked(operands, answers)]
    return truths.count(True), len(truths) - truths.count(False)


def _over_numbers(gather: Callable[[Iterable[Number]], Number]) -> _Meaning:
    def meaning(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
        numbers: list[Number] = []
        for operand in _asked(operands, answers):
            number = _number(operand, answers)
            if number is None:
                return None
            numbers.append(number)
        return exact(gather(numbers)) if numbers else None

    return meaning


def _abs(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    value = _number(operands[0], answers)
    return -value if value is not None and value < 0 else value


def _round(operands: tuple[Tree, ...], answers: _Answers) -> Number | None:
    value = _number(operands[0], answers)
    digits = _number(operands[1], answers) if len(operands) == 2 else 0
    if value is None or digits is None or digits.denominator != 1 or not 0 <= digits <= MOST_DIGITS:
        return None
    scale = 10 ** int(digits)
    units = math.floor(abs(value) * scale + Fraction(1, 2))
    return exact(Fraction(units if value >= 0 else -units, scale))


def _list(_operands: tuple[Tree, ...], _answers: _Answers) -> None:
    """A list has no value of its own; `in` looks into it."""
    return


_MEANINGS: Final[Mapping[str, _Meaning]] = MappingProxyType(
    {
        "and": _and,
        "or": _or,
        "not": _not,
        "==": _comparison(operator.eq, order=False),
        "!=": _comparison(operator.ne, order=False),
        "<": _comparison(operator.lt, order=True),
        "<=": _comparison(operator.le, order=True),
        ">": _comparison(operator.gt, order=True),
        ">=": _comparison(operator.ge, order=True),
        "in": _in,
        "list": _list,
        "+": _plus,
        "-": _minus,
        "*": _times,
        "/": _divided,
        "if": _if,
        "answered": _answered,
        "missing": _missing,
        "selected": _selected,
        "any": _any,
        "all": _all,
        "count": _count,
        "sum": _over_numbers(sum),
        "min": _over_numbers(min),
        "max": _over_numbers(max),
        "abs": _abs,
        "round": _round,
    }
)
