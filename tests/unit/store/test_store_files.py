import json
from pathlib import Path

import pytest

from evaltools.errors import CollectError, StoreError
from evaltools.store import Submission, read_submissions, read_units

ROOT = Path(__file__).parents[3]


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_a_file_holds_many_responses_or_one(tmp_path: Path) -> None:
    many = {
        "survey": "tiny",
        "wave": "2018",
        "responses": [
            {"unit": "0101", "answers": {"placed": 3}, "actor": "Ida"},
            {"unit": "0751", "answers": {}, "submit": False},
        ],
    }
    assert read_submissions(written(tmp_path, many)) == (
        Submission("tiny", "2018", "0101", {"placed": 3}, actor="Ida"),
        Submission("tiny", "2018", "0751", {}, submit=False),
    )
    one = {"survey": "visits", "wave": "1", "unit": "0101", "record": "r1", "answers": {"people": 2}}
    assert read_submissions(written(tmp_path, one)) == (Submission("visits", "1", "0101", {"people": 2}, record="r1"),)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("{", ["FILE_NOT_JSON"]),
        ('{"unit": "1", "unit": "2"}', ["FILE_NOT_JSON"]),
        ("[1]", ["WRONG_FORM"]),
        ({"survey": "a", "wave": "1", "responses": {}}, ["WRONG_FORM"]),
        ({"survey": "a", "wave": "1", "responses": [3]}, ["WRONG_FORM"]),
        ({"survey": "a", "wave": "1", "unit": "x"}, ["KEY_MISSING"]),
        ({"survey": "a", "wave": "1", "unit": "x", "answers": {}, "anwers": {}}, ["KEY_UNKNOWN"]),
        ({"survey": "a", "wave": "1", "answers": {}, "responses": []}, ["KEY_UNKNOWN"]),
        (
            {"survey": 1, "wave": "1", "unit": "x", "answers": [], "submit": "yes", "base_version": True},
            ["WRONG_FORM"] * 4,
        ),
        (
            {"wave": "1", "responses": [{"answers": {}}, {"unit": 1, "answers": {}}]},
            ["KEY_MISSING"] * 3 + ["WRONG_FORM"],
        ),
    ],
)
def test_a_file_that_is_wrong_says_everything_that_is_wrong(tmp_path: Path, content: object, codes: list[str]) -> None:
    with pytest.raises(CollectError) as caught:
        read_submissions(written(tmp_path, content))
    assert [fault.code for fault in caught.value.faults] == codes


def test_a_missing_file_of_answers_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectError) as caught:
        read_submissions(tmp_path / "none.json")
    assert caught.value.code == "NO_FILE"


def test_the_municipalities_come_with_their_frame_and_spellings() -> None:
    units = {unit.code: unit for unit in read_units(ROOT / "data_dictionary" / "codelists" / "municipalities.csv")}
    assert len(units) == 98
    aarhus = units["0751"]
    assert aarhus.name == "Aarhus"
    assert "Århus" in aarhus.aliases
    assert aarhus.frame == {
        "region": "Region Midtjylland",
        "group": "Storbykommuner",
        "size": "5: 100.000 og derover",
        "landsdel": "Østjylland",
        "label": aarhus.frame["label"],
        "tile_row": aarhus.frame["tile_row"],
        "tile_col": aarhus.frame["tile_col"],
    }


def test_a_population_without_codes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("kode,navn\n1,Et\n", "utf-8")
    with pytest.raises(StoreError) as caught:
        read_units(path)
    assert caught.value.code == "UNITS_COLUMN_MISSING"


def test_further_columns_of_a_population_become_frame_columns(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,district\n7,Nordskolen,Nord\n", "utf-8")
    (unit,) = read_units(path)
    assert (unit.code, unit.name, unit.frame) == ("7", "Nordskolen", {"district": "Nord"})
