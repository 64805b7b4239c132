"""Walking a rule tree: the names it asks about, its size, and the same tree with other leaves."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Final

from evaltools.schema.rules.operators import COMPARISONS, LOGICAL
from evaltools.schema.tree import Answer, Call, Constant, Tree

CONDITIONS: Final = (*LOGICAL, *COMPARISONS, "in", "any", "all", "selected", "answered", "missing")
"""Operators that give true, false or missing."""


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and everything in it, in the order it is written; never recursive, so any depth will do."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.extend(reversed(node.operands))


def names_in(tree: Tree) -> tuple[str, ...]:
    """The names a rule asks about, each once, in the order they are written.

    >>> names_in(Call("<=", (Answer("f2_foster"), Answer("f1_placed"))))
    ('f2_foster', 'f1_placed')
    """
    return tuple(dict.fromkeys(node.name for node in walk(tree) if isinstance(node, Answer)))


def constants_in(tree: Tree) -> tuple[Constant, ...]:
    """All constants in the order they are written."""
    return tuple(node for node in walk(tree) if isinstance(node, Constant))


def size(tree: Tree) -> int:
    """The number of nodes."""
    return sum(1 for _ in walk(tree))


def with_leaves(tree: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """The tree with every node replaced for which `change` gives another one; inside a replaced node nothing changes.

    >>> with_leaves(Call("not", (Answer("a"),)), lambda node: Answer("b") if node == Answer("a") else None)
    Call(operator='not', operands=(Answer(name='b'),))
    """
    changed = change(tree)
    if changed is not None:
        return changed
    if isinstance(tree, Call):
        return Call(tree.operator, tuple(with_leaves(operand, change) for operand in tree.operands))
    return tree


def is_condition(tree: Tree, computed: Container[str] = ()) -> bool:
    """Whether a rule gives true, false or missing; a field among `computed` may.

    >>> is_condition(Call("<", (Answer("f1"), Constant(3)))), is_condition(Answer("f1"))
    (True, False)
    """
    if isinstance(tree, Constant):
        return isinstance(tree.value, bool)
    if isinstance(tree, Answer):
        return tree.name in computed
    if tree.operator == "if":
        return all(is_condition(branch, computed) for branch in tree.operands[1:])
    return tree.operator in CONDITIONS
