import json
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.schema import survey_from_source
from evaltools.schema.missing import Missing
from evaltools.store import Store, open_store, read_snapshot, receive, take_snapshot, write_snapshot
from evaltools.store.handle import reading
from tiny_survey import LATER, WHEN, sent

GOOD = {"stage": "1", "placed": {"missing": "cannot_be_counted"}, "cases": 9, "remark": "Æblegrød"}


def test_a_snapshot_holds_waves_units_responses_and_the_heads_of_the_chains(store: Store) -> None:
    receive(store, sent(GOOD), at=WHEN)
    receive(store, sent({"placed": 3}, "0825", submit=False), at=LATER)
    snapshot = take_snapshot(store)
    assert [(wave.survey, wave.wave) for wave in snapshot.waves] == [
        ("tiny", "2015"),
        ("tiny", "2018"),
        ("visits", "1"),
    ]
    wave = snapshot.waves[1]
    assert survey_from_source(wave.questionnaire).content_sha256 == wave.schema_sha256
    assert [unit.code for unit in wave.units] == ["0101", "0751", "0825"]
    assert wave.units[1].aliases == ("Århus",)
    assert [one.unit for one in wave.responses] == ["0101", "0825"]
    assert wave.responses[0].answers["placed"] is Missing.CANNOT_BE_COUNTED
    assert wave.responses[1].submitted_at is None
    assert set(snapshot.heads) == {"0101", "0825"}
    assert wave.origin == "collected"


def test_a_snapshot_is_stable_until_something_is_saved(store: Store) -> None:
    receive(store, sent(GOOD), at=WHEN)
    first = take_snapshot(store)
    assert take_snapshot(store) == first
    with open_store(store.path) as other:
        assert take_snapshot(other) == first
    receive(store, sent({"cases": 10}), at=LATER)
    assert take_snapshot(store).sha256 != first.sha256


def test_a_snapshot_sees_nothing_of_what_is_saved_meanwhile(store: Store) -> None:
    receive(store, sent(GOOD), at=WHEN)
    with reading(store) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
        with open_store(store.path) as other:
            receive(other, sent({"cases": 10}), at=LATER)
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar() == before


def test_a_snapshot_comes_back_from_its_file_as_it_was(store: Store, tmp_path: Path) -> None:
    receive(store, sent(GOOD), at=WHEN)
    snapshot = take_snapshot(store)
    write_snapshot(snapshot, tmp_path / "snapshot.json")
    assert read_snapshot(tmp_path / "snapshot.json") == snapshot
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_snapshot_file_that_was_changed_is_refused(store: Store, tmp_path: Path) -> None:
    receive(store, sent(GOOD), at=WHEN)
    path = tmp_path / "snapshot.json"
    write_snapshot(take_snapshot(store), path)
    content = json.loads(path.read_text("utf-8"))
    content["waves"][1]["responses"][0]["answers"]["cases"] = 8
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(StoreError) as caught:
        read_snapshot(path)
    assert caught.value.code == "SNAPSHOT_CHANGED"


@pytest.mark.parametrize(("text", "code"), [(None, "NO_SNAPSHOT"), ("[1]", "NOT_A_SNAPSHOT"), ("{", "NOT_A_SNAPSHOT")])
def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path, text: str | None, code: str) -> None:
    path = tmp_path / "snapshot.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(StoreError) as caught:
        read_snapshot(path)
    assert caught.value.code == code


def test_a_snapshot_that_cannot_be_written_leaves_the_earlier_file_whole(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        write_snapshot(take_snapshot(store), tmp_path / "nowhere" / "snapshot.json")
    assert caught.value.code == "SNAPSHOT_NOT_WRITTEN"
