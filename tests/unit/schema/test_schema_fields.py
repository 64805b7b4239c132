"""Fields and variables: every place to answer and every column, with stable names."""

from __future__ import annotations

from pathlib import Path

import pytest

from broad_survey import write_broad_survey
from evaltools.schema import Field, Questionnaire, ask, evaluate, fields, read_survey, variables
from evaltools.schema.model import Value


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return read_survey(write_broad_survey(tmp_path_factory.mktemp("broad")))


def by_name(questionnaire: Questionnaire) -> dict[str, Field]:
    return {field.name: field for field in fields(questionnaire)}


def test_fields_stand_in_the_order_of_the_questionnaire_and_notes_are_none(broad: Questionnaire) -> None:
    assert [field.name for field in fields(broad)] == [
        "role", "role_2_text", "others", "others_2_text", "stage_m1", "stage_m2", "cases_m1", "cases_m2", "placed",
        "considered", "considered_of", "posts", "begun", "month", "day", "remark", "mail", "phase", "rate",
        "home_1_beds", "home_1_free", "home_2_beds", "home_2_free",
    ]  # fmt: skip


def test_a_multiple_item_gives_one_variable_per_category(broad: Questionnaire) -> None:
    names = [variable.name for variable in variables(broad) if variable.field.name == "others"]
    assert names == ["others_1", "others_2", "others_0"]
    labels = {variable.name: variable.label.da for variable in variables(broad)}
    assert labels["others_1"] == "Andre?: Leder"


def test_x_of_y_gives_two_fields_that_are_labelled_apart(broad: Questionnaire) -> None:
    both = by_name(broad)
    assert (both["considered"].kind, both["considered_of"].kind, both["considered_of"].part) == ("count", "count", "of")
    assert both["considered_of"].label.en == "Considered? (out of)"


def test_a_category_to_write_in_gives_a_text_field_asked_when_it_is_chosen(broad: Questionnaire) -> None:
    field = by_name(broad)["role_2_text"]
    assert (field.kind, field.item.kind, field.item.required, field.part) == ("text", "text", False, "text")
    assert field.ask_if is not None
    assert [evaluate(field.ask_if, {"role": code}) for code in ("1", "2")] == [False, True]


def test_a_field_carries_the_conditions_of_its_section_item_and_row(broad: Questionnaire) -> None:
    fields_by_name = by_name(broad)
    considered = fields_by_name["considered"].ask_if
    assert considered is not None
    assert evaluate(considered, {"role": "1", "placed": 3}) is True
    assert evaluate(considered, {"role": "0", "placed": 3}) is False
    cases = fields_by_name["cases_m2"].ask_if
    assert cases is not None
    assert evaluate(cases, {"stage_m2": "2", "stage_m1": "0"}) is True


def test_items_inside_a_repeat_ask_about_their_own_turn(broad: Questionnaire) -> None:
    free = by_name(broad)["home_2_free"].ask_if
    assert free is not None
    assert evaluate(free, {"role": "1", "home_1_beds": 0, "home_2_beds": 4}) is True


def test_the_known_answers_of_a_closed_branch_do_not_count_in_later_conditions(broad: Questionnaire) -> None:
    answers: dict[str, Value] = {"role": "0", "placed": 3, "considered": 1}
    assert not {"placed", "considered"} & ask(broad, answers).asked


def test_computed_values_are_worked_out_on_the_way(broad: Questionnaire) -> None:
    answers: dict[str, Value] = {"role": "1", "placed": 8, "considered": 2, "considered_of": 4}
    assert ask(broad, answers).answers["rate"] == 25


def test_measure_and_limits_follow_from_the_type(tmp_path: Path, broad: Questionnaire) -> None:
    items = broad.item_by_name
    assert [items[name].measure for name in ("role", "stage", "placed", "begun", "remark")] == [
        "nominal", "ordinal", "ratio", "interval", "nominal",
    ]  # fmt: skip
    assert (items["begun"].maximum, items["cases"].maximum) == (2018, 99)
