"""A round of letters: who gets one, and why the others do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from evaltools.contact.addresses import is_mail_address
from evaltools.contact.inviting import leads
from evaltools.contact.letters import Kind, Letter, Occasion, Recipient, letter
from evaltools.errors import ContactError, Fault
from evaltools.language import Language
from evaltools.store import (
    Contact,
    Fieldwork,
    Store,
    Unit,
    UnitStatus,
    contacts,
    fieldwork_of,
    grants,
    questionnaire_of,
    reminders,
    unit_statuses,
)

Why = Literal["submitted", "declined", "noted", "no_address", "no_link"]
"""Why a unit gets no letter. `noted`: it got this kind already, or one was begun. `no_link`: it has none that works,
or, in an invitation, nobody has said what it is."""

_REPEATED: Final = "."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The round that is wanted.

    mailed : units without a mail address are left out. urls : links by unit code, as `read_links` has checked them.
    repeat : codes of units that get this kind once more, and then no others do.
    """

    kind: Kind
    mailed: bool
    language: Language = "da"
    urls: Mapping[str, str] = field(default_factory=dict)
    repeat: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A letter that is due. note : under which name it is noted: its kind, and which time it is repeated."""

    letter: Letter
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that gets no letter. at : when it submitted, or was noted."""

    unit: Unit
    why: Why
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What would be sent to whom, and who is left out. Reading it changes nothing."""

    due: tuple[Due, ...]
    left_out: tuple[LeftOut, ...]


def plan_round(store: Store, wave: tuple[str, str], wanted: Wanted, *, at: dt.datetime) -> Round:
    """Who gets a letter now. Whoever has submitted or declined never does.

    Without `repeat`, everybody who has not had this kind; with it, the units that it names and no others.
    wave : survey and wave. Raises: `ContactError` ROUND_TOO_LATE; `StoreError` NO_SUCH_WAVE, RETENTION_MISSING.
    """
    fieldwork = fieldwork_of(store, *wave)
    _refuse_late(wave, fieldwork, at)
    occasion = Occasion(questionnaire_of(store, *wave), fieldwork, wanted.kind, wanted.language)
    people = contacts(store, *wave)
    linked = {grant.unit: grant.made_at for grant in grants(store, *wave) if leads(grant, at)}
    due: list[Due] = []
    left_out: list[LeftOut] = []
    for status in unit_statuses(store, *wave):
        if wanted.repeat is not None and status.unit.code not in wanted.repeat:
            continue
        recipient = _recipient(status, people, wanted, linked)
        left = _left_out(status, recipient, wanted)
        if left is None:
            due.append(Due(letter(occasion, recipient), note_name(status, wanted)))
        else:
            left_out.append(left)
    return Round(tuple(due), tuple(left_out))


def _refuse_late(wave: tuple[str, str], fieldwork: Fieldwork, at: dt.datetime) -> None:
    if fieldwork.closes_at is not None and fieldwork.closes_at <= at:
        problem = f"the wave has been closed since {fieldwork.closes_at:%Y-%m-%d %H:%M %Z}"
        remedy = "Write a later `closes` in fieldwork.yaml and run `evaltools open` again, or send no letters."
        raise ContactError(Fault("ROUND_TOO_LATE", "/".join(wave), problem, remedy))


def _recipient(
    status: UnitStatus, people: Mapping[str, Contact], wanted: Wanted, linked: Mapping[str, dt.datetime]
) -> Recipient:
    code = status.unit.code
    return Recipient(
        unit=status.unit,
        contact=people.get(code, Contact()),
        begun=status.disposition == "partial",
        url=wanted.urls.get(code, ""),
        linked_at=linked.get(code),
    )


def _left_out(status: UnitStatus, recipient: Recipient, wanted: Wanted) -> LeftOut | None:
    noted = [at for kind, at in status.reminded if kind_of(kind) == wanted.kind]
    if status.disposition == "submitted":
        return LeftOut(status.unit, "submitted", status.submitted_at)
    if status.disposition == "refused":
        return LeftOut(status.unit, "declined", status.changed_at)
    if noted and wanted.repeat is None:
        return LeftOut(status.unit, "noted", noted[-1])
    if wanted.mailed and not is_mail_address(recipient.contact.email):
        return LeftOut(status.unit, "no_address")
    if recipient.linked_at is None or (wanted.kind == "invitation" and not recipient.url):
        return LeftOut(status.unit, "no_link")
    return None


def note_name(status: UnitStatus, wanted: Wanted) -> str:
    """Under which name a letter is noted: `first`, and `first.2` when it is sent for the second time."""
    times = 1 + sum(kind_of(kind) == wanted.kind for kind, _ in status.reminded)
    return wanted.kind if times == 1 else f"{wanted.kind}{_REPEATED}{times}"


def kind_of(note: str) -> str:
    """The kind of letter that a note is about.

    >>> kind_of("first"), kind_of("first.2")
    ('first', 'first')
    """
    return note.partition(_REPEATED)[0]


def did_not_arrive(store: Store, wave: tuple[str, str], kind: Kind) -> frozenset[str]:
    """Codes of the units whose last letter of a kind certainly did not arrive: refused, or not sent.

    A letter without an outcome, or with an unknown one, is not among them: it may have arrived.
    wave : survey and wave. Raises: `StoreError` NO_SUCH_WAVE.
    """
    last = {each.unit: each.outcome for each in reminders(store, *wave) if kind_of(each.kind) == kind}
    return frozenset(unit for unit, outcome in last.items() if outcome in ("refused", "not_sent"))
