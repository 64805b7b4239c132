"""Where in a workbook each answer stands, whatever has been moved, renamed or copied since it was made.

A cell is known twice: by the hidden id on its line, which goes along when lines are moved or sorted, and by its named
range, which goes along when columns are. An id that stands once counts; where it stands twice, the range decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from xlsxwriter.utility import xl_cell_to_rowcol

from evaltools.collect.workbook.identity import PREFIX, WHOLE_UNIT
from evaltools.collect.workbook.layout import Line, Role
from evaltools.collect.workbook.opening import RawCell, RawWorkbook
from evaltools.collect.workbook.table_sheet import MISSING_MARK

Place = tuple[str, int, int]
"""Sheet, row and column, counted from 1."""
_RANGE: Final = re.compile(r"^'?(?P<sheet>.+?)'?!(?P<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?::\$?[A-Z]{1,3}\$?\d{1,7})?$")
_RECORD: Final = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell to answer in: of which record, on which line, for the answer or for a kind of missing."""

    record: str
    line: str
    role: Role = "answer"


@dataclass(frozen=True, slots=True)
class Found:
    """The place of each slot, other places that claim to be the same one, and the cells that hold ids.

    lines : by sheet and row. roles : by sheet and column; `computed` for a column that the program works out.
    """

    places: Mapping[Slot, Place]
    copies: tuple[tuple[Slot, Place], ...]
    ids: frozenset[Place]
    lines: Mapping[tuple[str, int], Line]
    roles: Mapping[tuple[str, int], str]

    @property
    def known(self) -> frozenset[Place]:
        """The cells of answers, of their copies, and of ids."""
        return frozenset(self.places.values()) | {place for _, place in self.copies} | self.ids

    @property
    def sheets(self) -> frozenset[str]:
        """The sheets that hold answers."""
        return frozenset(place[0] for place in self.places.values())


def find_lines(raw: RawWorkbook, lines: Mapping[str, Line]) -> Found:
    """The places in a workbook with a line per question."""
    by_id: dict[Slot, list[Place]] = {}
    ids: dict[Place, Line] = {}
    marked = {sheet: _marked(cells) for sheet, cells in raw.sheets.items()}
    for cell in (cell for cells in raw.sheets.values() for cell in cells):
        columns = marked[cell.sheet]
        if cell.column != columns.get("id") or cell.value not in lines:
            continue
        line = ids[cell.sheet, cell.row, cell.column] = lines[str(cell.value)]
        for role in _answered(line):
            if role in columns:
                place = (cell.sheet, cell.row, columns[role])
                by_id.setdefault(Slot(WHOLE_UNIT, line.id, role), []).append(place)
    ranges = _ranges(raw)
    of_rows = {(sheet, row): line for (sheet, row, _), line in ids.items()}
    places, copies = _chosen(by_id, ranges, lines, of_rows)
    for each, role in ((line, role) for line in lines.values() for role in line.roles):
        if (named := ranges.get(each.range_name(role))) is not None:
            of_rows.setdefault(named[:2], each)
    roles = {(sheet, column): role for sheet, columns in marked.items() for role, column in columns.items()}
    return Found(places, copies, frozenset(ids), of_rows, roles)


def _chosen(
    by_id: Mapping[Slot, list[Place]],
    ranges: Mapping[str, Place],
    lines: Mapping[str, Line],
    rows: Mapping[tuple[str, int], Line],
) -> tuple[dict[Slot, Place], tuple[tuple[Slot, Place], ...]]:
    """Of the places of each slot the one that counts, and the others. A range on another line's row is not believed."""
    places: dict[Slot, Place] = {}
    copies: list[tuple[Slot, Place]] = []
    for slot in (Slot(WHOLE_UNIT, line.id, role) for line in lines.values() for role in _answered(line)):
        named = ranges.get(lines[slot.line].range_name(slot.role))
        own = by_id.get(slot, [])
        if not own and named is not None and named[:2] not in rows:
            own = [named]
        if own:
            places[slot] = named if named in own and named is not None else own[0]
            copies += [(slot, place) for place in own if place != places[slot]]
    return places, tuple(copies)


def find_columns(raw: RawWorkbook, columns: Iterable[Line]) -> Found:
    """The places in a workbook with a row per record."""
    wanted = {_column_key(line): line for line in columns}
    places: dict[Slot, Place] = {}
    copies: list[tuple[Slot, Place]] = []
    ids: set[Place] = set()
    roles: dict[tuple[str, int], str] = {}
    for sheet, cells in raw.sheets.items():
        marked = _marked(cells)
        own = {key: marked[key] for key in wanted if key in marked} or _named_columns(raw, sheet, wanted)
        roles |= {(sheet, column): "computed" for key, column in own.items() if wanted[key].kind == "computed"}
        records = [cell for cell in cells if own and _is_record(cell, marked.get("record", 1))]
        numbered = {(cell.sheet, cell.row, cell.column) for cell in cells if cell.column == marked.get("number", 2)}
        ids |= {(sheet, cell.row, cell.column) for cell in records}
        ids |= numbered & {(sheet, cell.row, marked.get("number", 2)) for cell in records}
        for cell, (key, column) in product(records, own.items()):
            if wanted[key].kind != "computed":
                slot, place = (
                    Slot(str(cell.value), wanted[key].id, _column_role(wanted[key])),
                    (sheet, cell.row, column),
                )
                if places.setdefault(slot, place) != place:
                    copies.append((slot, place))
    return Found(places, tuple(copies), frozenset(ids), {}, roles)


def _is_record(cell: RawCell, column: int) -> bool:
    return cell.column == column and bool(_RECORD.fullmatch(str(cell.value)))


def _answered(line: Line) -> Iterator[Role]:
    return (role for role in line.roles if role != "computed")


def _column_role(line: Line) -> Role:
    return "missing" if line.kind == "options" else "answer"


def _column_key(line: Line) -> str:
    return line.id + (MISSING_MARK if line.kind == "options" else "")


def _marked(cells: tuple[RawCell, ...]) -> Mapping[str, int]:
    """The column of each mark on a sheet."""
    marks: dict[str, int] = {}
    for cell in cells:
        if isinstance(cell.value, str) and cell.value.startswith(PREFIX):
            marks.setdefault(cell.value.removeprefix(PREFIX), cell.column)
    return marks


def _ranges(raw: RawWorkbook) -> Mapping[str, Place]:
    """The first cell of each named range that still has one."""
    found: dict[str, Place] = {}
    for name, area in raw.names.items():
        match = _RANGE.match(area)
        if match is not None and match["sheet"].replace("''", "'") in raw.sheets:
            row, column = xl_cell_to_rowcol(match["cell"].replace("$", ""))
            found[name] = (match["sheet"].replace("''", "'"), row + 1, column + 1)
    return found


def _named_columns(raw: RawWorkbook, sheet: str, wanted: Mapping[str, Line]) -> Mapping[str, int]:
    ranges = _ranges(raw)
    named = {key: ranges.get(line.range_name(_column_role(line))) for key, line in wanted.items()}
    return {key: place[2] for key, place in named.items() if place is not None and place[0] == sheet}
