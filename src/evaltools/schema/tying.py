"""Which fields belong together so closely that two people must not change them past one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from evaltools.schema.fields import fields
from evaltools.schema.model import Field, Questionnaire
from evaltools.schema.rules import names_in, walk
from evaltools.schema.rules.operators import COMPARISONS
from evaltools.schema.tree import Call, Tree

_NUMBERS: Final = ("integer", "decimal", "count")
_ADDING: Final = ("+", "-", "*", "/", "sum")


@lru_cache(maxsize=64)
def tied_fields(questionnaire: Questionnaire) -> Mapping[str, frozenset[str]]:
    """For each number field the fields that a sum ties it to; a field that stands alone is left out.

    Tied are the parts of one computed value; in a rule of level `stop` the numbers on one side of a comparison with
    those on the other (a part with its total), and those that one side adds up; and `x` with `x_of`. Ties are
    direct: that a is tied to b and b to c does not tie a to c.
    """
    by_name = {field.name: field for field in fields(questionnaire)}
    found: dict[str, set[str]] = defaultdict(set)
    for group, others in _ties(questionnaire, by_name):
        for name in group:
            found[name] |= others - {name}
        for name in others:
            found[name] |= group - {name}
    return {name: frozenset(others) for name, others in found.items() if others}


_Tie = tuple[frozenset[str], frozenset[str]]


def _ties(questionnaire: Questionnaire, by_name: Mapping[str, Field]) -> Iterator[_Tie]:
    for field in by_name.values():
        if field.part == "of":
            yield frozenset((field.name,)), frozenset((field.name.removesuffix("_of"),))
        elif field.kind == "computed":
            parts = _numbers((field.name,), by_name)
            yield parts, parts
    for rule in questionnaire.rules:
        if rule.level == "stop":
            for node in walk(rule.condition):
                if isinstance(node, Call) and node.operator in COMPARISONS:
                    yield from _compared(node, by_name)


def _compared(comparison: Call, by_name: Mapping[str, Field]) -> Iterator[_Tie]:
    left, right = (_numbers(names_in(side), by_name) for side in comparison.operands)
    yield left, right
    for side, numbers in zip(comparison.operands, (left, right), strict=True):
        if _adds(side):
            yield numbers, numbers


def _adds(tree: Tree) -> bool:
    return any(isinstance(node, Call) and node.operator in _ADDING for node in walk(tree))


def _numbers(names: Iterable[str], by_name: Mapping[str, Field]) -> frozenset[str]:
    """The number fields among the names; a computed value stands for what it is made of."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        field = by_name.get(waiting.pop())
        if field is not None and field.kind == "computed" and field.item.value is not None:
            waiting.extend(names_in(field.item.value))
        elif field is not None and field.kind in _NUMBERS:
            found.add(field.name)
    return frozenset(found)
