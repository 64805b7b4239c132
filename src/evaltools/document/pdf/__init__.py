"""The PDF writer: Typst sets the document, PDF/UA-1 with a full structure tree."""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Final

import font_source_sans_pro
import typst

from evaltools.document.characters import printable_throughout
from evaltools.document.model import Document
from evaltools.document.pdf.content import content
from evaltools.document.pdf.tags import with_row_headers
from evaltools.document.soundness import sound
from evaltools.document.writing import moment, write_file
from evaltools.errors import Fault, MemoError

FONTS: Final = ("Source Sans Pro", "DejaVu Sans Mono")
FONT_CUTS: Final = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")


def write_pdf(document: Document, path: Path | str) -> None:
    """Write the document as an accessible PDF (PDF/UA-1).

    Parameters: `document`; `path`, replaced in one step.
    Raises: MemoError with the codes of `sound`, `DOCUMENT_DATE`, `DOCUMENT_NOT_SET`, `DOCUMENT_NOT_WRITTEN`.
    """
    write_file(path, pdf_bytes(document))


def pdf_bytes(document: Document) -> bytes:
    """The PDF itself; the same document gives the same bytes."""
    values = json.dumps(printable_throughout(content(sound(document), FONTS)), ensure_ascii=False)
    template = resources.files("evaltools.document.pdf").joinpath("memo.typ").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        try:
            compiler = typst.Compiler(
                template, root=folder, font_paths=_fonts(Path(folder)), sys_inputs={"document": values}
            )
            pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=moment(document.iso_date))
        except typst.TypstError as error:
            raise MemoError(_not_set(document, error)) from error
    assert isinstance(pdf, bytes)
    return with_row_headers(pdf)


def _fonts(folder: Path) -> typst.Fonts:
    """Only the six cuts we set with, in a folder of their own: the package also holds OpenType twins of each."""
    source = Path(font_source_sans_pro.font_directory)
    for cut in FONT_CUTS:
        shutil.copyfile(source / f"SourceSansPro-{cut}.ttf", folder / f"{cut}.ttf")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _not_set(document: Document, error: typst.TypstError) -> Fault:
    problem = f"the PDF could not be set ({error.message})"
    remedy = " ".join(error.hints) or "Look for the block that the message speaks of."
    return Fault("DOCUMENT_NOT_SET", document.title, problem, remedy)
