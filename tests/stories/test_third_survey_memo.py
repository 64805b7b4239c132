"""An unrelated survey, of libraries and with none of our names, from its questionnaire to a verified memo."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from evaltools.cli import main
from evaltools.store import open_store, take_snapshot
from third_survey import WAVE, build_third_survey

PROSE = """# Læsehjælp på bibliotekerne

Oplæsning bruges af {{voice:share}}. {{s_pen}} @fig-use viser al hjælpen. Regnet op til alle bruger {{guide:population}} vejledning,
uden antagelser {{guide:bounds}}. Svarene står i @tab-use."""
CODE = """import evaltools as ev

data = ev.load("reading_help/1")
use = ev.release(ev.proportion(ev.design(data), "b1_stage", category="user"))
everyone = ev.release(ev.proportion(ev.design(data, strata="region"), "b1_stage", category="user"))
ev.show("fig-use", ev.bar_chart(use, "Biblioteker, der bruger hjælpen"))
ev.show("tab-use", ev.share_table(everyone, "Brug af hjælpen", columns=("estimate", "count", "n", "bounds")))
ev.show("voice", ev.number(use, item="voice"))
ev.show("s_pen", ev.sentence(use, "bruger scannerpen", item="pen"))
ev.show("guide", ev.number(everyone, item="guide"))"""
PAGE = "title: Digital læsehjælp\nauthor: Biblioteksforeningen\ndate: 2026-02-01\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The survey with a store of rehearsed answers, a chapter of two cells, and the memo made of them."""
    folder = build_third_survey(tmp_path_factory.mktemp("libraries"))
    assert main(["check", str(folder)]) == 0
    assert main(["rehearse", str(folder / "surveys"), "--store", str(folder / "out" / "answers.db")]) == 0
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    (notebooks / "memo.yaml").write_text(PAGE, "utf-8")
    cells = [
        {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": PROSE},
        {"cell_type": "code", "id": "code", "metadata": {}, "source": CODE, "outputs": [], "execution_count": None},
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (notebooks / "01-laesehjaelp.ipynb").write_text(json.dumps(content), "utf-8")
    words = ["memo", str(notebooks), "--store", str(folder / "out" / "answers.db"), "-o", str(folder / "out")]
    assert main(words) == 0
    return folder


def test_the_rehearsal_has_as_many_libraries_as_there_are_and_none_of_their_names(root: Path) -> None:
    with open_store(root / "out" / "answers.db") as store:
        (wave,) = take_snapshot(store).waves
    assert len(wave.units) == 12
    assert not {unit.name for unit in wave.units} & {"Ådal Bibliotek", "Birkely Bibliotek", "Østervold Bibliotek"}
    assert {unit.frame["size"] for unit in wave.units} == {"lille", "stort"}


def test_the_memo_speaks_of_libraries_and_never_of_municipalities(root: Path) -> None:
    html = (root / "out" / "notat.html").read_text("utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)).split())
    text = text.replace("\u00a0", " ")
    assert re.search(r"\d+ ud af \d+ biblioteker", text)
    assert re.search(r"af de 12 biblioteker", text)
    assert not re.search(r"kommune|region hovedstaden|98|metode(?!:|r? )|tolv biblioteker \)", text, re.IGNORECASE)


def test_the_memo_is_verified_from_its_register_and_store_alone(root: Path, tmp_path: Path) -> None:
    for name in ("notat.json", "notat.docx", "answers.db"):
        shutil.copy(root / "out" / name, tmp_path / name)
    assert main(["verify", str(tmp_path / "notat.json")]) == 0
    assert main(["verify", str(tmp_path / "notat.docx")]) == 0


def test_the_answers_leave_for_other_programs(root: Path, tmp_path: Path) -> None:
    words = ["export", "reading_help/1", "--store", str(root / "out" / "answers.db"), "--to", "spss,csv"]
    assert main([*words, "-o", str(tmp_path)]) == 0
    assert {path.suffix for path in tmp_path.iterdir()} >= {".sav", ".csv"}


def test_real_answers_of_the_libraries_are_taken_in(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "surveys", tmp_path / "surveys")
    shutil.copytree(root / "data_dictionary", tmp_path / "data_dictionary")
    store, file = str(tmp_path / "real.db"), tmp_path / "answers.json"
    assert main(["open", str(tmp_path / WAVE), "--store", store]) == 0
    answers = {"a2_role": "Bibliotekar", "b1_stage_voice": 5}
    response = {"survey": "reading_help", "wave": "1", "unit": "Nordhavn", "answers": answers, "submit": False}
    file.write_text(json.dumps(response), "utf-8")
    assert main(["receive", str(file), "--store", store]) == 0
    assert main(["dictionary", str(tmp_path)]) == 0
