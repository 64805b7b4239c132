"""The PDF's structure tree says what the eye sees."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from evaltools.document.model import Figure, Heading, Paragraph, Table, TextRun
from evaltools.document.pdf import pdf_bytes
from evaltools.document.walk import all_blocks, number_runs
from evaltools.errors import MemoError
from pdf_words import pdf_words
from sample_document import sample_document


@dataclass
class Tag:
    """One element of the structure tree, read out of the file."""

    name: str
    alt: str = ""
    scopes: tuple[str, ...] = ()
    kids: list[Tag] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Tag]:
        for kid in self.kids:
            if kid.name == name:
                yield kid
            yield from kid.all(name)


def tag_of(element: Any) -> Tag:
    attributes = element.get("/A", [])
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    scopes = tuple(str(entry.Scope) for entry in listed if "/Scope" in entry)
    kids = element.get("/K", [])
    children = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    inner = [tag_of(kid) for kid in children if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    return Tag(str(element.S)[1:], str(element.get("/Alt", "")), scopes, inner)


@cache
def sample_pdf() -> bytes:
    return pdf_bytes(sample_document())


@pytest.fixture(scope="module")
def tree() -> Tag:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        kids = file.Root.StructTreeRoot.K
        root = kids[0] if isinstance(kids, pikepdf.Array) else kids
        return tag_of(root)


def test_the_file_says_its_language_title_and_standard() -> None:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        assert str(file.Root.Lang) == "da-DK"
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo.Title) == sample_document().title
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_every_font_is_embedded_and_is_one_of_ours() -> None:
    found: set[str] = set()
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        for entry in file.objects:
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == pikepdf.Name.FontDescriptor:
                assert any(key in entry for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                found.add(re.sub(r"^/[A-Z]{6}\+", "", str(entry.FontName)))
    assert found
    assert all(name.startswith("SourceSansPro") for name in found)


def test_every_figure_has_its_alternative_text(tree: Tag) -> None:
    expected = [block.alt for block in sample_document().blocks if isinstance(block, Figure)]
    assert [figure.alt for figure in tree.all("Figure")] == expected


def test_every_table_has_a_caption_and_column_and_row_headers(tree: Tag) -> None:
    tables = list(tree.all("Table"))
    blocks = [block for block in sample_document().blocks if isinstance(block, Table)]
    assert len(tables) == len(blocks)
    for table in tables:
        (head,) = table.all("THead")
        assert {scope for cell in head.all("TH") for scope in cell.scopes} == {"/Column"}
        assert not list(head.all("TD"))
        for body in table.all("TBody"):
            for row in body.all("TR"):
                assert row.kids[0].name == "TH"
                spanning = len(row.kids) == 1
                assert row.kids[0].scopes == (("/Column",) if spanning else ("/Row",))
                assert all(cell.name == "TD" for cell in row.kids[1:])
    assert sum(bool(list(table.all("Caption"))) for table in tables) == len(blocks)


def test_every_cell_of_a_table_lists_the_headers_of_its_column_and_its_row() -> None:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        ids = pikepdf.NameTree(file.Root.StructTreeRoot.IDTree)
        cells = [entry for entry in file.objects if isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == "/TD"]
        assert len(cells) > 200
        for cell in cells:
            headers = next(entry.Headers for entry in cell.A if str(entry.O) == "/Table")
            scopes = {str(entry.Scope) for name in headers for entry in ids[str(name)].A if "/Scope" in entry}
            assert scopes == {"/Column", "/Row"}


def test_a_long_table_has_one_head_although_it_runs_over_pages(tree: Tag) -> None:
    longest = max(tree.all("Table"), key=lambda table: len(list(table.all("TR"))))
    assert len(list(longest.all("THead"))) == 1


def test_headings_do_not_skip_a_level_and_all_are_there(tree: Tag) -> None:
    levels = [int(kid.name[1]) for kid in tree.kids if re.fullmatch(r"H\d", kid.name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    headings = [block for block in sample_document().blocks if isinstance(block, Heading)]
    assert len(levels) == len(headings) + 2  # the contents and the register


def test_the_contents_are_tagged_as_such(tree: Tag) -> None:
    assert len(list(tree.all("TOCI"))) == 8


def test_nothing_on_a_page_is_without_a_tag_or_the_mark_of_an_artifact() -> None:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        for page in file.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
                if operator in ("Tj", "TJ", "Do", "f", "S", "B"):
                    assert depth > 0


def test_every_number_reference_and_entry_of_the_contents_is_a_link(tree: Tag) -> None:
    numbers = sum(1 for block in all_blocks(sample_document()) for _ in number_runs(block))
    contents, references, outside = 8, 4, 1
    assert len(list(tree.all("Link"))) == numbers + contents + references + outside


def test_every_link_inside_the_document_leads_to_a_page() -> None:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        pages = {page.obj.objgen for page in file.pages}
        links = [note for page in file.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        inner = [note.Dest for note in links if "/Dest" in note]
        assert len(inner) > 150
        assert all(target[0].objgen in pages for target in inner if isinstance(target, pikepdf.Array))


def test_wide_tables_stand_on_turned_pages() -> None:
    with pikepdf.open(io.BytesIO(sample_pdf())) as file:
        sizes = [[float(side) for side in page.mediabox[2:]] for page in file.pages]
    assert [across > down for across, down in sizes].count(True) == 1


@pytest.mark.parametrize("said", ["\U0001f600", "\u0378", "".join(map(chr, range(0x4E00, 0x4E28))), "\u0e2a\U00013000"])
def test_what_no_font_has_is_refused_or_spelled_by_its_number(said: str, tmp_path: Path) -> None:
    document = replace(sample_document(), blocks=(Paragraph((TextRun(f"Tak {said}"),)),))
    with pytest.raises(MemoError, match="could not be displayed"):
        pdf_bytes(document)
    (tmp_path / "a.pdf").write_bytes(pdf_bytes(document, spells_unknown=True))
    shown = pdf_words(tmp_path / "a.pdf")
    assert [each for each in said if f"[U+{ord(each):04X}]" not in shown.replace("\n", "").replace(" ", "")] == []
