"""Makes the first link of every unit of a wave, and writes the file that holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaltools.contact.links import Link, link_of, write_links
from evaltools.contact.private_file import private_file
from evaltools.store import (
    Contact,
    Grant,
    NewGrant,
    Store,
    Unit,
    contacts,
    fieldwork_of,
    grants,
    make_grant,
    revoke_grant,
    set_contacts,
    unit_statuses,
)

Wave = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes links, and when."""

    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Units that got a link now, and units that had one that works."""

    made: tuple[Unit, ...]
    had: tuple[Unit, ...]


def keep_contacts(store: Store, wave: Wave, people: Mapping[str, Contact], maker: Maker) -> int:
    """Keep whom to write to, by unit code; how many of them are new or changed.

    wave : survey and wave. Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    known = contacts(store, *wave)
    changed = {unit: contact for unit, contact in people.items() if known.get(unit) != contact}
    if changed:
        set_contacts(store, *wave, changed, at=maker.at, actor=maker.by)
    return len(changed)


def invite(store: Store, wave: Wave, path: Path, maker: Maker) -> Invited:
    """Make a link for each unit that has none that works, and write them to a file that must be new.

    Run twice, the second run makes no link and touches no file.
    wave : survey and wave. Raises: `ContactError` FILE_THERE; `StoreError` NO_SUCH_WAVE.
    """
    linked = {grant.unit for grant in grants(store, *wave) if leads(grant, maker.at)}
    units = [status.unit for status in unit_statuses(store, *wave)]
    wanted = [unit for unit in units if unit.code not in linked]
    if wanted:
        make_links_file(store, wave, wanted, path, maker)
    return Invited(tuple(wanted), tuple(unit for unit in units if unit.code in linked))


def leads(grant: Grant, at: dt.datetime) -> bool:
    """Whether it is a link to the whole response of a unit, and works."""
    in_time = grant.expires_at is None or grant.expires_at > at
    return grant.role == "leader" and grant.revoked_at is None and in_time


def make_links_file(
    store: Store, wave: Wave, units: Sequence[Unit], path: Path, maker: Maker, holder: str | None = None
) -> int:
    """New links for the units in a file that must be new, and nowhere else: the store keeps hashes. How many.

    The file is opened before the first link is made, and gets its name when all of them are kept. Where it cannot be
    finished, the links are ended, since nobody has seen them.
    wave : survey and wave. holder : as in `make_links`.
    Raises: `ContactError` FILE_THERE; `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    links: list[Link] = []
    try:
        with private_file(path) as file:
            links = make_links(store, wave, units, maker, holder)
            write_links(file, links)
    except BaseException:
        _end(store, links, maker)
        raise
    return len(links)


def make_links(store: Store, wave: Wave, units: Sequence[Unit], maker: Maker, holder: str | None = None) -> list[Link]:
    """A new link for each of the units; all of them, or none that works. Earlier links go on working.

    wave : survey and wave. holder : who leads the answer; else the contact of the unit.
    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT.
    """
    fieldwork = fieldwork_of(store, *wave)
    known = contacts(store, *wave)
    ends = maker.at + dt.timedelta(days=fieldwork.link_days)
    made: list[Link] = []
    try:
        for unit in units:
            leader = holder or known.get(unit.code, Contact()).name or unit.name
            wanted = NewGrant(*wave, unit.code, "leader", leader, expires_at=ends, made_by=maker.by)
            grant, token = make_grant(store, wanted, at=maker.at)
            made.append(link_of(unit, fieldwork.base_url, grant, token))
    except BaseException:
        _end(store, made, maker)
        raise
    return made


def _end(store: Store, links: Sequence[Link], maker: Maker) -> None:
    for link in links:
        revoke_grant(store, link.grant, at=maker.at, by=maker.by)
