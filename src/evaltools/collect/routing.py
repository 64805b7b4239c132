"""Which fields are asked, given the answers so far, and the complete answers that follow."""

from __future__ import annotations

from evaltools.collect.model import Answers
from evaltools.schema.model import Questionnaire


def asked(q: Questionnaire, answers: Answers) -> frozenset[str]:
    """The names of the fields that are asked."""
    raise NotImplementedError


def complete(q: Questionnaire, answers: Answers) -> Answers:
    """Every field of the wave with a value or a kind of missing; reasons are kept."""
    raise NotImplementedError
