"""`evaltools access WHAT`: links, tokens, operators and reopening: who may come in, and back in."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

from evaltools.cli.waves import Wave, add_by, add_store, add_wave, units_named, wave_named
from evaltools.contact import Link, Maker, leads, make_links, make_links_file
from evaltools.errors import Fault, SettingsError, near
from evaltools.store import (
    SCOPES,
    Grant,
    NewGrant,
    Scope,
    Store,
    Unit,
    add_operator,
    grants,
    make_grant,
    open_store,
    remove_operator,
    reopen,
    revoke_grant,
    unit_statuses,
)
from evaltools.web.passwords import refuse_guessable

_EVERYBODY: Final = "all"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    link = what.add_parser("link", help="a new link in place of a lost one, or for a new leader; the old one ends")
    add_wave(link)
    link.add_argument("units", nargs="+", metavar="UNIT", help=f'code or name; "{_EVERYBODY}" for those without one')
    link.add_argument("--holder", metavar="NAME", help="the new leader, for one unit")
    link.add_argument("--links-to", type=Path, metavar="FILE.csv", help="a new file for the links; else they are shown")
    revoke = what.add_parser("revoke", help="end a link and its sessions at once")
    add_wave(revoke)
    revoke.add_argument("units", nargs="+", metavar="UNIT", help="code or name")
    revoke.add_argument("--grant", metavar="ID", help="only this link or token; see list")
    shown = what.add_parser("list", help="links and tokens, and whether they work")
    add_wave(shown)
    shown.add_argument("units", nargs="*", metavar="UNIT", help="code or name; else all")
    token = what.add_parser("token", help="a token for a program of a municipality, or of the whole wave")
    add_wave(token)
    token.add_argument("--unit", default="", metavar="UNIT", help="code or name; else the whole wave")
    token.add_argument("--scopes", default="read", help=f"what it may do, by commas: {', '.join(SCOPES)}")
    token.add_argument("--holder", required=True, metavar="NAME", help="which program, and who answers for it")
    token.add_argument("--days", type=int, default=180, help="how long it lasts (default 180)")
    back = what.add_parser("reopen", help="let a unit change what it has submitted; its versions are kept")
    add_wave(back)
    back.add_argument("unit", metavar="UNIT", help="code or name")
    back.add_argument("--record", default="", help="which record, where a unit has many")
    for each in (link, revoke, token, back):
        add_by(each)
    operator = what.add_parser("operator", help="let somebody see the status board, or give a new password")
    operator.add_argument("name", metavar="NAME", help="whom")
    operator.add_argument("--remove", action="store_true", help="let them in no longer, and end their sessions")
    add_store(operator)


def run(options: argparse.Namespace) -> int:
    """Do it, and report."""
    with open_store(options.store) as store:
        report = _DO[options.what](store, options)
    print(json.dumps(report.data, ensure_ascii=False) if options.json else "\n".join(report.lines))
    return 0


@dataclass(frozen=True, slots=True)
class _Report:
    """What was done, as data and in words."""

    data: object
    lines: Sequence[str]


def _link(store: Store, options: argparse.Namespace) -> _Report:
    wave, maker = wave_named(options.wave), Maker(options.by, _now())
    units = _units(store, wave, options.units, maker.at)
    if options.holder and len(units) != 1:
        raise SettingsError(Fault("ONE_HOLDER", options.holder, "one person leads one unit", "Name one unit."))
    codes = {unit.code for unit in units}
    earlier = [one for one in grants(store, *wave) if one.unit in codes and leads(one, maker.at)]
    if options.links_to:
        count = make_links_file(store, wave, units, options.links_to, maker, options.holder)
        report = _Report([], [f"{count} links made; they stand in {options.links_to}, and nowhere else"])
    else:
        report = _shown_links(make_links(store, wave, units, maker, options.holder))
    for grant in earlier:  # only now: whatever fails before this leaves the earlier link working
        revoke_grant(store, grant.id, at=maker.at, by=maker.by)
    return _Report(report.data, [*report.lines, f"{len(earlier)} earlier links have ended"])


def _shown_links(links: Sequence[Link]) -> _Report:
    data = [{"unit": link.unit.code, "name": link.unit.name, "url": link.url} for link in links]
    lines = [f"{link.unit.code} {link.unit.name}: {link.url}" for link in links]
    return _Report(data, [*lines, f"{len(links)} links made"])


def _units(store: Store, wave: Wave, texts: Sequence[str], now: dt.datetime) -> Sequence[Unit]:
    units = [status.unit for status in unit_statuses(store, *wave)]
    if list(texts) == [_EVERYBODY]:
        linked = {grant.unit for grant in grants(store, *wave) if leads(grant, now)}
        return [unit for unit in units if unit.code not in linked]
    named = units_named(store, wave, texts)
    return [unit for unit in units if unit.code in named]


def _revoke(store: Store, options: argparse.Namespace) -> _Report:
    wave, now = wave_named(options.wave), _now()
    codes = units_named(store, wave, options.units)
    found = [
        grant
        for grant in grants(store, *wave)
        if grant.unit in codes and grant.revoked_at is None and options.grant in (None, grant.id)
    ]
    if not found:
        remedy = "See them: evaltools access list WAVE UNIT --store FILE."
        problem = f"no link of {', '.join(options.units)} is open to be ended"
        raise SettingsError(Fault("NOTHING_TO_REVOKE", options.wave, problem, remedy))
    for grant in found:
        revoke_grant(store, grant.id, at=now, by=options.by)
    return _Report([grant.id for grant in found], [f"{len(found)} links have ended, with every session they had begun"])


def _list(store: Store, options: argparse.Namespace) -> _Report:
    wave, now = wave_named(options.wave), _now()
    codes = units_named(store, wave, options.units)
    found = [grant for grant in grants(store, *wave) if not codes or grant.unit in codes]
    return _Report([_grant_data(grant, now) for grant in found], [_grant_line(grant, now) for grant in found])


def _grant_data(grant: Grant, now: dt.datetime) -> Mapping[str, object]:
    return {
        "grant": grant.id,
        "unit": grant.unit,
        "role": grant.role,
        "holder": grant.holder,
        "sections": list(grant.sections),
        "scopes": list(grant.scopes),
        "made_at": grant.made_at.isoformat(),
        "state": _state(grant, now),
    }


def _grant_line(grant: Grant, now: dt.datetime) -> str:
    sections = f" ({', '.join(grant.sections)})" if grant.sections else ""
    opened = f", opened {grant.opened_at:%Y-%m-%d}" if grant.opened_at else ""
    whose = grant.unit or "whole wave"
    made = f"{grant.made_at:%Y-%m-%d}"
    return f"{grant.id}  {whose}  {grant.role}{sections}  {grant.holder}  made {made}{opened}  {_state(grant, now)}"


def _state(grant: Grant, now: dt.datetime) -> str:
    if grant.revoked_at is not None:
        return "revoked"
    return "expired" if grant.expires_at is not None and grant.expires_at <= now else "works"


def _token(store: Store, options: argparse.Namespace) -> _Report:
    wave, now = wave_named(options.wave), _now()
    scopes = tuple(word for word in (each.strip() for each in options.scopes.split(",")) if word)
    for scope in scopes:
        if scope not in SCOPES:
            problem = f'"{scope}" is not a scope'
            raise SettingsError(Fault("UNKNOWN_SCOPE", options.scopes, problem, near(scope, SCOPES)))
    unit = units_named(store, wave, [options.unit])[0] if options.unit else ""
    ends = now + dt.timedelta(days=options.days)
    may = cast(tuple[Scope, ...], scopes)
    wanted = NewGrant(*wave, unit, "system", options.holder, scopes=may, expires_at=ends, made_by=options.by)
    grant, token = make_grant(store, wanted, at=now)
    told = f"{token}\nshown this once; {grant.id} may {', '.join(grant.scopes)} until {ends:%Y-%m-%d}"
    return _Report({"grant": grant.id, "token": token}, [told])


def _operator(store: Store, options: argparse.Namespace) -> _Report:
    if options.remove:
        remove_operator(store, options.name, at=_now())
        return _Report({"operator": options.name}, [f"{options.name} cannot log in any more"])
    password = _password()
    refuse_guessable(options.name, password)
    add_operator(store, options.name, password, at=_now())
    return _Report({"operator": options.name}, [f"{options.name} can log in at /status"])


def _password() -> str:
    """Asked for twice without showing it; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, second = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    if first != second:
        raise SettingsError(Fault("PASSWORDS_DIFFER", "", "the two passwords are not the same", "Try again."))
    return first


def _reopen(store: Store, options: argparse.Namespace) -> _Report:
    wave = wave_named(options.wave)
    (code,) = units_named(store, wave, [options.unit])
    version = reopen(store, *wave, code, options.record, at=_now(), actor=options.by, channel="file")
    told = f"{code} can change its answers again; what it submitted is kept as it was"
    return _Report({"unit": code, "record": options.record, "version": version}, [told])


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


_DO: Final[Mapping[str, Callable[[Store, argparse.Namespace], _Report]]] = MappingProxyType(
    {
        "link": _link,
        "revoke": _revoke,
        "list": _list,
        "token": _token,
        "operator": _operator,
        "reopen": _reopen,
    }
)
