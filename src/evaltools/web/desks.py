"""A response as the form and the machine interface show it: checked, with who has which part."""

from __future__ import annotations

from collections.abc import Iterable

from evaltools.collect import Problem, check_answers
from evaltools.language import Language
from evaltools.store import Background, Current, Grant, Session, Store, background, current
from evaltools.web.form import Desk, Part


def desk(
    around: Background, standing: Current, session: Session, language: Language, parts: tuple[Part, ...] = ()
) -> Desk:
    """The desk, from what was read."""
    questionnaire, answers = around.wave.questionnaire, standing.response.answers
    return Desk(
        questionnaire=questionnaire,
        language=language,
        unit=around.unit.name,
        person=session.person,
        answers=answers,
        version=standing.response.version,
        problems=check_answers(questionnaire, answers, language, references=around.references, last=around.last),
        references=around.references,
        last=around.last,
        own=own_sections(session.grant),
        parts=parts,
        is_leader=session.grant.role == "leader",
        record=standing.response.record,
    )


def own_sections(grant: Grant) -> tuple[str, ...] | None:
    """The sections that the holder may change; None: all of them."""
    return grant.sections if grant.role == "colleague" and grant.sections else None


def parts_of(found: Iterable[Grant]) -> tuple[Part, ...]:
    """Who has which sections, by links that are still good, in the order they were given."""
    return tuple(
        Part(one.id, one.holder, one.sections, one.made_at, one.opened_at)
        for one in sorted(found, key=lambda one: one.made_at)
        if one.role == "colleague" and one.revoked_at is None
    )


def checked(store: Store, grant: Grant, unit: str, record: str) -> tuple[Current, tuple[Problem, ...]]:
    """The response of a unit in the grant's wave, and its problems in English.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, RECORD_MISSING, RECORD_NOT_USED.
    """
    around = background(store, grant.survey, grant.wave, unit, record)
    standing = current(store, grant.survey, grant.wave, unit, record)
    problems = check_answers(
        around.wave.questionnaire, standing.response.answers, "en", references=around.references, last=around.last
    )
    return standing, problems
