"""The data dictionary as pages, with released frequencies."""

from evaltools.codebook.building import build_codebook, codebook_cells, codebook_html, write_codebook
from evaltools.codebook.pages import dictionary_pages, stale_pages, write_pages

__all__ = [
    "build_codebook",
    "codebook_cells",
    "codebook_html",
    "dictionary_pages",
    "stale_pages",
    "write_codebook",
    "write_pages",
]
