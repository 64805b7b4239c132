"""Finds which column answers which question: by name, by the words of the question, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from evaltools.collect.workbook.identity import PREFIX
from evaltools.collect.workbook.layout import CHOICE_MARK, table_columns
from evaltools.collect.workbook.table_sheet import MISSING_MARK
from evaltools.collect.workbook.texts_of_ours import column_title
from evaltools.language import Language
from evaltools.language.text import LANGUAGES
from evaltools.schema import Questionnaire, fields, variables
from evaltools.schema.model import REASON_SUFFIX

PLACES: Final = ("name", "kommune", "municipality", "kommunenavn", "unit", "kommunekode")
"""Headers of the municipality, the most readable first."""
NUMBERS: Final = ("record", "record_id", "registrering", "registreringsnummer", "id")
"""Headers of a record's own number."""
RESPONDED: Final = "responded"
ORIGIN: Final = "origin"
_AROUND: Final = frozenset(
    {*PLACES, *NUMBERS, RESPONDED, ORIGIN, "group", "label", "landsdel", "region", "size", "tile_col", "tile_row",
     "schema_version", "number", "nr"}
)  # fmt: skip
"""Headers that stand around the answers in our own exports; they are no extra columns."""
_LINES_SEARCHED: Final = 12


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header says: the field, of a multiple one perhaps the category, and of a week the fields that it tells."""

    field: str
    category: str = ""
    week_of: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Answered:
    """A column, counted from 0, its header, and what it answers."""

    place: int
    header: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Header:
    """The line of the headers, what each known column answers, the columns around them, and the headers nobody knows.

    filled_in : whether it is a workbook of our own, in which only lines with a record number hold records.
    """

    line: int
    answered: tuple[Answered, ...]
    around: Mapping[str, int]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    filled_in: bool


def find_header(lines: Mapping[int, Mapping[int, object]], questionnaire: Questionnaire) -> Header:
    """The header among the first lines: the line in which most headers are known."""
    spellings = _spellings(questionnaire)
    first = [line for line in lines if line <= _LINES_SEARCHED] or list(lines)[:1]
    return max((_header(line, lines[line], spellings) for line in first), key=lambda header: len(header.answered))


def folded(text: object) -> str:
    """A header as it is compared: without our prefix, case, extra blanks and the sign of missing."""
    words = " ".join(str(text).casefold().split()).removeprefix(PREFIX)
    return words.rstrip("!:?. ").replace("-", "_") if " " not in words else words.rstrip("!:?. ")


def _header(line: int, cells: Mapping[int, object], spellings: Mapping[str, Meaning]) -> Header:
    answered: list[Answered] = []
    around: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, cell in cells.items():
        name = folded(cell)
        if name in spellings:
            known = any(each.meaning == spellings[name] for each in answered)
            if known and not str(cell).endswith(MISSING_MARK):
                twice.append(str(cell))
            elif not known:
                answered.append(Answered(place, str(cell), spellings[name]))
        elif name in _AROUND or name.endswith(REASON_SUFFIX):
            around.setdefault(name, place)
        else:
            unknown.append(str(cell))
    filled_in = any(str(cell).startswith(PREFIX) for cell in cells.values())
    return Header(line, tuple(answered), around, tuple(unknown), tuple(twice), filled_in)


def _spellings(questionnaire: Questionnaire) -> Mapping[str, Meaning]:
    """What each folded header says. Words that would mean two things mean none; a name always means its own field."""
    names = frozenset(field.name for field in fields(questionnaire))
    found: dict[str, set[Meaning]] = {}
    for language in LANGUAGES:
        for words, meaning in _words(questionnaire, names, language):
            found.setdefault(folded(words), set()).add(meaning)
    known = {words: next(iter(meanings)) for words, meanings in found.items() if len(meanings) == 1}
    return {**known, **_weeks(names), **dict(_names(questionnaire, names))}


def _names(questionnaire: Questionnaire, names: frozenset[str]) -> Iterator[tuple[str, Meaning]]:
    """Every field, and every category of a multiple one as our exports and our workbooks call it."""
    for field in fields(questionnaire):
        yield field.name, _meaning(field.name, names)
    for each in variables(questionnaire):
        if each.category is not None:
            meaning = Meaning(each.field.name, each.category.code)
            yield each.name, meaning
            yield f"{each.field.name}{CHOICE_MARK}{each.category.code}", meaning


def _words(questionnaire: Questionnaire, names: frozenset[str], language: Language) -> Iterator[tuple[str, Meaning]]:
    for field in fields(questionnaire):
        yield field.label.to(language), _meaning(field.name, names)
        if field.row is None:
            yield field.item.text.to(language), _meaning(field.name, names)
    for each in variables(questionnaire):
        if each.category is not None:
            yield each.label.to(language), Meaning(each.field.name, each.category.code)
    for line in table_columns(questionnaire, language):
        if line.field is not None and line.kind != "options":
            code = line.category.code if line.category is not None else ""
            yield column_title(line, language), _meaning(line.field.name, names, code)


def _meaning(name: str, names: frozenset[str], category: str = "") -> Meaning:
    year = f"{name.removesuffix('_week')}_year"
    return Meaning(name, category, (year, name) if name.endswith("_week") and year in names else ("", ""))


def _weeks(names: frozenset[str]) -> Mapping[str, Meaning]:
    """Headers of one column that tells year and week of something: `asked_date`, and `asked` where no field has it."""
    stems = [name.removesuffix("_week") for name in names if name.endswith("_week")]
    return {
        header: _meaning(f"{stem}_week", names)
        for stem in stems
        for header in (stem, f"{stem}_date", f"{stem}_dato", f"{stem}_uge")
        if header not in names
    }
