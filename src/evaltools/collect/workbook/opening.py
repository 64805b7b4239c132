"""Opens a stranger's workbook: first the gate, then a child process with limits, which tells what stands in it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.collect.model import Problem
from evaltools.collect.workbook.gate import LAST_COLUMN, LAST_ROW, refuse, said
from evaltools.language import Language

MEMORY: Final = 200 * 1024 * 1024
"""Bytes that the child may use, its program included."""
CPU_SECONDS: Final = 2
WALL_SECONDS: Final = 10
"""On a busy machine the child waits for its turn; by then it is ended whatever it does."""

_CHILD: Final = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell that holds something: its place, counted from 1, the kind of its value (see `child`), and the value."""

    sheet: str
    row: int
    column: int
    kind: str
    value: str | int | float | bool
    has_formula: bool = False


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """Everything that stands in a file: cells by sheet, named ranges, properties, and the file's own hash.

    beside : the parts of the archive with comments, pictures and text boxes, which hold nothing that is read.
    """

    sha256: str
    sheets: Mapping[str, tuple[RawCell, ...]]
    names: Mapping[str, str]
    properties: Mapping[str, str]
    beside: tuple[str, ...] = ()


def open_workbook(content: bytes, language: Language) -> RawWorkbook | Problem:
    """What stands in a file, or why it is not opened.

    The file is never written to disk. Codes: those of the gate, WORKBOOK_UNREADABLE for a file that no spreadsheet
    would open either, WORKBOOK_TOO_HEAVY for one that took more memory or time than any of ours.
    """
    refused = refuse(content, language)
    if refused is not None:
        return refused
    limits = [str(limit) for limit in (LAST_ROW, LAST_COLUMN, MEMORY, CPU_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 our own program, and nothing of the sender's on its command line
            [sys.executable, "-I", str(_CHILD), *limits],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return said("WORKBOOK_TOO_HEAVY", language)
    if done.returncode < 0:
        return said("WORKBOOK_TOO_HEAVY", language)
    if done.returncode > 0:
        return said("WORKBOOK_UNREADABLE", language)
    return raw_workbook(json.loads(done.stdout), hashlib.sha256(content).hexdigest())


def raw_workbook(told: Mapping[str, object], sha256: str) -> RawWorkbook:
    """What the child told (see `child.contents`)."""
    sheets, names, properties = told["sheets"], told["names"], told["properties"]
    assert isinstance(sheets, list)
    assert isinstance(names, dict)
    assert isinstance(properties, dict)
    cells = {sheet["name"]: tuple(RawCell(sheet["name"], *cell) for cell in sheet["cells"]) for sheet in sheets}
    beside = told["beside"]
    assert isinstance(beside, list)
    return RawWorkbook(sha256, cells, names, properties, tuple(beside))
