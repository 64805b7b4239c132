"""A desk for tests of workbooks: one that was filled in, hands that change it as people do, and what is read then."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import openpyxl

from evaltools.collect import value_to_json
from evaltools.collect.model import Answers, Problem
from evaltools.collect.workbook import (
    Contents,
    FilledIn,
    Preview,
    ReadResponse,
    Standing,
    child,
    compare,
    identify,
    read_cells,
    write_workbook,
)
from evaltools.collect.workbook.gate import LAST_COLUMN, LAST_ROW, refuse
from evaltools.collect.workbook.opening import raw_workbook
from evaltools.language import Language
from evaltools.schema import Questionnaire
from every_kind import every_kind

KEY = b"a key for tests"
BASE: Answers = {
    "place": "0751",
    "stage_m1": "3",
    "stage_m2": "0",
    "stage_m3": "1",
    "cases_m1": 12,
    "why": ("1", "3"),
    "start": 2012,
    "asked_month": "2018-03",
    "held_date": "2018-03-31",
    "words": "Vi bruger mødet",
    "placed": 40,
    "network": 4,
    "posts": 2.5,
    "meetings": 3,
    "meetings_of": 5,
    "families_1_children": 2,
    "families_1_moved": 1,
}
CONTENTS = Contents(
    "0751", "Aarhus Kommune", (FilledIn(BASE, 3, last={"placed": 38}),), {"placed_register": 41.0}, (), KEY
)

Edit = Callable[[openpyxl.Workbook], None]


@cache
def _fetched() -> bytes:
    return write_workbook(every_kind(), CONTENTS, "da")


def workbook(contents: Contents = CONTENTS, language: Language = "da", q: Questionnaire | None = None) -> bytes:
    """The workbook as it was fetched."""
    if contents is CONTENTS and language == "da" and q is None:
        return _fetched()
    return write_workbook(q or every_kind(), contents, language)


def edited(edit: Edit, content: bytes | None = None) -> bytes:
    """The workbook after somebody has been at it."""
    book = openpyxl.load_workbook(io.BytesIO(content or workbook()))
    edit(book)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell(book: openpyxl.Workbook, name: str) -> Any:
    """The cell of a named range, or its first one."""
    sheet, ref = book.defined_names[name].attr_text.rsplit("!", 1)
    return book[sheet.strip("'")][ref.replace("$", "").partition(":")[0]]


def put(**values: object) -> Edit:
    """Write into the cells of named ranges; `__` in a name stands for the point before a code."""

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in values.items():
            cell(book, name if name in book.defined_names else name.replace("__", ".")).value = value

    return edit


def with_part(
    content: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None
) -> bytes:
    """The file with parts of its archive changed, left out (None) or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return file.getvalue()


def preview(
    content: bytes,
    contents: Contents = CONTENTS,
    standing: Standing | None = None,
    q: Questionnaire | None = None,
    language: Language = "da",
) -> Preview | Problem:
    """What a page would show of a file, or why it is refused. The child's work is done here, to save its start."""
    asked = q or every_kind()
    raw = refuse(content, language) or raw_workbook(child.contents(content, LAST_ROW, LAST_COLUMN), "of the file")
    if isinstance(raw, Problem):
        return raw
    identity = identify(raw, KEY, language)
    if isinstance(identity, Problem):
        return identity
    read = read_cells(raw, asked, identity, contents)
    if isinstance(read, Problem):
        return read

    def stands(response: ReadResponse, _: Answers) -> Standing:
        kept = {one.record: one for one in contents.responses}.get(response.record, FilledIn())
        return standing or Standing(kept.answers, kept.version, references=contents.references, last=kept.last)

    return compare(asked, read, stands, language)


def lines(found: Preview | Problem) -> list[str]:
    """The difference in short lines: kind, field and value, or code and cell."""
    if isinstance(found, Problem):
        return [f"refused {found.code}"]
    changed = [line for response in found.responses for line in _changes(response.changes)]
    return sorted([*changed, *(f"note {each.problem.code} {each.cell.sheet}!{each.cell.ref}" for each in found.unread)])


def _changes(changes: Iterable[Any]) -> Iterable[str]:
    for change in changes:
        if change.kind == "not_understood":
            yield f"not_understood {change.field} {change.problem.code}"
        else:
            ours = "nothing" if change.ours is None else json.dumps(value_to_json(change.ours), ensure_ascii=False)
            yield f"{change.kind} {change.field} {ours}"
