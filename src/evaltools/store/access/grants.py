"""Grants: personal links of leaders and colleagues, and tokens of systems. Only the hash of a token is kept."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from evaltools.errors import Fault, StoreError, near
from evaltools.provenance import canonical_json
from evaltools.schema.model import Questionnaire
from evaltools.store.access.secrets import new_token, token_hash
from evaltools.store.fieldwork.waves import known_wave
from evaltools.store.handle import Store, reading, write
from evaltools.store.log.events import pseudonym
from evaltools.store.log.journal import Line, LineKind, note
from evaltools.store.model import Grant, NewGrant, Role, Scope
from evaltools.store.moments import moment, moment_text
from evaltools.store.prepared import Prepared
from evaltools.store.tables import ACTORS, GRANTS, SESSIONS

SCOPES_OF_ROLE: Final[Mapping[Role, tuple[Scope, ...]]] = MappingProxyType(
    {"leader": ("read", "draft", "submit"), "colleague": ("read", "draft"), "system": ("read",)}
)

GRANT_TIMES: Final[Mapping[LineKind, str]] = MappingProxyType(
    {"grant_opened": "opened_at", "grant_revoked": "revoked_at"}
)
"""The lines of the journal that set a time in a grant."""

_TOLD: Final = ("role", "holder", "sections", "scopes", "token_sha256", "made_at", "made_by", "expires_at")

_HOLDER, _MAKER = ACTORS.alias("holder_actor"), ACTORS.alias("maker_actor")
GRANT_COLUMNS: Final = (*GRANTS.c, _HOLDER.c.name.label("holder_name"), _MAKER.c.name.label("maker_name"))
GRANTS_AND_NAMES: Final = GRANTS.outerjoin(_HOLDER, GRANTS.c.holder == _HOLDER.c.pseudonym).outerjoin(
    _MAKER, GRANTS.c.made_by == _MAKER.c.pseudonym
)
"""What `grant_in` reads a grant from."""
_GRANTS: Final = select(*GRANT_COLUMNS).select_from(GRANTS_AND_NAMES).order_by(GRANTS.c.made_at, GRANTS.c.id)
_IN_WAVE: Final = (GRANTS.c.survey == bindparam("of_survey")) & (GRANTS.c.wave == bindparam("of_wave"))
_OF_WAVE = Prepared(_GRANTS.where(_IN_WAVE))
_OF_UNIT = Prepared(_GRANTS.where(_IN_WAVE, GRANTS.c.unit == bindparam("of_unit")))
_OF_TOKEN = Prepared(_GRANTS.where(GRANTS.c.token_sha256 == bindparam("of_token")))
_ROW = Prepared(select(GRANTS).where(GRANTS.c.id == bindparam("of_id")))
_OF_ID = Prepared(_GRANTS.where(GRANTS.c.id == bindparam("of_id")))


def make_grant(store: Store, wanted: NewGrant, *, at: dt.datetime) -> tuple[Grant, str]:
    """Let somebody in: the grant, and its token, which is shown this once and never again.

    Raises: `StoreError` NO_SUCH_WAVE, UNKNOWN_UNIT, UNKNOWN_SECTION, GRANT_WITHOUT_UNIT.
    """
    return write(store, lambda connection: _make(connection, store, wanted, at))


def replace_grant(
    store: Store,
    grant_id: str,
    *,
    at: dt.datetime,
    by: str,
    holder: str | None = None,
    until: dt.datetime | None = None,
) -> tuple[Grant, str]:
    """A new link in place of a lost one, or for a new holder: the old one and its sessions end at once.

    The new one may do what the old one might, and lasts as long from now on, but not beyond `until`.
    Raises: `StoreError` NO_SUCH_GRANT.
    """

    def work(connection: Connection) -> tuple[Grant, str]:
        old = revoke(connection, store, grant_id, at, by)
        lasts = None if old.expires_at is None else at + (old.expires_at - old.made_at)
        wanted = NewGrant(
            old.survey,
            old.wave,
            old.unit,
            old.role,
            old.holder if holder is None else holder,
            sections=old.sections,
            scopes=old.scopes,
            expires_at=min((end for end in (lasts, until) if end is not None), default=None),
            made_by=by,
        )
        return _make(connection, store, wanted, at)

    return write(store, work)


def revoke_grant(store: Store, grant_id: str, *, at: dt.datetime, by: str) -> None:
    """End a grant and its sessions at once; a second time changes nothing. Raises: `StoreError` NO_SUCH_GRANT."""
    write(store, lambda connection: revoke(connection, store, grant_id, at, by))


def grants(store: Store, survey: str, wave: str, unit: str | None = None) -> tuple[Grant, ...]:
    """The grants of a wave, or of one unit of it by its code, in the order they were made; revoked ones too."""
    of_wave = {"of_survey": survey, "of_wave": wave}
    with reading(store) as connection:
        if unit is None:
            rows = _OF_WAVE.rows(connection, of_wave)
        else:
            rows = _OF_UNIT.rows(connection, {**of_wave, "of_unit": unit})
        return tuple(grant_in(row) for row in rows)


def find_grant(store: Store, token: str, *, at: dt.datetime) -> Grant | None:
    """The grant of a token, or None where it is unknown, revoked or has expired. Changes nothing."""
    with reading(store) as connection:
        found = grant_of_token(connection, token)
    return found if found is not None and is_valid(found, at) else None


def grant_of_token(connection: Connection, token: str) -> Grant | None:
    """The grant of a token, whether it still holds or not."""
    row = _OF_TOKEN.first(connection, {"of_token": token_hash(token)})
    return None if row is None else grant_in(row)


def grant_of_id(connection: Connection, grant_id: str) -> Grant:
    """The grant with that id; `StoreError` NO_SUCH_GRANT otherwise."""
    row = _OF_ID.first(connection, {"of_id": grant_id})
    if row is None:
        problem = f'there is no grant "{grant_id}"'
        raise StoreError(Fault("NO_SUCH_GRANT", "grants", problem, "List the grants of the unit, and take its id."))
    return grant_in(row)


def is_valid(grant: Grant, at: dt.datetime) -> bool:
    """Whether a grant holds: not revoked, not expired."""
    return grant.revoked_at is None and (grant.expires_at is None or at < grant.expires_at)


def grant_in(row: Any) -> Grant:
    """The grant in a row of `grants`, with the names of people where they are still known."""
    return Grant(
        id=row.id,
        survey=row.survey,
        wave=row.wave,
        unit=row.unit,
        role=row.role,
        holder=row.holder_name or "",
        sections=tuple(json.loads(row.sections)),
        scopes=tuple(json.loads(row.scopes)),
        made_at=moment(row.made_at),
        made_by=row.maker_name or "",
        expires_at=_moment(row.expires_at),
        revoked_at=_moment(row.revoked_at),
        opened_at=_moment(row.opened_at),
    )


def _make(connection: Connection, store: Store, wanted: NewGrant, at: dt.datetime) -> tuple[Grant, str]:
    known = known_wave(store, connection, wanted.survey, wanted.wave)
    questionnaire = known.opened.questionnaire
    _check_sections(questionnaire, wanted.sections)
    unit = wanted.unit and known.population.code(wanted.unit, questionnaire.id)
    if not unit and wanted.role != "system":
        problem = f"a {wanted.role} answers for a unit, and none is named"
        raise StoreError(Fault("GRANT_WITHOUT_UNIT", questionnaire.id, problem, "Name the unit."))
    token = new_token()
    maker = pseudonym(connection, wanted.made_by, store.token)
    row: dict[str, Any] = {
        "id": store.token(8),
        "survey": wanted.survey,
        "wave": wanted.wave,
        "unit": unit,
        "role": wanted.role,
        "holder": pseudonym(connection, wanted.holder, store.token),
        "sections": canonical_json(list(wanted.sections)),
        "scopes": canonical_json(list(_scopes(wanted))),
        "token_sha256": token_hash(token),
        "made_at": moment_text(at),
        "made_by": maker,
        "expires_at": None if wanted.expires_at is None else moment_text(wanted.expires_at),
    }
    connection.execute(insert(GRANTS).values(row))
    note_grant(connection, "grant_made", row["id"], maker, at)
    return grant_of_id(connection, row["id"]), token


def _scopes(wanted: NewGrant) -> tuple[Scope, ...]:
    """What the grant allows. Whoever writes may read: a save tells what others have changed meanwhile."""
    scopes = wanted.scopes or SCOPES_OF_ROLE[wanted.role]
    writes = {"draft", "submit"} & set(scopes)
    return ("read", *scopes) if writes and "read" not in scopes else scopes


def _check_sections(questionnaire: Questionnaire, wanted: tuple[str, ...]) -> None:
    known = [section.name for section in questionnaire.sections]
    for name in wanted:
        if name not in known:
            problem = f'"{name}" is not a section'
            raise StoreError(Fault("UNKNOWN_SECTION", questionnaire.id, problem, near(name, known)))


def revoke(connection: Connection, store: Store, grant_id: str, at: dt.datetime, by: str) -> Grant:
    """`revoke_grant`, inside a transaction: the grant as it was before."""
    grant = grant_of_id(connection, grant_id)
    if grant.revoked_at is not None:
        return grant
    here = GRANTS.c.id == grant_id
    connection.execute(update(GRANTS).where(here).values(revoked_at=moment_text(at)))
    open_ones = (SESSIONS.c.grant_id == grant_id) & (SESSIONS.c.ends_at > moment_text(at))
    connection.execute(update(SESSIONS).where(open_ones).values(ends_at=moment_text(at)))
    note_grant(connection, "grant_revoked", grant_id, pseudonym(connection, by, store.token), at)
    return grant


def note_grant(connection: Connection, kind: LineKind, grant_id: str, actor: str, at: dt.datetime) -> None:
    """A line in the journal: what the grant is made of, or that it was opened or revoked."""
    row = _ROW.first(connection, {"of_id": grant_id})
    assert row is not None
    detail = {name: getattr(row, name) for name in _TOLD} if kind == "grant_made" else {}
    note(connection, Line(row.survey, row.wave, kind, row.unit, {"grant": grant_id, **detail}), actor, at)


def grant_told(row: Row[Any]) -> dict[str, Any]:
    """What the lines of the journal together say of the grant in a row: for comparing."""
    times = {name: row._mapping[name] for name in GRANT_TIMES.values() if row._mapping[name] is not None}
    return {"grant": row.id, "unit": row.unit, **{name: row._mapping[name] for name in _TOLD}, **times}


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else moment(text)
