"""Made-up answers keep every rule and follow the routing, for the shipped surveys and for any other."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaltools.collect import Answers, asked, check_answers, read_answers, unexplained, value_to_json
from evaltools.rehearsal import invented_units
from evaltools.rehearsal.settings import read_settings
from evaltools.rehearsal.sheets import Sheet, record_sheets, unit_sheets
from evaltools.schema import Field, Questionnaire, fields, read_survey
from evaltools.schema.model import REASON_SUFFIX
from evaltools.store import Unit, read_units

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "surveys").rglob("questionnaire.yaml"))


@pytest.fixture(scope="module")
def units() -> tuple[Unit, ...]:
    return invented_units(read_units(ROOT / "data_dictionary" / "codelists" / "municipalities.csv"))


def sheets(questionnaire: Questionnaire, units: tuple[Unit, ...], seed: int) -> Iterator[Sheet]:
    settings = read_settings(questionnaire.survey)
    if questionnaire.many_records:
        return record_sheets(questionnaire, settings, units, seed)
    return unit_sheets(questionnaire, settings, units, 0, seed, {})


def breaches(questionnaire: Questionnaire, answers: Answers) -> list[str]:
    """What is wrong with a set of answers, by the rooms that judge real ones."""
    raw = {name: value_to_json(value) for name, value in answers.items()}
    reading = read_answers(questionnaire, raw, "da")
    problems = check_answers(questionnaire, answers, "da")
    to_ask = asked(questionnaire, answers)
    return [
        *(f"unreadable {one.field}" for one in reading.problems),
        *(f"read as something else: {name}" for name in answers if reading.changes.get(name) != answers[name]),
        *(f"stopped by {one.code}" for one in problems if one.level == "stop"),
        *(f"not explained: {one.code}" for one in unexplained(problems, answers)),
        *(f"not asked: {name}" for name in answers if name not in to_ask and not name.endswith(REASON_SUFFIX)),
    ]


def all_sheets(units: tuple[Unit, ...], seeds: Iterator[int]) -> Iterator[tuple[Questionnaire, Sheet]]:
    questionnaires = [read_survey(file.parent) for file in FILES]
    for seed in seeds:
        for questionnaire in questionnaires:
            for sheet in sheets(questionnaire, units, seed):
                yield questionnaire, sheet


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))
def test_made_up_answers_break_no_rule_and_follow_the_routing(file: Path, units: tuple[Unit, ...]) -> None:
    questionnaire = read_survey(file.parent)
    for sheet in itertools.islice(sheets(questionnaire, units, 7), 40):
        assert breaches(questionnaire, sheet.answers) == []


def test_the_judge_of_made_up_answers_sees_a_breach(units: tuple[Unit, ...]) -> None:
    questionnaire = read_survey(ROOT / "surveys" / "network_methods" / "2018")
    wrong: Answers = {"f1_placed": 4, "f2_foster": 9, "a5b_year": 2016, "b6_mandatory": "17"}
    found = breaches(questionnaire, wrong)
    assert {"stopped by foster_within_placed", "not asked: a5b_year", "unreadable b6_mandatory"} <= set(found)


@pytest.mark.proof
def test_ten_thousand_sets_of_answers_break_no_rule_and_follow_the_routing(units: tuple[Unit, ...]) -> None:
    many = list(itertools.islice(all_sheets(units, itertools.count(10)), 10_000))
    wrong = [
        (questionnaire.id, sheet.unit, found)
        for questionnaire, sheet in many
        if (found := breaches(questionnaire, sheet.answers))
    ]
    answers = sum(len(sheet.answers) for _, sheet in many)
    print(f"{len(many)} sets of answers, {answers} answers, {len(wrong)} with a breach")  # noqa: T201
    assert wrong == []


SETTINGS = sorted((ROOT / "src" / "evaltools" / "rehearsal" / "settings").glob("*.yaml"))


@pytest.mark.parametrize("file", [file for file in SETTINGS if file.stem != "default"], ids=lambda file: file.stem)
def test_settings_name_only_fields_and_codes_that_the_survey_has(file: Path) -> None:
    waves = [read_survey(one.parent) for one in FILES if one.parts[-3] == file.stem]
    asked_for = [field for wave in waves for field in fields(wave)]
    known = {field.name for field in asked_for} | {field.item.name for field in asked_for}
    known |= {name.removeprefix("ref_") for wave in waves for name in wave.references}
    frame = {"start", "wave", "size", "region"}
    settings = read_settings(file.stem)
    shared = set(read_settings("no survey of that name").items)
    for name, item in settings.items.items():
        if name in shared and name not in known:
            continue
        predictors = (item.shift, item.mean, item.share, *item.chosen.values(), *item.missing.values())
        drivers = {one.removeprefix("log:").partition(":")[0] for each in predictors for one in each}
        fields_named = (item.of, item.plus, *item.after.split(":"), item.along, item.like, *item.less)
        named = {one for one in fields_named if one and "{row}" not in one}
        assert {name} | drivers | named <= known | frame
        assert not item.course or item.course in settings.courses
        codes = {code for field in asked_for if name in (field.name, field.item.name) for code in offered(field)}
        assert not codes or {*item.weights, *item.chosen} <= codes


def offered(field: Field) -> tuple[str, ...]:
    return field.item.codelist.codes if field.item.codelist is not None else ()
