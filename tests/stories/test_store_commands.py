"""From the command line: open a wave, take in files of answers, rehearse and rehearse anew."""

import json
import sqlite3
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.store import open_store, read_units, take_snapshot, verify_store
from tiny_survey import WHEN, tiny_store, write_tiny

ROOT = Path(__file__).parents[2]
GOOD = {"stage": "1", "placed": 120, "network": 14, "cases": 9}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_tiny(tmp_path)
    return tmp_path


def opened(root: Path) -> Path:
    path = root / "answers.db"
    assert main(["open", str(root / "surveys" / "tiny" / "2018"), "--store", str(path)]) == 0
    return path


def written(root: Path, *responses: dict[str, object]) -> str:
    path = root / "answers.json"
    path.write_text(json.dumps({"survey": "tiny", "wave": "2018", "responses": responses}), "utf-8")
    return str(path)


def test_an_opened_wave_is_frozen_and_takes_in_answers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = opened(root)
    assert "open for 3 units" in capsys.readouterr().out
    assert (root / "surveys" / "tiny" / "2018" / "opened.yaml").exists()
    file = written(root, {"unit": "Kbh.", "answers": GOOD}, {"unit": "825", "answers": GOOD, "submit": False})
    assert main(["receive", file, "--store", str(store)]) == 0
    assert "2 of 2 responses kept" in capsys.readouterr().out
    assert main(["verify", str(store)]) == 0
    questionnaire = root / "surveys" / "tiny" / "2018" / "questionnaire.yaml"
    questionnaire.write_text(questionnaire.read_text("utf-8").replace("Heraf", "Deraf"), "utf-8")
    assert main(["open", str(questionnaire.parent), "--store", str(store)]) == 2
    assert "WAVE_CHANGED" in capsys.readouterr().err


def test_each_response_of_a_file_is_reported_and_one_that_fails_gives_exit_code_two(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = opened(root)
    file = written(
        root,
        {"unit": "0101", "answers": GOOD},
        {"unit": "Aahus", "answers": GOOD},
        {"unit": "0825", "answers": {**GOOD, "network": 500}},
    )
    capsys.readouterr()
    assert main(["receive", file, "--store", str(store), "--json", "--language", "en"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert [one["outcome"] for one in report["responses"]] == ["kept", "not received", "refused"]
    assert 'Did you mean "Aarhus"?' in report["responses"][1]["faults"][0]
    assert report["responses"][2]["problems"][0]["message"] == "The number cannot be larger"
    assert main(["receive", file, "--store", str(store)]) == 2
    told = capsys.readouterr().out
    assert "0101: kept" in told
    assert "stop network (Heraf i netværk?): Tallet kan ikke være større" in told
    assert "1 of 3 responses kept" in told


def test_a_conflict_is_told_with_who_and_which_fields(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = opened(root)
    main(["receive", written(root, {"unit": "0101", "answers": GOOD, "actor": "Ida"}), "--store", str(store)])
    late = {"unit": "0101", "answers": {**GOOD, "cases": 4}, "base_version": 0}
    assert main(["receive", written(root, late), "--store", str(store)]) == 2
    assert "Ida has changed ['cases'] since" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "code"), [(["{"], "FILE_NOT_JSON"), ([], "NO_STORE")])
def test_what_cannot_be_taken_in_is_told_with_exit_code_two(
    root: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "answers.json"
    file.write_text(words[0] if words else '{"survey": "tiny", "wave": "2018", "responses": []}', "utf-8")
    assert main(["receive", str(file), "--store", str(root / "none.db")]) == 2
    assert code in capsys.readouterr().err


def test_a_rehearsal_is_made_anew_only_on_request_and_never_over_real_answers(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = root / "out" / "rehearsal.db"
    words = ["rehearse", str(root / "surveys"), "--store", str(store), "--seed", "5"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "3 waves rehearsed with seed 5" in told.out
    assert "tiny/2018" in told.err
    with open_store(store) as first:
        before = take_snapshot(first)
    assert main(words) == 2
    assert "STORE_EXISTS" in capsys.readouterr().err
    assert main([*words, "--renew"]) == 0
    with open_store(store) as again:
        assert take_snapshot(again) == before
    assert [path.name for path in store.parent.iterdir()] == ["rehearsal.db"]
    real = opened(root)
    assert main(["rehearse", str(root / "surveys"), "--store", str(real), "--renew"]) == 2
    assert "HOLDS_REAL_ANSWERS" in capsys.readouterr().err


def test_a_rehearsal_that_fails_leaves_the_earlier_store_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = root / "rehearsal.db"
    words = ["rehearse", str(root / "surveys"), "--store", str(store), "--renew"]
    main(words)
    before = store.read_bytes()
    monkeypatch.setattr("evaltools.rehearsal.rehearsing.receive_all", lambda *_: 1 / 0)
    assert main(words) == 1
    assert "fault of evaltools" in capsys.readouterr().err
    assert store.read_bytes() == before
    assert [path.name for path in root.glob("*.part*")] == []


def test_a_store_that_another_program_holds_is_not_replaced(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def held(*_: object) -> None:
        raise PermissionError(13, "used by another process")

    words = ["rehearse", str(root / "surveys" / "visits"), "--store", str(root / "r.db"), "--renew"]
    main(words)
    monkeypatch.setattr(Path, "replace", held)
    assert main(words) == 2
    assert "STORE_IN_USE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "units", "code"), [("surveys/tinny", [], "NO_QUESTIONNAIRE"), ("surveys", ["none.csv"], "NO_UNITS_FILE")]
)
def test_a_rehearsal_of_nothing_or_of_nobody_is_refused(
    root: Path, path: str, units: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["rehearse", str(root / path), "--store", str(root / "r.db")]
    assert main([*words, *(["--units", str(root / units[0])] if units else [])]) == 2
    assert code in capsys.readouterr().err
    assert not (root / "r.db").exists()


def test_the_shipped_surveys_are_rehearsed_with_invented_municipalities(tmp_path: Path) -> None:
    path = tmp_path / "rehearsal.db"
    assert main(["rehearse", str(ROOT / "surveys"), "--store", str(path)]) == 0
    with open_store(path) as store:
        snapshot = take_snapshot(store)
        assert verify_store(store) == ()
    assert {f"{wave.survey}/{wave.wave}" for wave in snapshot.waves} == {
        "foster_interview/1",
        "investment/1",
        "leaders_network/1",
        "network_meeting/1",
        "network_methods/2015",
        "network_methods/2018",
        "placement_followup/1",
        "respite/1",
    }
    real = read_units(ROOT / "data_dictionary" / "codelists" / "municipalities.csv")
    for wave in snapshot.waves:
        assert wave.origin == "rehearsal"
        assert len(wave.units) == 98
        assert {unit.code for unit in wave.units} & {unit.code for unit in real} == set()
        assert {unit.name for unit in wave.units} & {unit.name for unit in real} == set()
        if wave.survey in ("network_methods", "leaders_network"):
            submitted = [one for one in wave.responses if one.disposition == "submitted"]
            assert 0.20 <= 1 - len(submitted) / 98 <= 0.35
            assert {one.disposition for one in wave.responses} == {"submitted", "partial", "refused"}
        else:
            assert len({one.unit for one in wave.responses}) in (3, 4)
            assert len(wave.responses) >= 15


def test_a_store_is_an_ordinary_database_that_other_programs_can_read(tmp_path: Path) -> None:
    tiny_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "answers.db")
    assert connection.execute("SELECT opened_at FROM waves").fetchone() == (WHEN.isoformat(timespec="milliseconds"),)
    connection.close()
