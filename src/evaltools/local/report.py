"""The report of a local system: title, facts, findings in a box, and what each system has to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evaltools.document.model import Block, Box, Document, Paragraph
from evaltools.errors import DataError, Fault, near
from evaltools.language import number as in_digits
from evaltools.local.blocks import listed, note
from evaltools.local.counting import units
from evaltools.local.joint import Fact
from evaltools.local.model import LocalFile
from evaltools.local.setting import Local


@dataclass(frozen=True, slots=True)
class System:
    """One local system: its survey, and what its report says and shows. indicators : those that it counts."""

    name: str
    survey: str
    indicators: tuple[str, ...]
    says: Callable[[Local], list[str]]
    shows: Callable[[Local], list[Block]]
    beside: bool = False
    """Whether the other municipalities of the file stand beside it."""
    together: bool = False
    """Whether it is about all municipalities of the file at once."""
    apart: bool = False
    """Whether no question of its survey counts a part of another one, so that only counts of one question are tied."""
    assumes: tuple[str, ...] = ()
    """What it calculates with that a file of assumptions may say."""
    values: Callable[[Local], list[dict[str, object]]] | None = None
    """Its indicators as data, where they are more than shares of all records."""


def one_place(system: System, file: LocalFile, wanted: str) -> str:
    """The municipality of a report; where others stand beside it, the first of the file unless one is named.

    Raises `DataError`: SEVERAL_PLACES, NO_SUCH_PLACE, ONLY_TOGETHER.
    """
    places = file.places
    if system.together:
        if wanted:
            problem, remedy = "this report is about all who answered", "Leave out --municipality."
            raise DataError(Fault("ONLY_TOGETHER", file.name, problem, remedy))
        return ""
    if wanted and wanted not in places:
        raise DataError(Fault("NO_SUCH_PLACE", file.name, f'no record is of "{wanted}"', near(wanted, places)))
    if not wanted and len(places) > 1 and not system.beside:
        problem = f"the file holds records of {len(places)} municipalities"
        remedy = f"Name one with --municipality: {', '.join(places)}."
        raise DataError(Fault("SEVERAL_PLACES", file.name, problem, remedy))
    return wanted or places[0]


def report_document(system: System, local: Local, iso_date: str, date: str) -> Document:
    """The report of two pages.

    system : which. local : whose records, for whom. iso_date, date : of the report, for the file and for the reader.
    """
    whose = local.place or local.say("the_network" if system.together else "the_municipality")
    kind = "internal" if local.internal else "public"
    return Document(
        title=local.say(f"title.{system.name}", place=whose),
        subtitle="",
        author=whose,
        date=date,
        iso_date=iso_date,
        language=local.language,
        description=local.say(f"description.{system.name}", place=whose),
        blocks=(*system.shows(local), note(local.say("cannot")), *_about_file(local)),
        register=(),
        facts=tuple(_facts(local, kind)),
        stamp=" · ".join(_stamps(local)),
        box=Box(local.say("findings"), (listed(system.says(local)),)),
        kind=local.say(f"kind.{kind}"),
        brief=True,
    )


def _facts(local: Local, kind: str) -> Iterator[tuple[str, str]]:
    told = local.may_tell(Fact(units(local.records), units(local.records), "count"))
    basis = (
        local.say("fact.records_of", count=_count(local, len(local.records))) if told else local.say("fact.records_few")
    )
    yield local.say("fact.records"), basis
    yield local.say("fact.for"), local.say(f"fact.{kind}")
    yield local.say("fact.file"), f"{local.file.name} ({local.file.sha256[:12]})"


def _stamps(local: Local) -> Iterator[str]:
    if local.file.origin == "rehearsal":
        yield local.say("stamp.rehearsal")
    if local.internal:
        yield local.say("stamp.internal")


def _about_file(local: Local) -> Iterator[Paragraph]:
    """What of the file could not be used, in numbers; the list stands in a file of its own."""
    told = [one for one in local.file.told if one.line == 0 or one.kind == "column" or _is_ours(local, one.line)]
    kinds = ("unread", "broken", "left_out", "doubt", "column")
    counts = {kind: sum(one.kind == kind for one in told) for kind in kinds}
    said = {kind: _count(local, count) for kind, count in counts.items()}
    listed = local.say("listed.internal" if local.internal else "listed.public")
    yield note(
        local.say("about_file", listed=listed, drafts=_count(local, local.file.drafts.get(local.place, 0)), **said)
    )


def _is_ours(local: Local, line: int) -> bool:
    return any(record.line == line for record in local.records)


def _count(local: Local, count: int) -> str:
    return in_digits(count, 0, local.language)
