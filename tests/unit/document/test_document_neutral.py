"""No text that we write becomes a formula in a spreadsheet, and every text and number comes back as it was."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaltools.document.model import Cell, Table
from evaltools.document.neutral import as_written, neutral, runs, write_rows
from evaltools.document.xlsx import xlsx_bytes
from office import needs_office, saved_by_office
from sample_document import sample_document, text

HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "＝1+1", "'=1+1", "''=1+1",
    '=HYPERLINK("http://example.org";"x")', "=cmd|' /C calc'!A0", '"=1+1"', "-", "-9", "+45 12 34 56 78",
)  # fmt: skip
CSV_OPTIONS = "CSV:44,34,76,1,,0,false,true,false,false"
"""Comma, double quotes, UTF-8, formulas are evaluated: what a reader who clicks on the file gets."""


def csv_of(rows: Any) -> str:
    file = io.StringIO(newline="")
    write_rows(file, rows)
    return file.getvalue()


def cells(book: Any) -> list[Any]:
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


def formulas(path: Path) -> list[str]:
    return [str(cell.value) for cell in cells(openpyxl.load_workbook(path)) if cell.data_type == "f"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_with_a_sign_gets_an_apostrophe(sign: str) -> None:
    assert neutral(f"{sign}1+1") == f"'{sign}1+1"


def test_a_sign_inside_a_text_is_left_alone() -> None:
    assert [neutral(each) for each in ("12 - 4", "a@b.dk", "3+1", "")] == ["12 - 4", "a@b.dk", "3+1", ""]


@given(st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n a1\u00a0＝")))
def test_reading_back_gives_every_text_again_and_nothing_written_runs(written: str) -> None:
    assert as_written(neutral(written)) == written
    assert not runs(neutral(written))


def test_numbers_stay_numbers_also_negative_ones_and_nothing_is_an_empty_cell() -> None:
    assert csv_of([[-4, -0.5, 0, None, "-4"]]) == "-4,-0.5,0,,'-4\r\n"


def test_a_csv_file_reads_back_as_the_texts_that_were_written() -> None:
    written = csv_of([[each, "x"] for each in HOSTILE])
    assert [as_written(row[0]) for row in csv.reader(io.StringIO(written, newline=""))] == list(HOSTILE)


@needs_office
def test_the_office_would_run_what_we_make_neutral(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("=1+1,x\n", "utf-8")
    assert formulas(saved_by_office(tmp_path / "bare.csv", tmp_path, CSV_OPTIONS)) == ["=1+1"]


@needs_office
def test_no_cell_of_a_csv_file_becomes_a_formula_in_the_office(tmp_path: Path) -> None:
    with (tmp_path / "hostile.csv").open("w", encoding="utf-8", newline="") as file:
        write_rows(file, [*([each, "x"] for each in HOSTILE), [-4, 0.5]])
    opened = saved_by_office(tmp_path / "hostile.csv", tmp_path, CSV_OPTIONS)
    assert formulas(opened) == []
    values = [cell.value for cell in cells(openpyxl.load_workbook(opened))]
    assert values[-2:] == [-4, 0.5]
    assert "'=1+1" in values


@needs_office
def test_no_cell_of_a_workbook_becomes_a_formula_in_the_office_and_texts_are_unchanged(tmp_path: Path) -> None:
    rows = tuple((Cell(text(each), each), Cell(text("-4"), -4)) for each in HOSTILE)
    table = Table("tab-hostile", "=1+1", ("=A", "-B"), rows, "=1+1")
    (tmp_path / "made.xlsx").write_bytes(xlsx_bytes(replace(sample_document(), title="=1+1", blocks=(table,))))
    opened = saved_by_office(tmp_path / "made.xlsx", tmp_path)
    assert formulas(tmp_path / "made.xlsx") == formulas(opened) == []
    sheet = openpyxl.load_workbook(opened).worksheets[1]
    found = [row for row in sheet.iter_rows(values_only=True) if row[1] == -4]
    assert [str(row[0]) for row in found] == list(HOSTILE)


def test_a_text_that_might_run_is_marked_as_text_in_the_workbook_too() -> None:
    table = Table("tab-hostile", "T", ("A", "B"), ((Cell(text("=1+1")), Cell(text("plain"))),), "")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(replace(sample_document(), blocks=(table,)))))
    marked = {cell.value: bool(cell.quotePrefix) for cell in cells(book) if cell.value in ("=1+1", "plain")}
    assert marked == {"=1+1": True, "plain": False}
