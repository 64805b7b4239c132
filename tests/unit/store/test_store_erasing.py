from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.store import (
    Conflict,
    Saved,
    Store,
    Submission,
    erase_person,
    erase_record,
    receive,
    take_snapshot,
    verify_store,
)
from evaltools.store.handle import reading, writing
from tiny_survey import LATER, WHEN, sent

SECRET = "Barnet bor hos sin moster i Tusmørkevang"


def bytes_of(store: Store) -> bytes:
    files = [store.path, *(store.path.with_name(store.path.name + end) for end in ("-wal", "-shm"))]
    return b"".join(file.read_bytes() for file in files if file.exists())


def kinds(store: Store) -> list[str]:
    with reading(store) as connection:
        return [row.kind for row in connection.exec_driver_sql("SELECT kind FROM events ORDER BY unit, seq")]


def test_erasing_one_record_leaves_no_byte_of_it_and_the_chain_verified(store: Store) -> None:
    for record, words in (("a", SECRET), ("b", "Alt vel")):
        receive(store, Submission("visits", "1", "0101", {"people": 4, "words": words}, record=record), at=WHEN)
    receive(store, Submission("visits", "1", "0101", {"words": SECRET + "!"}, record="a"), at=LATER)
    assert SECRET.encode() in bytes_of(store)
    assert erase_record(store, "visits", "1", "0101", "a", at=LATER) == 3
    assert SECRET.encode() not in bytes_of(store)
    assert verify_store(store) == ()
    assert [one.record for one in take_snapshot(store).waves[-1].responses] == ["b"]
    assert "erase" in kinds(store)


def test_an_erased_record_may_be_sent_again(store: Store) -> None:
    receive(store, sent({"placed": 7}, submit=False), at=WHEN)
    assert erase_record(store, "tiny", "2018", "København", at=LATER) == 1
    assert isinstance(receive(store, sent({"placed": 8}, submit=False), at=LATER), Saved)
    assert verify_store(store) == ()


def test_erasing_a_person_takes_the_name_and_the_personal_fields_and_keeps_the_answers(store: Store) -> None:
    mine = {"placed": 7, "mail": "ida.holm@example.org"}
    receive(store, sent(mine, actor="Ida Holm", submit=False), at=WHEN)
    receive(store, sent({"placed": 9, "mail": "bo@example.org"}, "0751", actor="Bo", submit=False), at=WHEN)
    assert erase_person(store, "Ida Holm", at=LATER, actor="Sekretariatet") == 1
    left = bytes_of(store)
    assert b"Ida Holm" not in left
    assert b"ida.holm" not in left
    assert verify_store(store) == ()
    answers = {one.unit: one.answers for one in take_snapshot(store).waves[1].responses}
    assert answers == {"0101": {"placed": 7}, "0751": {"placed": 9, "mail": "bo@example.org"}}


def test_who_was_erased_is_somebody_else_in_a_conflict(store: Store) -> None:
    receive(store, sent({"placed": 7}, actor="Ida Holm", submit=False), at=WHEN)
    erase_person(store, "Ida Holm", at=LATER)
    outcome = receive(store, sent({"placed": 8}, base_version=0, submit=False), at=LATER)
    assert isinstance(outcome, Conflict)
    assert outcome.by == "en anden, der har svaret for kommunen"


def test_what_cannot_be_erased_is_named_with_the_nearest(store: Store) -> None:
    receive(store, Submission("visits", "1", "0101", {"people": 4}, record="r001", actor="Ida Holm"), at=WHEN)
    with pytest.raises(StoreError) as caught:
        erase_record(store, "visits", "1", "0101", "r01", at=LATER)
    assert (caught.value.code, caught.value.faults[0].remedy) == ("NO_SUCH_RECORD", 'Did you mean "r001"?')
    with pytest.raises(StoreError) as caught:
        erase_person(store, "Ida Holms", at=LATER)
    assert (caught.value.code, caught.value.faults[0].remedy) == ("NO_SUCH_PERSON", 'Did you mean "Ida Holm"?')


TAMPERINGS = {
    "VALUE_CHANGED": "UPDATE event_values SET value = '8' WHERE seq = 1",
    "VALUE_LOST": "DELETE FROM event_values WHERE seq = 1",
    "STATE_DIFFERS": "UPDATE answers SET value = '8' WHERE field = 'placed'",
    "SCHEMA_CHANGED": "UPDATE waves SET questionnaire = replace(questionnaire, 'Heraf', 'Deraf') WHERE wave = '2018'",
}


@pytest.mark.parametrize("code", TAMPERINGS)
def test_a_store_that_was_changed_by_hand_does_not_verify(store: Store, code: str) -> None:
    receive(store, sent({"placed": 7, "network": 2}, submit=False), at=WHEN)
    with writing(store) as connection:
        connection.exec_driver_sql(TAMPERINGS[code])
    assert code in {fault.code for fault in verify_store(store)}


def test_a_standing_that_was_changed_by_hand_does_not_verify(store: Store) -> None:
    receive(store, sent({"placed": 7}, submit=False), at=WHEN)
    with writing(store) as connection:
        connection.exec_driver_sql("UPDATE responses SET disposition = 'submitted'")
    assert [fault.code for fault in verify_store(store)] == ["STATE_DIFFERS"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET at = '2017-01-01T00:00:00.000+00:00' WHERE seq = 1",
        "DELETE FROM events WHERE seq = 1",
        "UPDATE events SET field = 'network' WHERE seq = 1",
    ],
)
def test_an_event_that_was_changed_breaks_the_chain(store: Store, statement: str) -> None:
    receive(store, sent({"placed": 7, "network": 2}, submit=False), at=WHEN)
    with writing(store) as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql("DROP TRIGGER events_no_delete")
        connection.exec_driver_sql("DELETE FROM event_values WHERE seq = 1")
        connection.exec_driver_sql(statement)
    assert "CHAIN_BROKEN" in {fault.code for fault in verify_store(store)}


def test_the_store_holds_no_name_in_its_events(store: Store, tmp_path: Path) -> None:
    receive(store, sent({"placed": 7}, actor="Ida Holm", submit=False), at=WHEN)
    with reading(store) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM events").all()
    assert "Ida" not in repr(rows)
