"""What a rule can ever give: whether any answers make it true, or false. Says "not known" rather than a false alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.schema.rules.domains import Domain, domains
from evaltools.schema.rules.evaluating import evaluate
from evaltools.schema.rules.operators import ARITHMETIC, GROUPS, NUMBER_GROUPS
from evaltools.schema.rules.walking import CONDITIONS, walk
from evaltools.schema.scope import Scope
from evaltools.schema.tree import Answer, Call, Tree

MOST_TRIALS: Final = 10_000
_STRIDE: Final = 7_368_787
"""A prime: walking a large space by it visits all corners of it before it repeats."""
_NUMERIC: Final = (*ARITHMETIC, *NUMBER_GROUPS, "abs", "round")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes found, and whether true and false are known for certain to have been found if they are possible."""

    found: frozenset[bool | None]
    certain: bool

    def never(self, outcome: bool) -> bool:
        """Whether the rule certainly cannot give this outcome."""
        return self.certain and outcome not in self.found


def can_be(tree: Tree, scope: Scope) -> Outcomes:
    """What a condition can give for any answers that its fields allow.

    :param tree: a condition; put it together with a routing condition by `Call("and", (routing, tree))`
    :param scope: kinds, code lists and limits of the fields
    :returns: exact for codes (by trying all) and for numbers that are only compared (by their order); where numbers
        are calculated with, or there are too many answers to try, an outcome that was not found is not excluded

    >>> from evaltools.schema.scope import ScopeField
    >>> from evaltools.schema.tree import Constant
    >>> year = Scope({"year": ScopeField("year", "year", minimum=1990, maximum=2018)})
    >>> can_be(Call("<=", (Answer("year"), Constant(2018))), year).never(False)
    True
    """
    reduced, given, certain = _with_parts_tried(tree, scope)
    own, complete = domains(reduced, scope)
    tried = {**own, **given}
    found = {_truth(evaluate(tree, {}))}
    for answers in _trials(tried):
        found.add(_truth(evaluate(reduced, answers)))
        if {True, False} <= found:
            return Outcomes(frozenset(found), certain=True)
    all_tried = prod(len(domain) for domain in tried.values()) <= MOST_TRIALS
    exact = all_tried and complete and _only_compares(reduced)
    return Outcomes(frozenset(found), certain=certain and exact)


def _truth(value: Value | None) -> bool | None:
    return value if isinstance(value, bool) else None


def _with_parts_tried(tree: Tree, scope: Scope) -> tuple[Tree, dict[str, Domain], bool]:
    """The tree with each part whose fields occur nowhere else replaced by one name, and what that name can be.

    So a rule over the eight rows of a grid is eight small questions and not one of a million answers.
    """
    everywhere = Counter(node.name for node in walk(tree) if isinstance(node, Answer))
    given: dict[str, Domain] = {}
    certain = True

    def replaced(node: Tree, parent: str) -> Tree:
        nonlocal certain
        if not isinstance(node, Call):
            return node
        inside = Counter(each.name for each in walk(node) if isinstance(each, Answer))
        alone = node.operator in CONDITIONS and inside and all(everywhere[name] == n for name, n in inside.items())
        if not alone or node is tree:
            return Call(node.operator, tuple(replaced(operand, node.operator) for operand in node.operands))
        outcomes = can_be(node, scope)
        certain = certain and (outcomes.certain or {True, False} <= outcomes.found)
        name = f"part {len(given)}"
        given[name] = _outcome_domain(outcomes, in_group=parent in GROUPS)
        return Answer(name)

    return replaced(tree, ""), given, certain


def _outcome_domain(outcomes: Outcomes, *, in_group: bool) -> Domain:
    truths: tuple[Value | None, ...] = tuple(truth for truth in (True, False) if truth in outcomes.found)
    left_out: tuple[Value | None, ...] = (Missing.NOT_ASKED,) if in_group else ()
    return (*truths, *left_out) or (None,)


def _trials(tried: Mapping[str, Domain]) -> Iterator[Mapping[str, Value]]:
    """All combinations of values, or an even sample of them where they are too many."""
    names, values = tuple(tried), tuple(tried.values())
    total = prod(len(domain) for domain in values)
    combinations = product(*values) if total <= MOST_TRIALS else _sample(values, total)
    for combination in combinations:
        yield {name: value for name, value in zip(names, combination, strict=True) if value is not None}


def _sample(values: tuple[Domain, ...], total: int) -> Iterator[tuple[Value | None, ...]]:
    for n in range(MOST_TRIALS):
        at, combination = n * _STRIDE % total, []
        for domain in values:
            at, place = divmod(at, len(domain))
            combination.append(domain[place])
        yield tuple(combination)


def _only_compares(tree: Tree) -> bool:
    """Whether numbers are compared and never calculated with, so that only their order matters."""
    return not any(isinstance(node, Call) and node.operator in _NUMERIC for node in walk(tree))
