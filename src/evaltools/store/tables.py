"""The tables of a store. Events are only ever added; values and names stand apart, so that they can be erased."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text

VERSION: Final = "0001"
"""The revision this program writes and reads: the newest file in `migrations/versions`."""

KNOWN_VERSIONS: Final = ("0001",)

METADATA: Final = MetaData()

WAVES: Final = Table(
    "waves",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("schema_sha256", Text, nullable=False),
    Column("questionnaire", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
)

UNITS: Final = Table(
    "units",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("frame", Text, nullable=False),
    Column("aliases", Text, nullable=False),
    Column("reference_figures", Text, nullable=False),
    ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
)

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("survey", Text, nullable=False),
    Column("wave", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("schema_sha256", Text, nullable=False),
    Column("value_sha256", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("events_by_response", "survey", "wave", "unit", "record"),
)
"""One chain per unit. `actor` is a pseudonym; `value_sha256` is salted; empty text where a column does not apply."""

EVENT_VALUES: Final = Table(
    "event_values",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(["unit", "seq"], ["events.unit", "events.seq"]),
)

ACTORS: Final = Table(
    "actors",
    METADATA,
    Column("pseudonym", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

RESPONSES: Final = Table(
    "responses",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("disposition", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("submitted_at", Text),
    Column("channel", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    ForeignKeyConstraint(["survey", "wave", "unit"], ["units.survey", "units.wave", "units.unit"]),
)

ANSWERS: Final = Table(
    "answers",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(
        ["survey", "wave", "unit", "record"],
        ["responses.survey", "responses.wave", "responses.unit", "responses.record"],
    ),
)
"""The current state: what folding the events gives. `version` is the seq of the event that set the value."""
