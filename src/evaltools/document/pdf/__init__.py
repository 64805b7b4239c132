"""The PDF writer: Typst sets the document, PDF/UA-1 with a full structure tree."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Final

import font_source_sans_pro
import typst

from evaltools.document.characters import printable, spelled, throughout
from evaltools.document.model import Document
from evaltools.document.pdf.content import content
from evaltools.document.pdf.tags import with_row_headers
from evaltools.document.soundness import sound
from evaltools.document.writing import moment, write_file
from evaltools.errors import Fault, MemoError

FONTS: Final = ("Source Sans Pro", "DejaVu Sans Mono")
MOST_TRIES: Final = 5
"""So many times the document is set again without characters that were found missing; then without all that may be."""

_NOT_DISPLAYED: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")

FONT_CUTS: Final = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")


def write_pdf(document: Document, path: Path | str) -> None:
    """Write the document as an accessible PDF (PDF/UA-1).

    Parameters: `document`; `path`, replaced in one step.
    Raises: MemoError with the codes of `sound`, `DOCUMENT_DATE`, `DOCUMENT_NOT_SET`, `DOCUMENT_NOT_WRITTEN`.
    """
    write_file(path, pdf_bytes(document))


def pdf_bytes(document: Document, *, spells_unknown: bool = False) -> bytes:
    """The PDF itself; the same document gives the same bytes.

    spells_unknown: characters that no font of ours has, such as pictures in what people wrote, are spelled by their
    number; otherwise they are a `MemoError` DOCUMENT_NOT_SET, as whoever writes the document can choose others.
    """
    values = throughout(content(sound(document), FONTS), printable)
    how = _set_and_spelled if spells_unknown else _set
    with tempfile.TemporaryDirectory() as folder:
        try:
            pdf = how(values, document, Path(folder), _fonts(Path(folder)))
        except typst.TypstError as error:
            raise MemoError(_not_set(document, error)) from error
    return with_row_headers(pdf)


def _set_and_spelled(values: Any, document: Document, folder: Path, fonts: typst.Fonts) -> bytes:
    for _ in range(MOST_TRIES):
        try:
            return _set(values, document, folder, fonts)
        except typst.TypstError as error:
            unknown = _unknown(error.message)
            if not unknown:
                raise
            values = throughout(values, partial(spelled, is_unknown=unknown.__contains__))
    return _set(throughout(values, partial(spelled, is_unknown=_is_foreign)), document, folder, fonts)


def _set(values: Any, document: Document, folder: Path, fonts: typst.Fonts) -> bytes:
    template = resources.files("evaltools.document.pdf").joinpath("memo.typ").read_bytes()
    inputs = {"document": json.dumps(values, ensure_ascii=False)}
    compiler = typst.Compiler(template, root=str(folder), font_paths=fonts, sys_inputs=inputs)
    pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=moment(document.iso_date))
    assert isinstance(pdf, bytes)
    return pdf


def _unknown(message: str) -> str:
    """The characters that Typst says no font can display; none where it complains of something else."""
    found = _NOT_DISPLAYED.search(message)
    return "" if found is None else _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])


def _is_foreign(character: str) -> bool:
    """Whether it is no Latin letter, and no dash or quotation mark of running text."""
    return character >= "\u0250" and not "\u2010" <= character <= "\u2027"


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
