from collections.abc import Mapping

import pytest

from evaltools.collect import Reading, read_answers
from evaltools.errors import CollectError
from evaltools.language import Language
from evaltools.schema import Missing
from evaltools.schema.model import Value
from every_kind import every_kind


def read(raw: Mapping[str, object], language: Language = "da") -> Reading:
    return read_answers(every_kind(), raw, language)


def value(field: str, given: object, language: Language = "da") -> Value:
    reading = read({field: given}, language)
    assert reading.problems == ()
    return reading.changes[field]


def code(field: str, given: object, language: Language = "da") -> str:
    reading = read({field: given}, language)
    assert reading.changes == {}
    (problem,) = reading.problems
    assert problem.level == "stop"
    assert problem.field == field
    assert problem.message.endswith((".", "!"))
    assert problem.remedy.endswith((".", "?"))
    return problem.code


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("0", 0),
        ("1.250", 1250),
        ("1.234.567", 1234567),
        ("1 250", 1250),
        ("1\u00a0250", 1250),
        ("12,0", 12),
        ("12.", 12),
        ("12 børn", 12),
        ("12 children", 12),
        ("12Børn", 12),
        ("nul", 0),
        ("ingen", 0),
        (12, 12),
        (12.0, 12),
    ],
)
def test_whole_numbers_are_read_as_danes_write_them(given: object, number: int) -> None:
    read_value = value("placed", given)
    assert read_value == number
    assert type(read_value) is int


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("1.234,5", 1234.5),
        ("0,5", 0.5),
        (",5", 0.5),
        ("1.5", 1.5),
        ("0.5", 0.5),
        ("−2,5", -2.5),
        ("2,50", 2.5),
        ("1.500", 1500),
    ],
)
def test_a_decimal_has_a_comma_and_a_point_only_where_it_cannot_be_thousands(given: str, number: float) -> None:
    assert value("posts", given) == number


def test_an_english_reader_writes_points_and_commas_the_other_way_round() -> None:
    assert value("posts", "1,234.5", "en") == 1234.5
    assert value("posts", "1,5", "en") == 1.5


@pytest.mark.parametrize(
    ("field", "given", "wanted"),
    [
        ("placed", "ca. 40", "APPROXIMATE"),
        ("placed", "omkring 40", "APPROXIMATE"),
        ("placed", "about 40", "APPROXIMATE"),
        ("placed", "~40", "APPROXIMATE"),
        ("placed", "10-12", "RANGE"),
        ("placed", "mellem 10 og 12", "RANGE"),
        ("placed", "under 5", "BOUND"),
        ("placed", "<5", "BOUND"),
        ("placed", "10+", "BOUND"),
        ("placed", "-", "DASH"),
        ("placed", "–", "DASH"),
        ("placed", "10 %", "PERCENT"),
        ("placed", "mange", "NOT_A_NUMBER"),
        ("placed", "cand. 3", "NOT_A_NUMBER"),
        ("placed", "1.2.3", "NOT_A_NUMBER"),
        ("placed", "12,5", "NOT_WHOLE"),
        ("placed", 12.5, "NOT_WHOLE"),
        ("placed", True, "NOT_A_NUMBER"),
        ("placed", [1], "NOT_A_NUMBER"),
        ("placed", float("nan"), "NOT_A_NUMBER"),
        ("placed", "9" * 20, "TOO_LARGE"),
        ("posts", "1,25", "TOO_MANY_DECIMALS"),
    ],
)
def test_what_is_no_number_is_refused_by_the_slip_it_shows(field: str, given: object, wanted: str) -> None:
    assert code(field, given) == wanted


def test_messages_about_numbers_repeat_the_answer_and_say_that_zero_is_valid() -> None:
    (problem,) = read({"placed": "ca. 40"}).problems
    assert "»ca. 40«" in problem.message
    assert "Nul er et gyldigt svar" in problem.remedy
    (problem,) = read({"placed": "ca. 40"}, "en").problems
    assert "Zero is a valid answer" in problem.remedy


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("2", "2"),
        (2, "2"),
        (2.0, "2"),
        ("Bruges fast", "3"),
        ("bruges FAST", "3"),
        ("In regular use", "3"),
        ("fast", "3"),
        ("3: Bruges fast", "3"),
    ],
)
def test_a_choice_is_a_code_a_label_or_an_alias(given: object, chosen: str) -> None:
    assert value("stage_m1", given) == chosen


