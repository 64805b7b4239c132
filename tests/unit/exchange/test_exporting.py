"""What other programs read is what the dataset holds; what they cannot hold is listed."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pyreadstat
import pytest

from evaltools.dataset import Dataset, build_dataset
from evaltools.errors import ExchangeError
from evaltools.exchange import Format, export, missing_codes, read_spss, read_stata
from evaltools.exchange.sav_records import add_dictionary
from evaltools.exchange.sheets import sheet_of
from evaltools.language import Text
from evaltools.schema.missing import Missing
from small_survey import ANSWERS, QUESTIONNAIRE, item, response, snapshot, with_items

STEM = "small_2018"


@pytest.fixture
def data() -> Dataset:
    return build_dataset(QUESTIONNAIRE, snapshot())


def numeric(data: Dataset, name: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in pd.to_numeric(data.frame[name])]


def plain(values: pd.Series) -> list[object]:
    return [None if pd.isna(value) else value for value in values]


def test_spss_reads_back_the_same_values_and_kinds_of_missing(data: Dataset, tmp_path: Path) -> None:
    export(data, tmp_path, ["spss"])
    back = read_spss(tmp_path / f"{STEM}.sav")
    assert back.frame["unit"].tolist() == list(data.frame.index)
    for name in ("stage_m1", "stage_m2", "why_1", "placed", "share"):
        assert plain(back.frame[name]) == numeric(data, name)
    for name in ("main_method", "remarks"):
        assert plain(back.frame[name]) == plain(data.frame[name])
    assert plain(back.frame["started"].dt.strftime("%Y-%m-%d")) == plain(data.frame["started"])
    assert plain(back.frame["held"].dt.strftime("%Y-%m")) == plain(data.frame["held"])
    kinds = missing_codes(back)[list(data.variables)]
    pd.testing.assert_frame_equal(kinds, data.missing.reset_index(drop=True))


def test_spss_holds_labels_measure_levels_title_and_notes(data: Dataset, tmp_path: Path) -> None:
    export(data, tmp_path, ["spss"])
    _, meta = pyreadstat.read_sav(tmp_path / f"{STEM}.sav", user_missing=True)
    assert meta.column_names_to_labels["placed"] == data.variables["placed"].label.da
    assert meta.variable_value_labels["stage_m1"][2.0] == "Bruger metoden"
    assert meta.variable_value_labels["stage_m1"][-8.0] == "Ved ikke"
    assert meta.variable_value_labels["main_method"]["m1"] == "Familierådslagning"
    assert meta.missing_ranges["placed"] == [{"lo": -9.0, "hi": -2.0}]
    assert meta.variable_measure["stage_m1"] == "ordinal"
    assert meta.variable_measure["why_1"] == "nominal"
    assert meta.variable_measure["placed"] == "scale"
    assert meta.original_variable_types["share"] == "F8.1"
    assert meta.file_label == "Lille undersøgelse"
    assert "Undersøgelse: small/2018" in meta.notes


def test_spss_holds_multiple_items_as_sets_and_their_question_texts(data: Dataset, tmp_path: Path) -> None:
    export(data, tmp_path, ["spss"])
    back = read_spss(tmp_path / f"{STEM}.sav")
    assert back.families == {"why": ("why_1", "why_2", "why_0")}
    content = (tmp_path / f"{STEM}.sav").read_bytes()
    assert b"placed:QuestionText('Hvad er placed?'\n)" in content
    assert b"Concept('adoption'\n)" in content


def test_stata_reads_back_the_same_values_and_kinds_of_missing(data: Dataset, tmp_path: Path) -> None:
    export(data, tmp_path, ["stata"])
    back = read_stata(tmp_path / f"{STEM}.dta")
    for name in ("stage_m1", "stage_m2", "why_1", "placed", "share"):
        assert plain(back.frame[name]) == numeric(data, name)
    assert plain(back.frame["started"].dt.strftime("%Y-%m-%d")) == plain(data.frame["started"])
    assert plain(back.frame["held"].dt.strftime("%Y-%m")) == plain(data.frame["held"])
    assert back.missing.loc[1, "placed"] == ".c"
    assert back.missing_labels["placed"][".c"] == "Kan ikke opgøres"
    assert back.value_labels["stage_m1"][2] == "Bruger metoden"
    assert back.file_label == "Lille undersøgelse"
    kinds = missing_codes(back)[[name for name in data.variables if name != "remarks"]]
    pd.testing.assert_frame_equal(kinds, data.missing.drop(columns="remarks").reset_index(drop=True))


def test_stata_numbers_codes_that_are_not_numbers_and_says_so(data: Dataset, tmp_path: Path) -> None:
    report = export(data, tmp_path, ["stata"])
    back = read_stata(tmp_path / f"{STEM}.dta")
    assert back.frame["main_method"].tolist()[0] == 1.0
    assert back.value_labels["main_method"] == {1: "Familierådslagning", 2: "Signs of Safety"}
    assert [note.columns for note in report.changed if note.reason == "codes_numbered"] == [("main_method",)]
    assert [note.columns for note in report.lost if note.reason == "text_without_kind"] == [("remarks",)]


def test_parquet_reads_back_the_same_values_with_kinds_beside_them(data: Dataset, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(data, tmp_path, ["parquet"])
    back = pd.read_parquet(tmp_path / f"{STEM}.parquet")
    for name in data.variables:
        shown = back[name].astype("str") if name == "started" else back[name]
        assert plain(shown) == plain(data.frame[name])
        assert back[f"{name}__missing"].tolist() == data.missing[name].tolist()
    schema = parquet.read_schema(tmp_path / f"{STEM}.parquet")
    about = json.loads(schema.field("stage_m1").metadata[b"evaltools"])
    assert about["codes"]["2"] == "Bruger metoden"
    assert about["question"] == "Hvad er stage?"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_codes_and_a_second_file_says_what_they_mean(data: Dataset, tmp_path: Path) -> None:
    export(data, tmp_path, ["csv"])
    first, second, *_ = rows(tmp_path / f"{STEM}.csv")
    assert (first["stage_m1"], first["placed"], first["share"], first["why_2"]) == ("2", "812", "12.5", "1")
    assert (second["stage_m2"], second["placed"], second["why_1"]) == ("-8", "-7", "-6")
    codes = [row for row in rows(tmp_path / f"{STEM}_codes.csv") if row["column"] == "stage_m1"]
    assert [(row["code"], row["is_missing"]) for row in codes][:4] == [("", ""), ("0", "0"), ("1", "0"), ("2", "0")]
    assert {row["code"]: row["code_label"] for row in codes}["-8"] == "Ved ikke"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_csv_never_begins_a_text_with_a_sign_that_a_spreadsheet_runs(sign: str, tmp_path: Path) -> None:
    answers = {**ANSWERS["101"], "remarks": f"{sign}cmd|' /C calc'!A0"}
    report = export(build_dataset(QUESTIONNAIRE, snapshot(response("101", answers))), tmp_path, ["csv"])
    assert rows(tmp_path / f"{STEM}.csv")[0]["remarks"] == f"'{sign}cmd|' /C calc'!A0"
    assert [note.columns for note in report.changed] == [("remarks",)]


def test_a_text_that_looks_like_a_missing_code_is_not_taken_for_one(tmp_path: Path) -> None:
    answers = {**ANSWERS["101"], "remarks": "-8"}
    export(build_dataset(QUESTIONNAIRE, snapshot(response("101", answers))), tmp_path, ["spss"])
    back = read_spss(tmp_path / f"{STEM}.sav")
    assert back.frame["remarks"].tolist()[0] == "'-8"


def test_a_true_value_between_minus_9_and_minus_2_is_never_made_missing(tmp_path: Path) -> None:
    questionnaire = with_items(item("change", "computed", measure="interval"))
    responses = [response("101", {"change": -4}), response("153", {"change": Missing.DONT_KNOW})]
    data = build_dataset(questionnaire, snapshot(*responses, questionnaire=questionnaire))
    report = export(data, tmp_path, ["spss", "csv", "stata"])
    assert plain(read_spss(tmp_path / f"{STEM}.sav").frame["change"])[:2] == [-4.0, None]
    assert [row["change"] for row in rows(tmp_path / f"{STEM}.csv")][:2] == ["-4", ""]
    assert read_stata(tmp_path / f"{STEM}.dta").missing["change"].tolist()[:2] == ["", ".b"]
    assert {(note.format, note.reason) for note in report.lost if note.columns} == {
        ("spss", "negative_values"),
        ("csv", "negative_values"),
    }


def test_labels_that_are_too_long_are_cut_between_letters_and_listed(tmp_path: Path) -> None:
    long = replace(item("placed", "integer"), label=Text("æ" * 200, "a" * 200))
    questionnaire = with_items(long)
    data = build_dataset(questionnaire, snapshot(response("101", {"placed": 1}), questionnaire=questionnaire))
    report = export(data, tmp_path, ["spss", "stata"])
    spss = read_spss(tmp_path / f"{STEM}.sav").labels["placed"]
    stata = read_stata(tmp_path / f"{STEM}.dta").labels["placed"]
    assert (spss, stata) == ("æ" * 126 + "…", "æ" * 79 + "…")
    cut = {(note.format, note.columns, note.detail) for note in report.changed if note.feature == "variable_labels"}
    assert cut == {("spss", ("placed",), "256"), ("stata", ("placed",), "80")}


def test_names_that_a_program_keeps_for_itself_are_changed_and_listed(tmp_path: Path) -> None:
    questionnaire = with_items(item("with", "integer"), item("int", "integer"))
    data = build_dataset(questionnaire, snapshot(response("101", {"with": 1}), questionnaire=questionnaire))
    report = export(data, tmp_path, ["spss", "stata"])
    renamed = {(note.format, note.detail) for note in report.changed if note.feature == "names"}
    assert renamed == {("spss", "with -> with_"), ("stata", "with -> with_, int -> int_")}
    assert read_spss(tmp_path / f"{STEM}.sav").frame["with_"].tolist()[0] == 1.0


def test_rehearsal_data_say_so_in_every_file(tmp_path: Path) -> None:
    data = build_dataset(QUESTIONNAIRE, snapshot(origin="rehearsal"))
    report = export(data, tmp_path, get_args(Format))
    assert "Øvelsesdata" in read_spss(tmp_path / f"{STEM}.sav").file_label
    assert any("Øvelsesdata" in note for note in read_spss(tmp_path / f"{STEM}.sav").notes)
    assert "Øvelsesdata" in read_stata(tmp_path / f"{STEM}.dta").file_label
    assert {row["origin"] for row in rows(tmp_path / f"{STEM}.csv")} == {"Øvelsesdata"}
    for file in report.files:
        if "loss_list" not in file.name and "_codes" not in file.name:
            assert "Øvelsesdata".encode() in file.read_bytes()


def test_the_loss_list_stands_beside_the_files_and_names_what_a_format_cannot_hold(
    data: Dataset, tmp_path: Path
) -> None:
    report = export(data, tmp_path, ["stata", "spss"])
    assert {note.feature for note in report.lost if note.reason == "format_cannot"} == {
        "measure_levels", "notes", "question_texts", "universes", "concepts", "families",
    }  # fmt: skip
    text = (tmp_path / f"{STEM}_loss_list.txt").read_text("utf-8")
    assert "Stata: hvem der er spurgt. Formatet har ikke plads til det" in text
    listed = json.loads((tmp_path / f"{STEM}_loss_list.json").read_text("utf-8"))
    assert listed["files"] == [file.name for file in report.files]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(listed["files"])


def test_long_notes_go_on_several_lines_and_a_long_title_is_cut_and_listed(tmp_path: Path) -> None:
    universe = Text("æblegrød og " * 20, "porridge " * 20)
    questionnaire = replace(QUESTIONNAIRE, universe=universe, title=Text("Ø" * 50, "O" * 50))
    data = build_dataset(questionnaire, snapshot(questionnaire=questionnaire))
    report = export(data, tmp_path, ["spss"])
    back = read_spss(tmp_path / f"{STEM}.sav")
    assert universe.da.strip() in " ".join(back.notes)
    assert data.snapshot_sha256 in " ".join(back.notes)
    assert all(len(line.encode()) <= 80 for line in back.notes)
    assert back.file_label == "Ø" * 30 + "…"
    assert [note.feature for note in report.changed] == ["file_label"]


def test_personal_columns_are_named_in_the_loss_list(tmp_path: Path) -> None:
    questionnaire = with_items(item("mail", "email", confidentiality="personal"), item("placed", "integer"))
    data = build_dataset(questionnaire, snapshot(response("101", {}), questionnaire=questionnaire))
    report = export(data, tmp_path, ["csv"])
    assert [note.columns for note in report.kept if note.reason == "personal"] == [("mail",)]


def test_the_two_numbers_of_a_count_have_labels_of_their_own(tmp_path: Path) -> None:
    questionnaire = with_items(item("mapped", "count"))
    answers = response("101", {"mapped": 3, "mapped_of": 9})
    export(build_dataset(questionnaire, snapshot(answers, questionnaire=questionnaire)), tmp_path, ["spss"])
    labels = read_spss(tmp_path / f"{STEM}.sav").labels
    assert (labels["mapped"], labels["mapped_of"]) == ("MAPPED", "MAPPED (ud af)")


def test_the_dataset_that_is_exported_is_unchanged(data: Dataset, tmp_path: Path) -> None:
    frame, missing = data.frame.copy(), data.missing.copy()
    export(data, tmp_path, get_args(Format))
    pd.testing.assert_frame_equal(data.frame, frame)
    pd.testing.assert_frame_equal(data.missing, missing)


def test_when_a_format_fails_the_earlier_files_stay_whole(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(data, tmp_path, ["csv"])
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyreadstat, "write_dta", full)
    with pytest.raises(ExchangeError, match="No space left") as caught:
        export(build_dataset(QUESTIONNAIRE, snapshot(origin="rehearsal")), tmp_path, ["csv", "stata"])
    assert caught.value.code == "CANNOT_WRITE"
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_an_unknown_format_and_no_format_are_refused(data: Dataset, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as caught:
        export(data, tmp_path, ["spps"])  # type: ignore[list-item]
    assert caught.value.code == "UNKNOWN_FORMAT"
    with pytest.raises(ExchangeError) as caught:
        export(data, tmp_path, [])
    assert caught.value.code == "NO_FORMAT"


def test_an_empty_registration_can_be_exported(tmp_path: Path) -> None:
    questionnaire = with_items(item("placed", "integer"), item("remarks", "text"), many_records=True)
    empty = snapshot(questionnaire=questionnaire)
    data = build_dataset(questionnaire, replace(empty, waves=(replace(empty.waves[0], responses=()),)))
    report = export(data, tmp_path, get_args(Format))
    assert len(read_spss(report.files[0]).frame) == 0


def test_without_pyarrow_parquet_is_refused_with_the_remedy(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExchangeError, match=r"evaltools\[parquet\]") as caught:
        export(data, tmp_path, ["csv", "parquet"])
    assert caught.value.code == "NO_PYARROW"
    assert list(tmp_path.iterdir()) == []


def test_a_sav_dictionary_of_another_make_is_never_guessed_at(data: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "broken.sav"
    path.write_bytes(b"$FL2" + bytes(172) + (5).to_bytes(4, "little"))
    with pytest.raises(ExchangeError) as caught:
        add_dictionary(path, sheet_of(data, "da"), {})
    assert caught.value.code == "UNKNOWN_SAV_RECORD"
