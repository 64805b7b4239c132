"""From a store to files of other programs and back: every value and every kind of missing is the same."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from evaltools.cli import main
from evaltools.dataset import Dataset, build_dataset, coded_missing, panel
from evaltools.exchange import ForeignData, export, missing_codes, read_spss, read_stata
from evaltools.rehearsal import rehearse
from evaltools.schema import read_survey
from evaltools.schema.missing import Missing
from evaltools.store import Snapshot, open_store, read_units, take_snapshot

ROOT = Path(__file__).parents[2]
WAVES = ("network_methods/2015", "network_methods/2018", "respite/1")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "rehearsal.db"
    questionnaires = [read_survey(ROOT / "surveys" / wave) for wave in WAVES]
    units = read_units(ROOT / "data_dictionary/codelists/municipalities.csv")
    with open_store(path, create=True) as opened:
        rehearse(opened, questionnaires, units, seed=7, at=dt.datetime(2018, 10, 1, tzinfo=dt.UTC))
    return path


@pytest.fixture(scope="module")
def snapshot(store: Path) -> Snapshot:
    with open_store(store) as opened:
        return take_snapshot(opened)


@pytest.fixture(scope="module", params=WAVES[1:])
def data(request: pytest.FixtureRequest, snapshot: Snapshot) -> Dataset:
    return build_dataset(request.param, snapshot)


def same(back: ForeignData, data: Dataset, name: str) -> bool:
    """Whether a column that was read back holds the values of the dataset."""
    read, ours = back.frame[name], data.frame[name].reset_index(drop=True)
    kind = data.variables[name].field.kind
    if kind in ("date", "month"):
        read = read.dt.strftime("%Y-%m" if kind == "month" else "%Y-%m-%d")
    elif read.dtype == "float64":
        ours = pd.to_numeric(ours).astype("float64")
    return bool((read.eq(ours) | (read.isna() & ours.isna())).all())


def test_spss_gives_back_every_variable_of_a_real_questionnaire(data: Dataset, tmp_path: Path) -> None:
    report = export(data, tmp_path, ["spss"])
    back = read_spss(report.files[0])
    undeclared = {name for note in report.changed for name in note.columns}
    assert [name for name in data.variables if not same(back, data, name) and name not in undeclared] == []
    # Codes that are text, with more kinds of missing than SPSS declares for text: the report names them.
    assert {name for name in data.variables if not same(back, data, name)} <= {"d4_method"}
    kinds = missing_codes(back)[[name for name in data.variables if name not in undeclared]]
    pd.testing.assert_frame_equal(kinds, data.missing[list(kinds)].reset_index(drop=True))
    assert set(back.families) == {name for name, names in data.families.items() if set(names) == set(_set(data, name))}


def _set(data: Dataset, family: str) -> list[str]:
    """The columns of one multiple field; a family over several fields is not one set."""
    fields = {data.variables[name].field.name for name in data.families[family]}
    options = [name for name in data.families[family] if data.variables[name].category is not None]
    return options if len(fields) == 1 else []


def test_stata_gives_back_every_variable_that_is_not_a_code_of_letters(data: Dataset, tmp_path: Path) -> None:
    report = export(data, tmp_path, ["stata"])
    back = read_stata(report.files[0])
    numbered = {name for note in report.changed if note.reason == "codes_numbered" for name in note.columns}
    assert [name for name in data.variables if name not in numbered and not same(back, data, name)] == []
    unkept = {name for note in report.lost if note.reason == "text_without_kind" for name in note.columns}
    kinds = missing_codes(back)[[name for name in data.variables if name not in unkept]]
    pd.testing.assert_frame_equal(kinds, data.missing[list(kinds)].reset_index(drop=True))


def test_csv_gives_back_the_coded_frame(data: Dataset, tmp_path: Path) -> None:
    file = export(data, tmp_path, ["csv"]).files[0]
    read = pd.read_csv(file, dtype="str", keep_default_na=False)
    for name, column in coded_missing(data).reset_index(drop=True).items():
        ours = column.map(lambda value: f"{value:g}" if isinstance(value, float) else value)
        theirs = read[str(name)].map(lambda text: f"{float(text):g}" if _is_number(text) else text)
        assert theirs.tolist() == [f"{float(text):g}" if _is_number(text) else text for text in ours]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdigit()


def test_every_exported_file_of_a_rehearsal_says_so(data: Dataset, tmp_path: Path) -> None:
    for file in export(data, tmp_path, ["spss", "stata", "csv", "parquet"]).files:
        if file.suffix in (".sav", ".dta", ".parquet") or file.name.endswith(f"{data.questionnaire.wave}.csv"):
            assert "Øvelsesdata".encode() in file.read_bytes()


def test_items_of_the_later_wave_only_are_not_in_version_in_the_earlier(snapshot: Snapshot) -> None:
    pair = panel(snapshot, "network_methods", ["2015", "2018"])
    new = set(pair.datasets["2018"].variables) - set(pair.datasets["2015"].variables)
    assert new
    assert all(set(pair.missing.xs("2015", level="wave")[name]) == {Missing.NOT_IN_VERSION} for name in new)
    assert len(pair.frame) == 2 * 98


def test_the_verb_writes_the_files_and_prints_the_loss_list(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", "network_methods/2018", "--store", str(store), "--to", "spss,stata,csv", "-o", str(tmp_path)]
    assert main([*words, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert sorted(listed["files"]) == sorted(file.name for file in tmp_path.iterdir())
    assert {note["format"] for note in listed["lost"]} == {"stata", "csv"}
    assert main(words) == 0
    assert "Ikke med" in capsys.readouterr().out


def test_the_verb_names_the_nearest_wave_and_format(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--store", str(store), "-o", str(tmp_path)]
    assert main(["export", "network_methods/2081", *words]) == 2
    assert 'Did you mean "network_methods/2018"?' in capsys.readouterr().err
    assert main(["export", "network_methods/2018", "--to", "sps", *words]) == 2
    assert 'Did you mean "spss"?' in capsys.readouterr().err