@pytest.mark.parametrize("given", ["0101", "101", 101, "København", "Koebenhavn", "kbh."])
def test_a_municipality_is_known_by_code_name_and_alias(given: object) -> None:
    assert value("place", given) == "0101"


@pytest.mark.parametrize("given", ["7", "Måske", "3: Overvejer", True, [1]])
def test_what_is_no_option_is_refused(given: object) -> None:
    assert code("stage_m1", given) == "WRONG_CODE"


def test_the_nearest_options_are_named() -> None:
    (problem,) = read({"place": "Københav"}).problems
    assert "0101: København" in problem.remedy


@pytest.mark.parametrize("given", [["3", "1"], ("1", "3", "1"), "1;3", "3, 1", "Krav i loven; Styrker familien", "1|3"])
def test_several_codes_come_in_the_order_of_the_list_and_once(given: object) -> None:
    assert value("why", given) == ("1", "3")


def test_an_exclusive_option_stands_alone() -> None:
    assert value("why", ["0"]) == ("0",)
    assert code("why", ["0", "1"]) == "EXCLUSIVE"


def test_no_more_options_than_allowed() -> None:
    assert code("why", ["1", "2", "3"]) == "TOO_MANY_CHOICES"
    assert code("why", ["1", "7"]) == "WRONG_CODE"


@pytest.mark.parametrize(("given", "wanted"), [("2018", 2018), (2018, 2018), (2018.0, 2018)])
def test_a_year_has_four_digits(given: object, wanted: int) -> None:
    assert value("start", given) == wanted


@pytest.mark.parametrize("given", ["18", "to tusind", 20180, "2.018", True])
def test_what_is_no_year_is_refused(given: object) -> None:
    assert code("start", given) == "NOT_A_YEAR"


@pytest.mark.parametrize("given", ["2018-03", "2018-3", "03-2018", "3/2018", "marts 2018", "mar. 2018", "March 2018"])
def test_months_are_kept_as_year_and_month(given: str) -> None:
    assert value("asked_month", given) == "2018-03"


@pytest.mark.parametrize("given", ["2018-13", "2018-00", "marts", "0-2018", 201803])
def test_what_is_no_month_is_refused(given: object) -> None:
    assert code("asked_month", given) == "NOT_A_MONTH"


@pytest.mark.parametrize(
    "given", ["2018-03-05", "5.3.2018", "05-03-2018", "5/3 2018", "5. marts 2018", "2018-03-05T00:00:00"]
)
def test_dates_have_the_day_first_and_are_kept_as_iso(given: str) -> None:
    assert value("held_date", given) == "2018-03-05"


@pytest.mark.parametrize("given", ["2018-02-30", "3/14/2018", "i går", "5.3.18"])
def test_what_is_no_date_is_refused(given: str) -> None:
    assert code("held_date", given) == "NOT_A_DATE"


def test_an_email_address_is_whole() -> None:
    assert value("leader_mail", " leder@kommune.dk ") == "leder@kommune.dk"
    assert code("leader_mail", "leder på kommune.dk") == "NOT_AN_EMAIL"
    assert code("leader_mail", "a@b") == "NOT_AN_EMAIL"


def test_a_text_is_kept_without_control_characters() -> None:
    assert value("words", " Vi bruger\r\nmødet\x07 ") == "Vi bruger\nmødet"
    assert value("words", 12) == "12"
    assert code("words", "x" * 81) == "TOO_LONG"
    assert code("words", ["x"]) == "NOT_A_TEXT"


@pytest.mark.parametrize(
    "given", ["010203-1234", "Barnet 0102031234.", "født 010203 1234", "290200-1234", "010203–1234"]
)
def test_a_cpr_number_is_not_kept_and_not_repeated(given: str) -> None:
    reading = read({"words": given, "network_within_placed__reason": given})
    assert reading.changes == {}
    assert {problem.code for problem in reading.problems} == {"CPR_NUMBER"}
    assert all("1234" not in problem.message + problem.remedy for problem in reading.problems)


def test_no_message_repeats_a_cpr_number_that_stands_in_the_wrong_field() -> None:
    for field in ("placed", "stage_m1", "start", "asked_month", "held_date", "leader_mail", "why"):
        (problem,) = read({field: "010203-1234"}).problems
        assert "1234" not in problem.message + problem.remedy


