"""The file of links: written once, when they are made, and read again for letters that shall hold them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TextIO

from evaltools.contact.tables import Line, read_table
from evaltools.document.neutral import write_rows
from evaltools.errors import ContactError, Fault
from evaltools.store import Grant, Store, Unit, find_grant

HEADER: Final = ("kommunekode", "name", "url")
_COLUMNS: Final[Mapping[str, Sequence[str]]] = MappingProxyType({name: (name,) for name in HEADER})

ON_THIS_MACHINE: Final = "http://127.0.0.1:8000"
"""What links begin with until somebody says where the form is served: good for a trial, and for nothing else."""

_PATH: Final = "/s/"


@dataclass(frozen=True, slots=True)
class Link:
    """The personal link of a unit. Whoever has it can answer: it is written to files for its owner only.

    grant : the id under which it can be ended.
    """

    unit: Unit
    url: str
    grant: str


def link_of(unit: Unit, base_url: str, grant: Grant, token: str) -> Link:
    """The link with the token of a grant, on the server at `base_url` (`ON_THIS_MACHINE` where it is empty)."""
    return Link(unit, f"{(base_url or ON_THIS_MACHINE).rstrip('/')}{_PATH}{token}", grant.id)


def write_links(file: TextIO, links: Iterable[Link]) -> None:
    """Write links as `kommunekode,name,url`, one line each."""
    write_rows(file, [HEADER, *((link.unit.code, link.unit.name, link.url) for link in links)])


def read_links(path: Path, store: Store, wave: tuple[str, str], *, at: dt.datetime) -> Mapping[str, str]:
    """The links of a file by unit code. A link that no longer works, or is another unit's, is refused.

    wave : survey and wave. at : the present.
    Raises: `ContactError` TABLE_NOT_READ, TABLE_LINE, LINK_DEAD, LINK_OF_ANOTHER; all of them at once.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for line in read_table(path, _COLUMNS):
        grant = find_grant(store, line.cells["url"].rpartition(_PATH)[2], at=at)
        problem = _wrong(line, grant, wave)
        if problem is not None:
            faults.append(problem)
        elif grant is not None:
            found[grant.unit] = line.cells["url"]
    if faults:
        raise ContactError(*faults)
    return found


def _wrong(line: Line, grant: Grant | None, wave: tuple[str, str]) -> Fault | None:
    code, name = line.cells["kommunekode"], line.cells["name"]
    if grant is None:
        remedy = "Take the line out, or make the unit a new link: evaltools access link."
        return Fault("LINK_DEAD", line.where, f"the link of {name} does not work", remedy)
    if (grant.survey, grant.wave, grant.unit.lstrip("0")) != (*wave, code.lstrip("0")):
        remedy = "The lines have been mixed up; take the file as it was written."
        return Fault("LINK_OF_ANOTHER", line.where, f"the link is not that of {name}", remedy)
    return None
