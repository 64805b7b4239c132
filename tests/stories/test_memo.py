"""From a store to a memo: built by the command line from the shipped chapters, verified, and spoiled on purpose."""

from __future__ import annotations

import datetime as dt
import errno
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from lxml import etree

from evaltools.cli import main
from evaltools.memo import outputs
from evaltools.schema import read_survey
from evaltools.store import Submission, open_store, receive, take_snapshot

ROOT = Path(__file__).parents[2]
MARK = "Øvelsesdata"


@pytest.fixture(scope="module")
def out(rehearsal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memo") / "out"
    assert main(["memo", str(ROOT / "notebooks"), "--store", str(rehearsal), "-o", str(folder)]) == 0
    shutil.copy(rehearsal, folder / rehearsal.name)
    return folder


@pytest.fixture(scope="module")
def register(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "notat.json").read_text("utf-8"))
    return content


def test_one_command_gives_the_memo_in_every_format(out: Path) -> None:
    for kind in ("pdf", "docx", "html", "xlsx", "json"):
        assert (out / f"notat.{kind}").stat().st_size > 10_000
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_the_memo_has_many_numbers_and_figures_of_five_kinds(out: Path, register: Mapping[str, Any]) -> None:
    values = {(number["code"], number["value"]) for number in register["numbers"] if number["value"] is not None}
    assert len(values) >= 120
    assert len(register["figures"]) >= 15
    source = "".join((ROOT / "notebooks" / path.name).read_text("utf-8") for path in (out / "chapters").glob("*.ipynb"))
    assert (
        sum(
            f"ev.{chart}" in source
            for chart in ("bar_chart", "scale_chart", "interval_chart", "response_chart", "tile_map", "before_after")
        )
        >= 5
    )


def test_the_resume_has_one_page_and_the_text_about_fifteen(out: Path) -> None:
    starts = _pages_of_chapters(out / "notat.pdf")
    assert starts["Baggrund og formål"] - starts["Resumé"] == 1
    assert 9 <= starts["Spørgeskema"] - starts["Resumé"] <= 16


