"""Answers a whole questionnaire as a careful municipality would: in order, along the routing, corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaltools.collect import Answers, Problem, check_answers
from evaltools.errors import Fault, StoreError
from evaltools.rehearsal.chance import Chance
from evaltools.rehearsal.drawing import draw
from evaltools.rehearsal.model import Draw, ItemSettings, SurveySettings
from evaltools.schema import evaluate, fields, names_in
from evaltools.schema.model import REASON_SUFFIX, Field, Questionnaire, Value

_ATTEMPTS = 12
_PLAIN = ItemSettings()


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers: the unit's frame, its chance, the wave (or record) from 0, and what was answered last time."""

    frame: Mapping[str, str]
    chance: Chance
    wave: int
    last: Answers


def answer(
    questionnaire: Questionnaire, settings: SurveySettings, who: Respondent, texts: Mapping[str, str]
) -> Answers:
    """A set of answers that may be submitted: no rule stops it, and every doubt has a reason.

    A field whose answers break a rule is drawn again; what keeps breaking it is left empty.
    Raises: `StoreError` CANNOT_BE_ANSWERED where no set of answers was found.
    """
    again: Counter[str] = Counter()
    for _ in range(_ATTEMPTS):
        answers = _walk(questionnaire, settings, who, texts, again)
        problems = check_answers(questionnaire, answers, "da", last=who.last)
        stops = [problem for problem in problems if problem.level == "stop"]
        if not stops:
            return answers | _reasons(problems, texts)
        again.update(_involved(questionnaire, stops))
    where = f"{questionnaire.id}, unit {who.chance.unit}"
    remedy = "Loosen the rule, or say in rehearsal/settings how the field is drawn."
    raise StoreError(
        *(
            Fault("CANNOT_BE_ANSWERED", where, f"no answer to {one.field} keeps the rules ({one.message})", remedy)
            for one in stops
        )
    )


def _walk(
    questionnaire: Questionnaire,
    settings: SurveySettings,
    who: Respondent,
    texts: Mapping[str, str],
    again: Mapping[str, int],
) -> dict[str, Value]:
    known: dict[str, Value] = {}
    computed: set[str] = set()
    for field in fields(questionnaire):
        if field.ask_if is not None and evaluate(field.ask_if, known) is not True:
            continue
        if field.kind == "computed":
            computed.add(field.name)
            value = evaluate(field.item.value, known) if field.item.value is not None else None
        else:
            here = Draw(questionnaire, who.frame, who.wave, known, who.chance, texts, again.get(field.name, 0))
            value = _draw(field, settings, here)
        if value is not None:
            known[field.name] = value
    return {name: value for name, value in known.items() if name not in computed}


def _draw(field: Field, settings: SurveySettings, here: Draw) -> Value | None:
    if here.attempt >= _ATTEMPTS // 2 and not field.item.required:
        return None
    own = settings.items.get(field.name) or settings.items.get(field.item.name) or _PLAIN
    return draw(field, own, here, settings.courses.get(own.course))


def _reasons(problems: Iterable[Problem], texts: Mapping[str, str]) -> dict[str, Value]:
    return {f"{one.code}{REASON_SUFFIX}": texts["reason"] for one in problems if one.level == "explain"}


def _involved(questionnaire: Questionnaire, problems: Iterable[Problem]) -> set[str]:
    """The fields that a problem is about: the one it stands beside, its other half, and those in the rule."""
    rules = {rule.name: rule for rule in questionnaire.rules}
    found: set[str] = set()
    for problem in problems:
        found |= {problem.field, problem.field.removesuffix("_of"), f"{problem.field}_of"}
        if problem.code in rules:
            found |= set(names_in(rules[problem.code].condition))
    return found
