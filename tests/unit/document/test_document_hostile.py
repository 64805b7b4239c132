"""Words from outside stay words: no markup, formula or control character of a name or label does anything."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from evaltools.document.docx import write_docx
from evaltools.document.html import write_html
from evaltools.document.model import Cell, Document, Paragraph, Table, TextRun
from evaltools.document.pdf import write_pdf
from evaltools.document.xlsx import write_xlsx
from sample_document import sample_document

HOSTILE = (
    "<script>alert(1)</script>", "</td></table><img src=x onerror=alert(1)>", '"><b>&amp;</b>', "#import \"x.typ\": *",
    "]#[#panic(1)", "$x^2$ `kode` \\ @fig *a* _b_", "=HYPERLINK(\"http://x\";\"y\")", "+1+cmd|' /C calc'!A0", "@SUM(A1)",
    "-2+3", "{{use}}", "\u202etxet", "ab\x0bcd", "a\x00b", "x" * 5000, "]]>", "%s %(a)s {0}",
)  # fmt: skip


def hostile_document() -> Document:
    document = sample_document()
    rows = tuple((Cell((TextRun(text),), text), Cell((TextRun("1"),), 1)) for text in HOSTILE)
    table = Table("tab-hostile", HOSTILE[0], (HOSTILE[1], HOSTILE[3]), rows, HOSTILE[4])
    prose = tuple(Paragraph((TextRun(text),)) for text in HOSTILE)
    return replace(document, blocks=(*document.blocks, *prose, table), author=HOSTILE[2], subtitle=HOSTILE[4])


@pytest.mark.parametrize("write", [write_pdf, write_docx, write_html, write_xlsx])
def test_hostile_words_break_no_writer(write: Callable[[Document, Path], None], tmp_path: Path) -> None:
    write(hostile_document(), tmp_path / "notat")
    assert (tmp_path / "notat").stat().st_size > 1000


def test_hostile_words_are_escaped_in_html(tmp_path: Path) -> None:
    write_html(hostile_document(), tmp_path / "notat.html")
    html = (tmp_path / "notat.html").read_text("utf-8")
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_hostile_words_are_no_formulas_in_the_workbook(tmp_path: Path) -> None:
    write_xlsx(hostile_document(), tmp_path / "notat.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "notat.xlsx"):
        assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_the_word_file_with_hostile_words_is_sound_xml(tmp_path: Path) -> None:
    write_docx(hostile_document(), tmp_path / "notat.docx")
    with zipfile.ZipFile(tmp_path / "notat.docx") as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
