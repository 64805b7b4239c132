"""What a page of questions shows, as values: questions, the controls in them, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from evaltools.schema.model import Level

ControlKind = Literal["radios", "select", "checks", "number", "text", "area", "email", "computed"]
Layout = Literal["field", "fields", "matrix", "rows", "repeat", "note"]
"""How a question lies: one control, several under one heading, a grid with or without columns, turns, or text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button, checkbox or option. `text` is the field for what is meant by "other"."""

    value: str
    label: str
    chosen: bool
    is_missing: bool = False
    text: Control | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is known already, from a register or the last wave: as it counts and as it is shown.

    agrees, differs: which of the two is chosen; neither before anybody has answered.
    """

    origin: Literal["register", "last"]
    value: str
    shown: str
    agrees: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said beside a field.

    reason_name: where a written reason is posted; empty where none is asked. reason_label: what that box is called.
    place: which of several doubts at the field this is, such as "1 of 2".
    """

    level: Level
    id: str
    message: str
    remedy: str
    reason_name: str = ""
    reason: str = ""
    reason_label: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field to answer, as it is drawn.

    letter: of a row of a grid. value: the text in its box. figure: a known number to confirm. known: earlier answers
    that are only told. whole: the field "out of", for x of y.
    """

    name: str
    kind: ControlKind
    label: str
    asked: bool
    letter: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    missing: tuple[Choice, ...] = ()
    unit: str = ""
    mode: Literal["", "numeric", "decimal"] = ""
    width: Literal["", "short", "middle", "long"] = ""
    hints: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    figure: Figure | None = None
    notices: tuple[Notice, ...] = ()
    whole: Control | None = None
    new: bool = False

    @property
    def target(self) -> str:
        """The id of the first thing to set the focus on."""
        if self.kind in ("radios", "checks") and self.choices:
            return f"{self.name}-{self.choices[0].value}".replace(":", "-")
        return self.name

    @property
    def can_clear(self) -> bool:
        """Whether a button takes its answer back: radio buttons cannot be unset by themselves."""
        return self.kind == "radios" and any(choice.chosen for choice in self.choices)

    @property
    def is_wrong(self) -> bool:
        """Whether something beside it must be mended."""
        return any(notice.level == "stop" for notice in self.notices)

    def described_by(self, *, question: str = "") -> str:
        """The ids of the hints and notices that belong to it; `question` is named where that has hints of its own."""
        hints = [f"{question}-about"] if question else []
        hints += [f"{self.name}-hints"] if self.hints or self.known else []
        return " ".join((*hints, *(notice.id for notice in self.notices)))


@dataclass(frozen=True, slots=True)
class Turn:
    """One round of a repeat, such as the second family."""

    heading: str
    questions: tuple[Question, ...]
    shown: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(name for question in self.questions for name in question.fields)


@dataclass(frozen=True, slots=True)
class Sum:
    """A running sum under its name for the script: what it adds, and what it is now."""

    name: str
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Question:
    """One item of the questionnaire as it lies on the page. `heading`: of the group that it begins."""

    name: str
    text: str
    layout: Layout
    controls: tuple[Control, ...] = ()
    asked: bool = True
    number: str = ""
    heading: str = ""
    hints: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    can_add: bool = False
    sums: tuple[Sum, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields."""
        own = tuple(name for control in self.controls for name in (control.name, *_inside(control)))
        return own + tuple(name for turn in self.turns for name in turn.fields)

    @property
    def by_question(self) -> str:
        """What the controls name as the owner of the hints."""
        return self.name if self.hints else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under a heading of their own; those before the first heading have none."""

    questions: tuple[Question, ...]

    @property
    def heading(self) -> str:
        """What stands above them."""
        return self.questions[0].heading

    @property
    def name(self) -> str:
        """The name of its first question."""
        return self.questions[0].name

    @property
    def asked(self) -> bool:
        """Whether any of them is asked."""
        return any(question.asked for question in self.questions)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields of all of them."""
        return tuple(name for question in self.questions for name in question.fields)


def grouped(questions: Iterable[Question]) -> Iterator[Group]:
    """The questions of a page by heading, in their order."""
    together: list[Question] = []
    for each in questions:
        if each.heading and together:
            yield Group(tuple(together))
            together = []
        together.append(each)
    if together:
        yield Group(tuple(together))


def _inside(control: Control) -> tuple[str, ...]:
    return () if control.whole is None else (control.whole.name,)
