"""What a PDF says: the words on its pages, decoded through the fonts' own tables, and every text beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf

_PAIR = re.compile(rb"^<([0-9a-fA-F]+)>[ \t]*<([0-9a-fA-F]+)>(?:[ \t]*<([0-9a-fA-F]+)>)?", re.MULTILINE)


def pdf_words(path: Path) -> str:
    """All words of a PDF: pages in order, then alternative texts, titles and metadata."""
    with pikepdf.open(path) as file:
        pages = ["".join(_page(page)) for page in file.pages]
        beside = [
            str(value)
            for entry in file.objects
            if isinstance(entry, pikepdf.Dictionary)
            for value in dict(entry.items()).values()
            if isinstance(value, pikepdf.String)
        ]
    return "\n".join([*pages, *beside])


def _page(page: pikepdf.Page) -> Iterator[str]:
    fonts = {name: _letters(font) for name, font in page.obj.Resources.get("/Font", pikepdf.Dictionary()).items()}
    letters: Mapping[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            pieces = operands[0] if str(operator) == "TJ" else operands
            yield "".join(_decoded(bytes(piece), letters) for piece in pieces if isinstance(piece, pikepdf.String))
        elif str(operator) in ("ET", "Td", "Tm"):
            yield " "


def _decoded(codes: bytes, letters: Mapping[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2))


def _letters(font: pikepdf.Object) -> Mapping[int, str]:
    """Glyph -> letters, from the table that makes the text of a PDF searchable."""
    found: dict[int, str] = {}
    for first, second, third in _PAIR.findall(font.ToUnicode.read_bytes()):
        start = int(first, 16)
        if third:
            letter = int(third, 16)
            found |= {start + step: chr(letter + step) for step in range(int(second, 16) - start + 1)}
        else:
            found[start] = bytes.fromhex(second.decode()).decode("utf-16-be", "replace")
    return found
