"""Excel as a channel: the workbook of a unit, what one that came back would change, and keeping it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from evaltools.collect.model import Answers, Problem
from evaltools.collect.workbook import (
    Contents,
    FilledIn,
    Identity,
    Preview,
    RawWorkbook,
    ReadResponse,
    ResponsePreview,
    compare,
    identify,
    mismatch,
    open_workbook,
    read_cells,
    said,
    write_workbook,
)
from evaltools.collect.workbook import Standing as Beside
from evaltools.language import Language, texts
from evaltools.schema.model import Questionnaire
from evaltools.store.answers.current import current, records
from evaltools.store.answers.merging import Stand, merge
from evaltools.store.answers.previous import last_answers, wave_before
from evaltools.store.answers.receiving import receive
from evaltools.store.fieldwork.waves import OpenedWave, Population, read_population, read_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.keys import store_key
from evaltools.store.log.events import Key, pseudonym
from evaltools.store.log.journal import Line, note
from evaltools.store.log.state import read_kept, read_standing
from evaltools.store.model import Conflict, Current, Refused, Saved, Submission

SIGNING: Final = "workbook"
"""The store's key that workbooks are signed with."""
FREE_ROWS: Final = 50
"""Empty rows for new records in a workbook of registrations."""
_NONCE_BYTES: Final = 4


def make_workbook(store: Store, survey: str, wave: str, unit: str, *, language: Language = "da") -> bytes:
    """The workbook of a unit: signed, with its answers as they stand, last wave's and the register's figures.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    with reading(store) as connection:
        opened, population = read_wave(connection, survey, wave), read_population(connection, survey, wave)
    asked = _Asked(opened, population, population.code(unit, opened.questionnaire.id))
    contents = _contents(store, asked, asked.code, language)
    if asked.questionnaire.many_records:
        nonce = store.token(_NONCE_BYTES)
        contents = replace(contents, free_records=tuple(f"{nonce}-{n}" for n in range(1, FREE_ROWS + 1)))
    return write_workbook(asked.questionnaire, contents, language)


def preview_workbook(
    store: Store, content: bytes, *, language: Language = "da", wave_id: str = "", unit: str = ""
) -> Preview | Problem:
    """What keeping a workbook would change, field by field, or why it is refused. Nothing is stored.

    Parameters: content - the file as it came. language - of a refusal; a workbook that is read speaks its own.
    wave_id, unit - what the sender may answer for, such as `network_methods/2018` and `0741`; empty where an operator
    hands it in, and then only the unit's own signed workbook is taken.
    Returns: a `Preview`, or the `Problem` of a file that is not taken in (its code tells which page to show).
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    opened_file = _opened(store, content, language)
    if isinstance(opened_file, Problem):
        return opened_file
    raw, identity = opened_file
    asked = _asked(store, identity, wave_id, unit, language)
    if isinstance(asked, Problem):
        return asked
    contents = _contents(store, asked, identity.unit, identity.language)
    read = read_cells(raw, asked.questionnaire, identity, contents)
    if isinstance(read, Problem):
        return read
    found = compare(asked.questionnaire, read, _Stands(store, asked, identity.language).beside, identity.language)
    return replace(found, identity=replace(identity, unit=asked.code))


