"""A workbook through the hands of a real office program, and the three answers of the review through a workbook."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from evaltools.collect import read_answers
from evaltools.collect.model import Answers, Problem
from evaltools.collect.workbook import (
    Contents,
    FilledIn,
    Preview,
    identify,
    open_workbook,
    read_cells,
    write_workbook,
)
from evaltools.language import Language
from evaltools.schema import Questionnaire, fields, read_survey
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import Field, Value
from evaltools.store import (
    Saved,
    current,
    keep_workbook,
    make_workbook,
    open_store,
    open_wave,
    preview_workbook,
    read_units,
)
from every_kind import every_kind
from tiny_survey import FIELDWORK
from workbook_desk import Edit, cell, edited

PROJECT: Final = Path(__file__).parents[2]
OFFICE: Final = shutil.which("soffice")
KEY: Final = b"a key for tests"
AT: Final = dt.datetime(2018, 3, 1, tzinfo=dt.UTC)
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")

WAVES: Final = sorted(path.parent for path in (PROJECT / "surveys").glob("*/*/questionnaire.yaml"))
WORDS: Final = (
    'Æblegrød, 12 % & "mere"',
    "=1+1",
    "+45",
    "@lene",
    "-",
    "0012",
    "2018-03",
    "1.234",
    "to\nlinjer",
    "TRUE",
)


def value_for(field: Field, chance: random.Random, place: int) -> Value:
    """Some answer that the field can hold; a kind of missing now and then."""
    item = field.item
    if item.missing and chance.random() < 0.2:
        return chance.choice(item.missing)
    if field.kind == "text":
        return WORDS[place % len(WORDS)][: item.max_length]
    if item.codelist is not None and field.kind == "single":
        return chance.choice(item.codelist.codes)
    if item.codelist is not None and field.kind == "multiple":
        plain = [category.code for category in item.codelist.categories if not category.exclusive]
        chosen = chance.sample(plain, min(len(plain), item.max_choices or 3))
        return tuple(code for code in item.codelist.codes if code in chosen)
    if field.kind in ("month", "date"):
        return "2017-11" if field.kind == "month" else "2017-11-30"
    if field.kind == "email":
        return "navn@kommune.dk"
    low = int(item.minimum or 0) if field.kind != "year" else int(item.minimum or 1990)
    number = chance.randint(low, max(low, min(int(item.maximum or low + 2000), low + 2000)))
    return number + 0.5 if field.kind == "decimal" and item.decimals else number


def filled_in(q: Questionnaire, seed: int) -> Answers:
    chance = random.Random(seed)
    asked = [field for field in fields(q) if field.kind != "computed"]
    reasons = {f"{rule.name}__reason": "Sådan var det" for rule in q.rules if rule.level == "explain"}
    return {field.name: value_for(field, chance, place) for place, field in enumerate(asked)} | reasons


def contents_of(q: Questionnaire, seed: int) -> Contents:
    records = ("a-1", "a-2", "a-3") if q.many_records else ("",)
    responses = tuple(FilledIn(filled_in(q, seed + n), 3 + n, record) for n, record in enumerate(records))
    return Contents("0751", "Aarhus", responses, {"placed_register": 41.0}, ("b-1", "b-2") * q.many_records, KEY)


def converted(content: bytes, folder: Path, *ways: str) -> bytes:
    """The file opened and saved again by the office program, in each form after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "0.xlsx"
    path.write_bytes(content)
    for step, way in enumerate(ways, start=1):
        profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
        command = [
            str(OFFICE),
            profile,
            "--headless",
            "--convert-to",
            way,
            "--outdir",
            str(folder / str(step)),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        path = folder / str(step) / f"{path.stem}.{way}"
    return path.read_bytes()


def read_back(content: bytes, q: Questionnaire, contents: Contents, language: Language) -> Mapping[str, Answers]:
    """The answers by record, as they are read; everything else that was found fails the test."""
    raw = open_workbook(content, language)
    assert not isinstance(raw, Problem), raw
    identity = identify(raw, KEY, language)
    assert not isinstance(identity, Problem), identity
    assert identity.unit == "0751"
    read = read_cells(raw, q, identity, contents)
    assert not isinstance(read, Problem), read
    assert read.unread == ()
    found = {}
    for response in read.responses:
        reading = read_answers(q, response.raw, language)
        assert (response.problems, reading.problems) == ((), ())
        found[response.record] = {name: value for name, value in reading.changes.items() if _is_given(value)}
    return found


def _is_given(value: Value) -> bool:
    return value is not Missing.NOT_ANSWERED


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("wave", WAVES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_item_of_every_questionnaire_is_read_back_as_it_was_written(wave: Path, language: Language) -> None:
    q = read_survey(wave)
    contents = contents_of(q, seed=7)
    found = read_back(write_workbook(q, contents, language), q, contents, language)
    assert found == {one.record: one.answers for one in contents.responses}


@needs_office
def test_every_kind_of_item_survives_the_office_program(tmp_path: Path) -> None:
    q = every_kind()
    contents = contents_of(q, seed=1)
    expected = {one.record: one.answers for one in contents.responses}
    content = write_workbook(q, contents, "da")
    assert read_back(converted(content, tmp_path / "a", "xlsx"), q, contents, "da") == expected


@needs_office
@pytest.mark.proof
def test_every_item_of_every_questionnaire_survives_the_office_program_both_ways(tmp_path: Path) -> None:
    count = 0
    for number, q in enumerate([every_kind(), *map(read_survey, WAVES)]):
        for language in ("da", "en"):
            contents = contents_of(q, seed=number)
            expected = {one.record: one.answers for one in contents.responses}
            content = write_workbook(q, contents, language)
            for way in (("xlsx",), ("ods", "xlsx")):
                folder = tmp_path / f"{number}{language}{len(way)}"
                found = read_back(converted(content, folder, *way), q, contents, language)
                assert found == expected, (q.id, language, way)
                count += sum(len(answers) for answers in found.values())
    print(f"{count:,} answers of {len(WAVES) + 1} questionnaires read back unchanged, by way of xlsx and of ods")  # noqa: T201


def told(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PROJECT / f"tests/stories/data/{name}.json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("name", ["nothing_placed", "no_network_placements", "all_placements_ended"])
def test_an_answer_of_the_review_goes_through_a_workbook_with_no_stop_and_two_reasons_at_most(
    name: str, tmp_path: Path
) -> None:
    q = read_survey(PROJECT / "surveys/network_methods/2018")
    units = read_units(PROJECT / "data_dictionary/codelists/municipalities.csv")
    case = told(name)
    with open_store(tmp_path / "answers.db", create=True) as store:
        open_wave(store, q, units, origin="collected", at=AT, fieldwork=FIELDWORK)
        empty = make_workbook(store, q.survey, q.wave, case["unit"])
        given = {
            name: value for name, value in read_answers(q, case["answers"], "da").changes.items() if _is_given(value)
        }
        found = preview_workbook(store, edited(typed(q, given), empty), unit=case["unit"])
        assert isinstance(found, Preview)
        assert found.unread == ()
        problems = found.responses[0].problems
        assert [problem for problem in problems if problem.level == "stop"] == []
        doubts = [problem for problem in problems if problem.level == "explain"]
        assert len(doubts) <= 2
        if doubts:
            given |= {f"{doubt.code}__reason": "Sådan var det" for doubt in doubts}
            found = preview_workbook(store, edited(typed(q, given), empty), unit=case["unit"])
            assert isinstance(found, Preview)
        (outcome,) = keep_workbook(store, found, at=AT, actor="Leder", submit=True)
        assert isinstance(outcome, Saved)
        assert dict(current(store, q.survey, q.wave, case["unit"]).response.answers) == given


def typed(q: Questionnaire, answers: Answers) -> Edit:
    """Answers as somebody writes them: labels from the lists, marks, numbers, kinds of missing in their own column."""
    named = {field.name: field for field in fields(q)}

    def edit(book: openpyxl.Workbook) -> None:
        for name, value in answers.items():
            field = named.get(name)
            if isinstance(value, Missing):
                cell(book, f"missing_{name}").value = missing_label(value, "da")
            elif isinstance(value, tuple):
                for code in value:
                    cell(book, f"answer_{name}.{code}").value = "x"
            elif field is not None and field.kind == "single" and field.item.codelist is not None:
                cell(book, f"answer_{name}").value = field.item.codelist.category(str(value)).label.da
            else:
                cell(book, f"answer_{name}").value = value

    return edit
