"""Blocks (headings, paragraphs with numbers, figures, tables) and the four writers. Knows no survey."""

from evaltools.document.html import html_bytes, write_html
from evaltools.document.pdf import pdf_bytes, write_pdf
from evaltools.document.xlsx import write_xlsx, xlsx_bytes

__all__ = ["html_bytes", "pdf_bytes", "write_html", "write_pdf", "write_xlsx", "xlsx_bytes"]
