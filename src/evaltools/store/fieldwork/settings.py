"""How a wave is run: kept beside it, changed only with a line in the journal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from evaltools.errors import Fault, StoreError
from evaltools.language import Text
from evaltools.provenance import Origin, canonical_json, sha256_of
from evaltools.schema import fields
from evaltools.schema.model import Questionnaire
from evaltools.store.fieldwork.waves import read_wave
from evaltools.store.guard import refuse_cpr_number
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import pseudonym
from evaltools.store.log.journal import Line, lines, note
from evaltools.store.model import Channel, Contact, Fieldwork
from evaltools.store.moments import moment, moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import CONTACTS, EVENTS, FIELDWORK

THOSE_WHO_ASK: Final = ""
"""Under which unit the mailbox of those who ask stands among the contacts."""

_TOLD: Final = ("keep_until", "closes_at", "mode", "legal_basis", "approval", "link_days", "link_uses")
"""What the journal says in clear; the rest is there as a hash, since it may name people."""

Wave = tuple[str, str]

_KEPT = Prepared(
    select(FIELDWORK.c.settings).where(
        FIELDWORK.c.survey == bindparam("of_survey"), FIELDWORK.c.wave == bindparam("of_wave")
    )
)
_MAILBOX = Prepared(
    select(CONTACTS.c.name, CONTACTS.c.email, CONTACTS.c.phone).where(
        CONTACTS.c.survey == bindparam("of_survey"),
        CONTACTS.c.wave == bindparam("of_wave"),
        CONTACTS.c.unit == THOSE_WHO_ASK,
    )
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who changes settings (a pseudonym, or empty) and when, and what makes random text."""

    actor: str
    at: dt.datetime
    token: Callable[[int], str]


def fieldwork_of(store: Store, survey: str, wave: str) -> Fieldwork:
    """How a wave is run. A wave that nobody answered for real may be kept for ever, and says so.

    Raises: `StoreError` NO_SUCH_WAVE; RETENTION_MISSING for collected answers in a store from before there were
    settings.
    """
    with reading(store) as connection:
        return read_fieldwork_of(connection, survey, wave)


def read_fieldwork_of(connection: Connection, survey: str, wave: str) -> Fieldwork:
    """`fieldwork_of`, inside a transaction."""
    row = _settings(connection, (survey, wave))
    if row is not None:
        return _fieldwork(row, _mailbox(connection, (survey, wave)))
    opened = read_wave(connection, survey, wave)
    if opened.origin == "collected":
        raise StoreError(retention_missing(opened.questionnaire.id))
    return Fieldwork(keep_until=dt.date.max)


def refuse_closed(connection: Connection, survey: str, wave: str, channel: Channel, at: dt.datetime) -> None:
    """`StoreError` WAVE_CLOSED where a wave has closed to the channels of the municipalities. A file may come later."""
    row = None if channel == "file" else _settings(connection, (survey, wave))
    closes_at = None if row is None else json.loads(row)["closes_at"]
    if closes_at is not None and at >= moment(closes_at):
        problem = "this wave has closed, and your answer was NOT saved"
        remedy = "Ask those who run the survey whether it can be opened again."
        raise StoreError(Fault("WAVE_CLOSED", f"{survey}/{wave}", problem, remedy))


def change_fieldwork(
    store: Store, survey: str, wave: str, fieldwork: Fieldwork, *, at: dt.datetime, actor: str = "unknown"
) -> None:
    """Run a wave by other settings from now on; the journal says which. The same settings again change nothing.

    Raises: `StoreError` NO_SUCH_WAVE, LEGAL_BASIS_MISSING; MODE_IS_FINAL where answers given for statistics would be
    handed out.
    """

    def work(connection: Connection) -> None:
        opened = read_wave(connection, survey, wave)
        check_fieldwork(opened.questionnaire, opened.origin, fieldwork)
        who = Who(pseudonym(connection, actor, store.token), at, store.token)
        keep_fieldwork(connection, (survey, wave), fieldwork, who)

    write(store, work)


def check_fieldwork(questionnaire: Questionnaire, origin: Origin, fieldwork: Fieldwork) -> None:
    """`StoreError` LEGAL_BASIS_MISSING where real cases of children or families are collected without one."""
    if origin == "rehearsal" or fieldwork.legal_basis.strip() or not _is_register(questionnaire):
        return
    problem = "this is a register of children or families, and no legal basis is recorded"
    remedy = "Write the section that allows it under `legal_basis` in fieldwork.yaml."
    raise StoreError(Fault("LEGAL_BASIS_MISSING", questionnaire.id, problem, remedy))


def _is_register(questionnaire: Questionnaire) -> bool:
    about = {field.item.confidentiality for field in fields(questionnaire)}
    return questionnaire.many_records and bool(about & {"children", "families"})


def retention_missing(where: str) -> Fault:
    """The fault of collected answers that nobody has said how long to keep."""
    problem = "nobody has said until when the answers of this wave may be kept"
    remedy = "Write `keep_years` or `keep_until` in fieldwork.yaml beside the questionnaire, and open the wave with it."
    return Fault("RETENTION_MISSING", where, problem, remedy)


