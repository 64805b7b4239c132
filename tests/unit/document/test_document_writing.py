"""Files are written in one step or not at all, and the same document gives the same bytes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.document.docx import docx_bytes, write_docx
from evaltools.document.html import html_bytes, write_html
from evaltools.document.model import Document
from evaltools.document.pdf import pdf_bytes, write_pdf
from evaltools.document.writing import write_file
from evaltools.document.xlsx import write_xlsx, xlsx_bytes
from evaltools.errors import MemoError
from sample_document import draft_document, sample_document, sample_figure

Render = Callable[[Document], bytes]
RENDERERS: tuple[Render, ...] = (pdf_bytes, docx_bytes, html_bytes, xlsx_bytes)
WRITERS = (write_pdf, write_docx, write_html, write_xlsx)
BARE = Document("Titel", "", "", "", "2018-12-31", "en", "", (), ())


def names(function: object) -> str:
    return str(getattr(function, "__name__", function))


@pytest.mark.parametrize("render", RENDERERS, ids=names)
def test_the_same_document_gives_the_same_bytes(render: Render) -> None:
    assert render(sample_document()) == render(sample_document())


@pytest.mark.parametrize("render", RENDERERS, ids=names)
def test_an_empty_document_can_be_written(render: Render) -> None:
    assert render(BARE)


@pytest.mark.parametrize("render", RENDERERS, ids=names)
def test_a_draft_is_always_delivered(render: Render) -> None:
    assert render(draft_document())


@pytest.mark.parametrize("render", RENDERERS, ids=names)
def test_an_english_document_can_be_written(render: Render) -> None:
    assert render(replace(sample_document(), language="en"))


@pytest.mark.parametrize("write", WRITERS, ids=names)
def test_a_writer_leaves_its_file_and_nothing_else(write: Callable[[Document, Path], None], tmp_path: Path) -> None:
    write(BARE, tmp_path / "ny" / "fil")
    assert [file.name for file in (tmp_path / "ny").iterdir()] == ["fil"]


def test_a_full_disk_leaves_the_earlier_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "notat.html"
    target.write_text("det gamle", "utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MemoError, match=r"No space left on device.*earlier file is unchanged") as caught:
        write_file(target, b"det nye")
    assert caught.value.code == "DOCUMENT_NOT_WRITTEN"
    assert target.read_text("utf-8") == "det gamle"
    assert [file.name for file in tmp_path.iterdir()] == ["notat.html"]


def test_a_path_that_cannot_be_made_is_told_as_a_fault(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("", "utf-8")
    with pytest.raises(MemoError) as caught:
        write_html(BARE, tmp_path / "fil" / "notat.html")
    assert caught.value.code == "DOCUMENT_NOT_WRITTEN"


def test_a_date_that_is_none_is_told_as_a_fault() -> None:
    with pytest.raises(MemoError) as caught:
        xlsx_bytes(replace(BARE, iso_date="31/12/2018"))
    assert caught.value.code == "DOCUMENT_DATE"


def test_a_picture_that_typst_cannot_read_is_told_as_a_fault() -> None:
    figure = replace(sample_figure("fig-a", "A"), svg="<svg")
    with pytest.raises(MemoError) as caught:
        pdf_bytes(replace(sample_document(), blocks=(figure,)))
    assert caught.value.code == "DOCUMENT_NOT_SET"
