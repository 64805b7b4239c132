"""The journal: what was done to a wave is sealed, and a store of the first revision is brought up to date."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from evaltools.store import (
    Saved,
    Store,
    change_fieldwork,
    fieldwork_of,
    open_store,
    receive,
    take_snapshot,
    verify_store,
)
from evaltools.store.handle import reading
from evaltools.store.log.journal import lines
from evaltools.store.tables import VERSION
from store_of_0001 import make_store_of_0001
from tiny_survey import LATER, WHEN, sent


def codes(store: Store) -> list[str]:
    return [fault.code for fault in verify_store(store)]


def by_hand(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE waves SET origin = 'rehearsal' WHERE wave = '2018'", "OPENING_CHANGED"),
        ("UPDATE units SET frame = '{}' WHERE unit = '0101' AND wave = '2018'", "OPENING_CHANGED"),
        ("UPDATE units SET aliases = '[\"Aarhus\"]' WHERE unit = '0101' AND wave = '2018'", "OPENING_CHANGED"),
        ("UPDATE units SET reference_figures = '{\"n\":1}' WHERE unit = '0101' AND wave = '2018'", "OPENING_CHANGED"),
        ("DELETE FROM units WHERE unit = '0825' AND wave = '2018'", "OPENING_CHANGED"),
        (
            "INSERT INTO units SELECT survey, wave, '0999', 9, name, frame, aliases, reference_figures FROM units"
            " WHERE unit = '0101' AND wave = '2018'",
            "OPENING_CHANGED",
        ),
        (
            "UPDATE waves SET questionnaire = replace(questionnaire, 'Besvares', 'x') || ' ' WHERE wave = '2018'",
            "OPENING_CHANGED",
        ),
        ("UPDATE fieldwork SET settings = replace(settings, '2023', '2033') WHERE wave = '2018'", "SETTINGS_CHANGED"),
        ("DELETE FROM fieldwork WHERE wave = '2018'", "SETTINGS_CHANGED"),
        ("UPDATE contacts SET email = 'en@anden.dk' WHERE unit = '' AND wave = '2018'", "SETTINGS_CHANGED"),
    ],
)
def test_what_a_wave_was_opened_with_and_how_it_is_run_cannot_be_changed_unseen(
    store: Store, statement: str, code: str
) -> None:
    assert verify_store(store) == ()
    by_hand(store, statement)
    assert codes(store) == [code]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET detail = '{}'",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT survey, wave, seq, at, actor, kind, unit, '{}', previous, hash"
        " FROM journal",
    ],
)
def test_the_database_itself_refuses_to_change_the_journal(store: Store, statement: str) -> None:
    connection = sqlite3.connect(store.path)
    with pytest.raises(sqlite3.IntegrityError, match="the journal is never"):
        connection.execute(statement)
    connection.close()


def test_a_journal_that_was_changed_past_its_guards_is_noticed(store: Store) -> None:
    by_hand(store, "DROP TRIGGER journal_no_update")
    by_hand(store, "UPDATE journal SET at = '2019' WHERE wave = '2018' AND seq = 1")
    assert codes(store) == ["JOURNAL_BROKEN"]
    by_hand(store, "DROP TRIGGER journal_no_delete")
    by_hand(store, "DELETE FROM journal WHERE wave = '2018'")
    assert codes(store) == ["OPENING_NOT_SEALED", "SETTINGS_CHANGED"]


def test_a_damaged_file_is_told(store: Store) -> None:
    receive(store, sent({"remark": "x" * 900}, submit=False), at=WHEN)
    by_hand(store, "PRAGMA writable_schema = ON")
    by_hand(store, "DELETE FROM sqlite_master WHERE name = 'events_by_response'")
    store.close()
    assert "FILE_DAMAGED" in codes(store)


def test_a_change_of_settings_is_a_line_in_the_journal_without_the_mailbox(store: Store) -> None:
    settings = fieldwork_of(store, "tiny", "2018")
    longer = type(settings)(keep_until=settings.keep_until.replace(year=2030), contact=settings.contact)
    change_fieldwork(store, "tiny", "2018", longer, at=LATER, actor="Anna")
    change_fieldwork(store, "tiny", "2018", longer, at=LATER, actor="Anna")
    with reading(store) as connection:
        told = [(row, detail) for row, detail in lines(connection, "tiny", "2018", "settings")]
        text = json.dumps([dict(row._mapping) for row, _ in told])
    assert [detail["keep_until"] for _, detail in told] == ["2023-02-05", "2030-02-05"]
    assert settings.contact.email not in text
    assert "Anna" not in text
    assert fieldwork_of(store, "tiny", "2018") == longer
    assert verify_store(store) == ()


def test_a_store_of_the_first_revision_keeps_every_answer_and_has_its_openings_sealed(tmp_path: Path) -> None:
    make_store_of_0001(tmp_path)
    with open_store(tmp_path / "answers.db") as store:
        assert verify_store(store) == ()
        with reading(store) as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == VERSION
            ((row, detail),) = lines(connection, "tiny", "2018")
        assert (row.kind, row.seq, sorted(detail["units"])) == ("sealed_later", 1, ["0101", "0751", "0825"])
        (response,) = take_snapshot(store).waves[0].responses
        assert response.answers == {"placed": 12}
        saved = receive(store, sent({"placed": 13}, base_version=response.version, submit=False), at=LATER)
        assert isinstance(saved, Saved)
        assert verify_store(store) == ()
        by_hand(store, "UPDATE waves SET origin = 'rehearsal'")
        assert codes(store) == ["OPENING_CHANGED"]
