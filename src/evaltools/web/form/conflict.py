"""Two people changed the same answer: both values, who wrote the other and when, and a choice for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evaltools.collect import Difference
from evaltools.collect.saying import said
from evaltools.language import texts
from evaltools.schema import numbering, tied_fields
from evaltools.schema.model import Value
from evaltools.store import Conflict
from evaltools.web.form.basis import Basis
from evaltools.web.form.desk import Desk, fields_by_name
from evaltools.web.form.posted import Post, Raw
from evaltools.web.form.posted_names import CHOICE_SUFFIX
from evaltools.web.form.saying import clock, label_of


@dataclass(frozen=True, slots=True)
class Both:
    """One field with both values in words, and who wrote theirs and when."""

    name: str
    number: str
    label: str
    mine: str
    theirs: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """Fields that are chosen as one, because a sum ties them. `name` is that of the choice."""

    name: str
    fields: tuple[Both, ...]

    @property
    def tied(self) -> str:
        """The names of its fields, as they are posted back."""
        return " ".join(each.name for each in self.fields)


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """What both changed. kept: all that was posted, to be posted again with the choices, based on `basis`."""

    title: str
    path: str
    back_path: str
    choices: tuple[Choosing, ...]
    kept: tuple[tuple[str, str], ...]
    basis: Basis
    by: str
    at: str


def conflict_page(
    desk: Desk,
    conflict: Conflict,
    *,
    path: str,
    post: Post,
) -> ConflictPage:
    """The page of a conflict.

    path: where the choices are posted. post: what was posted; fields of it that others have changed besides stay as
    they were shown, and are based on that. Fields that a sum ties are chosen as one.
    """
    both = {each.field: _both(desk, each, conflict) for each in conflict.differences}
    order = [*fields_by_name(desk.questionnaire), *both]
    section = next((each for each in desk.questionnaire.sections if path.endswith(f"/{each.name}")), None)
    return ConflictPage(
        title=section.title.to(desk.language) if section else "",
        path=path,
        back_path=desk.base_path,
        choices=tuple(_grouped({name: both[name] for name in dict.fromkeys(order) if name in both}, desk)),
        kept=tuple(_kept(post.raw)),
        basis=Basis(conflict.version, {one.field: post.basis.of(one.field) for one in conflict.others}),
        by=conflict.by,
        at=clock(conflict.at, desk.language),
    )


def _both(desk: Desk, difference: Difference, conflict: Conflict) -> Both:
    name = difference.field
    mine, theirs = (_words(desk, name, value) for value in (difference.ours, difference.theirs))
    number = numbering(desk.questionnaire).fields.get(name, "")
    by, at = difference.by or conflict.by, difference.at or conflict.at
    return Both(name, number, label_of(desk, name), mine, theirs, by, clock(at, desk.language))


def _words(desk: Desk, name: str, value: Value | None) -> str:
    field = fields_by_name(desk.questionnaire).get(name)
    if field is not None:
        return said(value, field, desk.language)
    return value if isinstance(value, str) else texts(desk.language).say("web.conflict.nothing")


def _grouped(both: Mapping[str, Both], desk: Desk) -> Iterator[Choosing]:
    """The fields in the order of the form, those that are tied together at the place of the first of them."""
    ties = tied_fields(desk.questionnaire)
    left = dict(both)
    for name in both:
        if name not in left:
            continue
        together, waiting = {name}, [name]
        while waiting:
            fresh = ties.get(waiting.pop(), frozenset()) & set(left) - together
            together |= fresh
            waiting.extend(fresh)
        yield Choosing(name, tuple(left.pop(each) for each in both if each in together))


def _kept(raw: Raw) -> Iterator[tuple[str, str]]:
    for name, values in raw.items():
        if name not in ("csrf", "base_version", "tied", "lang") and not name.endswith(CHOICE_SUFFIX):
            yield from ((name, value) for value in values)
