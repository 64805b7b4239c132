"""A rule tree as JSON and back: `["<=", ["answer", "f2_foster"], ["value", 3]]`."""

from __future__ import annotations

from typing import Final

from evaltools.errors import Fault, SchemaError, near
from evaltools.schema.rules.operators import OPERATORS
from evaltools.schema.tree import Answer, Call, Constant, Tree

VALUE: Final = "value"
ANSWER: Final = "answer"
DEEPEST_TREE: Final = 100
"""Levels; compiled rules have far fewer."""


def tree_to_json(tree: Tree) -> list[object]:
    """The tree as lists: a leaf is `["value", constant]` or `["answer", name]`, a call starts with its operator.

    >>> tree_to_json(Call("not", (Answer("a5"),)))
    ['not', ['answer', 'a5']]
    """
    if isinstance(tree, Constant):
        return [VALUE, tree.value]
    if isinstance(tree, Answer):
        return [ANSWER, tree.name]
    return [tree.operator, *(tree_to_json(operand) for operand in tree.operands)]


def tree_from_json(data: object, where: str = "") -> Tree:
    """The tree that `tree_to_json` wrote.

    :raises SchemaError: `RULE_TREE` for anything else

    >>> tree_from_json(["+", ["value", 1], ["answer", "f1"]])
    Call(operator='+', operands=(Constant(value=1), Answer(name='f1')))
    """
    return _node(data, where, DEEPEST_TREE)


def _node(data: object, where: str, depth: int) -> Tree:
    if depth == 0:
        raise _broken(where, f"the tree has more than {DEEPEST_TREE} levels")
    if not isinstance(data, list | tuple) or not data or not isinstance(data[0], str):
        raise _broken(where, f"{_shown(data)} is no node of a rule tree")
    operator, *operands = data
    if operator in (VALUE, ANSWER):
        return _leaf(operator, operands, where)
    arity = OPERATORS.get(operator)
    if arity is None:
        raise _broken(where, f'there is no operator "{operator}"', near(operator, OPERATORS))
    if not arity.allows(len(operands)):
        raise _broken(where, f'"{operator}" takes {arity} operands, and here are {len(operands)}')
    return Call(operator, tuple(_node(operand, where, depth - 1) for operand in operands))


def _leaf(kind: str, operands: list[object], where: str) -> Tree:
    held = operands[0] if len(operands) == 1 else ()
    if kind == ANSWER and isinstance(held, str):
        return Answer(held)
    if kind == VALUE and (held is None or isinstance(held, str | int | float)):
        return Constant(held)
    raise _broken(where, f"{_shown([kind, *operands])} is no leaf of a rule tree")


def _broken(where: str, problem: str, remedy: str = "Take it from tree_to_json, unchanged.") -> SchemaError:
    return SchemaError(Fault("RULE_TREE", where, problem, remedy))


def _shown(data: object) -> str:
    text = repr(data)
    return text if len(text) <= 80 else f"{text[:77]}..."
