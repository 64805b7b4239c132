"""Files that are no workbook of ours, or mean harm: refused with a friendly code, quickly and in little memory."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from evaltools.collect.model import Problem
from evaltools.collect.workbook import open_workbook, opening
from evaltools.collect.workbook.gate import LARGEST_FILE, refuse
from evaltools.language.text import LANGUAGES
from workbook_desk import cell, edited, saved, with_part, workbook

SHEET: Final = "xl/worksheets/sheet2.xml"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def added(name: str, part: bytes = b"<x/>") -> bytes:
    return with_part(workbook(), lambda _, old: old, {name: part})


def in_sheet(old: bytes, new: bytes) -> bytes:
    return with_part(workbook(), lambda name, part: part.replace(old, new, 1) if name == SHEET else part)


def with_relation(relation: bytes) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        is_book = name == "xl/_rels/workbook.xml.rels"
        return part.replace(b"</Relationships>", relation + b"</Relationships>") if is_book else part

    return with_part(workbook(), change)


def far_cell() -> bytes:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "far"
    return saved(book)


def inflating() -> bytes:
    """200 MB of one letter in half a megabyte."""
    return added("xl/media/image1.png", b"x" * 200_000_000)


def inflating_quietly() -> bytes:
    """The same, with a list of parts that says it is small."""
    content = added("xl/worksheets/sheet99.xml", b"<x>" + b" " * 50_000_000)
    size = struct.pack("<L", 50_000_003)
    assert size in content
    return content.replace(size, struct.pack("<L", 1_000))


def with_strings(count: int) -> bytes:
    """A workbook whose table of texts takes long to read and holds nothing."""
    strings = b"".join(b"<si><t>%d</t></si>" % n for n in range(count))
    table = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + strings + b"</sst>"
    return with_part(workbook(), lambda name, part: table if name == "xl/sharedStrings.xml" else part)


def deep() -> bytes:
    """Elements inside elements, as deep as the limits let it be."""
    return in_sheet(b"<sheetData>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"<sheetData>")


def encrypted_zip() -> bytes:
    """Flag bit 0 in the list of parts."""
    content = bytearray(workbook())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.txt", "a")
    return added("xl/media/image1.png", inner.getvalue())


def other_packing() -> bytes:
    file = io.BytesIO(workbook())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", "<x/>")
    return file.getvalue()


def utf16(_: str, part: bytes) -> bytes:
    return part.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def random_bytes(count: int) -> bytes:
    """Bytes that do not pack; the same each time."""
    return b"".join(struct.pack("<L", zlib.crc32(struct.pack("<L", n))) for n in range(count // 4))


DOCTYPE: Final = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
HOSTILE: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = {
    "nothing": (lambda: b"", "WORKBOOK_EMPTY"),
    "a text": (lambda: b"kommune;svar\n0741;3\n", "WORKBOOK_OTHER_KIND"),
    "an old workbook": (lambda: OLE + b"\0" * 2000, "WORKBOOK_OTHER_KIND"),
    "an encrypted workbook": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "WORKBOOK_ENCRYPTED"),
    "a locked archive": (encrypted_zip, "WORKBOOK_ENCRYPTED"),
    "a letter under another name": (lambda: added("word/document.xml"), "WORKBOOK_OTHER_KIND"),
    "a binary workbook": (lambda: added("xl/workbook.bin"), "WORKBOOK_OTHER_KIND"),
    "an archive of pictures": (lambda: with_part(workbook(), lambda name, part: None, {"a.png": b"x"}), "WORKBOOK_OTHER_KIND"),
    "a large file": (lambda: added("xl/media/image1.png", random_bytes(LARGEST_FILE + 4)), "WORKBOOK_TOO_LARGE"),
    "many parts": (
        lambda: with_part(workbook(), lambda _, part: part, {f"xl/x{n}.xml": b"<x/>" for n in range(200)}),
        "WORKBOOK_TOO_MANY_PARTS",
    ),
    "a zip bomb": (inflating, "WORKBOOK_INFLATES"),
    "a zip bomb that lies about its size": (inflating_quietly, "WORKBOOK_DAMAGED"),
    "half a file": (lambda: workbook()[: len(workbook()) // 2], "WORKBOOK_DAMAGED"),
    "a file with a scratch": (lambda: workbook()[:2000] + b"\0" * 500 + workbook()[2500:], "WORKBOOK_DAMAGED"),
    "another way of packing": (other_packing, "WORKBOOK_DAMAGED"),
    "macros": (lambda: added("xl/vbaProject.bin", b"x"), "WORKBOOK_MACROS"),
    "macros by their type": (
        lambda: with_part(workbook(), lambda _, part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")),
        "WORKBOOK_MACROS",
    ),
    "a sheet of old macros": (lambda: added("xl/macrosheets/sheet1.xml"), "WORKBOOK_MACROS"),
    "links to other files": (lambda: added("xl/externalLinks/externalLink1.xml"), "WORKBOOK_LINKS"),
    "a connection to a database": (lambda: added("xl/connections.xml"), "WORKBOOK_LINKS"),
    "a template from elsewhere": (
        lambda: with_relation(b'<Relationship Id="x" Type="t/attachedTemplate" Target="http://x/" TargetMode="External"/>'),
        "WORKBOOK_LINKS",
    ),
    "a document put in": (lambda: added("xl/embeddings/oleObject1.bin", OLE), "WORKBOOK_EMBEDDED"),
    "a document put in under another name": (lambda: added("xl/media/image1.png", OLE + b"x"), "WORKBOOK_EMBEDDED"),
    "a button with a program": (lambda: added("xl/activeX/activeX1.xml"), "WORKBOOK_EMBEDDED"),
    "an archive inside": (nested, "WORKBOOK_NESTED"),
    "entities": (lambda: in_sheet(b"<worksheet", DOCTYPE + b"<worksheet"), "WORKBOOK_DOCTYPE"),
    "entities far inside": (
        lambda: in_sheet(b"<sheetData>", b"<!-- " + b"a" * 200_000 + b" -->" + DOCTYPE + b"<sheetData>"),
        "WORKBOOK_DOCTYPE",
    ),
    "entities in the list of relations": (
        lambda: with_part(workbook(), lambda name, part: DOCTYPE + part if name == "_rels/.rels" else part),
        "WORKBOOK_DOCTYPE",
    ),
    "another encoding": (lambda: with_part(workbook(), utf16), "WORKBOOK_ENCODING"),
    "a cell at the end of the world": (far_cell, "WORKBOOK_FAR_CELL"),
    "no XML at all": (lambda: in_sheet(b"</sheetData>", b"<sheetData>"), "WORKBOOK_UNREADABLE"),
    "too many texts": (lambda: with_strings(300_000), "WORKBOOK_TOO_LARGE|WORKBOOK_TOO_HEAVY|WORKBOOK_UNREADABLE"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_code(name: str) -> None:
    make, code = HOSTILE[name]
    refused = open_workbook(make(), "da")
    assert isinstance(refused, Problem)
    assert refused.code in code.split("|")
    assert refused.level == "stop"
    assert refused.message
    assert refused.remedy


def test_every_refusal_is_said_in_both_languages() -> None:
    said = {language: refuse(b"", language) for language in LANGUAGES}
    assert {language: problem.message for language, problem in said.items() if problem} == {
        "da": "Filen er tom.",
        "en": "The file is empty.",
    }


def test_a_workbook_of_ours_passes_the_gate_and_so_does_one_with_a_mail_link() -> None:
    link = b'<Relationship Id="x" Type="http://t/hyperlink" Target="mailto:leder@kommune.dk" TargetMode="External"/>'
    assert refuse(workbook(), "da") is None
    assert refuse(with_relation(link), "da") is None


def test_deep_xml_does_no_harm() -> None:
    found = open_workbook(deep(), "da")
    assert not isinstance(found, Problem) or found.code in ("WORKBOOK_TOO_HEAVY", "WORKBOOK_UNREADABLE")


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "WALL_SECONDS", 0.001)
    refused = open_workbook(workbook(), "da")
    assert isinstance(refused, Problem)
    assert refused.code == "WORKBOOK_TOO_HEAVY"


def test_the_child_imports_nothing_of_ours_and_no_statistics() -> None:
    code = (
        "import runpy, sys, json; sys.argv = ['child', '10', '10', str(2**31), '20']\n"
        f"try: runpy.run_path({str(Path(opening.__file__).with_name('child.py'))!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted(name.partition('.')[0] for name, module in sys.modules.items() if module)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], input=workbook(), capture_output=True, check=True)
    loaded = set(done.stderr.decode().splitlines()[-1].strip("[]").replace('"', "").split(", "))
    assert "openpyxl" in loaded
    assert loaded & {"evaltools", "numpy", "pandas", "lxml", "PIL"} == set()


def test_what_the_child_reads_is_what_is_read_here() -> None:
    raw = open_workbook(edited(lambda book: setattr(cell(book, "answer_placed"), "value", 41)), "da")
    assert not isinstance(raw, Problem)
    assert [one.value for one in raw.sheets["2 Tal"] if (one.row, one.column) == (6, 4)] == [41]


GATE = 0.2
"""Seconds that may go by before the child begins, and after its limit has ended it."""


@pytest.mark.proof
def test_every_hostile_file_is_refused_within_two_seconds_of_work_and_200_megabytes() -> None:
    for name, (make, _) in HOSTILE.items():
        content = make()
        code = (
            "import os, resource, sys, time; from evaltools.collect.workbook import open_workbook\n"
            "content = sys.stdin.buffer.read(); base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "begun, wall = sum(os.times()[:4]), time.perf_counter(); refused = open_workbook(content, 'da')\n"
            "work, wall = sum(os.times()[:4]) - begun, time.perf_counter() - wall\n"
            "own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base\n"
            "child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
            "print(refused.code, work, wall, own / 1024, child / 1024)"
        )
        done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
        refused, work, wall, own, child = done.stdout.decode().split()
        times = f"{float(work):.2f} s of work in {float(wall):.2f} s"
        figures = f"{times}, {float(own):.0f} MB here, {float(child):.0f} MB in the child"
        print(f"{name}: {len(content):,} bytes, {refused}, {figures}")  # noqa: T201
        assert float(work) <= opening.CPU_SECONDS + GATE
        assert float(wall) <= opening.WALL_SECONDS + GATE
        assert float(own) <= 200
        assert float(child) <= 200
