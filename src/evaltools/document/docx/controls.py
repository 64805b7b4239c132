"""Numbers as content controls: how one is written, the two custom XML parts behind them, and how they are read back."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from evaltools.document.docx.markup import WORD, attribute, clean, run
from evaltools.document.model import Document, NumberRun, RegisterRow
from evaltools.document.walk import all_blocks, number_runs
from evaltools.errors import Fault, MemoError
from evaltools.provenance import canonical_json

SHOWN_SPACE: Final = "urn:evaltools:numbers:1"
SHOWN_ID: Final = "{7D0F5C7E-1B1E-4A57-9E4B-5E0A7A1C0D01}"
RECORD_SPACE: Final = "urn:evaltools:record:1"
RECORD_ID: Final = "{7D0F5C7E-1B1E-4A57-9E4B-5E0A7A1C0D02}"
SHOWN_PART: Final = "customXml/item1.xml"
RECORD_PART: Final = "customXml/item2.xml"
PREFIX: Final = f"xmlns:n='{SHOWN_SPACE}'"
ALIAS_LENGTH: Final = 64
_LARGEST_PART: Final = 100_000_000
"""Bytes of one part once it is unpacked: a small file can be made to swell beyond any memory."""


def number_key(number_id: str, form: str) -> str:
    """The key of a number in one form: the id itself for the usual form.

    >>> number_key("a5", ""), number_key("a5", "interval")
    ('a5', 'a5~interval')
    """
    return f"{number_id}~{form}" if form else number_id


def alias(row: RegisterRow) -> str:
    """What Word shows on the frame of a number: what was asked, and of how many, in at most 64 characters.

    >>> alias(RegisterRow("a5", {}, 1, {"Spørgsmål": "a5: " + "x" * 80}, {"n": "70"}))[-12:]
    'xx… · n = 70'
    """
    first = next((text for text in row.source.values() if text), row.id)
    tail = f" · n = {row.own['n']}" if row.own.get("n") else ""
    room = ALIAS_LENGTH - len(tail)
    return (first if len(first) <= room else first[: room - 1].rstrip() + "…") + tail


def control(number: NumberRun, row: RegisterRow, serial: int) -> str:
    """A number as an inline plain-text control: its text is locked, the control itself may be deleted."""
    key = number_key(number.id, number.form)
    path = f"/n:numbers[1]/n:number[@id='{key}'][1]"
    binding = (
        f'<w:dataBinding w:prefixMappings={attribute(PREFIX)} w:xpath={attribute(path)} w:storeItemID="{SHOWN_ID}"/>'
    )
    bold = "<w:b/>" if number.bold else ""
    properties = f"<w:rPr>{bold}</w:rPr>" if bold else ""
    return (
        f"<w:sdt><w:sdtPr>{properties}<w:alias w:val={attribute(alias(row))}/><w:tag w:val={attribute(f'tal:{key}')}/>"
        f'<w:id w:val="{serial}"/><w:lock w:val="contentLocked"/>{binding}<w:text/></w:sdtPr>'
        f"<w:sdtContent>{run(number.shown, bold)}</w:sdtContent></w:sdt>"
    )


def custom_parts(document: Document) -> dict[str, bytes]:
    """The custom XML of the file: the shown values that controls are bound to, and the record that nobody edits."""
    return {
        SHOWN_PART: _shown_part(document),
        "customXml/itemProps1.xml": _properties(SHOWN_ID, SHOWN_SPACE),
        RECORD_PART: _record_part(document),
        "customXml/itemProps2.xml": _properties(RECORD_ID, RECORD_SPACE),
    }


def _shown_part(document: Document) -> bytes:
    shown: dict[str, str] = {}
    for block in all_blocks(document):
        for number in number_runs(block):
            shown[number_key(number.id, number.form)] = number.shown
    rows = "".join(f"<number id={attribute(key)}>{clean(text)}</number>" for key, text in sorted(shown.items()))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<numbers xmlns="{SHOWN_SPACE}">{rows}</numbers>'.encode()


def _record_part(document: Document) -> bytes:
    record = {
        "title": document.title,
        "date": document.iso_date,
        "numbers": [
            {"id": row.id, "value": row.value, "shown": dict(row.shown), "source": {**row.source, **row.own}}
            for row in document.register
        ],
    }
    text = clean(canonical_json(record))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<record xmlns="{RECORD_SPACE}">{text}</record>'.encode()


def _properties(item_id: str, space: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<ds:datastoreItem ds:itemID="{item_id}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{space}"/></ds:schemaRefs></ds:datastoreItem>'
    ).encode()


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """One number where it stands in a Word file: its tag, its text now, and its text when the file was built."""

    tag: str
    shown: str
    recorded: str | None
    """None when the record does not know the tag."""


def read_places(path: Path | str) -> tuple[ShownNumber, ...]:
    """Every number of a Word file in reading order, also where one number stands more than once.

    Raises: MemoError `DOCX_NOT_READ` when the file is no Word file of ours.
    """
    body, record = _parts(Path(path))
    recorded = _recorded(record)
    controls = body.iter(f"{{{WORD}}}sdt")
    tagged = ((_tag(control), control) for control in controls)
    return tuple(
        ShownNumber(tag, "".join(text.text or "" for text in control.iter(f"{{{WORD}}}t")), recorded.get(tag))
        for tag, control in tagged
        if tag.startswith("tal:")
    )


def read_numbers(path: Path | str) -> dict[str, str]:
    """The numbers of a Word file: tag (`tal:<id>` or `tal:<id>~<form>`) -> text as it stands now.

    Where one number stands in several places with different texts, the text that differs from the record is given, so
    that an edit by hand is never overlooked.
    Raises: MemoError `DOCX_NOT_READ` when the file is no Word file of ours.
    """
    numbers: dict[str, str] = {}
    for place in read_places(path):
        if place.tag not in numbers or place.shown != place.recorded:
            numbers[place.tag] = place.shown
    return numbers


def read_record(path: Path | str) -> Mapping[str, object]:
    """The record that the file was built with: title, date, and each number's value, forms and source.

    Raises: MemoError `DOCX_NOT_READ` when the file is no Word file of ours.
    """
    return _parts(Path(path))[1]


def _parts(path: Path) -> tuple[etree._Element, dict[str, object]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if max((part.file_size for part in archive.infolist()), default=0) > _LARGEST_PART:
                raise zipfile.BadZipFile("a part of it is too large")
            body = etree.fromstring(archive.read("word/document.xml"), _parser())
            return body, _record(archive)
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, json.JSONDecodeError) as error:
        problem = "the file cannot be read as a Word file that evaltools wrote"
        remedy = "Name a .docx that the memo command made, edited or not."
        raise MemoError(Fault("DOCX_NOT_READ", str(path), problem, remedy)) from error


def _record(archive: zipfile.ZipFile) -> dict[str, object]:
    """The record, wherever the program that last saved the file put it."""
    for name in archive.namelist():
        if name.startswith("customXml/") and name.endswith(".xml"):
            root = etree.fromstring(archive.read(name), _parser())
            if root.tag == f"{{{RECORD_SPACE}}}record":
                record = json.loads(root.text or "")
                assert isinstance(record, dict)
                return record
    raise KeyError(RECORD_PART)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True)


def _recorded(record: Mapping[str, object]) -> dict[str, str]:
    numbers = record["numbers"]
    assert isinstance(numbers, list)
    return {
        f"tal:{number_key(number['id'], form)}": shown for number in numbers for form, shown in number["shown"].items()
    }


def _tag(control: etree._Element) -> str:
    tag = control.find(f"{{{WORD}}}sdtPr/{{{WORD}}}tag")
    return "" if tag is None else str(tag.get(f"{{{WORD}}}val", ""))
