"""A posted page made into raw answers for `collect.read_answers`, whatever a browser may send."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.collect.missing_input import MISSING_SUFFIX
from evaltools.collect.model import Problem
from evaltools.collect.numbers import read_number
from evaltools.language import Language, texts
from evaltools.schema import Section
from evaltools.schema.model import REASON_SUFFIX, Field, Questionnaire
from evaltools.web.form.basis import Basis, read_basis, whole_number
from evaltools.web.form.desk import section_fields
from evaltools.web.form.posted_names import AS_SHOWN_SUFFIX, CHOICE_SUFFIX, MISSING_CODE, SHOWN, TURNS_SUFFIX

Raw = Mapping[str, Sequence[str]]

TWO_FIGURES: Final = "TWO_FIGURES"
_MOST_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Post:
    """A posted page of one section.

    answers: what `collect.read_answers` takes. raw: what was sent, to be shown again. problems: what cannot be passed
    on, because two things were said at once. action: `save`, `next`, `later` or whatever else was pressed.
    basis: what the page showed. turns: of each repeat, shown then.
    """

    answers: Mapping[str, object] = field(default_factory=dict)
    raw: Raw = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    action: str = "save"
    basis: Basis = field(default_factory=Basis)
    turns: Mapping[str, int] = field(default_factory=dict)


def read_posted(
    questionnaire: Questionnaire,
    section: Section,
    form: Raw,
    *,
    figures: Mapping[str, float],
    language: Language,
) -> Post:
    """The answers of a posted page; names that are not of this section are left alone.

    form: every value by name, as decoded, in the order it came. figures: the known number that each field showed, by
    field name (see `known_figures`). A group of radio buttons or checkboxes of which none is set clears its field only
    if the page says that it was shown.
    """
    raw = {_clean(name): tuple(_clean(value) for value in values) for name, values in form.items()}
    own = section_fields(questionnaire, section.name)
    given = dict(_given(own, raw))
    given |= dict(_reasons(questionnaire, own, raw))
    problems = tuple(_confirm(own, raw, given, figures, language))
    _clear(own, raw, given)
    _leave_theirs(raw, given)
    action = "save" if raw.get("add") or raw.get("clear") else _first(raw, "action") or "save"
    return Post(given, raw, problems, action, read_basis(_first(raw, "base_version")), dict(_turns(section, raw)))


def _given(own: Sequence[Field], raw: Raw) -> Iterator[tuple[str, object]]:
    shown = frozenset(raw.get(SHOWN, ()))
    for each in own:
        if each.kind == "computed":
            continue
        kinds = _kinds(each, raw)
        if each.name in raw or each.name in shown or kinds:
            yield each.name, _one(each, raw.get(each.name, ()))
        if kinds:
            yield each.name + MISSING_SUFFIX, ", ".join(kinds)


def _kinds(own: Field, raw: Raw) -> tuple[str, ...]:
    """The kinds of missing that were ticked; the box of a count "x of y" speaks for both where y is left empty."""
    kinds = _ticked(own.name, raw)
    if kinds or own.part != "of" or any(value.strip() for value in raw.get(own.name, ())):
        return kinds
    return _ticked(own.name.removesuffix("_of"), raw)


def _ticked(name: str, raw: Raw) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for kind in raw.get(name + MISSING_SUFFIX, ()) if kind.strip()))


def _one(own: Field, values: Sequence[str]) -> object:
    """The value of one field: codes as a list; what was sent twice and differs is passed on whole, to be refused."""
    distinct = tuple(dict.fromkeys(value for value in values if value.strip()))
    if own.kind == "multiple":
        return list(distinct)
    if len(distinct) == 1 and own.kind == "single" and distinct[0].startswith(MISSING_CODE):
        return {"missing": distinct[0].removeprefix(MISSING_CODE)}
    return " / ".join(distinct)


def _reasons(questionnaire: Questionnaire, own: Sequence[Field], raw: Raw) -> Iterator[tuple[str, object]]:
    for name in raw.keys() & reason_names(questionnaire, own):
        yield name, "\n".join(dict.fromkeys(raw[name]))


def reason_names(questionnaire: Questionnaire, own: Sequence[Field]) -> frozenset[str]:
    """The names of the reasons that may be written beside some fields."""
    names = {each.name for each in own}
    ruled = {rule.name + REASON_SUFFIX for rule in questionnaire.rules if rule.at in names}
    return frozenset(ruled | {f"{CONTACT_PREFIX}{name}{REASON_SUFFIX}" for name in names})


def _confirm(
    own: Sequence[Field], raw: Raw, given: dict[str, object], figures: Mapping[str, float], language: Language
) -> Iterator[Problem]:
    """Where a known number is confirmed, it becomes the answer; unless another one is written beside it."""
    for each in own:
        if raw.get(each.name + AS_SHOWN_SUFFIX) != ("yes",) or each.name not in figures:
            continue
        typed, figure = given.get(each.name, ""), figures[each.name]
        read = read_number(typed, decimals=_MOST_DIGITS, unit=each.item.unit, language=language) if typed else figure
        if read == figure and each.name + MISSING_SUFFIX not in given:
            given[each.name] = figure
            continue
        given.pop(each.name, None)
        given.pop(each.name + MISSING_SUFFIX, None)
        say = texts(language).say
        message, remedy = say("web.posted.two_figures.message"), say("web.posted.two_figures.remedy")
        yield Problem("stop", TWO_FIGURES, each.name, message, remedy, each.label.to(language))


def _clear(own: Sequence[Field], raw: Raw, given: dict[str, object]) -> None:
    """Take back the answer whose button "remove the answer" was pressed: of a question, or of one row of a grid."""
    cleared = raw.get("clear", ())
    for each in own:
        if each.kind == "single" and each.name in cleared:
            given[each.name] = ""


def _leave_theirs(raw: Raw, given: dict[str, object]) -> None:
    """Where somebody else's answer was chosen after a conflict, ours is not sent again; tied fields go together."""
    for tied in raw.get("tied", ()):
        names = tied.split()
        if names and raw.get(names[0] + CHOICE_SUFFIX) == ("theirs",):
            for name in names:
                given.pop(name, None)
                given.pop(name + MISSING_SUFFIX, None)


def _turns(section: Section, raw: Raw) -> Iterator[tuple[str, int]]:
    for item in section.items:
        if item.kind != "repeat":
            continue
        shown = whole_number(_first(raw, item.name + TURNS_SUFFIX))
        added = item.name in raw.get("add", ())
        if shown or added:
            yield item.name, min(max(shown, 1) + added, item.repeat_max)


def _first(raw: Raw, name: str) -> str:
    return next(iter(raw.get(name, ())), "")


def _clean(text: str) -> str:
    """The text without what no page can show again: halves of characters, NUL and other control characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in unified if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs"))