def _pages_of_chapters(path: Path) -> dict[str, int]:
    """Title of each chapter without its number -> its page."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as contents:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        return {
            re.sub(r"^(\d+|Bilag [A-Z])\s+", "", entry.title): numbers[_target(entry).objgen] for entry in contents.root
        }


def _target(entry: pikepdf.OutlineItem) -> Any:
    destination = entry.destination if entry.destination is not None else entry.action.D
    return destination[0]


def test_no_row_of_a_table_is_taller_than_half_a_page(out: Path) -> None:
    with pikepdf.open(out / "notat.pdf") as pdf:
        height = float(pdf.pages[0].mediabox[3])
    lines = height / 2 / _TABLE_LINE
    root = etree.fromstring(zipfile.ZipFile(out / "notat.docx").read("word/document.xml"))
    for cell in root.iter(f"{_WORD}tc"):
        width = int(cell.find(f"{_WORD}tcPr/{_WORD}tcW").get(f"{_WORD}w")) / 20
        text = "".join(run.text or "" for run in cell.iter(f"{_WORD}t"))
        assert len(text) * _TABLE_LETTER / width < lines, text[:80]


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TABLE_LINE, _TABLE_LETTER = 12.0, 4.9
"""Points: the height of a line and the width of a letter in tables, both with room to spare."""


def test_no_text_shows_what_a_program_left_behind(out: Path, register: Mapping[str, Any]) -> None:
    said = [_plain(out).partition("Talregister Hvert tal")[0]]
    said += [each["title"] + " " + each["note"] for each in (*register["figures"], *register["tables"])]
    said += [figure["alt"] for figure in register["figures"]]
    for text in said:
        found = re.search(r"\b(None|nan|NaN|True|False)\b|[{}]|(?<!\.)\.\.(?!\.)", text)
        assert found is None, text[max(found.start() - 60, 0) : found.end() + 60]


def test_every_figure_is_told_in_words(register: Mapping[str, Any]) -> None:
    for figure in register["figures"]:
        assert len(figure["alt"]) >= 40, figure["id"]
        assert "Grundlag" in figure["alt"] or figure["id"] == "fig-map", figure["alt"]


def test_every_number_says_where_it_comes_from(register: Mapping[str, Any]) -> None:
    needed = {"id", "value", "unit", "shown", "origin", "survey", "question", "filter", "base", "weight", "n", "N",
              "method", "low", "high", "level", "chapter", "disclosure", "source"}  # fmt: skip
    for number in register["numbers"]:
        assert needed <= set(number)
        assert number["source"]
        assert number["code"] or number["origin"] == "published", number["id"]


def test_every_item_that_may_be_shown_is_reported(register: Mapping[str, Any]) -> None:
    questionnaire = read_survey(ROOT / "surveys" / "network_methods" / "2018")
    reported = " ".join(number["code"] for number in register["numbers"])
    silent = [
        item.name
        for item in questionnaire.items
        if item.confidentiality != "personal"
        and item.kind not in ("text", "note")
        and not re.search(rf'"{item.name}["_]', reported)
    ]
    assert silent == []


def test_rehearsal_numbers_say_so_and_published_ones_do_not(out: Path, register: Mapping[str, Any]) -> None:
    origins = {number["origin"] for number in register["numbers"]}
    assert origins == {"rehearsal", "published"}
    workbook = openpyxl.load_workbook(out / "notat.xlsx", read_only=True)
    for sheet in workbook.worksheets:
        text = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
        if re.fullmatch(r"(Figur|Tabel) \d+", sheet.title):
            codes = _ids_on(text, register)
            assert (MARK in text) or codes == {"published"} or not codes, sheet.title
    local = [number for number in register["numbers"] if number["origin"] == "published"]
    assert all(MARK not in " ".join(number["forms"].values()) for number in local)


def _ids_on(text: str, register: Mapping[str, Any]) -> set[str]:
    citations = {number["source"] for number in register["numbers"] if number["origin"] == "published"}
    return {"published"} if any(citation in text for citation in citations) else set()


def test_every_figure_of_rehearsal_answers_says_so_inside_the_picture(out: Path, register: Mapping[str, Any]) -> None:
    made = {number["id"].split(".")[0] for number in register["numbers"] if number["origin"] == "rehearsal"}
    for figure in register["figures"]:
        svg = (out / "figures" / f"{figure['id']}.svg").read_text("utf-8")
        assert (MARK in svg) == (figure["id"] in made or figure["id"] == "fig-map"), figure["id"]


def test_the_document_says_what_the_local_counts_can_carry_and_no_more(register: Mapping[str, Any], out: Path) -> None:
    text = _plain(out)
    assert "De to andele kan ikke skelnes statistisk" in text
    assert "ligger under målet på 33 pct." in text
    assert "forskellen kan ikke efterprøves statistisk" in text
    assert "9,14 pct.." not in text
    numbers = {number["id"]: number for number in register["numbers"]}
    assert (numbers["kbh_change.later"]["n"], numbers["kbh_change.earlier"]["n"]) == (98, 57)
    assert numbers["aal_break.x"]["forms"]["count"] == "1"


def _plain(out: Path) -> str:
    html = (out / "notat.html").read_text("utf-8")
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)).replace("\u00a0", " ")


def test_verify_computes_every_number_again_from_register_and_store_alone(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("notat.json", "rehearsal.db"):
        shutil.copy(out / name, tmp_path / name)
    assert main(["verify", str(tmp_path / "notat.json")]) == 0
    assert "all as recorded" in capsys.readouterr().out


def test_verify_names_the_number_that_one_changed_answer_changes(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("notat.json", "rehearsal.db"):
        shutil.copy(out / name, tmp_path / name)
    unit, old = _one_answer(tmp_path / "rehearsal.db", "b6_mandatory")
    changed = Submission("network_methods", "2018", unit, {"b6_mandatory": "3" if old != "3" else "1"}, submit=False)
    with open_store(tmp_path / "rehearsal.db") as opened:
        receive(opened, changed, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert main(["verify", str(tmp_path / "notat.json")]) == 1
    assert "NUMBER_CHANGED" in capsys.readouterr().out


def _one_answer(path: Path, field: str) -> tuple[str, object]:
    with open_store(path) as opened:
        snapshot = take_snapshot(opened)
    wave = next(wave for wave in snapshot.waves if wave.wave == "2018" and wave.survey == "network_methods")
    answered = [
        one for one in wave.responses if one.disposition == "submitted" and one.answers.get(field) in ("1", "3")
    ]
    return answered[0].unit, answered[0].answers[field]


def test_the_word_file_carries_each_number_as_a_control_that_verify_can_read(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(out / "notat.docx")]) == 0
    assert "all as recorded" in capsys.readouterr().out


def test_confidential_counts_stand_in_no_output(out: Path, register: Mapping[str, Any]) -> None:
    hidden = [number for number in register["numbers"] if number["disclosure"] == "hidden"]
    assert hidden, "the rehearsal should hold something to hide"
    assert all(number["value"] is None and number["low"] is None for number in hidden)
    for chapter in (out / "chapters").glob("*.ipynb"):
        assert '"rule": "small_count"' not in chapter.read_text("utf-8")


@pytest.fixture
def chapters(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / "memo.yaml", folder)
    return folder


def write_chapter(folder: Path, *cells: tuple[str, str], name: str = "01-proeve") -> None:
    made: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"c{place}", "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for place, (kind, source) in enumerate(cells)
    ]
    content = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(content), "utf-8")


START = 'import evaltools as ev\ndata = ev.load("network_methods/2018")\ndesign = ev.design(data)\n'
USE = 'use = ev.release(ev.proportion(design, "b1_stage", category="user"))\n'
PLANTED: tuple[tuple[str, str, str], ...] = (
    ("markdown", "Der er 41 kommuner.", "TYPED_NUMBER"),
    ("markdown", "Det er 12,5 procent.", "TYPED_NUMBER"),
    ("markdown", "- punkt med 7 tal", "TYPED_NUMBER"),
    ("markdown", "> boks med 1.234 børn", "TYPED_NUMBER"),
    ("markdown", "**I alt 8 af dem**", "TYPED_NUMBER"),
    ("markdown", "{{findes_ikke}}", "UNKNOWN_NUMBER"),
    ("markdown", "{{use_m9}}", "UNKNOWN_NUMBER"),
    ("markdown", "{{use_m1:forkert}}", "UNKNOWN_FORM"),
    ("markdown", "{{fixed:98}}", "FIXED_WITHOUT_SOURCE"),
    ("markdown", "Se @fig-findes_ikke.", "UNKNOWN_REFERENCE"),
    ("markdown", "Se @tab-findes_ikke.", "UNKNOWN_REFERENCE"),
    ("markdown", "![billede](billede.png)", "UNSUPPORTED_MARKDOWN"),
    ("markdown", "```\nkode\n```", "UNSUPPORTED_MARKDOWN"),
    ("markdown", "#### For dybt", "HEADING_SKIPS"),
    (
        "code",
        'from dataclasses import replace\nev.show("fig-a", replace(ev.bar_chart(use, "Brug"), alt=""))',
        "NO_ALT_TEXT",
    ),
    ("code", 'ev.show("fig-b", replace(ev.bar_chart(use, "Brug"), alt="image"))', "NO_ALT_TEXT"),
    ("code", 'ev.show("fig-c", replace(ev.bar_chart(use, "Brug"), rows=(), numbers={}))', "NO_DATA"),
    ("code", 'ev.show("use_m1", ev.number(use, item="m2"))', "TWO_VALUES"),
    ("code", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", "UNTRACED_PICTURE"),
    ("code", 'ev.show("fig-d", ev.number(use, item="m1"))', "CELL_FAILED"),
)


def test_twenty_planted_faults_are_twenty_found_and_a_draft_still_comes(
    rehearsal: Path, chapters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [("markdown", "# Prøve"), ("code", START + USE + 'ev.show("use_m1", ev.number(use, item="m1"))')]
    write_chapter(chapters, *cells, *((kind, source) for kind, source, _ in PLANTED))
    arguments = ["memo", str(chapters), "--store", str(rehearsal), "-o", str(tmp_path / "out")]
    assert main(arguments) == 2
    refused = capsys.readouterr().err
    assert not (tmp_path / "out" / "notat.pdf").exists()
    for place, (_, _, code) in enumerate(PLANTED, start=3):
        assert re.search(rf"cell {place}\b.*\[{code}\]", refused), (place, code)
    assert len(re.findall(r"\[[A-Z_]+\]$", refused, re.MULTILINE)) == len(PLANTED) == 20
    assert main([*arguments, "--draft"]) == 0
    assert "KLADDE" in _plain(tmp_path / "out")
    assert zipfile.is_zipfile(tmp_path / "out" / "notat.docx")


def test_a_chapter_that_fails_in_the_middle_leaves_earlier_outputs_whole(
    rehearsal: Path, chapters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "out" / "notat.pdf"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")
    write_chapter(chapters, ("markdown", "# Prøve"), ("code", "x = 1\n\nraise ValueError('stop her')"))
    assert main(["memo", str(chapters), "--store", str(rehearsal), "-o", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert "01-proeve, cell 2, line 3: ValueError: stop her" in message
    assert [path.name for path in earlier.parent.iterdir()] == ["notat.pdf"]


def test_a_full_disk_while_writing_leaves_earlier_outputs_whole(
    rehearsal: Path, chapters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "out" / "notat.pdf"
    earlier.parent.mkdir()
    earlier.write_bytes(b"earlier")

    def full(document: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outputs, "_WRITERS", {"pdf": full})
    write_chapter(chapters, ("markdown", "# Prøve\n\nTekst."))
    assert main(["memo", str(chapters), "--store", str(rehearsal), "-o", str(tmp_path / "out")]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in earlier.parent.iterdir()] == ["notat.pdf"]
    assert earlier.read_bytes() == b"earlier"


def test_figures_and_chapters_that_the_memo_no_longer_has_are_gone(
    rehearsal: Path, chapters: Path, tmp_path: Path
) -> None:
    old = tmp_path / "out" / "figures" / "fig-old.svg"
    old.parent.mkdir(parents=True)
    old.write_text("old", "utf-8")
    write_chapter(chapters, ("markdown", "# Prøve\n\nTekst."))
    assert main(["memo", str(chapters), "--store", str(rehearsal), "-o", str(tmp_path / "out")]) == 0
    assert not old.exists()
    assert [path.name for path in (tmp_path / "out" / "chapters").iterdir()] == ["01-proeve.ipynb"]
