"""Adds to a finished .sav what pyreadstat cannot write: multiple-response sets and attributes of variables.

The dictionary of a system file is a chain of records that ends with record 999. Extension records (type 7) go
just before it: subtype 7 holds multiple-response sets, 17 attributes of the file, 18 attributes of variables.
Source of the layout: PSPP developers' guide, "System File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from evaltools.errors import ExchangeError, Fault
from evaltools.exchange.model import Column, Family, Sheet

HEADER_SIZE: Final = 176
END: Final = 999
EXTENSION: Final = 7
LONG_NAMES: Final = 13
SETS, FILE_ATTRIBUTES, VARIABLE_ATTRIBUTES = 7, 17, 18


def add_dictionary(path: Path, sheet: Sheet, names: Mapping[str, str]) -> None:
    """Add the sheet's multiple-response sets, question texts, universes and concepts to a file just written."""
    content = path.read_bytes()
    records = list(_records(content))
    short = _short_names(content, records)
    sets = "".join(_set_line(family, [short[names[column]] for column in family.columns]) for family in sheet.families)
    about = "/".join(_attributes(names[each.name], _facts(each)) for each in sheet.columns if _facts(each))
    added = [
        _extension(SETS, sets),
        _extension(FILE_ATTRIBUTES, _values({"Origin": sheet.origin, "Mark": sheet.mark})),
        _extension(VARIABLE_ATTRIBUTES, about),
    ]
    end = records[-1][1]
    path.write_bytes(content[:end] + b"".join(added) + content[end:])


def _facts(column: Column) -> dict[str, str]:
    facts = {"QuestionText": column.question, "Universe": column.universe, "Concept": column.concept}
    if column.confidentiality != "practice":
        facts["Confidentiality"] = column.confidentiality
    return {name: value for name, value in facts.items() if value}


def _set_line(family: Family, short_names: list[str]) -> str:
    size = len(family.label.encode())
    return f"${family.name}=D1 1 {size} {family.label} {' '.join(name.lower() for name in short_names)}\n"


def _attributes(name: str, facts: Mapping[str, str]) -> str:
    return f"{name}:{_values(facts)}"


def _values(facts: Mapping[str, str]) -> str:
    return "".join(f"{name}('{' '.join(value.split())}'\n)" for name, value in facts.items() if value)


def _extension(subtype: int, text: str) -> bytes:
    data = text.encode()
    return struct.pack("<4i", EXTENSION, subtype, 1, len(data)) + data if data else b""


def _records(content: bytes) -> Iterator[tuple[int, int]]:
    """Type and position of each record of the dictionary, the end record last."""
    position = HEADER_SIZE
    while True:
        kind = _whole(content, position)
        yield kind, position
        if kind == END:
            return
        position += _size(content, kind, position)


def _size(content: bytes, kind: int, position: int) -> int:
    if kind == 2:
        return _variable_size(content, position)
    if kind == 3:
        return _labels_size(content, position)
    if kind == 4:
        return 8 + 4 * _whole(content, position + 4)
    if kind == 6:
        return 8 + 80 * _whole(content, position + 4)
    if kind == EXTENSION:
        return 16 + _whole(content, position + 8) * _whole(content, position + 12)
    problem = f"the dictionary holds an unknown record of type {kind}"
    raise ExchangeError(Fault("UNKNOWN_SAV_RECORD", "spss", problem, "Report it with the versions in use."))


def _variable_size(content: bytes, position: int) -> int:
    has_label, missing_count = _whole(content, position + 8), _whole(content, position + 12)
    size = 32
    if has_label:
        size += 4 + (_whole(content, position + 32) + 3) // 4 * 4
    return size + 8 * abs(missing_count)


def _labels_size(content: bytes, position: int) -> int:
    size = 8
    for _ in range(_whole(content, position + 4)):
        size += 8 + (content[position + size + 8] + 1 + 7) // 8 * 8
    return size


def _short_names(content: bytes, records: list[tuple[int, int]]) -> dict[str, str]:
    """The eight-letter name that records use, by the name people see."""
    for kind, position in records:
        if kind == EXTENSION and _whole(content, position + 4) == LONG_NAMES:
            text = content[position + 16 : position + _size(content, kind, position)].decode()
            pairs = [pair.split("=", 1) for pair in text.split("\t")]
            return {long: short for short, long in pairs}
    return {}


def _whole(content: bytes, position: int) -> int:
    value: int = struct.unpack_from("<i", content, position)[0]
    return value
