"""Answers to read: those of a section that somebody else has, and all of them before they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaltools.collect import Problem, unexplained
from evaltools.collect.saying import said
from evaltools.schema import Section, numbering
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX
from evaltools.web.form.desk import Desk, fields_by_name, section_fields
from evaltools.web.form.progress import progress
from evaltools.web.form.saying import reasons_by_rule


@dataclass(frozen=True, slots=True)
class Given:
    """One answer in words, with the reasons written for it.

    is_missing: asked, and nothing was answered. can_change: it is no computed value.
    """

    name: str
    number: str
    label: str
    answer: str
    is_missing: bool
    can_change: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section to read, and where it is changed (empty where this person may not)."""

    name: str
    title: str
    given: tuple[Given, ...]
    path: str
    holder: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A problem on the page before sending.

    reason_name: where its reason is posted; empty for a mistake. reason_label: what that box is called. place: which of
    several doubts at the field this is.
    """

    label: str
    message: str
    remedy: str
    path: str
    holder: str
    reason_name: str = ""
    reason: str = ""
    reason_label: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything before it is sent. `refused`: it was sent, and cannot be sent like this.

    may_submit: otherwise the leader approves and submits. unanswered: questions without an answer, which is allowed.
    """

    parts: tuple[Part, ...]
    mistakes: tuple[Matter, ...]
    doubts: tuple[Matter, ...]
    notes: tuple[Matter, ...]
    unanswered: int
    version: int
    base_path: str
    may_submit: bool
    submitted: bool
    refused: bool

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.mistakes and not self.doubts


def part(desk: Desk, section: Section) -> Part:
    """The answers of one section, as far as they are asked."""
    path = f"{desk.base_path}/{section.name}" if desk.may_change(section.name) else ""
    title = section.title.to(desk.language)
    return Part(section.name, title, tuple(_given(desk, section)), path, desk.holder(section.name))


def check_page(desk: Desk, *, may_submit: bool, submitted: bool = False, refused: bool = False) -> CheckPage:
    """All answers, all reasons and all problems, before sending.

    may_submit: whether this person may; otherwise the leader approves and submits. submitted: whether what stands here
    has been sent already.
    """
    parts = tuple(part(desk, section) for section in desk.sections)
    doubts = set(unexplained(desk.problems, desk.answers))
    return CheckPage(
        parts=parts,
        mistakes=tuple(_matter(desk, each) for each in desk.problems if each.level == "stop"),
        doubts=tuple(_matter(desk, each) for each in desk.problems if each in doubts),
        notes=tuple(_matter(desk, each) for each in desk.problems if each.level == "note"),
        unanswered=sum(each.asked - each.answered for each in (progress(desk, section) for section in desk.sections)),
        version=desk.version,
        base_path=desk.base_path,
        may_submit=may_submit,
        submitted=submitted,
        refused=refused,
    )


def _given(desk: Desk, section: Section) -> Iterator[Given]:
    numbers = numbering(desk.questionnaire).fields
    for each in section_fields(desk.questionnaire, section.name):
        if each.name not in desk.asking.asked:
            continue
        can_change = each.kind != "computed"
        value = (desk.answers if can_change else desk.asking.answers).get(each.name)
        is_missing = can_change and value in (None, Missing.NOT_ANSWERED)
        label, answer = each.label.to(desk.language), said(value, each, desk.language)
        reasons = tuple(_reasons(desk, each.name))
        yield Given(each.name, numbers[each.name], label, answer, is_missing, can_change, reasons)


def _reasons(desk: Desk, field: str) -> Iterator[str]:
    for problem in desk.problems:
        reason = desk.answers.get(problem.code + REASON_SUFFIX)
        if problem.field == field and problem.level == "explain" and isinstance(reason, str):
            yield reason


def _matter(desk: Desk, problem: Problem) -> Matter:
    field = fields_by_name(desk.questionnaire).get(problem.field)
    section = field.item.section if field else ""
    path = f"{desk.base_path}/{section}#{problem.field}" if desk.may_change(section) and section else ""
    name = problem.code + REASON_SUFFIX if problem.level == "explain" else ""
    reason = desk.answers.get(name, "")
    text = reason if isinstance(reason, str) else ""
    beside = (each for each in desk.problems if each.field == problem.field)
    label, place = reasons_by_rule(beside, problem.label, desk.language).get(problem.code, ("", ""))
    return Matter(problem.label, problem.message, problem.remedy, path, desk.holder(section), name, text, label, place)
