"""The first tables: waves with their population, events with values and names apart, the current state."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

_SQLITE_GUARDS: Final = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events"
    " BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
    " BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
    # INSERT OR REPLACE deletes without firing a DELETE trigger, so a taken place is refused here.
    "CREATE TRIGGER events_no_replace BEFORE INSERT ON events"
    " WHEN EXISTS (SELECT 1 FROM events WHERE unit = NEW.unit AND seq = NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
)
_POSTGRESQL_GUARDS: Final = (
    "CREATE FUNCTION events_are_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$",
    "CREATE TRIGGER events_kept BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_are_kept()",
    "CREATE TRIGGER events_not_emptied BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_are_kept()",
)


def upgrade() -> None:
    """Make all tables and let the database itself refuse changes to events."""
    _waves_and_units()
    _events()
    _values_and_actors()
    _state()
    guards = _POSTGRESQL_GUARDS if op.get_bind().dialect.name == "postgresql" else _SQLITE_GUARDS
    for statement in guards:
        op.execute(statement)


def _waves_and_units() -> None:
    op.create_table(
        "waves",
        *_key("survey", "wave"),
        *_texts("schema_sha256", "questionnaire", "origin", "opened_at"),
    )
    op.create_table(
        "units",
        *_key("survey", "wave", "unit"),
        sa.Column("position", sa.Integer, nullable=False),
        *_texts("name", "frame", "aliases", "reference_figures"),
        sa.ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
    )


def _events() -> None:
    op.create_table(
        "events",
        *_key("unit"),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("at", "actor", "channel", "kind", "survey", "wave", "record", "field"),
        *_texts("schema_sha256", "value_sha256", "previous", "hash"),
    )
    op.create_index("events_by_response", "events", ["survey", "wave", "unit", "record"])


def _values_and_actors() -> None:
    op.create_table(
        "event_values",
        *_key("unit"),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("salt", "value"),
        sa.ForeignKeyConstraint(["unit", "seq"], ["events.unit", "events.seq"]),
    )
    op.create_table("actors", *_key("pseudonym"), sa.Column("name", sa.Text, nullable=False, unique=True))


def _state() -> None:
    op.create_table(
        "responses",
        *_key("survey", "wave", "unit", "record"),
        *_texts("disposition"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("submitted_at", sa.Text),
        *_texts("channel", "changed_at"),
        sa.ForeignKeyConstraint(["survey", "wave", "unit"], ["units.survey", "units.wave", "units.unit"]),
    )
    op.create_table(
        "answers",
        *_key("survey", "wave", "unit", "record", "field"),
        *_texts("value"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["survey", "wave", "unit", "record"],
            ["responses.survey", "responses.wave", "responses.unit", "responses.record"],
        ),
    )


def _key(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
