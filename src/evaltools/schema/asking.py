"""Who is asked what: the one definition of routing, for the form, the data and the count of answer fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaltools.schema.fields import fields
from evaltools.schema.model import ExamplePath, Questionnaire, Value
from evaltools.schema.rules import evaluate


@dataclass(frozen=True, slots=True)
class Asking:
    """`asked`: names of the fields asked; `answers`: what counts, with computed values and without closed branches."""

    asked: frozenset[str]
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class PathCount:
    """How many answer fields an example respondent meets. Computed values and write-ins do not count."""

    name: str
    label: str
    fields: int
    at_most: int | None


def ask(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Asking:
    """Follow the routing through the questionnaire in order.

    :param answers: by field name, also `ref_...` and `last_...`
    :returns: the fields asked; an answer in a branch that is closed does not count, neither in later conditions;
        a condition that cannot be told is missing, and then the field is not asked
    """
    own = {field.name for field in fields(questionnaire)}
    counting = {name: value for name, value in answers.items() if name not in own}
    asked = set()
    for field in fields(questionnaire):
        if field.ask_if is not None and evaluate(field.ask_if, counting) is not True:
            continue
        asked.add(field.name)
        computed = field.item.value
        value = answers.get(field.name) if computed is None else evaluate(computed, counting)
        if value is not None:
            counting[field.name] = value
    return Asking(frozenset(asked), counting)


def count_path(questionnaire: Questionnaire, path: ExamplePath) -> PathCount:
    """The number of answer fields that the respondent of an example path meets."""
    asked = ask(questionnaire, path.answers).asked
    met = [each for each in fields(questionnaire) if each.name in asked and each.kind != "computed"]
    return PathCount(path.name, path.label.en, sum(each.part != "text" for each in met), path.at_most)
