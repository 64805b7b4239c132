"""The journal: what was done to a wave apart from answering it, one chain per wave, without personal data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, bindparam, insert, select

from evaltools.provenance import canonical_json, sha256_of
from evaltools.store.log.events import FIRST
from evaltools.store.moments import moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import JOURNAL

LineKind = Literal[
    "opened", "sealed_later", "settings", "contacts", "grant_made", "grant_revoked", "grant_opened", "reminder",
    "reminder_outcome", "operator_added", "operator_removed", "workbook", "read", "purge",
]  # fmt: skip
"""`sealed_later`: an opening that was there before there was a journal, sealed as it then stood."""

_HASHED: Final = ("survey", "wave", "seq", "at", "actor", "kind", "unit", "detail", "previous")

_NEW_LINE = Prepared(insert(JOURNAL))
_LAST_LINE = Prepared(
    select(JOURNAL.c.seq, JOURNAL.c.hash)
    .where(JOURNAL.c.survey == bindparam("of_survey"), JOURNAL.c.wave == bindparam("of_wave"))
    .order_by(JOURNAL.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be added. `survey` and `wave` are empty for what is done to the store itself.

    `detail` is a JSON value without a name, a mail address or an answer: nobody can ever take it out again.
    """

    survey: str
    wave: str
    kind: LineKind
    unit: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


def note(connection: Connection, line: Line, actor: str, at: dt.datetime) -> int:
    """Add a line to the journal of its wave; its place (seq). `actor`: a pseudonym, or empty."""
    last = _LAST_LINE.first(connection, {"of_survey": line.survey, "of_wave": line.wave})
    seq, previous = (0, FIRST) if last is None else (last.seq, last.hash)
    row: dict[str, str | int] = {
        "survey": line.survey,
        "wave": line.wave,
        "seq": seq + 1,
        "at": moment_text(at),
        "actor": actor,
        "kind": line.kind,
        "unit": line.unit,
        "detail": canonical_json(dict(line.detail)),
        "previous": previous,
    }
    _NEW_LINE.run(connection, {**row, "hash": line_hash(row)})
    return seq + 1


def journal_heads(connection: Connection) -> dict[str, str]:
    """The last hash of every journal, by `survey/wave`; that of the store itself stands under `/`."""
    in_order = select(JOURNAL.c.survey, JOURNAL.c.wave, JOURNAL.c.hash).order_by(JOURNAL.c.seq)
    return {f"{row.survey}/{row.wave}": row.hash for row in connection.execute(in_order)}


def line_hash(row: Mapping[str, Any]) -> str:
    """The hash of a line: over everything it says, and the hash of the one before."""
    return sha256_of([row[name] for name in _HASHED])


def lines(
    connection: Connection, survey: str, wave: str, *kinds: LineKind, unit: str | None = None
) -> Iterator[tuple[Row[Any], Any]]:
    """The lines of a wave's journal in order, of some kinds or all, each with its detail read."""
    wanted = select(JOURNAL).where(JOURNAL.c.survey == survey, JOURNAL.c.wave == wave).order_by(JOURNAL.c.seq)
    if kinds:
        wanted = wanted.where(JOURNAL.c.kind.in_(kinds))
    if unit is not None:
        wanted = wanted.where(JOURNAL.c.unit == unit)
    for row in connection.execute(wanted):
        yield row, json.loads(row.detail)
