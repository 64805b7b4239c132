"""The preview of a workbook as its page shows it, and the choices that come back from the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaltools.collect.saying import said
from evaltools.collect.workbook import Change, ChangeKind, Preview
from evaltools.language import Language, texts
from evaltools.schema import Field, Questionnaire, fields
from evaltools.schema.model import REASON_SUFFIX, Value
from evaltools.web.form.saying import clock
from evaltools.web.shown import Changed, Group, Previewing, Stray

KINDS: tuple[ChangeKind, ...] = ("not_understood", "conflict", "new", "changed", "cleared", "kept")
"""In the order in which they matter to whoever looks."""


def previewing(preview: Preview, questionnaire: Questionnaire, language: Language, content: str) -> Previewing:
    """The page of a preview. content: the file, which comes back with the decision."""
    by_name = {one.name: one for one in fields(questionnaire)}
    found = [(one.record, change) for one in preview.responses for change in one.changes]
    groups = tuple(
        Group(kind, tuple(_changed(record, each, by_name, language) for record, each in found if each.kind == kind))
        for kind in KINDS
    )
    strays = tuple(
        Stray(f"{one.cell.sheet}, {one.cell.ref}", f"{one.problem.message} {one.problem.remedy}".strip())
        for one in preview.unread
    )
    return Previewing(
        groups=tuple(one for one in groups if one.changes),
        strays=strays,
        unchanged=sum(one.unchanged for one in preview.responses),
        seen=tuple(_seen(preview)),
        content=content,
        changes_nothing=preview.changes_nothing,
    )


def is_as_shown(preview: Preview, form: Mapping[str, Sequence[str]]) -> bool:
    """Whether the answers stand as they stood when the page was made."""
    return set(form.get("seen", ())) == set(_seen(preview))


def chosen(preview: Preview, form: Mapping[str, Sequence[str]]) -> frozenset[tuple[str, str]]:
    """The conflicts in which the answer of the workbook shall count, as pairs of record and field."""
    return frozenset(
        (response.record, change.field)
        for response in preview.responses
        for change in response.conflicts
        if form.get(_choice(response.record, change.field)) == ("mine",)
    )


def outside(preview: Preview, questionnaire: Questionnaire, sections: tuple[str, ...] | None) -> bool:
    """Whether the workbook changes answers of sections that its sender has not been given."""
    if sections is None:
        return False
    own = {one.name for one in fields(questionnaire) if one.item.section in sections}
    own |= {rule.name + REASON_SUFFIX for rule in questionnaire.rules if rule.at in own}
    return any(name not in own for response in preview.responses for name in response.answers)


def _seen(preview: Preview) -> Iterator[str]:
    yield from (f"{one.record}:{one.version}" for one in preview.responses)


def _choice(record: str, field: str) -> str:
    return f"choice:{record}:{field}"


def _changed(record: str, one: Change, by_name: Mapping[str, Field], language: Language) -> Changed:
    say = texts(language).say
    at = "" if one.at is None else say("site.workbook.preview.by", by=one.by, at=clock(one.at, language))
    problem = "" if one.problem is None else f"{one.problem.message} {one.problem.remedy}".strip()
    return Changed(
        name=_choice(record, one.field),
        record=record,
        number=one.number,
        label=one.label,
        cell="" if one.cell is None else f"{one.cell.sheet}, {one.cell.ref}",
        ours=_words(one.ours, by_name.get(one.field), language),
        theirs=_words(one.theirs, by_name.get(one.field), language),
        by=at,
        problem=problem,
    )


def _words(value: Value | None, field: Field | None, language: Language) -> str:
    if value is None:
        return texts(language).say("site.workbook.preview.empty")
    return said(value, field, language) if field is not None else str(value)