@pytest.mark.parametrize("given", ["311399-1234", "1234567890", "sag 12345678901234", "2017-2018", "010203"])
def test_ten_digits_that_are_no_date_are_not_taken_for_a_cpr_number(given: str) -> None:
    assert value("words", given) == given


@pytest.mark.parametrize(
    "given", [{"missing": "cannot_be_counted"}, "Kan ikke opgøres", "cannot be counted", Missing.CANNOT_BE_COUNTED]
)
def test_a_kind_of_missing_is_chosen_in_several_ways(given: object) -> None:
    assert value("placed", given) is Missing.CANNOT_BE_COUNTED


def test_a_kind_of_missing_may_stand_in_a_field_of_its_own() -> None:
    assert read({"placed": "", "placed__missing": "dont_know"}).changes == {"placed": Missing.DONT_KNOW}
    assert read({"placed": "12", "placed__missing": ""}).changes == {"placed": 12}


@pytest.mark.parametrize("kind", ["no_cases", "refused", "not_in_version", "nonsense"])
def test_a_kind_that_the_item_does_not_offer_is_refused(kind: str) -> None:
    assert code("placed", {"missing": kind}) == "MISSING_NOT_OFFERED"


def test_the_refusal_says_which_kinds_are_offered() -> None:
    (problem,) = read({"placed": {"missing": "refused"}}).problems
    assert "Kan ikke opgøres; Ved ikke" in problem.remedy
    (problem,) = read({"start": "Ved ikke"}).problems
    assert problem.code == "MISSING_NOT_OFFERED"


def test_an_answer_and_a_kind_of_missing_cannot_both_stand() -> None:
    (problem,) = read({"placed": "12", "placed__missing": "dont_know"}).problems
    assert problem.code == "MISSING_AND_VALUE"


@pytest.mark.parametrize("given", ["", "  ", None, {"missing": "not_answered"}, {"missing": "not_asked"}])
def test_blank_clears_a_field(given: object) -> None:
    assert value("placed", given) is Missing.NOT_ANSWERED


def test_no_options_chosen_clears_a_field() -> None:
    assert value("why", []) is Missing.NOT_ANSWERED


def test_x_of_y_are_two_whole_numbers() -> None:
    assert read({"meetings": "2", "meetings_of": "5"}).changes == {"meetings": 2, "meetings_of": 5}


def test_write_ins_repeats_and_reasons_are_fields_too() -> None:
    raw = {"why_9_text": "Tradition", "families_2_children": "3", "like_register__reason": "Ny opgørelse"}
    assert read(raw).changes == {
        "why_9_text": "Tradition",
        "families_2_children": 3,
        "like_register__reason": "Ny opgørelse",
    }


def test_an_unknown_field_is_named_with_its_nearest_neighbour() -> None:
    reading = read({"plased": 3, "placed": 4, "xyzzy": 1, "plased__reason": "fordi"})
    assert reading.changes == {"placed": 4}
    assert [(problem.code, problem.field) for problem in reading.problems] == [
        ("UNKNOWN_FIELD", "plased"), ("UNKNOWN_FIELD", "xyzzy"), ("UNKNOWN_FIELD", "plased__reason"),
    ]  # fmt: skip
    assert "placed" in reading.problems[0].remedy
    assert reading.problems[1].remedy == "Ret navnet, eller slet feltet."


def test_a_computed_value_that_comes_in_is_noted_and_not_used() -> None:
    reading = read({"share": 12})
    assert reading.changes == {}
    assert [(problem.level, problem.code) for problem in reading.problems] == [("note", "COMPUTED")]


def test_a_note_is_no_field() -> None:
    assert code("thanks", "selv tak") == "UNKNOWN_FIELD"


def test_changes_come_in_the_order_of_the_form_and_all_problems_at_once() -> None:
    reading = read({"placed": "mange", "stage_m2": "3", "place": "0101", "start": "x"})
    assert list(reading.changes) == ["place", "stage_m2"]
    assert [problem.field for problem in reading.problems] == ["start", "placed"]


@pytest.mark.parametrize("raw", [None, [], "placed=3", {1: 2}])
def test_answers_that_are_not_named_cannot_be_read_at_all(raw: object) -> None:
    with pytest.raises(CollectError, match="ANSWERS_NO_MAPPING"):
        read_answers(every_kind(), raw, "da")  # type: ignore[arg-type]
