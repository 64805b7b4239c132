"""What a dataset holds, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.dataset import Dataset, build_dataset
from evaltools.errors import DataError
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value
from evaltools.store.model import Snapshot
from small_survey import ANSWERS, QUESTIONNAIRE, RESPONSES, UNITS, item, response, snapshot, with_items


@pytest.fixture
def data() -> Dataset:
    return build_dataset(QUESTIONNAIRE, snapshot())


def kind(data: Dataset, unit: str, variable: str) -> int:
    return int(data.missing.loc[unit, variable])  # type: ignore[arg-type]


def test_there_is_one_row_per_unit_of_the_population_in_its_order(data: Dataset) -> None:
    assert list(data.frame.index) == ["101", "153", "730", "851"]
    assert list(data.missing.index) == list(data.frame.index)


def test_the_frame_columns_come_first_then_responded_then_the_variables(data: Dataset) -> None:
    assert list(data.frame.columns[:4]) == ["name", "region", "size", "responded"]
    assert list(data.frame.columns[4:]) == list(data.variables) == list(data.missing.columns)
    assert data.frame_columns == ("name", "region", "size")


def test_only_a_submitted_response_counts_as_response(data: Dataset) -> None:
    assert data.frame["responded"].tolist() == [True, True, False, False]
    assert (data.missing.loc["730"] == Missing.UNIT_NONRESPONSE).all()
    assert (data.missing.loc["851"] == Missing.UNIT_NONRESPONSE).all()


def test_codes_are_text_numbers_float_and_options_0_or_1(data: Dataset) -> None:
    row = data.frame.loc["101"]
    assert row["stage_m1"] == "2"
    assert row["placed"] == 812.0
    assert [row[name] for name in data.families["why"]] == [1.0, 1.0, 0.0]
    assert data.frame["placed"].dtype == data.frame["why_1"].dtype == "float64"
    assert data.frame["stage_m1"].dtype == "str"
    assert row["started"] == "2016-03-01"


def test_zero_is_a_value_and_a_missing_value_has_its_kind(data: Dataset) -> None:
    assert data.frame.loc["153", "share"] == 0.0
    assert kind(data, "153", "share") == 0
    assert kind(data, "153", "placed") == Missing.CANNOT_BE_COUNTED
    assert kind(data, "153", "stage_m2") == Missing.DONT_KNOW
    assert kind(data, "153", "main_method") == Missing.NOT_ANSWERED
    assert kind(data, "153", "why_1") == Missing.NOT_ASKED
    assert data.missing.dtypes.eq("int8").all()


def test_a_cell_is_empty_exactly_where_a_kind_of_missing_stands(data: Dataset) -> None:
    values = data.frame[list(data.variables)]
    assert (values.isna() == (data.missing != 0)).all(axis=None)


def test_the_columns_of_a_grid_and_of_a_multiple_item_are_families(data: Dataset) -> None:
    assert data.families["stage"] == ("stage_m1", "stage_m2")
    assert data.families["why"] == ("why_1", "why_2", "why_0")
    assert set(data.families) == {"stage", "why"}


def test_origin_snapshot_and_the_expression_that_makes_it_again_are_kept(data: Dataset) -> None:
    assert (data.origin, data.snapshot_sha256, data.code) == ("collected", "5" * 64, 'load("small/2018")')


def test_a_registration_has_one_row_per_record_and_keeps_the_whole_population() -> None:
    questionnaire = with_items(item("placed", "integer"), many_records=True)
    cases = [response("730", {"placed": 2}, record="b"), response("730", {"placed": 1}, record="a")]
    data = build_dataset(questionnaire, snapshot(*cases, questionnaire=questionnaire))
    assert list(data.frame.index) == [("730", "a"), ("730", "b")]
    assert data.frame["placed"].tolist() == [1.0, 2.0]
    assert data.frame["name"].tolist() == ["Randers", "Randers"]
    assert data.population["responded"].tolist() == [False, False, True, False]


def test_nothing_that_comes_in_is_changed() -> None:
    before = {unit: dict(answers) for unit, answers in ANSWERS.items()}
    build_dataset(QUESTIONNAIRE, snapshot())
    assert before == ANSWERS


def code_of(given: Snapshot, survey: str | None = None) -> str:
    with pytest.raises(DataError) as caught:
        build_dataset(survey or QUESTIONNAIRE, given)
    return caught.value.code


def test_an_unknown_wave_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(DataError, match='Did you mean "small/2018"') as caught:
        build_dataset("small/2081", snapshot())
    assert caught.value.code == "NO_SUCH_WAVE"


def test_another_questionnaire_than_the_answered_one_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        build_dataset(replace(QUESTIONNAIRE, content_sha256="d" * 64), snapshot())
    assert caught.value.code == "OTHER_QUESTIONNAIRE"


def test_more_responses_than_units_are_refused() -> None:
    assert code_of(snapshot(*RESPONSES, *RESPONSES)) == "MORE_RESPONSES_THAN_UNITS"
    assert code_of(snapshot(RESPONSES[0], RESPONSES[0])) == "MORE_RESPONSES_THAN_UNITS"


def test_a_response_from_outside_the_population_is_refused() -> None:
    assert code_of(snapshot(response("999", {}))) == "RESPONSE_OUTSIDE_POPULATION"


def test_a_population_with_a_unit_twice_is_refused() -> None:
    assert code_of(snapshot(units=(*UNITS, UNITS[0]))) == "UNIT_TWICE"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("plased", 3, "UNKNOWN_FIELD"),
        ("stage_m1", "7", "UNKNOWN_CODE"),
        ("why", ("1", "9"), "UNKNOWN_CODE"),
        ("placed", "many", "ANSWER_OF_OTHER_TYPE"),
        ("why", "1", "ANSWER_OF_OTHER_TYPE"),
        ("remarks", 4, "ANSWER_OF_OTHER_TYPE"),
    ],
)
def test_an_answer_that_the_questionnaire_does_not_know_is_refused(name: str, value: Value, code: str) -> None:
    assert code_of(snapshot(response("101", {**ANSWERS["101"], name: value}))) == code


def test_a_question_named_like_a_column_of_the_population_is_refused() -> None:
    questionnaire = with_items(item("region", "text"))
    with pytest.raises(DataError) as caught:
        build_dataset(questionnaire, snapshot(response("101", {}), questionnaire=questionnaire))
    assert caught.value.code == "NAME_TWICE"
