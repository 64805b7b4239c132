"""Field work, access and the journal; the openings of the waves that are there already are sealed as they stand."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from evaltools.store.log.sealing import seal_as_they_stand

revision: Final = "0002"
down_revision: Final = "0001"

_SQLITE_GUARDS: Final = (
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal"
    " BEGIN SELECT RAISE(ABORT, 'the journal is never deleted'); END",
    # INSERT OR REPLACE deletes without firing a DELETE trigger, so a taken place is refused here.
    "CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS"
    " (SELECT 1 FROM journal WHERE survey = NEW.survey AND wave = NEW.wave AND seq = NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'the journal is never replaced'); END",
)
_POSTGRESQL_GUARDS: Final = (
    "CREATE FUNCTION journal_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the journal is never changed or deleted'; END $$",
    "CREATE TRIGGER journal_kept BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_is_kept()",
    "CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON journal FOR EACH STATEMENT"
    " EXECUTE FUNCTION journal_is_kept()",
)


def upgrade() -> None:
    """Make the new tables, let the database refuse changes to the journal, and seal what was opened before."""
    _journal()
    _fieldwork_and_contacts()
    _grants_and_sessions()
    _operators()
    _pages()
    op.create_table("store_keys", *_key("name"), *_texts("secret"))
    guards = _POSTGRESQL_GUARDS if op.get_bind().dialect.name == "postgresql" else _SQLITE_GUARDS
    for statement in guards:
        op.execute(statement)
    seal_as_they_stand(op.get_bind())


def _journal() -> None:
    op.create_table(
        "journal",
        *_key("survey", "wave"),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("at", "actor", "kind", "unit", "detail", "previous", "hash"),
    )
    op.create_index("journal_by_unit", "journal", ["survey", "wave", "kind", "unit"])


def _fieldwork_and_contacts() -> None:
    op.create_table("fieldwork", *_key("survey", "wave"), *_texts("settings"), _of_wave())
    op.create_table("contacts", *_key("survey", "wave", "unit"), *_texts("name", "email", "phone"), _of_wave())


def _grants_and_sessions() -> None:
    op.create_table(
        "grants",
        *_key("id"),
        *_texts("survey", "wave", "unit", "role", "holder", "sections", "scopes"),
        sa.Column("token_sha256", sa.Text, nullable=False, unique=True),
        *_texts("made_at", "made_by"),
        *(sa.Column(name, sa.Text) for name in ("expires_at", "revoked_at", "opened_at")),
        _of_wave(),
    )
    op.create_index("grants_by_unit", "grants", ["survey", "wave", "unit"])
    op.create_table(
        "sessions",
        *_key("cookie_sha256"),
        *_texts("grant_id", "person", "begun_at", "ends_at"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"]),
    )


def _operators() -> None:
    op.create_table(
        "operators",
        *_key("id"),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        *_texts("salt", "password_scrypt", "added_at"),
    )
    op.create_table(
        "operator_sessions",
        *_key("cookie_sha256"),
        *_texts("operator_id", "begun_at", "ends_at"),
        sa.ForeignKeyConstraint(["operator_id"], ["operators.id"]),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        *_key("survey", "wave", "unit", "kind", "language"),
        *_texts("content_type"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        *_texts("made_at", "basis_sha256"),
        _of_wave(),
    )


def _of_wave() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"])


def _key(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
