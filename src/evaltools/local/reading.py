"""Reads a local register: every line becomes a record, and whatever cannot be used is told with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from evaltools.collect import Answers, Problem, check_answers, complete, read_answers
from evaltools.errors import DataError, Fault
from evaltools.language import Language, texts
from evaltools.local.columns import NUMBERS, ORIGIN, PLACES, RESPONDED, Answered, Header, find_header
from evaltools.local.model import LocalFile, LocalRecord, Told
from evaltools.local.moments import as_month, as_week
from evaltools.local.tables import Table, open_table
from evaltools.schema import Field, Questionnaire, fields, names_in
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX

_LEAST_KNOWN: Final = 3
"""A header with fewer columns that only this register has belongs to another one: the first columns are alike."""
_Key = tuple[str, str]
_YES: Final = frozenset({"1", "1.0", "x", "ja", "yes", "true", "sand"})
_NO: Final = frozenset({"0", "0.0", "nej", "no", "false", "falsk"})


@dataclass(frozen=True, slots=True)
class _Reader:
    questionnaire: Questionnaire
    header: Header
    names: Mapping[str, str]
    language: Language

    @property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in fields(self.questionnaire)}

    def say(self, key: str, **values: object) -> str:
        return texts(self.language).say(f"local.{key}", **values)


def read_local(
    path: Path, questionnaire: Questionnaire, *, names: Mapping[str, str] | None = None, language: Language = "da"
) -> LocalFile:
    """The records in a file of a local register, each checked by the questionnaire's own rules.

    path : a `.csv` or `.xlsx` as `evaltools export` or `evaltools workbook` writes it, or made by hand: columns in any
    order, named by field or by question, extra columns among them; codes or labels; months as months, days, ISO weeks
    or dates of a spreadsheet. questionnaire : of the register. names : codes of municipalities and their names.
    language : of what is told.

    Returns the records, with values that could not be read, or that break a rule, as missing; all of that is in
    `told` with line, column and remedy. Empty lines are passed by. Raises `DataError`: NO_LOCAL_FILE, NOT_A_TABLE,
    TABLE_TOO_LARGE, OTHER_REGISTER, COLUMN_TWICE, NO_RECORDS.
    """
    table = open_table(path, language)
    if not table.lines:
        raise DataError(Fault("NO_RECORDS", path.name, "the file is empty", "Name a file with a header and records."))
    header = find_header(table.lines, questionnaire)
    _check(header, table, questionnaire, path)
    reader = _Reader(questionnaire, header, names or {}, language)
    records, told, drafts, twice = _records(reader, table)
    if not records:
        remedy = "Name a file with at least one finished record under its header."
        raise DataError(Fault("NO_RECORDS", path.name, "the file holds no record that can be counted", remedy))
    computed = {name for name, field in reader.by_name.items() if field.kind == "computed"}
    answered = (
        {each.meaning.field for each in header.answered}
        | {each.meaning.week_of[0] for each in header.answered}
        | computed
    )
    return LocalFile(
        questionnaire=questionnaire,
        records=records,
        told=tuple(sorted((*_told_columns(reader), *told), key=lambda one: one.kind == "doubt")),
        drafts=drafts,
        absent=tuple(name for name in reader.by_name if name not in answered),
        origin="rehearsal" if _is_rehearsal(reader, table) else "collected",
        name=path.name,
        sha256=table.sha256,
        twice=twice,
    )


def _check(header: Header, table: Table, questionnaire: Questionnaire, path: Path) -> None:
    if header.twice:
        problem = f'two columns answer the same question ("{header.twice[0]}")'
        raise DataError(Fault("COLUMN_TWICE", f"{path.name}, line {header.line}", problem, "Take one of them away."))
    own = {field.name for field in fields(questionnaire) if not field.item.module}
    if len({each.meaning.field for each in header.answered} & own) < _LEAST_KNOWN:
        problem = f"{len(header.answered)} of {len(table.lines[header.line])} columns belong to {questionnaire.id}"
        page = f"data_dictionary/generated/{questionnaire.survey}_{questionnaire.wave}.md"
        remedy = f"Use a file of that register; its columns are named in {page}."
        raise DataError(Fault("OTHER_REGISTER", f"{path.name}, line {header.line}", problem, remedy))


def _is_rehearsal(reader: _Reader, table: Table) -> bool:
    place = reader.header.around.get(ORIGIN)
    return place is not None and any(
        cells.get(place) for line, cells in table.lines.items() if line > reader.header.line
    )


def _told_columns(reader: _Reader) -> Iterator[Told]:
    for name in reader.header.unknown:
        yield Told(
            "column", reader.header.line, name, reader.say("told.extra_column"), reader.say("remedy.extra_column")
        )


def _records(
    reader: _Reader, table: Table
) -> tuple[tuple[LocalRecord, ...], list[Told], Counter[str], frozenset[_Key]]:
    records: list[LocalRecord] = []
    told: list[Told] = []
    drafts: Counter[str] = Counter()
    seen: dict[_Key, int] = {}
    twice: set[_Key] = set()
    for line, cells in table.lines.items():
        if line <= reader.header.line or not _holds_record(reader, cells):
            continue
        if _cell(reader, cells, (RESPONDED,)).casefold() in _NO:
            drafts[_place(reader, cells)] += 1
            continue
        record, problems = _record(reader, line, cells)
        key = (record.place, record.number)
        if key in seen and (record.number or (record.place and not reader.questionnaire.many_records)):
            twice.add(key)
            problem = reader.say("told.twice", number=record.number or record.place, line=seen[key])
            told.append(Told("left_out", line, "", problem, reader.say("remedy.twice")))
            continue
        seen[key] = line
        records.append(record)
        told += problems
    return tuple(records), told, drafts, frozenset(twice)


def _holds_record(reader: _Reader, cells: Mapping[int, object]) -> bool:
    if reader.header.filled_in and not _cell(reader, cells, NUMBERS):
        return False
    return any(each.place in cells for each in reader.header.answered)


def _cell(reader: _Reader, cells: Mapping[int, object], headers: tuple[str, ...]) -> str:
    """What stands in the first of some columns that are there."""
    for name in headers:
        place = reader.header.around.get(name)
        if place is not None and cells.get(place) not in (None, ""):
            value = cells[place]
            return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    return ""


def _place(reader: _Reader, cells: Mapping[int, object]) -> str:
    """The name of the municipality; a code becomes its name."""
    written = _cell(reader, cells, PLACES)
    return reader.names.get(written.zfill(4), written)


def _record(reader: _Reader, line: int, cells: Mapping[int, object]) -> tuple[LocalRecord, list[Told]]:
    raw, asides = _raw(reader, cells)
    reading = read_answers(reader.questionnaire, raw, reader.language)
    told = [Told("unread", line, column, *words) for column, words in asides]
    told += [_told(reader, line, problem, "unread") for problem in reading.problems if problem.level == "stop"]
    answers, broken = _sound(reader, line, reading.changes, _explained(reader, cells))
    values = complete(reader.questionnaire, answers)
    return LocalRecord(line, _place(reader, cells), _cell(reader, cells, NUMBERS), values), told + broken


def _raw(reader: _Reader, cells: Mapping[int, object]) -> tuple[dict[str, object], list[tuple[str, tuple[str, str]]]]:
    """The cells by field, as `read_answers` takes them; and what of a multiple answer is neither yes nor no."""
    raw: dict[str, object] = {}
    chosen: dict[str, list[str]] = {}
    asides: list[tuple[str, tuple[str, str]]] = []
    for each in reader.header.answered:
        value, field = cells.get(each.place), reader.by_name[each.meaning.field]
        if value is None or field.kind == "computed":
            continue
        if each.meaning.category and _missing(value) is None:
            _choose(reader, each, value, chosen, asides)
        else:
            raw |= _plain(each, field, value)
    return raw | {name: codes for name, codes in chosen.items() if codes}, asides


def _choose(
    reader: _Reader,
    each: Answered,
    value: object,
    chosen: dict[str, list[str]],
    asides: list[tuple[str, tuple[str, str]]],
) -> None:
    """Note a category that is ticked."""
    said = str(value).strip().casefold()
    if said in _YES:
        chosen.setdefault(each.meaning.field, []).append(each.meaning.category)
    elif said not in _NO:
        words = reader.say("told.not_ticked", given=str(value).strip()), reader.say("remedy.not_ticked")
        asides.append((each.header, words))


def _plain(each: Answered, field: Field, value: object) -> dict[str, object]:
    kind = _missing(value)
    if kind is not None:
        return {} if kind not in field.item.missing else {each.meaning.field: {"missing": kind.kind}}
    if each.meaning.week_of[0]:
        week = as_week(value)
        if week is not None:
            return dict(zip(each.meaning.week_of, week, strict=True))
    return {each.meaning.field: as_month(value) if field.kind == "month" else value}


def _missing(value: object) -> Missing | None:
    """The kind of missing that one of our own files writes as a negative number."""
    try:
        number = float(str(value))
        return Missing(int(number)) if number.is_integer() else None
    except ValueError:
        return None


def _told(reader: _Reader, line: int, problem: Problem, kind: str) -> Told:
    headers = {each.meaning.field: each.header for each in reader.header.answered}
    return Told(kind, line, headers.get(problem.field, problem.field), problem.message, problem.remedy)


def _explained(reader: _Reader, cells: Mapping[int, object]) -> frozenset[str]:
    """The rules of which somebody has written down why they do not hold."""
    around = reader.header.around.items()
    return frozenset(
        name.removesuffix(REASON_SUFFIX) for name, place in around if name.endswith(REASON_SUFFIX) and cells.get(place)
    )


def _sound(reader: _Reader, line: int, answers: Answers, explained: frozenset[str]) -> tuple[Answers, list[Told]]:
    """The answers without those that break a rule, which count as missing; and what was told about them."""
    rules = {rule.name: frozenset(names_in(rule.condition)) for rule in reader.questionnaire.rules}
    told: list[Told] = []
    while True:
        problems = check_answers(reader.questionnaire, answers, reader.language)
        stops = [one for one in problems if one.level == "stop" and _is_there(one.field, answers)]
        if not stops:
            doubts = [one for one in problems if one.level == "explain" and one.code not in explained]
            return answers, told + [_told(reader, line, one, "doubt") for one in doubts]
        told += [replace(_told(reader, line, one, "broken"), remedy=reader.say("remedy.broken")) for one in stops]
        involved = {name for one in stops for name in (one.field, *rules.get(one.code, ()))}
        answers = {name: value for name, value in answers.items() if name not in involved}


def _is_there(field: str, answers: Answers) -> bool:
    return answers.get(field, Missing.NOT_ANSWERED) is not Missing.NOT_ANSWERED
