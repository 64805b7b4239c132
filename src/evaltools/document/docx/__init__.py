"""The Word writer: real styles, numbered captions with cross references, and every number a tagged content control."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from evaltools.document.docx.blocks import LANDSCAPE_WIDTH, UPRIGHT_WIDTH, stretch_elements
from evaltools.document.docx.controls import ShownNumber, custom_parts, read_numbers, read_places, read_record
from evaltools.document.docx.front import contents, first_page, page_footer, page_header, register
from evaltools.document.docx.inline import Writing
from evaltools.document.docx.markup import DECLARATION, NAMESPACES, Element, Para, body_xml
from evaltools.document.docx.package import package
from evaltools.document.layout import orientations
from evaltools.document.model import Document
from evaltools.document.outline import outline
from evaltools.document.soundness import sound
from evaltools.document.writing import moment, write_file
from evaltools.language import texts

__all__ = ["ShownNumber", "docx_bytes", "read_numbers", "read_places", "read_record", "write_docx"]

MARGINS: Final = (
    '<w:pgMar w:top="1531" w:right="1418" w:bottom="1361" w:left="1418" w:header="737" w:footer="624" w:gutter="0"/>'
)


def write_docx(document: Document, path: Path | str) -> None:
    """Write the document as a Word file.

    Parameters: `document`; `path`, replaced in one step.
    Raises: MemoError with the codes of `sound`, `DOCUMENT_DATE`, `DOCUMENT_NOT_WRITTEN`.
    """
    write_file(path, docx_bytes(document))


def docx_bytes(document: Document) -> bytes:
    """The Word file itself; the same document gives the same bytes."""
    document = sound(document)
    rows = {row.id: row for row in document.register}
    writing = Writing(document, outline(document), texts(document.language), rows)
    body = f"{DECLARATION}<w:document {NAMESPACES}><w:body>{_body(writing)}</w:body></w:document>"
    parts = {
        "word/document.xml": body.encode(),
        "word/header1.xml": page_header(writing, UPRIGHT_WIDTH),
        "word/header2.xml": page_header(writing, LANDSCAPE_WIDTH),
        "word/header3.xml": page_header(writing, UPRIGHT_WIDTH, first=True),
        "word/footer1.xml": page_footer(writing, UPRIGHT_WIDTH),
        "word/footer2.xml": page_footer(writing, LANDSCAPE_WIDTH),
        **custom_parts(document),
    }
    return package(writing, parts, moment(document.iso_date))


def _body(writing: Writing) -> str:
    """First page and contents, then the stretches of upright and landscape pages, each a section."""
    stretches: list[tuple[bool, list[Element]]] = [
        (landscape, stretch_elements(writing, indices, landscape))
        for landscape, indices in orientations(writing.document)
    ]
    if writing.document.register:
        annex = register(writing)
        if stretches and not stretches[-1][0]:
            stretches[-1][1].extend(annex)
        else:
            stretches.append((False, annex))
    opening = [*first_page(writing), *contents(writing)]
    if writing.document.brief and stretches and not stretches[0][0]:
        opening += stretches.pop(0)[1]
    if not stretches:
        return body_xml(opening) + _section(landscape=False, first=True)
    parts = [body_xml(_ended(opening, _section(landscape=False, first=True)))]
    parts += [body_xml(_ended(elements, _section(landscape=landscape))) for landscape, elements in stretches[:-1]]
    last_landscape, last = stretches[-1]
    return "".join(parts) + body_xml(last) + _section(landscape=last_landscape)


def _ended(elements: list[Element], section: str) -> list[Element]:
    """The elements of a section whose last paragraph ends it; a table cannot, so it gets a paragraph of no height."""
    last = elements[-1] if elements else ""
    if isinstance(last, Para):
        return [*elements[:-1], replace(last, section=section)]
    return [*elements, Para("SectionEnd", "", section=section)]


def _section(*, landscape: bool, first: bool = False) -> str:
    which = 2 if landscape else 1
    size = (
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>' if landscape else '<w:pgSz w:w="11906" w:h="16838"/>'
    )
    references = f'<w:headerReference w:type="default" r:id="rHeader{which}"/>'
    references += f'<w:footerReference w:type="default" r:id="rFooter{which}"/>'
    if first:
        references += (
            '<w:headerReference w:type="first" r:id="rHeader3"/><w:footerReference w:type="first" r:id="rFooter1"/>'
        )
    title_page = "<w:titlePg/>" if first else ""
    return f'<w:sectPr>{references}<w:type w:val="nextPage"/>{size}{MARGINS}{title_page}</w:sectPr>'