def _opened(store: Store, content: bytes, language: Language) -> tuple[RawWorkbook, Identity] | Problem:
    raw = open_workbook(content, language)
    if isinstance(raw, Problem):
        return raw
    identity = identify(raw, store_key(store, SIGNING), language)
    return identity if isinstance(identity, Problem) else (raw, identity)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom a workbook asks: a unit (empty for the copy that anybody may read) of a wave with its population."""

    opened: OpenedWave
    population: Population
    code: str

    @property
    def questionnaire(self) -> Questionnaire:
        return self.opened.questionnaire

    def key(self, record: str = "") -> Key:
        """The response of the unit, or one of its records."""
        return Key(self.questionnaire.survey, self.questionnaire.wave, self.code, record)


def _asked(store: Store, identity: Identity, wave_id: str, unit: str, language: Language) -> _Asked | Problem:
    """The unit whose answers a workbook holds, or why the sender may not hand it in."""
    wave = f"{identity.survey}/{identity.wave}"
    if wave_id not in ("", wave):
        return said("WORKBOOK_OTHER_WAVE", language, title=wave_id)
    with reading(store) as connection:
        opened = read_wave(connection, identity.survey, identity.wave)
        population = read_population(connection, identity.survey, identity.wave)
    code = population.code(unit, wave) if unit else identity.unit
    if not code:
        return said("WORKBOOK_WHOSE", language)
    return mismatch(identity, opened.questionnaire, code, language) or _Asked(opened, population, code)


def keep_workbook(
    store: Store,
    preview: Preview,
    *,
    at: dt.datetime,
    actor: str = "unknown",
    submit: bool = False,
) -> tuple[Saved | Refused | Conflict, ...]:
    """Take in what a preview showed: one outcome per response in it that holds anything to send.

    A conflict that was not settled (`collect.workbook.settle`) keeps that response out. With `submit`, a response with
    cells that were not understood is `Refused`; a draft keeps the rest. The journal names the file by its hash. A
    file that changes nothing leaves no trace.
    Raises: as `receive`.
    """
    sent = [one for one in preview.responses if one.answers or submit]
    if not preview.changes_nothing:
        _note_file(store, preview, at, actor)
    return tuple(_keep(store, preview, one, at, actor, submit=submit) for one in sent)


def _keep(
    store: Store, preview: Preview, response: ResponsePreview, at: dt.datetime, actor: str, *, submit: bool
) -> Saved | Refused | Conflict:
    identity = preview.identity
    not_read = tuple(change.problem for change in response.changes if change.problem is not None)
    if submit and not_read:
        return Refused((*not_read, *response.problems))
    submission = Submission(
        identity.survey,
        identity.wave,
        identity.unit,
        response.answers,
        response.record,
        actor,
        channel="workbook",
        base_version=response.base_version,
        submit=submit,
        schema_sha256=identity.schema_sha256,
    )
    return receive(store, submission, at=at, language=identity.language)


def _note_file(store: Store, preview: Preview, at: dt.datetime, actor: str) -> None:
    identity = preview.identity
    line = Line(identity.survey, identity.wave, "workbook", identity.unit, {"sha256": preview.sha256})
    write(store, lambda connection: note(connection, line, pseudonym(connection, actor, store.token), at))


def _contents(store: Store, asked: _Asked, unit: str, language: Language) -> Contents:
    """What a workbook of the unit holds now; without a unit, what the copy for reading holds."""
    stamp = texts(language).say("present.rehearsal.mark") if asked.opened.origin == "rehearsal" else ""
    if not unit:
        return Contents(stamp=stamp)
    return Contents(
        unit=unit,
        unit_name=asked.population.units[unit].name,
        responses=_filled_in(store, asked),
        references=asked.population.figures.get(unit, {}),
        key=store_key(store, SIGNING),
        stamp=stamp,
    )


def _filled_in(store: Store, asked: _Asked) -> tuple[FilledIn, ...]:
    q = asked.questionnaire
    if q.many_records:
        found = records(store, q.survey, q.wave, asked.code)
        return tuple(FilledIn(one.answers, one.version, one.record) for one in found)
    now = current(store, q.survey, q.wave, asked.code).response
    return (FilledIn(now.answers, now.version, last=_last(store, asked)),)


def _last(store: Store, asked: _Asked, record: str = "") -> Answers:
    with reading(store) as connection:
        return last_answers(connection, wave_before(store, connection, asked.opened), asked.key(record))


@dataclass(frozen=True, slots=True)
class _Stands:
    """How the responses of a unit stand in the store, beside what was read for them."""

    store: Store
    asked: _Asked
    language: Language

    def beside(self, response: ReadResponse, read: Answers) -> Beside:
        """The answers of one response now, what clashes, and who wrote since the workbook was fetched."""
        key = self.asked.key(response.record)
        now = current(self.store, key.survey, key.wave, key.unit, key.record)
        with reading(self.store) as connection:
            clashing, kept = self._merged(connection, key, read, response.base_version)
        return Beside(
            answers=now.response.answers,
            version=now.response.version,
            clashing=clashing,
            kept=kept,
            since=self._since(now, response.base_version),
            references=self.asked.population.figures.get(key.unit, {}),
            last=_last(self.store, self.asked, key.record),
        )

    def _since(self, now: Current, base_version: int) -> dict[str, tuple[str, dt.datetime]]:
        somebody = texts(self.language).say("store.somebody")
        later = {name: one for name, one in now.by_field.items() if one.version > base_version}
        return {name: (one.by or somebody, one.at) for name, one in later.items()}

    def _merged(
        self, connection: Connection, key: Key, read: Answers, base_version: int
    ) -> tuple[frozenset[str], frozenset[str]]:
        """The fields that clash, and those that only others changed, by the store's own rule."""
        version = read_standing(connection, key).version
        stand = Stand(self.asked.questionnaire, key, read_kept(connection, key), version, base_version)
        merged = merge(connection, stand, read, self.language)
        clashing = merged.differences if isinstance(merged, Conflict) else ()
        return frozenset(difference.field for difference in clashing), frozenset(one.field for one in merged.others)
