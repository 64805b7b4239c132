"""The workbook holds the data behind every figure and table, and the register."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl
import pytest

from evaltools.document.model import Cell, Figure, Table
from evaltools.document.xlsx import xlsx_bytes
from sample_document import sample_document, text


@cache
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sample_document())))


def data_of(name: str, header: tuple[str, ...]) -> list[tuple[Any, ...]]:
    rows = list(book()[name].iter_rows(values_only=True))
    top = next(index for index, row in enumerate(rows) if row[: len(header)] == header)
    return [row[: len(header)] for row in rows[top + 1 :]]


def test_there_is_a_sheet_for_each_figure_and_table_and_the_register() -> None:
    names = ["Forside", "Figur 1", "Tabel 1", "Tabel 2", "Tabel 3", "Tabel 4", "Tabel 5", "Figur 2", "Talregister"]
    assert book().sheetnames == names


def test_a_figures_data_are_read_back_equal() -> None:
    figure = next(block for block in sample_document().blocks if isinstance(block, Figure))
    assert data_of("Figur 1", figure.header) == list(figure.rows)


def test_a_tables_raw_values_are_read_back_equal() -> None:
    table = next(block for block in sample_document().blocks if isinstance(block, Table))
    found = data_of("Tabel 1", table.header)
    assert [row[1] for row in found] == pytest.approx([row[1].value for row in table.rows], rel=1e-15)
    assert [row[3] for row in found] == [70] * 6
    assert found[0][2] == "49–65"


def test_a_share_is_shown_as_in_the_document() -> None:
    sheet = book()["Tabel 1"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == pytest.approx(0.571))
    assert cell.number_format == "0.0%"


def test_every_sheet_bears_the_stamp_and_a_frozen_head() -> None:
    for sheet in book():
        assert any("Øvelsesdata" in str(value) for row in sheet.iter_rows(values_only=True) for value in row if value)
        assert "Øvelsesdata" in sheet.oddFooter.left.text
    assert all(sheet.freeze_panes for sheet in book() if sheet.title != "Forside")


def test_the_cover_lists_and_links_every_sheet() -> None:
    cover = book()["Forside"]
    links = [cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book().sheetnames[1:]]
    assert cover["A1"].value == sample_document().title


def test_the_register_has_a_column_for_each_kind_of_source_and_says_where_a_number_is_shown() -> None:
    header = (
        "Id",
        "Vist som",
        "Værdi",
        "Viser",
        "n",
        "Kommune",
        "Spørgsmål",
        "Metode",
        "Vægt",
        "N",
        "Oprindelse",
        "Univers",
        "Kode",
        "Opslag i koden",
        "Vises i",
    )
    rows = data_of("Talregister", header)
    assert len(rows) == len(sample_document().register)
    assert rows[0][:3] == ("response.n", "70", 70)
    assert rows[2][-1] == "afsnit 1.1"


def test_properties_name_the_document_and_its_day() -> None:
    properties = book().properties
    assert properties.title == sample_document().title
    assert properties.created.isoformat() == "2018-12-31T00:00:00"


def test_a_text_never_becomes_a_formula_or_a_link() -> None:
    row = (Cell(text("=1+1")), Cell(text("https://example.org")), Cell((), float("nan")))
    table = Table("tab-x", "X", ("a", "b", "c"), (row,), "")
    document = replace(sample_document(), blocks=(table,), register=())
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(document)))["Tabel 1"]
    last = list(sheet.iter_rows())[-1]
    assert (last[0].value, last[0].data_type) == ("=1+1", "s")
    assert last[1].hyperlink is None
    assert last[2].value is None
