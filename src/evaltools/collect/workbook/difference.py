"""What saving a workbook would change: every field it holds against what stands in the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from evaltools.collect.checking import check_answers
from evaltools.collect.comparing import same
from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.collect.model import Answers, Problem
from evaltools.collect.reading import read_answers
from evaltools.collect.values import value_to_json
from evaltools.collect.workbook.model import (
    Change,
    ChangeKind,
    Preview,
    ReadResponse,
    ReadWorkbook,
    ResponsePreview,
    Standing,
)
from evaltools.language import Language
from evaltools.schema import fields
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Questionnaire, Value
from evaltools.schema.numbering import numbering


def compare(
    q: Questionnaire, read: ReadWorkbook, stands: Callable[[ReadResponse, Answers], Standing], language: Language
) -> Preview:
    """The preview of a workbook, read by the same rules as a form.

    stands : how a response stands in the store, given what was read for it.
    Returns: every field that would change, that somebody else has changed meanwhile, or that was not understood.
    """
    return Preview(
        read.identity, read.sha256, tuple(_response(q, one, stands, language) for one in read.responses), read.unread
    )


def settle(preview: Preview, ours: Collection[tuple[str, str]]) -> Preview:
    """The preview once the sender has chosen: no conflict is left, and what others wrote has been seen.

    ours : pairs of record and field of the conflicts where the sender's own answer shall count; in the others,
    theirs stays.
    """
    return replace(preview, responses=tuple(_settled(response, ours) for response in preview.responses))


def _settled(response: ResponsePreview, ours: Collection[tuple[str, str]]) -> ResponsePreview:
    theirs = {change.field for change in response.conflicts if (response.record, change.field) not in ours}
    answers = {name: value for name, value in response.answers.items() if name not in theirs}
    changes = tuple(_chosen(change, change.field in theirs) for change in response.changes)
    return replace(response, base_version=response.version, answers=answers, changes=changes)


def _chosen(change: Change, is_theirs: bool) -> Change:
    if change.kind != "conflict":
        return change
    kind: ChangeKind = "kept" if is_theirs else "cleared" if change.ours is None else "changed"
    return replace(change, kind=kind)


def _response(
    q: Questionnaire, response: ReadResponse, stands: Callable[[ReadResponse, Answers], Standing], language: Language
) -> ResponsePreview:
    reading = read_answers(q, response.raw, language)
    standing = stands(response, reading.changes)
    not_read = {each.field: each for each in (*reading.problems, *response.problems)}
    kinds = {name: kind for name, value in reading.changes.items() if (kind := _kind(name, value, standing))}
    about = _About(q, response, standing, language)
    changes = [about.change(kinds[name], name, reading.changes[name]) for name in kinds]
    changes += [about.change("not_understood", name, None, each) for name, each in not_read.items()]
    sent = {name: reading.changes[name] for name, kind in kinds.items() if kind != "kept"}
    return ResponsePreview(
        record=response.record,
        base_version=response.base_version,
        version=standing.version,
        answers={name: _raw(value) for name, value in sent.items()},
        changes=tuple(sorted(changes, key=about.position)),
        unchanged=len(reading.changes) - len(kinds),
        problems=_problems(q, standing, sent, language),
    )


def _problems(q: Questionnaire, standing: Standing, sent: Answers, language: Language) -> tuple[Problem, ...]:
    """What the checks say of the answers as they would stand."""
    after = {**standing.answers, **sent}
    return check_answers(q, after, language, references=standing.references, last=standing.last)


def _kind(name: str, value: Value, standing: Standing) -> ChangeKind | None:
    """What saving does with a field; None where it says what stands already."""
    ours, theirs = _given(value), _given(standing.answers.get(name))
    if same(ours, theirs):
        return None
    if name in standing.clashing or name in standing.kept:
        return "conflict" if name in standing.clashing else "kept"
    if ours is None:
        return "cleared"
    return "new" if theirs is None else "changed"


def _given(value: Value | None) -> Value | None:
    return None if value in (Missing.NOT_ANSWERED, "", ()) else value


def _raw(value: Value) -> object:
    return None if value is Missing.NOT_ANSWERED else value_to_json(value)


@dataclass(frozen=True, slots=True)
class _About:
    """What the fields of one response are called, and where they were read."""

    q: Questionnaire
    response: ReadResponse
    standing: Standing
    language: Language

    def change(self, kind: ChangeKind, name: str, ours: Value | None, problem: Problem | None = None) -> Change:
        """One line of the preview."""
        by, at = self.standing.since.get(name, ("", None))
        number, label = self._called(name)
        theirs = _given(self.standing.answers.get(name))
        cell = self.response.cells.get(name)
        given = None if ours is None else _given(ours)
        return Change(kind, name, number, label, cell, given, theirs, by, at, problem)

    def _called(self, name: str) -> tuple[str, str]:
        """Number and label of a field; of a reason, those of the question that the doubt is about."""
        numbers = numbering(self.q).fields
        labels = {field.name: field.label.to(self.language) for field in fields(self.q)}
        about = dict(self._reasons()).get(name, name)
        return numbers.get(about, ""), labels.get(about, name)

    def _reasons(self) -> Iterator[tuple[str, str]]:
        yield from ((rule.name + REASON_SUFFIX, rule.at) for rule in self.q.rules)
        yield from ((f"{CONTACT_PREFIX}{field.name}{REASON_SUFFIX}", field.name) for field in fields(self.q))

    def position(self, change: Change) -> int:
        """Where the field stands in the questionnaire; reasons stand last."""
        order = {field.name: n for n, field in enumerate(fields(self.q))}
        return order.get(change.field, len(order))
