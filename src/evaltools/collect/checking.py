"""Checks of answers: the language's own and the questionnaire's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaltools.collect.model import Answers, Problem
from evaltools.language import Language
from evaltools.schema.model import Questionnaire


@dataclass(frozen=True, slots=True)
class UnperformedCheck:
    """A rule that could not be tried, and the register figures or earlier answers that it needs."""

    rule: str
    needs: tuple[str, ...]


def check_answers(
    q: Questionnaire,
    answers: Answers,
    language: Language,
    *,
    references: Mapping[str, float] | None = None,
    last: Answers | None = None,
) -> tuple[Problem, ...]:
    """All problems of a set of answers, in the order of the form."""
    raise NotImplementedError


def unperformed_checks(
    q: Questionnaire,
    answers: Answers,
    *,
    references: Mapping[str, float] | None = None,
    last: Answers | None = None,
) -> tuple[UnperformedCheck, ...]:
    """The rules that could not be tried because a reference figure or an earlier answer is absent."""
    raise NotImplementedError


def unexplained(problems: Iterable[Problem], answers: Answers) -> tuple[Problem, ...]:
    """The problems of level `explain` that have no written reason yet."""
    raise NotImplementedError
