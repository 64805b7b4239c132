"""What can never happen: items that nobody reaches, conditions that always hold, rules that never or always fire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaltools.errors import Fault
from evaltools.schema.checks.routing import Condition, Map
from evaltools.schema.drafting import Draft
from evaltools.schema.fields import both, conjuncts
from evaltools.schema.model import Field
from evaltools.schema.resolve import UNSAID, Resolved
from evaltools.schema.rules import Outcomes, can_be, names_in, walk
from evaltools.schema.tree import Call, Tree

LENIENT = ("or", "if", "answered", "missing", "any", "count")
"""Operators that can hold although a name in them was not asked."""


def reach_faults(resolved: Resolved) -> Iterator[Fault]:
    """Items that are never asked, conditions that leave nobody out, rules that never or always fire."""
    trial = _Trial(resolved)
    chart = Map(resolved)
    stuck = [each for each in chart.conditions if not each.is_value and trial.of(each.tree).never(outcome=True)]
    for condition in chart.conditions:
        if not condition.is_value and condition not in stuck:
            yield from _always(condition, trial)
    for condition in stuck:
        problem = f'the condition of "{condition.item.name}" can never be true: nobody is asked'
        yield Fault("UNREACHABLE_ITEM", condition.where, problem, "Correct the condition, or delete the item.")
    yield from _together(chart, trial, {each.item.name for each in stuck})
    for rule, placed in zip(resolved.questionnaire.rules, resolved.expanded.rules, strict=True):
        if rule.condition != UNSAID:
            yield from _rule(trial.of(rule.condition), rule.name, placed.place.at("rule"))


class _Trial:
    """Tries each condition once."""

    def __init__(self, resolved: Resolved) -> None:
        self.scope = resolved.scope
        self.known: dict[Tree, Outcomes] = {UNSAID: Outcomes(frozenset(), certain=False)}

    def of(self, tree: Tree) -> Outcomes:
        if tree not in self.known:
            self.known[tree] = can_be(tree, self.scope)
        return self.known[tree]


def _always(condition: Condition, trial: _Trial) -> Iterator[Fault]:
    outcomes = trial.of(condition.tree)
    if outcomes.never(outcome=False):
        names = names_in(condition.tree)
        problem = f'the condition of "{condition.item.name}" is true for every answer'
        remedy = f"Write answered({names[0]}) if that is meant, or delete it." if names else "Delete it."
        yield Fault("ASK_IF_ALWAYS", condition.where, problem, remedy)


def _together(chart: Map, trial: _Trial, stuck: set[str]) -> Iterator[Fault]:
    """Conditions that hold alone, but never together with those of the section and of the items asked about."""
    items = {draft.item.name: _condition_place(draft) for draft in chart.resolved.drafts}
    reported = set(stuck)
    for field in chart.fields.values():
        name = next((name for name in items if name in (field.name, field.item.name)), "")
        if field.ask_if is None or name in reported or not name:
            continue
        whole = _with_needed(field.ask_if, chart.fields)
        if UNSAID not in conjuncts(whole) and trial.of(whole).never(outcome=True):
            reported.add(name)
            problem = f'"{field.name}" can never be asked: its condition excludes those of the items it asks about'
            yield Fault("UNREACHABLE_ITEM", items[name], problem, "Correct the condition, or delete the item.")


def _condition_place(draft: Draft) -> str:
    has_own = (*draft.place.path, "ask_if") in draft.place.document.lines
    return draft.place.at("ask_if" if has_own else "row_if")


def _with_needed(tree: Tree, fields: Mapping[str, Field]) -> Tree:
    """The condition with those under which the items it asks about are themselves asked."""
    whole, waiting, seen = tree, [tree], set[str]()
    while waiting:
        for part in conjuncts(waiting.pop()):
            if any(isinstance(node, Call) and node.operator in LENIENT for node in walk(part)):
                continue
            for name in names_in(part):
                condition = fields[name].ask_if if name in fields else None
                if condition is not None and name not in seen:
                    seen.add(name)
                    whole = both(whole, condition) or whole
                    waiting.append(condition)
    return whole


def _rule(outcomes: Outcomes, name: str, where: str) -> Iterator[Fault]:
    if outcomes.never(outcome=False):
        problem = f'rule "{name}" can never fire: no answers within the limits break it'
        yield Fault("RULE_NEVER_FIRES", where, problem, "Correct it, or delete it.")
    elif outcomes.never(outcome=True):
        problem = f'rule "{name}" fires for all answers'
        yield Fault("RULE_ALWAYS_FIRES", where, problem, "Correct it, or delete it.")
