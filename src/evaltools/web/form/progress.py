"""How far a section has come: what the hub and the check page tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaltools.collect import Problem, unexplained
from evaltools.schema import Section, answered_of
from evaltools.web.form.desk import Desk, section_fields

State = Literal["not_begun", "begun", "answered", "look"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Fields asked and answered, mistakes and doubts without a reason, and what all of it comes to."""

    asked: int
    answered: int
    open: int

    @property
    def state(self) -> State:
        """`look` where something must be looked at, whatever else there is; `answered` where nothing is waited for."""
        if self.open and self.answered:
            return "look"
        if self.asked and not self.answered:
            return "not_begun"
        return "answered" if self.answered >= self.asked else "begun"


def progress(desk: Desk, section: Section) -> Progress:
    """How far the section has come."""
    answered, asked = answered_of(section_fields(desk.questionnaire, section.name), desk.asking)
    return Progress(asked, answered, len(open_problems(desk, section)))


def open_problems(desk: Desk, section: Section) -> tuple[Problem, ...]:
    """The mistakes and the doubts without a reason beside fields of the section; not what is missing yet."""
    own = {each.name for each in section_fields(desk.questionnaire, section.name)}
    doubts = set(unexplained(desk.problems, desk.answers))
    return tuple(
        each
        for each in desk.problems
        if each.field in own and each.code != "REQUIRED" and (each.level == "stop" or each in doubts)
    )
