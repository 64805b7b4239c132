"""Two people at the same response: what each changed is kept, and what both changed is shown to the later one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, select

from evaltools.collect.model import Answers, Difference
from evaltools.language import Language, texts
from evaltools.schema import fields, tied_fields
from evaltools.schema.missing import Missing
from evaltools.schema.model import Questionnaire, Value
from evaltools.store.log.events import Key
from evaltools.store.log.state import Kept, key_parameters, of_key, value_of, value_text
from evaltools.store.model import Conflict
from evaltools.store.moments import moment
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, EVENT_VALUES, EVENTS

_BLANK = value_text(Missing.NOT_ANSWERED)

# Built once: making a statement costs more than running it.
_VALUES = (
    select(EVENTS.c.field, EVENT_VALUES.c.value)
    .join(EVENT_VALUES, (EVENTS.c.unit == EVENT_VALUES.c.unit) & (EVENTS.c.seq == EVENT_VALUES.c.seq))
    .where(of_key(EVENTS), EVENTS.c.seq <= bindparam("until"))
    .where(EVENTS.c.field.in_(bindparam("names", expanding=True)))
    .order_by(EVENTS.c.seq)
)
_OPENED_AGAIN = Prepared(
    select(func.max(EVENTS.c.seq)).where(of_key(EVENTS), EVENTS.c.seq > bindparam("after"), EVENTS.c.kind == "reopen")
)
_AUTHORS = (
    select(EVENTS.c.seq, ACTORS.c.name, EVENTS.c.at)
    .select_from(EVENTS.outerjoin(ACTORS, EVENTS.c.actor == ACTORS.c.pseudonym))
    .where(EVENTS.c.unit == bindparam("of_unit"), EVENTS.c.seq.in_(bindparam("places", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Stand:
    """A response as it stands, and what the sender had seen of it."""

    questionnaire: Questionnaire
    key: Key
    kept: Mapping[str, Kept]
    version: int
    base_version: int | None
    seen_at: Mapping[str, int] = field(default_factory=dict)

    def base_of(self, name: str) -> int:
        """The version in which the sender saw a field; one that the response has not reached counts as nothing seen."""
        base = self.base_version or 0
        return min(base, self.seen_at.get(name, base)) if base <= self.version else 0


@dataclass(frozen=True, slots=True)
class Merged:
    """The answers to write, and what others have changed that the sender has not seen."""

    changes: Answers
    others: tuple[Difference, ...] = ()


def merge(
    connection: Connection, stand: Stand, ours: Answers, language: Language, *, submit: bool = False
) -> Merged | Conflict:
    """The answers to write, where the sender had seen `base_version`; a `Conflict` where both changed what is one.

    One are a field, and the fields that a sum ties to it (`schema.tied_fields`). A field that the sender sends back as
    it stood in what they had seen is not a change of theirs: a form posts whole pages, and must not undo what a
    colleague has written meanwhile. Of single fields (`seen_at`) that may be an older state. A version that the
    response has not reached (the sender saw it before a backup was restored) counts as nothing seen. With `submit` it
    is a conflict too that the response has been opened again since: a submission that is sent twice must not take a
    colleague's unfinished work with it.
    """
    if stand.base_version is None or (stand.base_version == stand.version and not stand.seen_at):
        return Merged(ours)
    theirs = {name: one for name, one in stand.kept.items() if one.version > stand.base_of(name)}
    sight = _Sight(ours, theirs, _values_seen(connection, stand, theirs))
    changes = {name: value for name, value in ours.items() if sight.is_ours(name)}
    clashing = _clashing(stand, sight, changes)
    others = frozenset(name for name in theirs if name not in {*changes, *clashing} and sight.is_stale(name))
    opening = _reopened(connection, stand, stand.base_version) if submit else 0
    newest = max((theirs[name].version for name in clashing if name in theirs), default=opening)
    places = {stand.kept[name].version for name in clashing | others if name in stand.kept} | {newest} - {0}
    authors = _authors(connection, stand.key.unit, places, language) if places else {}
    unseen = _differences(stand, sight, others, authors)
    if not clashing and not opening:
        return Merged(changes, unseen)
    return Conflict(_differences(stand, sight, clashing, authors), stand.version, *authors[newest], unseen)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the sender sends, what others wrote since, and what the sender had seen of that."""

    ours: Answers
    theirs: Mapping[str, Kept]
    seen: Mapping[str, str]

    def held(self, name: str) -> str:
        """The text of the value that the sender goes by."""
        return value_text(self.ours[name]) if name in self.ours else self.seen.get(name, _BLANK)

    def is_ours(self, name: str) -> bool:
        """Whether the sender has changed the field."""
        return name not in self.theirs or self.held(name) != self.seen.get(name, _BLANK)

    def is_stale(self, name: str) -> bool:
        """Whether somebody has written another value than the sender goes by."""
        return name in self.theirs and self.theirs[name].value != self.held(name)


def _clashing(stand: Stand, sight: _Sight, changes: Answers) -> frozenset[str]:
    """The fields that the sender writes and somebody else has written or changed the sum of, with those of the sum."""
    tied = tied_fields(stand.questionnaire)
    found: set[str] = set()
    for name, value in changes.items():
        kept = stand.kept.get(name)
        if value_text(value) == (_BLANK if kept is None else kept.value):
            continue
        stale = {other for other in tied.get(name, ()) if sight.is_stale(other)}
        if stale or sight.is_stale(name):
            found |= {name, *stale}
    return frozenset(found)


def _differences(
    stand: Stand, sight: _Sight, names: frozenset[str], authors: Mapping[int, tuple[str, dt.datetime]]
) -> tuple[Difference, ...]:
    """Both values of some fields in the order of the form, reasons last."""
    order = [one.name for one in fields(stand.questionnaire) if one.name in names] if names else []
    order += sorted(names.difference(order))
    return tuple(_difference(stand, sight, name, authors) for name in order)


def _difference(stand: Stand, sight: _Sight, name: str, authors: Mapping[int, tuple[str, dt.datetime]]) -> Difference:
    kept = stand.kept.get(name)
    by, at = ("", None) if kept is None else authors[kept.version]
    return Difference(name, _answer(sight.held(name)), None if kept is None else _answer(kept.value), by, at)


def _answer(text: str) -> Value | None:
    return None if text == _BLANK else value_of(text)


def _values_seen(connection: Connection, stand: Stand, names: Iterable[str]) -> Mapping[str, str]:
    """What stood in some fields when the sender saw them; a field without an answer is left out."""
    seen: dict[int, list[str]] = {}
    for name in names:
        seen.setdefault(stand.base_of(name), []).append(name)
    return {
        row.field: row.value
        for base, together in seen.items()
        for row in connection.execute(_VALUES, {**key_parameters(stand.key), "until": base, "names": together})
    }


def _reopened(connection: Connection, stand: Stand, base: int) -> int:
    """The place of the newest event since `base` that opened the response again; 0 where there is none."""
    after = base if base <= stand.version else 0
    return _OPENED_AGAIN.scalar(connection, {**key_parameters(stand.key), "after": after}) or 0


def _authors(
    connection: Connection, unit: str, places: Iterable[int], language: Language
) -> Mapping[int, tuple[str, dt.datetime]]:
    """Who wrote the events at some places, and when."""
    somebody = texts(language).say("store.somebody")
    rows = connection.execute(_AUTHORS, {"of_unit": unit, "places": list(places)})
    return {row.seq: (row.name or somebody, moment(row.at)) for row in rows}
