"""A store as the first revision left it: made by the statements of that time, and filled with one answer."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from evaltools.provenance import canonical_json
from evaltools.store.log.events import event_hash, value_hash
from evaltools.store.moments import moment_text
from tiny_survey import UNITS, WHEN, tiny, write_tiny

_STATEMENTS = """
PRAGMA journal_mode = WAL;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE waves (survey TEXT NOT NULL, wave TEXT NOT NULL, schema_sha256 TEXT NOT NULL, questionnaire TEXT NOT NULL,
  origin TEXT NOT NULL, opened_at TEXT NOT NULL, PRIMARY KEY (survey, wave));
CREATE TABLE units (survey TEXT NOT NULL, wave TEXT NOT NULL, unit TEXT NOT NULL, position INTEGER NOT NULL,
  name TEXT NOT NULL, frame TEXT NOT NULL, aliases TEXT NOT NULL, reference_figures TEXT NOT NULL,
  PRIMARY KEY (survey, wave, unit), FOREIGN KEY(survey, wave) REFERENCES waves (survey, wave));
CREATE TABLE events (unit TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
  channel TEXT NOT NULL, kind TEXT NOT NULL, survey TEXT NOT NULL, wave TEXT NOT NULL, record TEXT NOT NULL,
  field TEXT NOT NULL, schema_sha256 TEXT NOT NULL, value_sha256 TEXT NOT NULL, previous TEXT NOT NULL,
  hash TEXT NOT NULL, PRIMARY KEY (unit, seq));
CREATE INDEX events_by_response ON events (survey, wave, unit, record);
CREATE TABLE event_values (unit TEXT NOT NULL, seq INTEGER NOT NULL, salt TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (unit, seq), FOREIGN KEY(unit, seq) REFERENCES events (unit, seq));
CREATE TABLE actors (pseudonym TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (pseudonym), UNIQUE (name));
CREATE TABLE responses (survey TEXT NOT NULL, wave TEXT NOT NULL, unit TEXT NOT NULL, record TEXT NOT NULL,
  disposition TEXT NOT NULL, version INTEGER NOT NULL, submitted_at TEXT, channel TEXT NOT NULL,
  changed_at TEXT NOT NULL, PRIMARY KEY (survey, wave, unit, record),
  FOREIGN KEY(survey, wave, unit) REFERENCES units (survey, wave, unit));
CREATE TABLE answers (survey TEXT NOT NULL, wave TEXT NOT NULL, unit TEXT NOT NULL, record TEXT NOT NULL,
  field TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL,
  PRIMARY KEY (survey, wave, unit, record, field),
  FOREIGN KEY(survey, wave, unit, record) REFERENCES responses (survey, wave, unit, record));
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE unit = NEW.unit AND seq = NEW.seq)
  BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END;
INSERT INTO alembic_version VALUES ('0001');
"""


def make_store_of_0001(root: Path) -> Path:
    """`answers.db` of revision 0001 below `root`: `tiny/2018` is open, and København has drafted one answer."""
    write_tiny(root)
    questionnaire = tiny(root)
    path = root / "answers.db"
    connection = sqlite3.connect(path)
    connection.executescript(_STATEMENTS)
    at = moment_text(WHEN)
    wave = ("tiny", "2018", questionnaire.content_sha256, questionnaire.source, "collected", at)
    connection.execute("INSERT INTO waves VALUES (?, ?, ?, ?, ?, ?)", wave)
    for position, unit in enumerate(UNITS):
        row = ("tiny", "2018", unit.code, position, unit.name, canonical_json(dict(unit.frame)))
        more = (json.dumps(list(unit.aliases)), "{}")
        connection.execute("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, *more))
    event: dict[str, str | int] = {
        "unit": "0101", "seq": 1, "at": at, "actor": "a1", "channel": "form", "kind": "answer", "survey": "tiny",
        "wave": "2018", "record": "", "field": "placed", "schema_sha256": questionnaire.content_sha256,
        "value_sha256": value_hash("salt", "12"), "previous": "",
    }  # fmt: skip
    event["hash"] = event_hash(event)
    connection.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(event))})", tuple(event.values()))
    connection.execute("INSERT INTO event_values VALUES ('0101', 1, 'salt', '12')")
    connection.execute("INSERT INTO actors VALUES ('a1', 'Ida')")
    response = ("tiny", "2018", "0101", "", "partial", 1, None, "form", at)
    connection.execute("INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", response)
    connection.execute("INSERT INTO answers VALUES ('tiny', '2018', '0101', '', 'placed', '12', 1)")
    connection.commit()
    connection.close()
    return path
