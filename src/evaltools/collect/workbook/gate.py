"""What a file must be before anything opens it as a workbook. Looks at the archive only, and reads with hard limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from evaltools.collect.model import Problem
from evaltools.collect.trouble import Trouble, problem
from evaltools.language import Language, number

LARGEST_FILE: Final = 2_000_000
"""Bytes. A workbook of the longest questionnaire, filled in, has about a tenth of that."""
MOST_PARTS: Final = 200
LARGEST_INSIDE: Final = 20_000_000
"""Bytes of all parts together, unpacked."""
LAST_ROW, LAST_COLUMN = 5_000, 300
"""Cells further down or out hold nothing that we wrote."""

_CHUNK: Final = 1 << 16
_OVERLAP: Final = 512
"""Bytes of the last chunk that are looked at again, so that no tag is cut in two."""
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files begin, and encrypted ones, which are wrapped in the same form."""
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED: Final = 0x1
_BOOK: Final = "xl/workbook.xml"
_KINDS: Final = "[content_types].xml"

_BY_NAME: Final = (
    ("WORKBOOK_MACROS", re.compile(r"vbaproject|macrosheets/|dialogsheets/|/vbadata|customui")),
    ("WORKBOOK_LINKS", re.compile(r"externallinks/|connections\.xml|querytables?/|webextensions/|xl/model/")),
    ("WORKBOOK_EMBEDDED", re.compile(r"embeddings/|activex/|ctrlprops/|oleobject")),
    ("WORKBOOK_OTHER_KIND", re.compile(r"xl/workbook\.bin$|^word/|^ppt/|^content\.xml$")),
)
_IN_TEXT: Final = (
    ("WORKBOOK_DOCTYPE", re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)),
    ("WORKBOOK_MACROS", re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)),
)
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.DOTALL)
_EXTERNAL: Final = re.compile(rb"""TargetMode\s*=\s*["']\s*External""", re.IGNORECASE)
_HYPERLINK: Final = re.compile(rb"""Type\s*=\s*["'][^"']*/hyperlink["']""")
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_FAR_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:\w+:)?(?:v|f|is)\b"""
)


def refuse(content: bytes, language: Language) -> Problem | None:
    """Why a file may not be opened as a workbook; None where it may.

    Codes: WORKBOOK_EMPTY, WORKBOOK_TOO_LARGE, WORKBOOK_ENCRYPTED, WORKBOOK_OTHER_KIND, WORKBOOK_DAMAGED,
    WORKBOOK_TOO_MANY_PARTS, WORKBOOK_INFLATES, WORKBOOK_NESTED, WORKBOOK_MACROS, WORKBOOK_LINKS, WORKBOOK_EMBEDDED,
    WORKBOOK_DOCTYPE, WORKBOOK_ENCODING, WORKBOOK_FAR_CELL. Takes less than a second and 30 MB for any file.
    """
    code = _code(content)
    if code is None:
        return None
    return said(code, language)


def said(code: str, language: Language, **words: object) -> Problem:
    """Why a workbook is refused, in the language of who sent it; the limits are named where a text names them."""
    megabytes = number(LARGEST_FILE // 1_000_000, 0, language)
    return problem(Trouble(code, {"megabytes": megabytes, **words}), "", language)


def _code(content: bytes) -> str | None:
    if not content:
        return "WORKBOOK_EMPTY"
    if len(content) > LARGEST_FILE:
        return "WORKBOOK_TOO_LARGE"
    if content.startswith(_OLE):
        return "WORKBOOK_ENCRYPTED" if "EncryptedPackage".encode("utf-16-le") in content else "WORKBOOK_OTHER_KIND"
    if not content.startswith(_ZIP):
        return "WORKBOOK_OTHER_KIND"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _wrong_list(archive.infolist()) or _wrong_inside(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return "WORKBOOK_DAMAGED"


def _wrong_list(parts: list[zipfile.ZipInfo]) -> str | None:
    """What the list of parts tells: how many, how large they say they are, and what they are called."""
    names = [part.filename.casefold() for part in parts]
    if len(parts) > MOST_PARTS:
        return "WORKBOOK_TOO_MANY_PARTS"
    if sum(part.file_size for part in parts) > LARGEST_INSIDE:
        return "WORKBOOK_INFLATES"
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        return "WORKBOOK_ENCRYPTED"
    if len(set(names)) < len(names) or any(part.compress_type not in _PACKED for part in parts):
        return "WORKBOOK_DAMAGED"
    for code, pattern in _BY_NAME:
        if any(pattern.search(name) for name in names):
            return code
    return None if _KINDS in names and _BOOK in names else "WORKBOOK_OTHER_KIND"


def _wrong_inside(archive: zipfile.ZipFile) -> str | None:
    left = LARGEST_INSIDE
    for part in archive.infolist():
        read = 0
        for chunk in _chunks(archive, part):
            read += len(chunk) if read == 0 else len(chunk) - _OVERLAP
            if read > left:
                return "WORKBOOK_INFLATES"
            code = _wrong_chunk(part.filename.casefold(), chunk, is_first=read == len(chunk))
            if code is not None:
                return code
        left -= read
    return None


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece; each piece but the first begins with the end of the one before."""
    tail = b""
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            yield tail + piece
            tail = (tail + piece)[-_OVERLAP:].rjust(_OVERLAP)


def _wrong_chunk(name: str, chunk: bytes, *, is_first: bool) -> str | None:
    if is_first and chunk.startswith((_ZIP, _OLE)):
        return "WORKBOOK_NESTED" if chunk.startswith(_ZIP) else "WORKBOOK_EMBEDDED"
    is_text = name.endswith((".xml", ".rels", ".vml"))
    if is_text and is_first and not _is_plain_text(chunk):
        return "WORKBOOK_ENCODING"
    for code, pattern in _IN_TEXT:
        if pattern.search(chunk):
            return code
    if name.endswith(".rels") and any(_leads_out(each) for each in _RELATION.findall(chunk)):
        return "WORKBOOK_LINKS"
    return "WORKBOOK_FAR_CELL" if is_text and any(_is_far(*each) for each in _FAR_CELL.findall(chunk)) else None


def _is_plain_text(begin: bytes) -> bool:
    """Whether an XML part is in UTF-8, so that what is searched for is found whatever reads it later."""
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\x00" in begin[:_OVERLAP] or not text.startswith(b"<"):
        return False
    declared = _ENCODING.match(text)
    return declared is None or declared.group(1).lower() in (b"utf-8", b"us-ascii", b"ascii")


def _leads_out(relation: bytes) -> bool:
    """A relationship out of the file. A link that a spreadsheet makes of an address somebody writes does no harm."""
    return bool(_EXTERNAL.search(relation)) and not _HYPERLINK.search(relation)


def _is_far(letters: bytes, digits: bytes) -> bool:
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return int(digits) > LAST_ROW or column > LAST_COLUMN
