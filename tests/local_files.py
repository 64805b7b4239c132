"""Files of local registers as municipalities have them: exported, or made by hand with other columns and other dates."""

from __future__ import annotations

import csv
import datetime as dt
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import xlsxwriter

from evaltools.language import Language
from evaltools.local import SYSTEMS, Local, LocalFile, Report, make_report, read_local
from evaltools.rehearsal import invented_units
from evaltools.rehearsal.settings import read_settings
from evaltools.rehearsal.sheets import record_sheets, unit_sheets
from evaltools.schema import Field, Missing, Questionnaire, fields, read_dictionary, read_survey
from evaltools.schema.model import Value
from evaltools.store import read_units

FEW = 40
"""Records of a file whose numbers do not matter: reading takes its time."""
ROOT = Path(__file__).parents[1]
INDICATORS = read_dictionary(ROOT).indicators
Answers = Mapping[str, Value]
Line = dict[str, object]
SEED = 11


@cache
def register(survey: str) -> Questionnaire:
    return read_survey(ROOT / "surveys" / survey / "1")


@cache
def made_up(survey: str) -> tuple[tuple[str, str, Answers], ...]:
    """Municipality, number (none where each has one record) and answers of every finished record of a rehearsal."""
    units = invented_units(read_units(ROOT / "data_dictionary/codelists/municipalities.csv"))
    names = {unit.code: unit.name for unit in units}
    settings = read_settings(survey)
    if register(survey).many_records:
        sheets = record_sheets(register(survey), settings, units, SEED)
    else:
        sheets = unit_sheets(register(survey), settings, units, 0, SEED, {})
    return tuple((names[one.unit], one.record, one.answers) for one in sheets if one.disposition == "submitted")


def first_place(survey: str) -> str:
    return made_up(survey)[0][0]


def of_first_place(survey: str) -> list[Answers]:
    return [answers for place, _, answers in made_up(survey) if place == first_place(survey)]


def lines(
    survey: str, *, only: str = "", change: Callable[[Field, Value], object] = lambda _, value: value
) -> list[Line]:
    """One line per record, as an export writes it: codes, a column per category, kinds of missing as numbers."""
    known = {field.name: field for field in fields(register(survey)) if field.kind != "computed"}
    found: list[Line] = []
    for place, number, answers in made_up(survey):
        line: Line = {"unit": place, "record": number}
        for name, field in known.items():
            value = answers.get(name, Missing.NOT_ANSWERED)
            if field.kind == "multiple" and field.item.codelist is not None:
                for code in field.item.codelist.codes:
                    line[f"{name}_{code}"] = int(value) if isinstance(value, Missing) else int(code in (value or ()))  # type: ignore[operator]
            else:
                line[name] = int(value) if isinstance(value, Missing) else change(field, value)
        if not only or place == only:
            found.append(line)
    return found


@cache
def exported(survey: str) -> LocalFile:
    """A whole register as an export writes it, read once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        return read(write_csv(Path(folder) / "exported.csv", lines(survey)), survey)


@cache
def few_exported(survey: str) -> LocalFile:
    """Its first records."""
    with tempfile.TemporaryDirectory() as folder:
        return read(write_csv(Path(folder) / "few.csv", lines(survey)[:FEW]), survey)


def labelled(field: Field, value: Value) -> object:
    """The label in place of the code."""
    if field.kind == "single" and field.item.codelist is not None:
        return field.item.codelist.category(str(value)).label.da
    return value


def shuffled(rows: Sequence[Line], seed: int = 1) -> list[Line]:
    """The same lines and columns in another order, with a column that nobody asked for."""
    chance = random.Random(seed)
    columns = list(rows[0])
    chance.shuffle(columns)
    mixed = [{"Bemærkning": "intern", **{name: row[name] for name in columns}} for row in rows]
    chance.shuffle(mixed)
    return mixed


def with_dates(rows: Sequence[Line], months: Sequence[str], write: Callable[[int, int], object]) -> list[Line]:
    """Months written in another way; `write` gets year and month."""
    made = []
    for row in rows:
        changed = {
            name: write(int(str(row[name])[:4]), int(str(row[name])[5:])) for name in months if is_month(row[name])
        }
        made.append(row | changed)
    return made


def with_weeks(rows: Sequence[Line], stems: Sequence[str], write: Callable[[int, int], object]) -> list[Line]:
    """Year and week of something in one column, `<stem>_date`; `write` gets both."""
    made = []
    for row in rows:
        line = dict(row)
        for stem in stems:
            year, week = line.pop(f"{stem}_year"), line.pop(f"{stem}_week")
            line[f"{stem}_date"] = write(int(year), int(week)) if int(str(year)) > 0 and int(str(week)) > 0 else ""  # type: ignore[call-overload]
        made.append(line)
    return made


def is_month(value: object) -> bool:
    return isinstance(value, str) and len(value) == 7 and value[4] == "-"


def write_csv(path: Path, rows: Sequence[Line], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Line]) -> Path:
    """A workbook whose months are dates of the spreadsheet."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Ark1")
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for place, name in enumerate(rows[0]):
        sheet.write_string(0, place, name)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row.values()):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, place, dt.datetime.combine(value, dt.time()), day)
            else:
                sheet.write(number, place, value)
    book.close()
    return path


def read(path: Path, survey: str) -> LocalFile:
    return read_local(path, register(survey))


def local(file: LocalFile | Path, survey: str, *, internal: bool = True, language: Language = "da") -> Local:
    """The first municipality of a file."""
    known = read(file, survey) if isinstance(file, Path) else file
    return Local(known, first_place(survey), INDICATORS, language, internal)


@cache
def published(system: str, survey: str) -> Report:
    """The report of the first municipality, fit for publication, in Danish."""
    return make_report(SYSTEMS[system], local(exported(survey), survey, internal=False), dt.date(2018, 12, 31))
