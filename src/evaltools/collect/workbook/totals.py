"""Running sums and computed values as spreadsheet formulas; they stand outside the cells of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from evaltools.schema import fields, names_in
from evaltools.schema.model import Questionnaire
from evaltools.schema.tree import Answer, Call, Constant, Tree

_NUMBERS: Final = ("integer", "decimal", "count")
_SIGNS: Final = ("+", "-", "*", "/")
_FUNCTIONS: Final = MappingProxyType({"sum": "SUM", "min": "MIN", "max": "MAX", "abs": "ABS", "round": "ROUND"})


@dataclass(frozen=True, slots=True)
class Total:
    """The fields that a rule adds up, in the order of the questionnaire."""

    parts: tuple[str, ...]


@lru_cache(maxsize=32)
def totals(q: Questionnaire) -> tuple[Total, ...]:
    """The sums worth showing while people write: those that a rule looks at."""
    position = {field.name: n for n, field in enumerate(fields(q)) if field.kind in _NUMBERS}
    found = [parts for rule in q.rules for parts in _sums(rule.condition)]
    kept = dict.fromkeys(
        tuple(sorted(parts, key=position.__getitem__)) for parts in found if set(parts) <= set(position)
    )
    return tuple(Total(parts) for parts in kept if not any(set(parts) < set(other) for other in kept))


def _sums(tree: Tree) -> Iterator[tuple[str, ...]]:
    """The names under each sum whose members are all plain answers."""
    if not isinstance(tree, Call):
        return
    members = _members(tree)
    if len(members) > 1 and all(isinstance(member, Answer) for member in members):
        yield tuple(dict.fromkeys(member.name for member in members if isinstance(member, Answer)))
        return
    for operand in tree.operands:
        yield from _sums(operand)


def _members(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, Call) and (tree.operator == "sum" or (tree.operator == "+" and len(tree.operands) == 2)):
        return tuple(member for operand in tree.operands for member in _members(operand))
    return (tree,)


def total_formula(total: Total, cell_of: Callable[[str], str]) -> str:
    """The sum of what has been filled in, and nothing while nothing is.

    >>> total_formula(Total(("a", "b")), {"a": "answer_a", "b": "answer_b"}.__getitem__)
    '=IF(COUNT(answer_a,answer_b)=0,"",SUM(answer_a,answer_b))'
    """
    cells = ",".join(cell_of(name) for name in total.parts)
    return f'=IF(COUNT({cells})=0,"",SUM({cells}))'


def computed_formula(tree: Tree | None, cell_of: Callable[[str], str]) -> str:
    """A computed value as a formula, shown once every number it needs is there; nothing where it is not arithmetic.

    :param cell_of: how a formula names the answer cell of a field; empty where the workbook has none

    >>> shares = Call("/", (Answer("a"), Constant(4)))
    >>> computed_formula(shares, {"a": "answer_a"}.__getitem__)
    '=IF(COUNT(answer_a)<1,"",IFERROR((answer_a/4),""))'
    """
    names = names_in(tree) if tree is not None else ()
    cells = ",".join(cell_of(name) for name in names)
    said = _arithmetic(tree, cell_of) if tree is not None and all(cell_of(name) for name in names) else None
    if said is None or not names:
        return ""
    return f'=IF(COUNT({cells})<{len(names)},"",IFERROR({said},""))'


def _arithmetic(tree: Tree, cell_of: Callable[[str], str]) -> str | None:
    if isinstance(tree, Constant):
        is_number = isinstance(tree.value, int | float) and not isinstance(tree.value, bool)
        return repr(tree.value) if is_number else None
    if isinstance(tree, Answer):
        return cell_of(tree.name)
    operands = [_arithmetic(operand, cell_of) for operand in tree.operands]
    known = [operand for operand in operands if operand is not None]
    if len(known) < len(operands):
        return None
    if tree.operator in _SIGNS:
        return f"({tree.operator.join(known)})" if len(known) == 2 else f"(-{known[0]})"
    if tree.operator == "round" and len(known) == 1:
        known.append("0")
    return f"{_FUNCTIONS[tree.operator]}({','.join(known)})" if tree.operator in _FUNCTIONS else None
