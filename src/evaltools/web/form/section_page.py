"""One topic on one page: its questions, what is wrong with the answers, and what they say about other sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from evaltools.collect.model import Problem
from evaltools.language import texts
from evaltools.schema import Section, evaluate, numbering
from evaltools.schema.model import Level, Questionnaire
from evaltools.web.form.basis import Basis
from evaltools.web.form.controls import Drawing
from evaltools.web.form.desk import Desk, fields_by_name, rule_names, section_fields
from evaltools.web.form.meanwhile import Changed
from evaltools.web.form.model import Control, Group, Question, grouped
from evaltools.web.form.posted import Post
from evaltools.web.form.questions import question
from evaltools.web.form.review import Part, part
from evaltools.web.form.rules_for_page import RunningSum, rules_for_page, running_sums


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the summary of problems: where it leads and what it says."""

    level: Level
    target: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A problem that these answers make in another section, and who has that section."""

    message: str
    section: str
    holder: str
    path: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section to answer.

    step: which of `steps`; 0 where none of its questions are asked. rules: what the script of the page reads, as JSON
    text. open_turns: turns of repeats that are shown though nobody has begun them, such as `fu_2`. others: a colleague
    who has the section too. changed: what others have written since the page was opened, and it shows now. locked: its
    answers to read, for whoever may not change them.
    """

    name: str
    title: str
    intro: tuple[str, ...]
    questions: tuple[Question, ...]
    basis: Basis
    step: int
    steps: int
    base_path: str
    entries: tuple[Entry, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    new: tuple[Entry, ...] = ()
    rules: str = ""
    open_turns: tuple[str, ...] = ()
    saved: bool = False
    others: str = ""
    changed: tuple[Changed, ...] = ()
    locked: Part | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """Its questions by the headings that stand between them."""
        return tuple(grouped(self.questions))

    @property
    def has_error(self) -> bool:
        """Whether something must be mended."""
        return any(entry.level == "stop" for entry in self.entries)

    @property
    def has_doubt(self) -> bool:
        """Whether a reason is asked for."""
        return any(entry.level == "explain" for entry in self.entries)


def section_page(
    desk: Desk,
    section: Section,
    *,
    post: Post | None = None,
    new: frozenset[str] = frozenset(),
    with_script: bool = True,
) -> SectionPage:
    """The page of one section.

    desk: with the problems of all answers, and of reading the post. post: where the page is shown again, what was
    posted; without it a missing required answer is not mentioned yet. new: fields that the post has opened.
    with_script: whether the page carries the rules that its script reads.
    """
    turns = post.turns if post else {}
    problems = _by_field(desk, section, post)
    drawing = Drawing(
        desk,
        _asked(desk, section, turns),
        problems,
        post.raw if post else {},
        new,
        _sums(desk.questionnaire, section.name),
    )
    questions = tuple(question(item, drawing, turns=turns.get(item.name, 1)) for item in section.items)
    names = [each.name for each in desk.sections]
    return SectionPage(
        name=section.name,
        title=section.title.to(desk.language),
        intro=tuple(_intro(desk, section)),
        questions=questions,
        basis=Basis(desk.version),
        step=names.index(section.name) + 1 if section.name in names else 0,
        steps=len(names),
        base_path=desk.base_path,
        entries=tuple(_entries(desk, questions)),
        elsewhere=tuple(_elsewhere(desk, section)),
        new=tuple(Entry("note", each.target, _numbered(desk, each), "") for each in _controls(questions) if each.new),
        rules=_rules(desk, section) if with_script else "",
        open_turns=tuple(f"{name}_{turn}" for name, most in turns.items() for turn in range(2, most + 1)),
        saved=post is not None,
        others=_others(desk, section),
        locked=None if desk.may_change(section.name) else part(desk, section),
    )


@lru_cache(maxsize=256)
def _sums(questionnaire: Questionnaire, name: str) -> tuple[RunningSum, ...]:
    section = next(each for each in questionnaire.sections if each.name == name)
    return running_sums(questionnaire, section)


def _rules(desk: Desk, section: Section) -> str:
    return rules_for_page(desk.questionnaire, section, desk.asking.answers, desk.language)


def _by_field(desk: Desk, section: Section, post: Post | None) -> Mapping[str, tuple[Problem, ...]]:
    """The problems of this section by field: what could not be read just now comes first."""
    found: dict[str, list[Problem]] = {each.name: [] for each in section_fields(desk.questionnaire, section.name)}
    for problem in dict.fromkeys((*(post.problems if post else ()), *desk.problems)):
        is_early = problem.code == "REQUIRED" and post is None
        if problem.field in found and not is_early:
            found[problem.field].append(problem)
    return {name: tuple(problems) for name, problems in found.items() if problems}


def _asked(desk: Desk, section: Section, turns: Mapping[str, int]) -> frozenset[str]:
    """The fields that are open; also those of an empty turn that has just been added."""
    opened = {
        each.name
        for each in section_fields(desk.questionnaire, section.name)
        if any(each.name.startswith(f"{name}_{turn}_") for name, most in turns.items() for turn in range(2, most + 1))
        and (each.ask_if is None or evaluate(each.ask_if, desk.asking.answers) is True)
    }
    return desk.asking.asked | opened


def _intro(desk: Desk, section: Section) -> Iterator[str]:
    zero = texts(desk.language).say("collect.zero")
    intro = section.intro.to(desk.language) if section.intro else ""
    if intro:
        yield intro
    counts = any(each.kind in ("integer", "count") for each in section_fields(desk.questionnaire, section.name))
    if counts and zero not in intro:
        yield zero


def _controls(questions: tuple[Question, ...]) -> Iterator[Control]:
    """Every control of the page, also those inside others."""
    for each in questions:
        for one in (*each.controls, *_controls(tuple(inner for turn in each.turns for inner in turn.questions))):
            yield one
            yield from (choice.text for choice in one.choices if choice.text is not None)
            if one.whole is not None:
                yield one.whole


def _numbered(desk: Desk, control: Control) -> str:
    """A field by its number and label, since rows of several questions have the same label."""
    return f"{numbering(desk.questionnaire).fields.get(control.name, '')} {control.label}".strip()


def _entries(desk: Desk, questions: tuple[Question, ...]) -> Iterator[Entry]:
    """The summary: what must be mended, then doubts that lack their reason. Notes stand beside the field only."""
    found = [(each, notice) for each in _controls(questions) if each.asked for notice in each.notices]
    for level in ("stop", "explain"):
        for each, notice in found:
            if notice.level == level and not (level == "explain" and notice.reason.strip()):
                target = each.target if level == "stop" else notice.reason_name
                label = _numbered(desk, each) + (f" ({notice.place})" if notice.place else "")
                yield Entry(notice.level, target, label, notice.message)


def _elsewhere(desk: Desk, section: Section) -> Iterator[Elsewhere]:
    """Problems beside a field of another section, made together with answers of this one."""
    by_name = fields_by_name(desk.questionnaire)
    own = {each.name for each in section_fields(desk.questionnaire, section.name)}
    titles = {each.name: each.title.to(desk.language) for each in desk.questionnaire.sections}
    for problem in desk.problems:
        if problem.field in own or problem.field not in by_name or not own & set(rule_names(desk, problem.code)):
            continue
        there = by_name[problem.field].item.section
        path = f"{desk.base_path}/{there}#{problem.field}"
        yield Elsewhere(problem.message, titles[there], desk.holder(there), path, desk.may_change(there))


def _others(desk: Desk, section: Section) -> str:
    """Who else has this section, for whoever stands in it."""
    holder = desk.holder(section.name)
    return holder if holder != desk.person else ""
