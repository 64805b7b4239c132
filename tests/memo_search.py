"""Everything that the files of a memo say, also inside archives, pictures and metadata, to be searched for a secret."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from pdf_words import pdf_words

_PNG = b"\x89PNG\r\n\x1a\n"
_EMBEDDED = re.compile(rb"iVBORw0KGgo[A-Za-z0-9+/=\\n]+")
"""A PNG picture as notebooks and pages carry it: in base64, with its lines perhaps broken."""


def everything(folder: Path) -> dict[str, str]:
    """File below a folder -> what it says."""
    return {str(path.relative_to(folder)): text_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def found_in(folder: Path, number: int) -> set[str]:
    """The files that hold a number."""
    return {name for name, text in everything(folder).items() if written(number).search(text)}


def text_of(path: Path) -> str:
    """Everything that a file says: unpacked, of a PDF the words on its pages, of a picture what stands beside it."""
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(_words(archive.read(name)) for name in archive.namelist())
    if path.suffix == ".pdf":
        return "\n".join([pdf_words(path), *_metadata(path)])
    if path.suffix == ".svg":
        drawn = path.read_text("utf-8")
        beside = re.findall(r'(?:aria-label|title|id)="([^"]*)"', drawn)
        return " ".join([re.sub(r"<[^>]*>", " ", drawn), *beside])
    return _words(path.read_bytes())


def written(number: int) -> re.Pattern[str]:
    """The number as any format may write it, but not inside a longer number or a colour or path of a picture."""
    thousands = f"{number // 1000}[.,\\s\u00a0\u202f]?{number % 1000:03d}"
    return re.compile(rf"(?<![\w.,#-]){thousands}(?:[.,]0+)?(?![\w]|[.,]\d)")


def _words(content: bytes) -> str:
    """A text with the words of the pictures in it; of a picture, its words only."""
    if content.startswith(_PNG):
        return "\n".join(_beside_picture(content))
    pictures = [base64.b64decode(found.replace(b"\\n", b"")) for found in _EMBEDDED.findall(content)]
    words = [word for picture in pictures for word in _beside_picture(picture)]
    return "\n".join([_EMBEDDED.sub(b"", content).decode("utf-8", "replace"), *words])


def _beside_picture(content: bytes) -> Iterator[str]:
    """The texts that a PNG carries besides its points: title, description and whatever else."""
    at = len(_PNG)
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + size]
        if kind not in (b"IHDR", b"IDAT", b"PLTE", b"IEND", b"pHYs"):
            yield _unpacked(body).decode("utf-8", "replace")
        at += size + 12


def _unpacked(body: bytes) -> bytes:
    """The text of a chunk, which is compressed in some of them."""
    _, _, packed = body.partition(b"\0")
    try:
        return body + zlib.decompress(packed[1:])
    except zlib.error:
        return body


def _metadata(path: Path) -> Iterator[str]:
    """The parts of a PDF that are written in XML, and the files that it carries."""
    with pikepdf.open(path) as file:
        for entry in file.objects:
            if isinstance(entry, pikepdf.Stream) and str(entry.get("/Type", "")) in ("/Metadata", "/EmbeddedFile"):
                yield entry.read_bytes().decode("utf-8", "replace")
