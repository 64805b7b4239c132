"""Checks of answers: the language's own and the questionnaire's rules. A missing result never blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaltools.collect.limits import CONTACT_PREFIX, own_problems, reason_problems
from evaltools.collect.model import Answers, Problem
from evaltools.collect.routing import complete
from evaltools.collect.trouble import labelled_problems
from evaltools.language import Language, texts
from evaltools.schema import evaluate, fields, names_in
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Questionnaire, Rule
from evaltools.schema.scope import LAST_PREFIX, REFERENCE_PREFIX, named_around


@dataclass(frozen=True, slots=True)
class UnperformedCheck:
    """A rule that could not be tried, and the names it lacks, such as `ref_placed_register` or `last_f1_placed`."""

    rule: str
    lacks: tuple[str, ...]


def check_answers(
    q: Questionnaire,
    answers: Answers,
    language: Language,
    *,
    references: Mapping[str, float] | None = None,
    last: Answers | None = None,
) -> tuple[Problem, ...]:
    """All problems of a set of answers, in the order of the form; explained doubts are among them.

    :param answers: by field name, as they stand; routing and computed values are made here
    :param references: register figures of this unit by name, such as `placed_register`; absent means not known
    :param last: the same unit's answers in the previous wave
    :returns: problems of level `stop`, `explain` and `note`. A rule gives one only when it is false; a rule that lacks
        an answer, or whose field is not asked, gives none
    """
    values = _complete(q, answers, references, last)
    found: dict[str, list[Problem]] = {field.name: [] for field in fields(q)}
    for field in fields(q):
        if values[field.name] is not Missing.NOT_ASKED:
            found[field.name].extend(own_problems(field, values, language))
    for rule in q.rules:
        if _is_broken(rule, values):
            found.setdefault(rule.at, []).append(_problem(rule, language))
    for beside, reason in _reasons(q, answers):
        found.setdefault(beside, []).extend(reason_problems(beside, reason, language))
    return labelled_problems(q, (problem for problems in found.values() for problem in problems), language)


def unperformed_checks(
    q: Questionnaire,
    answers: Answers,
    *,
    references: Mapping[str, float] | None = None,
    last: Answers | None = None,
) -> tuple[UnperformedCheck, ...]:
    """The rules on answered fields that could not be tried because a register figure or earlier answer is absent.

    :param references: as in `check_answers`
    :param last: as in `check_answers`
    :returns: one entry per rule, in the order of the questionnaire, for the annex on data quality
    """
    values = _complete(q, answers, references, last)
    return tuple(
        UnperformedCheck(rule.name, lacks)
        for rule in q.rules
        if (lacks := tuple(_lacks(rule, values))) and _would_apply(rule, values)
    )


def unexplained(problems: Iterable[Problem], answers: Answers) -> tuple[Problem, ...]:
    """The problems of level `explain` that have no written reason yet.

    >>> doubt = Problem("explain", "many_trained", "d3_trained", "...", "...")
    >>> unexplained([doubt], {"many_trained__reason": "Deltidsansatte"})
    ()
    """
    return tuple(problem for problem in problems if problem.level == "explain" and not _reason(problem, answers))


def _reasons(q: Questionnaire, answers: Answers) -> Iterator[tuple[str, str]]:
    """Every written reason, with the field it stands beside."""
    beside = {rule.name: rule.at for rule in q.rules} | {
        CONTACT_PREFIX + field.name: field.name for field in fields(q) if field.kind == "text"
    }
    for name, value in answers.items():
        rule = name.removesuffix(REASON_SUFFIX)
        if rule != name and rule in beside and isinstance(value, str):
            yield beside[rule], value


def _reason(problem: Problem, answers: Answers) -> str:
    reason = answers.get(problem.code + REASON_SUFFIX, "")
    return reason.strip() if isinstance(reason, str) else ""


def _complete(
    q: Questionnaire, answers: Answers, references: Mapping[str, float] | None, last: Answers | None
) -> Answers:
    """Complete answers together with the register figures and the previous wave, under the names that rules use."""
    outside = named_around(references or {}, last or {})
    return {**complete(q, {**answers, **outside}), **outside}


def _is_broken(rule: Rule, values: Answers) -> bool:
    return _is_asked(rule, values) and evaluate(rule.condition, values) is False


def _is_asked(rule: Rule, values: Answers) -> bool:
    """Whether the field that the message stands beside is asked, and at least one field of the rule."""
    own = [values[name] for name in names_in(rule.condition) if name in values and not _is_outside(name)]
    return values.get(rule.at) is not Missing.NOT_ASKED and any(value is not Missing.NOT_ASKED for value in own)


def _problem(rule: Rule, language: Language) -> Problem:
    remedy = texts(language).say(f"collect.rule.{rule.level}")
    return Problem(rule.level, rule.name, rule.at, rule.message.to(language), remedy)


def _lacks(rule: Rule, values: Answers) -> Iterator[str]:
    for name in names_in(rule.condition):
        if _is_outside(name) and isinstance(values.get(name, Missing.NOT_ANSWERED), Missing):
            yield name


def _would_apply(rule: Rule, values: Answers) -> bool:
    own = [name for name in names_in(rule.condition) if not _is_outside(name)]
    answered = all(not isinstance(values.get(name, Missing.NOT_ANSWERED), Missing) for name in own)
    return answered and evaluate(rule.condition, values) is None


def _is_outside(name: str) -> bool:
    return name.startswith((REFERENCE_PREFIX, LAST_PREFIX))
