"""One field of the questionnaire made into one control of the page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as part
from typing import Final, Literal

from evaltools.collect.limits import limits, shown_number
from evaltools.collect.model import Problem
from evaltools.collect.saying import said
from evaltools.language import texts
from evaltools.schema import numbering
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import REASON_SUFFIX, Category, Field, Value
from evaltools.web.form.desk import Desk, fields_by_name, section_fields
from evaltools.web.form.model import Choice, Control, ControlKind, Figure, Notice
from evaltools.web.form.posted import Raw
from evaltools.web.form.posted_names import AS_SHOWN_SUFFIX, MISSING_CODE, MISSING_SUFFIX, SHOWN
from evaltools.web.form.rules_for_page import RunningSum
from evaltools.web.form.saying import reasons_by_rule, typed_text

MOST_RADIOS: Final = 12
"""A code list that is longer becomes a drop-down list."""
LONG_TEXT: Final = 200
"""A text that may be longer gets a box of several lines."""


@dataclass(frozen=True)
class Drawing:
    """What the controls of one page share. raw: what was posted and must be shown again. new: fields just opened."""

    desk: Desk
    asked: frozenset[str]
    problems: Mapping[str, tuple[Problem, ...]] = part(default_factory=dict)
    raw: Raw = part(default_factory=dict)
    new: frozenset[str] = frozenset()
    sums: tuple[RunningSum, ...] = ()

    def say(self, key: str, **values: object) -> str:
        """A text of the form in the language of the page."""
        return texts(self.desk.language).say(f"web.{key}", **values)

    def answer(self, field: Field) -> Value | None:
        """The answer as it counts, or as it was kept in a branch that is closed now."""
        if field.kind == "computed":
            return self.desk.asking.answers.get(field.name)
        return self.desk.answers.get(field.name)

    def posted(self, name: str) -> Sequence[str] | None:
        """What was posted under that name; None where this page does not show a post again."""
        return self.raw.get(name, ()) if self.raw else None


def known_figures(desk: Desk, section: str) -> Mapping[str, float]:
    """The numbers that the page of a section shows to be confirmed, by field; `read_posted` must know them."""
    drawing = Drawing(desk, frozenset())
    shown = ((each.name, _figure(each, drawing)) for each in section_fields(desk.questionnaire, section))
    return {name: float(figure.value) for name, figure in shown if figure is not None}


def control(field: Field, drawing: Drawing, *, label: str = "") -> Control:
    """The control of one field. label: what it is called where its question does not say it."""
    desk = drawing.desk
    figure = _figure(field, drawing)
    return Control(
        name=field.name,
        kind=_kind(field),
        label=label or field.label.to(desk.language),
        asked=field.name in drawing.asked,
        letter=numbering(desk.questionnaire).fields[field.name].rpartition(" ")[2] if field.row else "",
        value=_value(field, drawing, figure),
        choices=tuple(_choices(field, drawing)),
        missing=() if field.kind == "single" else tuple(_kinds_of_missing(field, drawing)),
        unit=field.item.unit.to(desk.language) if field.item.unit and field.kind != "text" else "",
        mode=_mode(field),
        width=_width(field),
        hints=tuple(_hints(field, drawing)),
        known=tuple(_known(field, drawing, figure)),
        figure=figure,
        notices=tuple(_notices(field, drawing)),
        whole=_whole(field, drawing),
        new=field.name in drawing.new,
    )


def _kind(field: Field) -> ControlKind:
    if field.kind == "single":
        return "radios" if field.item.codelist and len(field.item.codelist.categories) <= MOST_RADIOS else "select"
    if field.kind == "text":
        return "area" if field.item.max_length > LONG_TEXT else "text"
    kinds: Mapping[str, ControlKind] = {"multiple": "checks", "email": "email", "computed": "computed"}
    return kinds.get(field.kind, "number")


def _mode(field: Field) -> Literal["", "numeric", "decimal"]:
    smallest, _ = limits(field)
    if field.kind == "decimal":
        return "decimal"
    may_be_negative = smallest is None or smallest < 0  # the numeric pad of some telephones has no minus
    return "numeric" if field.kind in ("count", "year") or (field.kind == "integer" and not may_be_negative) else ""


def _width(field: Field) -> Literal["", "short", "middle", "long"]:
    if field.kind in ("year", "integer", "count", "decimal"):
        return "short"
    if field.kind in ("date", "month"):
        return "middle"
    return "long" if field.kind in ("email", "text") else ""


def _value(field: Field, drawing: Drawing, figure: Figure | None) -> str:
    """What stands in the box: nothing where a known number is confirmed, so that the two can never disagree."""
    posted = drawing.posted(field.name)
    if posted and field.kind not in ("multiple", "computed"):
        return posted[0]
    if posted is not None and drawing.raw.get(field.name + MISSING_SUFFIX):
        return ""
    answer = drawing.answer(field)
    if field.kind == "computed":
        return _computed(field, answer, drawing)
    return "" if figure is not None and figure.agrees else typed_text(answer, field, drawing.desk.language)


def _computed(field: Field, answer: Value | None, drawing: Drawing) -> str:
    if answer is None or isinstance(answer, Missing):
        return ""
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return shown_number(answer, drawing.desk.language)  # the unit stands beside it
    return said(answer, field, drawing.desk.language)


def _chosen(field: Field, drawing: Drawing) -> tuple[str, ...]:
    """The values of the radios or checkboxes that are set."""
    posted = drawing.posted(field.name)
    if posted or field.name in drawing.raw.get(SHOWN, ()):
        return tuple(posted or ())
    answer = drawing.answer(field)
    if isinstance(answer, Missing):
        return (MISSING_CODE + answer.kind,)
    return answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, str) else ()


def _choices(field: Field, drawing: Drawing) -> Iterator[Choice]:
    if field.item.codelist is None or field.kind not in ("single", "multiple"):
        return
    language = drawing.desk.language
    chosen = _chosen(field, drawing)
    for category in field.item.codelist.categories:
        text = _write_in(field, category, drawing)
        yield Choice(category.code, category.label.to(language), category.code in chosen, text=text)
    for kind in field.item.missing if field.kind == "single" else ():
        code = MISSING_CODE + kind.kind
        yield Choice(code, missing_label(kind, language), code in chosen, is_missing=True)


def _write_in(field: Field, category: Category, drawing: Drawing) -> Control | None:
    if not category.write_in:
        return None
    own = fields_by_name(drawing.desk.questionnaire).get(f"{field.name}_{category.code}_text")
    label = drawing.say("write_in", choice=category.label.to(drawing.desk.language))
    return None if own is None else control(own, drawing, label=label)


def _kinds_of_missing(field: Field, drawing: Drawing) -> Iterator[Choice]:
    """The boxes to tick where there is no answer to write; of x of y they stand once, for both."""
    posted = drawing.posted(field.name + MISSING_SUFFIX)
    answer = drawing.answer(field)
    set_kinds = tuple(posted) if posted else (answer.kind,) if isinstance(answer, Missing) else ()
    if posted is not None and drawing.posted(field.name):
        set_kinds = tuple(posted)
    for kind in field.item.missing:
        label = missing_label(kind, drawing.desk.language)
        yield Choice(kind.kind, label, kind.kind in set_kinds, is_missing=True)


def _whole(field: Field, drawing: Drawing) -> Control | None:
    if field.kind != "count" or field.part != "":
        return None
    own = fields_by_name(drawing.desk.questionnaire).get(f"{field.name}_of")
    return None if own is None else control(own, drawing, label=drawing.say("whole_number"))


def _hints(field: Field, drawing: Drawing) -> Iterator[str]:
    """How to write the answer."""
    say, item = drawing.say, field.item
    if field.kind in ("year", "month", "date", "decimal"):
        yield say(f"hint.{field.kind}")
    if field.kind == "multiple" and item.max_choices is not None:
        yield say("hint.max_choices", count=item.max_choices)
    for category in item.codelist.categories if item.codelist and field.kind == "multiple" else ():
        if category.exclusive:
            yield say("hint.exclusive", choice=category.label.to(drawing.desk.language))
    if field.kind == "text" and field.part == "":
        yield say("hint.max_length", count=item.max_length)


def _known_values(field: Field, drawing: Drawing) -> Iterator[tuple[Literal["register", "last"], Value]]:
    desk = drawing.desk
    if field.item.reference and field.row is None and field.part == "" and field.item.reference in desk.references:
        figure = desk.references[field.item.reference]
        yield "register", str(int(figure)) if field.kind == "single" else figure
    last = desk.last.get(field.name)
    if last is not None and not isinstance(last, Missing):
        yield "last", last


def _known(field: Field, drawing: Drawing, figure: Figure | None) -> Iterator[str]:
    """Known numbers and earlier answers that are only told: all but the one to confirm."""
    if field.kind in ("text", "email", "computed"):
        return
    known = _known_values(field, drawing)
    for origin, value in itertools.islice(known, 0 if figure is None else 1, None):
        yield drawing.say(f"known.{origin}", answer=said(value, field, drawing.desk.language))


def _figure(field: Field, drawing: Drawing) -> Figure | None:
    """A known number that can be confirmed: the register's, or else that of the last wave."""
    if field.kind not in ("integer", "decimal", "year") or field.row is not None:
        return None
    known = next(_known_values(field, drawing), None)
    if known is None or not isinstance(known[1], int | float):
        return None
    origin, value = known
    language = drawing.desk.language
    posted = drawing.posted(field.name + AS_SHOWN_SUFFIX)
    answer = drawing.answer(field)
    is_number = isinstance(answer, int | float) and not isinstance(answer, Missing)
    agrees = posted[0] == "yes" if posted else is_number and answer == value
    differs = posted[0] == "no" if posted else is_number and not agrees
    return Figure(origin, f"{value:.15g}", said(value, field, language), agrees, differs)


def _notices(field: Field, drawing: Drawing) -> Iterator[Notice]:
    problems = drawing.problems.get(field.name, ())
    named = reasons_by_rule(problems, field.label.to(drawing.desk.language), drawing.desk.language)
    for number, problem in enumerate(problems):
        id_ = f"{field.name}-notice-{number}"
        if problem.level != "explain":
            yield Notice(problem.level, id_, problem.message, problem.remedy)
            continue
        name = problem.code + REASON_SUFFIX
        kept = drawing.desk.answers.get(name)
        reason = (drawing.posted(name) or (kept if isinstance(kept, str) else "",))[0]
        label, place = named[problem.code]
        yield Notice(problem.level, id_, problem.message, problem.remedy, name, reason, label, place)
