"""Code lists: read from csv files of the dictionary or from a questionnaire, and bound to a reference year."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evaltools.errors import Fault, SchemaError, near
from evaltools.language import Text
from evaltools.schema.model import Category, CodeList
from evaltools.schema.reading import Document, Place, read_text
from evaltools.schema.shape import shape
from evaltools.schema.source import CategorySource, CodeListSource, TextSource
from evaltools.schema.wording import Wording

COLUMNS: Final = ("code", "da", "en")
FLAGS: Final = ("exclusive", "write_in")


@dataclass(frozen=True, slots=True)
class PlacedCodeList:
    """A code list as written, with its name and place."""

    name: str
    source: CodeListSource
    place: Place


@dataclass(frozen=True, slots=True)
class BoundCodeList:
    """A code list in one wave: what is offered, and all codes that rules may name."""

    offered: CodeList
    known: CodeList


def read_codelist(path: Path, name: str) -> PlacedCodeList:
    """Read one csv file: columns `code,da,en` and perhaps `flags,aliases`; comments `# ordered: true` before them.

    Raises `SchemaError` with NO_SUCH_FILE, NOT_UTF8, CODELIST_COLUMNS, UNKNOWN_KEY, UNKNOWN_WORD or BAD_CODE.
    """
    lines = read_text(path, name).splitlines()
    comments = [n for n, line in enumerate(lines) if line.startswith("#")]
    header = {key.strip(): value.strip() for n in comments for key, _, value in [lines[n].lstrip("# ").partition(":")]}
    rows = [(n + 1, line) for n, line in enumerate(lines) if n not in comments and line.strip()]
    reader = csv.DictReader(line for _, line in rows)
    lacking = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if lacking:
        problem, remedy = f'the column "{lacking[0]}" is missing', "Begin the file with: code,da,en,flags,aliases"
        raise SchemaError(Fault("CODELIST_COLUMNS", f"{name}:{rows[0][0] if rows else 1}", problem, remedy))
    places: dict[tuple[str | int, ...], tuple[int, int]] = {(): (1, len(lines))}
    categories = []
    for n, row in enumerate(reader):
        line = rows[reader.line_num - 1][0]
        places["categories", n] = (line, line)
        categories.append(_category(row, f"{name}:{line}"))
    data = {"categories": categories, **_header(header)}
    document = Document(name, data, places)  # type: ignore[arg-type]
    return PlacedCodeList(path.stem, shape(CodeListSource, document), Place(document))


def _header(header: Mapping[str, str]) -> dict[str, object]:
    data: dict[str, object] = {"ordered": header["ordered"]} if "ordered" in header else {}
    if "label_da" in header or "label_en" in header:
        data["label"] = {"da": header.get("label_da", ""), "en": header.get("label_en", "")}
    return data


def _category(row: Mapping[str, str | None], where: str) -> dict[str, object]:
    flags = (row.get("flags") or "").split()
    for flag in flags:
        if flag not in FLAGS:
            raise SchemaError(Fault("UNKNOWN_WORD", where, f'"{flag}" is not a flag', near(flag, FLAGS)))
    aliases = [alias.strip() for alias in (row.get("aliases") or "").split("|") if alias.strip()]
    texts = {column: (row[column] or "").strip() for column in COLUMNS}
    return {**texts, "aliases": aliases, **dict.fromkeys(flags, "true")}


@dataclass(frozen=True, slots=True)
class CodeListShelf:
    """Where code lists are looked up: those of the module first, then the questionnaire's, then the dictionary's."""

    shelves: tuple[Mapping[str, PlacedCodeList], ...]
    wording: Wording

    def names(self) -> set[str]:
        """All names that can be used here."""
        return {name for shelf in self.shelves for name in shelf}

    def find(self, name: str, place: Place) -> PlacedCodeList | None:
        """The list of that name; a fault at `place` if there is none."""
        for shelf in self.shelves:
            if name in shelf:
                return shelf[name]
        problem = f'there is no code list "{name}"'
        self.wording.faults.append(Fault("UNKNOWN_CODELIST", place.at(), problem, near(name, self.names())))
        return None

    def bind(self, name: str, place: Place) -> BoundCodeList | None:
        """The list with its texts filled in; categories whose term has no word in the year are not offered."""
        placed = self.find(name, place)
        if placed is None:
            return None
        rows = self._categories(placed, (name,))
        categories = tuple(self._bound(row, where) for row, where in rows)
        lost = {row.code for row, _ in rows if self.wording.lost_term(TextSource(da=row.da, en=row.en))}
        aliases = {alias: row.code for row, _ in rows for alias in row.aliases}
        label = placed.source.label
        title = Text(name, name) if label is None else self.wording.text(label, placed.place.down("label"))
        known = CodeList(name, title, categories, self._ordered(placed), aliases)
        kept = tuple(category for category in categories if category.code not in lost)
        known_aliases = {alias: code for alias, code in aliases.items() if code not in lost}
        return BoundCodeList(CodeList(name, title, kept, known.ordered, known_aliases), known)

    def _bound(self, row: CategorySource, place: Place) -> Category:
        source = TextSource(da=row.da, en=row.en)
        quiet = self.wording.lost_term(source)
        label = Text(row.da, row.en) if quiet else self.wording.text(source, place)
        return Category(row.code, label, row.exclusive, row.write_in)

    def _ordered(self, placed: PlacedCodeList) -> bool:
        if placed.source.ordered is not None:
            return placed.source.ordered
        parent = self.find(placed.source.of, placed.place) if placed.source.of else None
        return bool(parent and parent.source.ordered)

    def _categories(self, placed: PlacedCodeList, seen: tuple[str, ...]) -> list[tuple[CategorySource, Place]]:
        own = [(row, placed.place.down("categories", n)) for n, row in enumerate(placed.source.categories)]
        if placed.source.of is None:
            return own
        if placed.source.of in seen:
            fault = Fault("CYCLE", placed.place.at("of"), f'"{placed.name}" is made of itself', "Name another list.")
            self.wording.faults.append(fault)
            return own
        parent = self.find(placed.source.of, placed.place.down("of"))
        if parent is None:
            return own
        rows = {row.code: (row, place) for row, place in self._categories(parent, (*seen, placed.source.of))}
        for code in placed.source.codes:
            if code not in rows:
                problem = f'"{parent.name}" has no code "{code}"'
                self.wording.faults.append(Fault("UNKNOWN_CODE", placed.place.at("codes"), problem, near(code, rows)))
        return [rows[code] for code in placed.source.codes or rows if code in rows] + own
