"""Rules: their examples must pass and fail as said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaltools.errors import Fault
from evaltools.schema.model import Rule, Value
from evaltools.schema.reading import Place
from evaltools.schema.resolve import UNSAID, Resolved
from evaltools.schema.rules import evaluate, names_in


def rule_faults(resolved: Resolved) -> Iterator[Fault]:
    """Examples that do not give what they say."""
    for rule, placed in zip(resolved.questionnaire.rules, resolved.expanded.rules, strict=True):
        if rule.condition != UNSAID:
            yield from _examples(rule, placed.place, "pass", rule.passing)
            yield from _examples(rule, placed.place, "fail", rule.failing)


def _examples(rule: Rule, place: Place, key: str, examples: tuple[Mapping[str, Value], ...]) -> Iterator[Fault]:
    wanted = key == "pass"
    for n, example in enumerate(examples):
        result = evaluate(rule.condition, example)
        if result is wanted:
            continue
        where = place.at(key, n) if len(examples) > 1 else place.at(key)
        unsaid = [name for name in names_in(rule.condition) if name not in example]
        gives = {True: "passes", False: "fails"}.get(result is True, "") if result is not None else "is missing"
        problem = f'the example under "{key}" of rule "{rule.name}" {gives}'
        remedy = (
            f"Give a value for {', '.join(unsaid[:4])}." if result is None and unsaid else "Correct it or the rule."
        )
        yield Fault("WRONG_EXAMPLE", where, problem, remedy)
