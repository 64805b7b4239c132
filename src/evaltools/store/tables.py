"""The tables of a store. Events and journal are only ever added to; values and names stand apart, to be erased.

The name of a person stands in `actors`, `contacts` and `operators` and nowhere else: all other tables know people
by pseudonym or number. A link, a cookie and a password stand here as hashes only.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, LargeBinary, MetaData, Table, Text

VERSION: Final = "0002"
"""The revision this program writes and reads: the newest file in `migrations/versions`."""

KNOWN_VERSIONS: Final = ("0001", "0002")

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

JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("journal_by_unit", "survey", "wave", "kind", "unit"),
)
"""What was done to a wave: one chain per wave, and one under empty names for the store itself.

`actor` is a pseudonym, empty where nobody in person did it; `detail` is canonical JSON without personal data.
"""

FIELDWORK: Final = Table(
    "fieldwork",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("settings", Text, nullable=False),
    ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
)
"""How a wave is run, as canonical JSON; the mailbox of those who ask stands in `contacts`, under no unit."""

CONTACTS: Final = Table(
    "contacts",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("phone", Text, nullable=False),
    ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
)
"""Whom to write to at each unit. `unit` is empty for those who ask."""

GRANTS: Final = Table(
    "grants",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("survey", Text, nullable=False),
    Column("wave", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("sections", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("token_sha256", Text, nullable=False, unique=True),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", Text),
    Column("revoked_at", Text),
    Column("opened_at", Text),
    ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
    Index("grants_by_unit", "survey", "wave", "unit"),
)
"""Who may do what, by a link or a token. `holder` and `made_by` are pseudonyms, `unit` is empty for a whole wave."""

SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("cookie_sha256", Text, primary_key=True),
    Column("grant_id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    ForeignKeyConstraint(["grant_id"], ["grants.id"]),
)

OPERATORS: Final = Table(
    "operators",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("salt", Text, nullable=False),
    Column("password_scrypt", Text, nullable=False),
    Column("added_at", Text, nullable=False),
)

OPERATOR_SESSIONS: Final = Table(
    "operator_sessions",
    METADATA,
    Column("cookie_sha256", Text, primary_key=True),
    Column("operator_id", Text, nullable=False),
    Column("begun_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    ForeignKeyConstraint(["operator_id"], ["operators.id"]),
)

PAGES: Final = Table(
    "pages",
    METADATA,
    Column("survey", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("content_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("basis_sha256", Text, nullable=False),
    ForeignKeyConstraint(["survey", "wave"], ["waves.survey", "waves.wave"]),
)
"""Finished pages of a unit, made by another process; `basis_sha256` names what they were made from."""

STORE_KEYS: Final = Table(
    "store_keys",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("secret", Text, nullable=False),
)
"""Secrets of the store itself, such as the one that signs workbooks."""
