from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from broad_survey import write_broad_survey
from evaltools.schema import Questionnaire, fields, numbering, read_survey, row_letter

SHIPPED = Path(__file__).parents[3] / "surveys"


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    return read_survey(write_broad_survey(tmp_path_factory.mktemp("numbered")))


def test_sections_are_counted_from_one_and_questions_within_them(broad: Questionnaire) -> None:
    numbers = numbering(broad)
    assert dict(numbers.sections) == {"about": "1", "methods": "2", "rest": "3"}
    assert [numbers.items[name] for name in ("role", "others", "stage", "cases", "placed")] == [
        "1.1", "1.2", "2.1", "2.2", "3.1",
    ]  # fmt: skip


def test_a_note_asks_nothing_and_has_no_number(broad: Questionnaire) -> None:
    assert numbering(broad).items["hello"] == ""


def test_rows_of_a_grid_have_letters_and_the_turns_of_a_repeat_share_their_numbers(broad: Questionnaire) -> None:
    numbers = numbering(broad)
    assert [numbers.fields[name] for name in ("stage_m1", "stage_m2")] == ["2.1 a", "2.1 b"]
    assert numbers.items["home"] == "3.11"
    assert numbers.fields["home_1_beds"] == numbers.fields["home_2_beds"] == numbers.items["home.beds"] == "3.11.1"


def test_a_count_and_what_it_is_out_of_and_a_write_in_share_the_number_of_their_question(broad: Questionnaire) -> None:
    numbers = numbering(broad)
    assert numbers.fields["considered"] == numbers.fields["considered_of"] == "3.2"
    assert numbers.fields["role_2_text"] == numbers.fields["role"] == "1.1"


def test_the_letters_go_on_as_the_columns_of_a_spreadsheet_do() -> None:
    assert [row_letter(at) for at in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "a", "z", "aa", "ab", "az", "ba", "zz", "aaa",
    ]  # fmt: skip


def test_numbers_do_not_move_when_routing_does(broad: Questionnaire) -> None:
    free = tuple(
        replace(section, ask_if=None, items=tuple(replace(item, ask_if=None) for item in section.items))
        for section in broad.sections
    )
    assert numbering(replace(broad, sections=free, content_sha256="free")) == numbering(broad)


@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/*/questionnaire.yaml")), ids=lambda path: path.parent.parent.name
)
def test_every_place_to_answer_of_a_shipped_questionnaire_has_a_number(path: Path) -> None:
    questionnaire = read_survey(path.parent)
    numbers = numbering(questionnaire)
    assert set(numbers.fields) == {field.name for field in fields(questionnaire)}
    asked = [number for number in numbers.items.values() if number]
    assert len(asked) == len(set(asked))
