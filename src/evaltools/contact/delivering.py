"""Sends the letters of a round, or writes them for mail merge, so that nobody ever gets the same letter twice.

Each letter is noted in the store before it is sent, and its outcome afterwards. A program that is stopped in between
leaves a note without an outcome: that letter may or may not have arrived, and nobody but the operator can decide to
send it again (`repeat` of `plan_round`). At most once is the right promise here: a missing reminder costs a phone
call, a municipality that is reminded twice of the same thing stops reading.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from evaltools.contact.posting import MailServer, Outcome, check_server, dialled, hang_up, is_open, message_of, post
from evaltools.contact.private_file import private_file
from evaltools.contact.rounds import Due
from evaltools.document.neutral import write_rows
from evaltools.store import Store, dispositions, note_outcome, note_reminder

LETTER_HEADER: Final = ("kommunekode", "unit", "name", "email", "phone", "subject", "body", "url")

Clock = Callable[[], dt.datetime]
Wave = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one letter.

    `elsewhere`: another run has noted it first, and sends it. `answered`: the unit has submitted or declined since the
    round was planned, and is left in peace.
    """

    due: Due
    outcome: Outcome | Literal["written", "elsewhere", "answered"]
    said: str = ""


def send_letters(store: Store, wave: Wave, due: Sequence[Due], server: MailServer, clock: Clock) -> Iterator[Delivered]:
    """Send letters one after another, and tell of each as it is done.

    A line that breaks is dialled anew for the next letter. Where the server cannot be reached, the letters that are
    left are not noted, and the same call sends them later.
    wave : survey and wave. clock : gives the present.
    Raises: `ContactError` MAIL_UNPROTECTED, MAIL_NO_PASSWORD, MAIL_SERVER.
    """
    check_server(server)
    line: smtplib.SMTP | None = None
    try:
        for each in due:
            line = line if line is not None and is_open(line) else dialled(server)
            yield _send(store, wave, each, (line, server), clock)
    finally:
        if line is not None:
            hang_up(line)


def _send(store: Store, wave: Wave, due: Due, through: tuple[smtplib.SMTP, MailServer], clock: Clock) -> Delivered:
    line, server = through
    now = clock()
    if _has_answered(store, wave, due):
        return Delivered(due, "answered")
    reference = "/".join((*wave, due.letter.recipient.unit.code, due.note))
    message = message_of(due.letter, server, reference=reference, at=now)
    if not _note(store, wave, due, now):
        return Delivered(due, "elsewhere")
    posted = post(line, message)
    _note_outcome(store, wave, due, posted.outcome, clock())
    return Delivered(due, posted.outcome, posted.said)


def write_letters(store: Store, wave: Wave, due: Sequence[Due], path: Path, clock: Clock) -> tuple[Delivered, ...]:
    """Write letters for mail merge: CSV with semicolons and a byte order mark, as Excel and Word in Danish read it.

    The file must be new and is for its owner only. All letters are noted before it gets its name.
    wave : survey and wave. clock : gives the present. Raises: `ContactError` FILE_THERE.
    """
    done = []
    with private_file(path, encoding="utf-8-sig") as file:
        for each in due:
            if _has_answered(store, wave, each):
                done.append(Delivered(each, "answered"))
            else:
                done.append(Delivered(each, "written" if _note(store, wave, each, clock()) else "elsewhere"))
        written = [one.due for one in done if one.outcome == "written"]
        write_rows(file, [LETTER_HEADER, *(_row(each) for each in written)], delimiter=";")
    for each in written:
        _note_outcome(store, wave, each, "written", clock())
    return tuple(done)


def _has_answered(store: Store, wave: Wave, due: Due) -> bool:
    return dispositions(store, *wave)[due.letter.recipient.unit.code] in ("submitted", "refused")


def _row(due: Due) -> Sequence[str]:
    letter, whom = due.letter, due.letter.recipient
    people = (whom.contact.name, whom.contact.email, whom.contact.phone)
    return (whom.unit.code, whom.unit.name, *people, letter.subject, letter.body, whom.url)


def _note(store: Store, wave: Wave, due: Due, at: dt.datetime) -> bool:
    return note_reminder(store, *wave, due.letter.recipient.unit.code, due.note, at=at)


def _note_outcome(store: Store, wave: Wave, due: Due, outcome: str, at: dt.datetime) -> None:
    note_outcome(store, wave, due.letter.recipient.unit.code, due.note, outcome, at=at)