def keep_fieldwork(connection: Connection, wave: Wave, fieldwork: Fieldwork, who: Who) -> None:
    """Write settings that differ from those that are kept, and a line in the journal."""
    before = _settings(connection, wave)
    content = _content(fieldwork)
    if before is not None:
        known = json.loads(before)
        if (known["mode"], content["mode"]) == ("statistics", "answers"):
            _refuse_other_use(connection, wave)
        content["contact_salt"] = known["contact_salt"]
        if content == known and fieldwork.contact == _mailbox(connection, wave):
            return
    else:
        content["contact_salt"] = who.token(16)
    settings = canonical_json(content)
    here = (FIELDWORK.c.survey == wave[0]) & (FIELDWORK.c.wave == wave[1])
    connection.execute(delete(FIELDWORK).where(here))
    connection.execute(insert(FIELDWORK).values(survey=wave[0], wave=wave[1], settings=settings))
    keep_contact(connection, wave, THOSE_WHO_ASK, fieldwork.contact)
    hashes = {
        "settings_sha256": sha256_of(settings),
        "contact_sha256": contact_hash(content["contact_salt"], fieldwork.contact),
    }
    told = {name: content[name] for name in _TOLD}
    note(connection, Line(*wave, "settings", detail=told | hashes), who.actor, who.at)


def _refuse_other_use(connection: Connection, wave: Wave) -> None:
    of_wave = select(EVENTS.c.seq).where(EVENTS.c.survey == wave[0], EVENTS.c.wave == wave[1])
    if connection.execute(of_wave.limit(1)).one_or_none() is None:
        return
    problem = "answers were given to this wave for statistics only, and may not be used for anything else"
    remedy = "Leave `mode: statistics` in fieldwork.yaml."
    raise StoreError(Fault("MODE_IS_FINAL", "/".join(wave), problem, remedy))


def contact_hash(salt: str, contact: Contact) -> str:
    """A salted hash, so that the journal can prove a mailbox and does not hold it."""
    return sha256_of([salt, contact.name, contact.email, contact.phone])


def keep_contact(connection: Connection, wave: Wave, unit: str, contact: Contact) -> None:
    """Write one contact in place of the one before. Raises: `StoreError` CPR_IN_NAME."""
    refuse_cpr_number("/".join(wave), contact.name, contact.email, contact.phone)
    here = (CONTACTS.c.survey == wave[0]) & (CONTACTS.c.wave == wave[1]) & (CONTACTS.c.unit == unit)
    connection.execute(delete(CONTACTS).where(here))
    row = {"survey": wave[0], "wave": wave[1], "unit": unit}
    people = {"name": contact.name, "email": contact.email, "phone": contact.phone}
    connection.execute(insert(CONTACTS).values(**row, **people))


def _settings(connection: Connection, wave: Wave) -> str | None:
    """The text of the settings as they are kept, or None."""
    return _KEPT.scalar(connection, {"of_survey": wave[0], "of_wave": wave[1]})


def _mailbox(connection: Connection, wave: Wave) -> Contact:
    row = _MAILBOX.first(connection, {"of_survey": wave[0], "of_wave": wave[1]})
    return Contact() if row is None else Contact(row.name, row.email, row.phone)


def _content(fieldwork: Fieldwork) -> dict[str, Any]:
    closes_at = fieldwork.closes_at
    return {
        "keep_until": fieldwork.keep_until.isoformat(),
        "closes_at": None if closes_at is None else moment_text(closes_at),
        "mode": fieldwork.mode,
        "legal_basis": fieldwork.legal_basis,
        "approval": fieldwork.approval,
        "was_url": fieldwork.was_url,
        "privacy": [fieldwork.privacy.da, fieldwork.privacy.en],
        "base_url": fieldwork.base_url,
        "link_days": fieldwork.link_days,
        "link_uses": fieldwork.link_uses,
        "publisher": [fieldwork.publisher.da, fieldwork.publisher.en],
    }


@lru_cache(maxsize=64)
def _fieldwork(settings: str, mailbox: Contact) -> Fieldwork:
    kept = {name: value for name, value in json.loads(settings).items() if name != "contact_salt"}
    closes_at = kept["closes_at"]
    return Fieldwork(
        **kept
        | {
            "keep_until": dt.date.fromisoformat(kept["keep_until"]),
            "closes_at": None if closes_at is None else moment(closes_at),
            "privacy": Text(*kept["privacy"]),
            "publisher": Text(*kept["publisher"]),
        },
        contact=mailbox,
    )


def changed_settings(connection: Connection, survey: str, wave: str) -> bool:
    """Whether the settings of a wave are not those of its journal. A mailbox that was purged is no change."""
    told = [detail for _, detail in lines(connection, survey, wave, "settings")]
    row = _settings(connection, (survey, wave))
    if row is None or not told:
        return row is not None or bool(told)
    if sha256_of(row) != told[-1]["settings_sha256"]:
        return True
    if any(lines(connection, survey, wave, "purge")):
        return False
    salt = json.loads(row)["contact_salt"]
    return bool(contact_hash(salt, _mailbox(connection, (survey, wave))) != told[-1]["contact_sha256"])
