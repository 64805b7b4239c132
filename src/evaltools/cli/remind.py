"""`evaltools remind WAVE --store FILE --kind first`: write to those who have not answered, once for each kind."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from types import MappingProxyType
from typing import Final

from evaltools.cli.waves import Wave, add_wave, units_named, wave_named
from evaltools.contact import (
    KINDS,
    Delivered,
    Due,
    MailServer,
    Round,
    Wanted,
    did_not_arrive,
    is_mail_address,
    plan_round,
    read_links,
    send_letters,
    write_letters,
)
from evaltools.errors import Fault, SettingsError
from evaltools.language.text import LANGUAGES
from evaltools.settings import SMTP_PASSWORD
from evaltools.store import Contact, Store, fieldwork_of, open_store

_FAILED: Final = "failed"
_WENT_WELL: Final = ("sent", "written", "elsewhere", "answered")

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submitted": "has submitted",
        "declined": "has declined",
        "noted": "this kind has gone to them, or was begun",
        "no_address": "has no mail address; write with --letters",
        "no_link": "has no link that works, or none is in the file; see evaltools access link",
        "sent": "sent",
        "written": "written",
        "elsewhere": "another run is writing to them",
        "answered": "has answered meanwhile, and gets none",
        "refused": "the mail server will not take it",
        "not_sent": "not sent",
        "unknown": "may or may not have arrived: the line broke",
    }
)
"""What the words of reports mean. What went wrong is repeated on purpose only: --repeat."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_wave(parser)
    parser.add_argument("--kind", choices=KINDS, required=True, help="each unit gets each kind once")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--letters", type=Path, metavar="FILE.csv", help="write a new file for mail merge")
    how.add_argument("--smtp", metavar="HOST:PORT", help=f"send by mail; the password stands in {SMTP_PASSWORD}")
    parser.add_argument("--from", dest="sender", metavar="ADDRESS", help="who sends; else the contact of the wave")
    parser.add_argument("--user", default="", help="whom to log in as at the mail server")
    parser.add_argument("--security", choices=("starttls", "tls", "none"), default="starttls", help="of the line")
    parser.add_argument("--links", type=Path, metavar="FILE.csv", help="the file of links; else letters name its date")
    parser.add_argument(
        "--repeat",
        nargs="+",
        default=(),
        metavar="UNIT",
        help=f'send this kind once more to these units, or to "{_FAILED}": those whose letter certainly did not arrive',
    )
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="of the letters")
    parser.add_argument("--dry-run", action="store_true", help="show the letters and who gets none; send nothing")


def run(options: argparse.Namespace) -> int:
    """Exit code 2 when a letter did not go out."""
    wave = wave_named(options.wave)
    with open_store(options.store) as store:
        planned = plan_round(store, wave, _wanted(options, store, wave), at=_now())
        if options.dry_run:
            _tell_plan(planned, as_json=options.json)
            return 0
        done = []
        for each in _delivered(options, store, wave, planned):
            done.append(each)
            if not options.json:
                print(_line(each))
    _tell_end(planned, done, as_json=options.json)
    return 0 if all(each.outcome in _WENT_WELL for each in done) else 2


def _wanted(options: argparse.Namespace, store: Store, wave: Wave) -> Wanted:
    return Wanted(
        kind=options.kind,
        mailed=bool(options.smtp),
        language=options.language,
        urls=read_links(options.links, store, wave, at=_now()) if options.links else {},
        repeat=_repeated(options, store, wave),
    )


def _repeated(options: argparse.Namespace, store: Store, wave: Wave) -> frozenset[str] | None:
    if not options.repeat:
        return None
    named = units_named(store, wave, (text for text in options.repeat if text != _FAILED))
    return frozenset(named) | (did_not_arrive(store, wave, options.kind) if _FAILED in options.repeat else frozenset())


def _delivered(options: argparse.Namespace, store: Store, wave: Wave, planned: Round) -> Iterable[Delivered]:
    if options.letters:
        return write_letters(store, wave, planned.due, options.letters, _now)
    return send_letters(store, wave, planned.due, _server(options, fieldwork_of(store, *wave).contact), _now)


def _server(options: argparse.Namespace, ours: Contact) -> MailServer:
    host, _, port = options.smtp.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        remedy = "Write e.g. smtp.example.dk:587."
        raise SettingsError(Fault("MAIL_SERVER_NAME", options.smtp, "this is no HOST:PORT", remedy))
    name, address = parseaddr(options.sender) if options.sender else (ours.name, ours.email)
    if not is_mail_address(address):
        remedy = 'Write --from "Name <name@example.dk>", or a mail address under `contact` in fieldwork.yaml.'
        where = options.sender or "fieldwork.yaml"
        raise SettingsError(Fault("MAIL_SENDER", where, "this is no address to send from", remedy))
    password = os.environ.get(SMTP_PASSWORD, "")
    sender = Address(name, addr_spec=address)
    return MailServer(host.strip("[]"), int(port), sender, options.security, options.user, password)


def _tell_plan(planned: Round, *, as_json: bool) -> None:
    if as_json:
        letters = [_letter_data(due) for due in planned.due]
        print(json.dumps({"letters": letters, "left_out": _left_out(planned)}, ensure_ascii=False, indent=1))
        return
    for due in planned.due:
        letter = due.letter
        print(f"--- {due.note} to {_whom(due)}\nSubject: {letter.subject}\n\n{letter.body}")
    print(_why_not(planned))
    print(f"{len(planned.due)} letters would go out; nothing was sent or noted")


def _letter_data(due: Due) -> dict[str, str]:
    whom = due.letter.recipient
    about = {"unit": whom.unit.code, "name": whom.contact.name, "email": whom.contact.email, "note": due.note}
    return about | {"subject": due.letter.subject, "body": due.letter.body}


def _left_out(planned: Round) -> list[dict[str, str | None]]:
    return [
        {"unit": one.unit.code, "why": one.why, "at": None if one.at is None else one.at.isoformat()}
        for one in planned.left_out
    ]


def _why_not(planned: Round) -> str:
    lines = [f"{len(planned.left_out)} get none:"] if planned.left_out else []
    for one in planned.left_out:
        when = f", {one.at:%Y-%m-%d}" if one.at else ""
        lines.append(f"  {one.unit.code} {one.unit.name}: {WORDS[one.why]}{when}")
    return "\n".join(lines)


def _whom(due: Due) -> str:
    whom = due.letter.recipient
    return f"{whom.unit.code} {whom.unit.name}, {whom.contact.name} <{whom.contact.email or 'no mail address'}>"


def _line(done: Delivered) -> str:
    said = f" ({done.said})" if done.said and done.outcome != "sent" else ""
    return f"{_whom(done.due)}: {WORDS[done.outcome]}{said}"


def _tell_end(planned: Round, done: Sequence[Delivered], *, as_json: bool) -> None:
    if as_json:
        letters = [_letter_data(each.due) | {"outcome": each.outcome, "said": each.said} for each in done]
        print(json.dumps({"letters": letters, "left_out": _left_out(planned)}, ensure_ascii=False, indent=1))
        return
    if planned.left_out:
        print(_why_not(planned))
    well = sum(each.outcome in _WENT_WELL for each in done)
    print(f"{well} of {len(done)} letters went out")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
