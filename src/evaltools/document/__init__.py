"""Blocks (headings, paragraphs with numbers, figures, tables) and the four writers. Knows no survey."""

from evaltools.document.docx import ShownNumber, docx_bytes, read_numbers, read_places, read_record, write_docx
from evaltools.document.html import body_html, html_bytes, write_html
from evaltools.document.pdf import pdf_bytes, write_pdf
from evaltools.document.writing import write_file
from evaltools.document.xlsx import write_xlsx, xlsx_bytes

__all__ = [
    "ShownNumber",
    "body_html",
    "docx_bytes",
    "html_bytes",
    "pdf_bytes",
    "read_numbers",
    "read_places",
    "read_record",
    "write_docx",
    "write_file",
    "write_html",
    "write_pdf",
    "write_xlsx",
    "xlsx_bytes",
]
