"""One response as the people who answer it see it: what every page of the form is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from evaltools.collect import Answers, Problem
from evaltools.language import Language
from evaltools.schema import Section, ask, fields, names_in
from evaltools.schema.asking import Asking
from evaltools.schema.model import Field, Questionnaire
from evaltools.schema.scope import named_around


@dataclass(frozen=True, slots=True)
class Part:
    """Sections in the hands of one colleague: their link, their name, since when, and when they first opened it."""

    grant: str
    holder: str
    sections: tuple[str, ...]
    since: dt.datetime
    opened_at: dt.datetime | None = None


@dataclass(frozen=True)
class Desk:
    """One response (or one record of it) as one person sees it.

    answers: as they stand in the store, with reasons. problems: what `collect.check_answers` says of them, in
    `language`. references: register figures by name, without prefix. last: the same unit's answers of the wave before.
    record: of a registration, whose pages stand by themselves.
    own: names of the sections that this person may change; None means all. parts: who has which sections.
    """

    questionnaire: Questionnaire
    language: Language
    unit: str
    person: str
    answers: Answers
    version: int = 0
    problems: tuple[Problem, ...] = ()
    references: Mapping[str, float] = field(default_factory=dict)
    last: Answers = field(default_factory=dict)
    own: tuple[str, ...] | None = None
    parts: tuple[Part, ...] = ()
    is_leader: bool = True
    record: str = ""

    @cached_property
    def asking(self) -> Asking:
        """Which fields are asked, and the answers that count."""
        return ask(self.questionnaire, {**self.answers, **named_around(self.references, self.last)})

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that this response meets, in order; one whose every field is closed is left out."""
        asked = self.asking.asked
        return tuple(
            each
            for each in self.questionnaire.sections
            if any(one.name in asked for one in section_fields(self.questionnaire, each.name)) or _only_notes(each)
        )

    @property
    def base_path(self) -> str:
        """Where the pages of this response stand."""
        return f"/besvar/post/{self.record}" if self.record else "/besvar"

    def may_change(self, section: str) -> bool:
        """Whether this person may change the answers of that section."""
        return self.own is None or section in self.own

    def holder(self, section: str) -> str:
        """The colleague who has that section; empty where nobody has been given it."""
        return next((part.holder for part in reversed(self.parts) if section in part.sections), "")


@lru_cache(maxsize=64)
def fields_by_name(questionnaire: Questionnaire) -> Mapping[str, Field]:
    """Every field by its name, in the order of the form."""
    return {each.name: each for each in fields(questionnaire)}


@lru_cache(maxsize=512)
def section_fields(questionnaire: Questionnaire, section: str) -> tuple[Field, ...]:
    """The fields of one section, in order."""
    return tuple(each for each in fields(questionnaire) if each.item.section == section)


def rule_names(desk: Desk, code: str) -> tuple[str, ...]:
    """The fields that a rule speaks of; none for a problem that is no rule's."""
    rule = next((each for each in desk.questionnaire.rules if each.name == code), None)
    return () if rule is None else names_in(rule.condition)


def _only_notes(section: Section) -> bool:
    return all(item.kind == "note" for item in section.items)
