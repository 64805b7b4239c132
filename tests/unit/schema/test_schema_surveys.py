"""Reading a survey: complete, frozen, the same again from its source, and a hash of content only."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from pydantic import Field

from broad_survey import QUESTIONNAIRE, write_broad_survey
from evaltools.errors import Fault, SchemaError
from evaltools.schema import (
    check_survey,
    check_surveys,
    count_path,
    freeze_survey,
    opened_on,
    read_dictionary,
    read_survey,
    read_units_table,
    survey_from_source,
)
from evaltools.schema.reading import parse_document
from evaltools.schema.scalars import Shape, WholeNumber
from evaltools.schema.shape import shape

ROOT = Path(__file__).parents[3]


def codes(error: SchemaError) -> list[str]:
    return [fault.code for fault in error.faults]


def test_a_survey_can_be_rebuilt_from_its_source_without_files(tmp_path: Path) -> None:
    questionnaire = read_survey(write_broad_survey(tmp_path))
    again = survey_from_source(questionnaire.source)
    assert again == questionnaire
    assert (again.content_sha256, again.source) == (questionnaire.content_sha256, questionnaire.source)
    assert hash(again) == hash(questionnaire)


@pytest.mark.parametrize(
    "folder", sorted((ROOT / "surveys").glob("*/*/questionnaire.yaml")), ids=lambda p: p.parent.name
)
def test_every_shipped_survey_can_be_rebuilt_from_its_source(folder: Path) -> None:
    questionnaire = read_survey(folder)
    assert survey_from_source(questionnaire.source) == questionnaire


def test_comments_layout_and_unused_concepts_do_not_change_the_hash(tmp_path: Path) -> None:
    plain = read_survey(write_broad_survey(tmp_path / "a"))
    wordy = "# A comment\n" + QUESTIONNAIRE.replace("reference_year: 2017\n", "\nreference_year:   2017  # the year\n")
    folder = write_broad_survey(tmp_path / "b", wordy)
    concepts = tmp_path / "b/data_dictionary/concepts.yaml"
    entry = '  other:\n    label: {da: "A", en: "A"}\n    definition: {da: "A", en: "A"}\n'
    concepts.write_text(concepts.read_text("utf-8") + entry, "utf-8")
    assert read_survey(folder).content_sha256 == plain.content_sha256


@pytest.mark.parametrize(
    ("before", "after"),
    [('en: "Role?"', 'en: "Your role?"'), ("max_choices: 2", "max_choices: 1"), ("placed > 0", "placed > 1")],
)
def test_a_change_of_content_changes_the_hash(tmp_path: Path, before: str, after: str) -> None:
    plain = read_survey(write_broad_survey(tmp_path / "a"))
    changed = read_survey(write_broad_survey(tmp_path / "b", QUESTIONNAIRE.replace(before, after)))
    assert changed.content_sha256 != plain.content_sha256


def test_the_values_are_filled_in_and_say_where_they_come_from(tmp_path: Path) -> None:
    questionnaire = read_survey(write_broad_survey(tmp_path))
    stage = questionnaire.item_by_name["stage"]
    assert stage.text.da == "Bruges denne metode i 2017?"
    assert (stage.module, stage.section) == ("methods@3", "methods")
    assert re.fullmatch(r"surveys/modules/methods\.yaml:\d+", stage.where)
    assert [(each.name, each.version, each.licence) for each in questionnaire.modules] == [("methods", "3", "CC0-1.0")]
    assert questionnaire.about["contact"].en == "Call"
    assert questionnaire.rules[0].message.en == "More than 99"


def test_an_item_with_a_condition_says_its_universe_in_both_languages(tmp_path: Path) -> None:
    considered = read_survey(write_broad_survey(tmp_path)).item_by_name["considered"].universe
    assert considered is not None
    assert "Children in respite care?" in considered.en
    assert "Børn i aflastning?" in considered.da


def test_the_answer_fields_of_each_example_respondent_are_counted(tmp_path: Path) -> None:
    questionnaire = read_survey(write_broad_survey(tmp_path))
    counts = {path.name: count_path(questionnaire, path).fields for path in questionnaire.paths}
    assert counts == {"nobody": 13, "full": 20}


def test_an_option_about_a_term_that_the_law_of_the_year_lacks_disappears(tmp_path: Path) -> None:
    questionnaire = read_survey(write_broad_survey(tmp_path))
    phase = questionnaire.item_by_name["phase"].codelist
    assert phase is not None
    assert [(each.code, each.label.da) for each in phase.categories] == [("1", "Tidligt"), ("3", "Ved aflastning")]


def test_a_rule_may_name_a_code_that_is_not_offered_this_year(tmp_path: Path) -> None:
    more = (
        '      - {name: when, type: note, ask_if: "selected(phase, 2)", text: {da: "A", en: "A"}}\n      - name: home\n'
    )
    folder = write_broad_survey(tmp_path, QUESTIONNAIRE.replace("      - name: home\n", more))
    assert [fault.code for fault in check_survey(folder).faults] == []


def test_the_day_of_an_opening_is_read_from_the_file_that_it_left(tmp_path: Path) -> None:
    folder = write_broad_survey(tmp_path)
    assert opened_on(folder) is None
    file = freeze_survey(folder, dt.date(2018, 2, 1))
    assert opened_on(folder) == opened_on(folder / "questionnaire.yaml") == dt.date(2018, 2, 1)
    file.write_text(file.read_text("utf-8").replace("2018-02-01", "yesterday"), "utf-8")
    with pytest.raises(SchemaError) as caught:
        opened_on(folder)
    assert caught.value.code == "NOT_A_DATE"


def test_a_number_outside_its_limits_is_told_with_the_limit() -> None:
    class Small(Shape):
        days: WholeNumber = Field(ge=1, le=9)

    for given, problem in (("0", '"days" is 0, below 1'), ("10", '"days" is 10, above 9')):
        with pytest.raises(SchemaError) as caught:
            shape(Small, parse_document(f"# limits\ndays: {given}", "x.yaml"))
        assert caught.value.faults[0] == Fault("OUT_OF_RANGE", "x.yaml:2", problem, "Write a number within the limits.")


def test_an_opened_wave_is_frozen_and_a_change_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = write_broad_survey(tmp_path)
    opened = freeze_survey(folder, dt.date(2018, 2, 1))
    assert opened.read_text("utf-8").splitlines()[1] == "opened: 2018-02-01"
    assert freeze_survey(folder, dt.date(2018, 3, 1)).read_text("utf-8").splitlines()[1] == "opened: 2018-02-01"
    read_survey(folder)
    write_broad_survey(tmp_path, QUESTIONNAIRE.replace("max_choices: 2", "max_choices: 1"))
    with pytest.raises(SchemaError, match=r"opened on 2018-02-01 .* evaltools compare") as caught:
        read_survey(folder)
    assert codes(caught.value) == ["WAVE_CHANGED"]
    with pytest.raises(SchemaError):
        freeze_survey(folder, dt.date(2018, 3, 1))


def test_an_older_version_of_a_module_can_be_kept_beside_the_new_one(tmp_path: Path) -> None:
    folder = write_broad_survey(tmp_path)
    before = read_survey(folder)
    modules = tmp_path / "surveys/modules"
    module = (modules / "methods.yaml").read_text("utf-8")
    (modules / "methods.3.yaml").write_text(module, "utf-8")
    (modules / "methods.yaml").write_text(
        module.replace("version: 3", "version: 4").replace("Bruges", "Benyttes"), "utf-8"
    )
    assert read_survey(folder) == before


def test_a_long_line_is_a_fault_in_the_check_but_the_survey_can_be_read(tmp_path: Path) -> None:
    folder = write_broad_survey(tmp_path, QUESTIONNAIRE.replace('"Goddag"', f'"{"Goddag " * 20}"'))
    assert [fault.code for fault in check_survey(folder).faults] == ["LINE_TOO_LONG"]
    read_survey(folder)


def test_a_folder_of_surveys_gives_a_report_for_each(tmp_path: Path) -> None:
    write_broad_survey(tmp_path)
    assert [report.id for report in check_surveys(tmp_path / "surveys")] == ["broad/2018"]
    with pytest.raises(SchemaError) as caught:
        check_surveys(tmp_path / "data_dictionary")
    assert codes(caught.value) == ["NO_QUESTIONNAIRE"]


def test_the_same_survey_and_wave_in_two_folders_is_a_fault(tmp_path: Path) -> None:
    folder = write_broad_survey(tmp_path)
    copy = folder.parent / "copy"
    copy.mkdir()
    (copy / "questionnaire.yaml").write_text(QUESTIONNAIRE, "utf-8")
    found = [fault.code for report in check_surveys(tmp_path / "surveys") for fault in report.faults]
    assert found == ["DUPLICATE_SURVEY"]


def test_a_questionnaire_outside_any_project_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "questionnaire.yaml").write_text(QUESTIONNAIRE, "utf-8")
    report = check_survey(tmp_path)
    assert [fault.code for fault in report.faults] == ["NO_DATA_DICTIONARY"]


def test_a_source_that_is_none_is_refused() -> None:
    for source in ("", "{}", '{"survey": 1}', "[]"):
        with pytest.raises(SchemaError) as caught:
            survey_from_source(source)
        assert codes(caught.value) == ["BROKEN_SOURCE"]


def test_the_dictionary_holds_concepts_terms_and_code_lists_with_their_misspellings(tmp_path: Path) -> None:
    write_broad_survey(tmp_path)
    dictionary = read_dictionary(tmp_path)
    assert dictionary.concepts["user"].codes == ("2",)
    assert dictionary.codelists["roles"].aliases == {"Chef": "1", "Boss": "1"}
    assert dictionary.codelists["roles"].category("0").exclusive
    assert dictionary.codelists["stage"].ordered
    assert set(dictionary.terms) == {"respite", "screening"}


def test_a_dictionary_with_faults_is_refused(tmp_path: Path) -> None:
    write_broad_survey(tmp_path)
    (tmp_path / "data_dictionary/terms.yaml").write_text("terms: {a: {word: []}}\n", "utf-8")
    with pytest.raises(SchemaError) as caught:
        read_dictionary(tmp_path)
    assert codes(caught.value) == ["MISSING_KEY", "UNKNOWN_KEY"]


def test_the_population_is_a_table_with_a_row_per_unit(tmp_path: Path) -> None:
    write_broad_survey(tmp_path)
    rows = read_units_table(tmp_path / "data_dictionary/codelists/units.csv")
    assert [(row["code"], row["da"]) for row in rows] == [("01", "Nord"), ("02", "Syd")]
