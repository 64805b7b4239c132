import pytest

from evaltools.collect import Answers, Problem, UnperformedCheck, check_answers, unexplained, unperformed_checks
from evaltools.schema import Missing, fields
from every_kind import every_kind

Q = every_kind()
PLACE: Answers = {"place": "0101"}


def check(answers: Answers, **more: object) -> tuple[Problem, ...]:
    return check_answers(Q, {**PLACE, **answers}, "da", **more)  # type: ignore[arg-type]


def codes(answers: Answers, **more: object) -> list[str]:
    return [problem.code for problem in check(answers, **more)]


def test_nothing_answered_gives_only_what_is_required() -> None:
    (problem,) = check_answers(Q, {}, "da")
    assert (problem.level, problem.code, problem.field) == ("stop", "REQUIRED", "place")


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({"placed": -1}, ["TOO_SMALL"]),
        ({"start": 2019}, ["ABOVE_LIMIT"]),
        ({"start": 1989}, ["TOO_SMALL"]),
        ({"stage_m1": "2", "cases_m1": 501}, ["ABOVE_LIMIT"]),
        ({"meetings": -1, "meetings_of": 5}, ["TOO_SMALL"]),
        ({"meetings": 3, "meetings_of": 2}, ["MORE_THAN_ALL"]),
        ({"meetings": 3, "meetings_of": 6}, ["ABOVE_LIMIT"]),
        ({"placed": 0, "network": 0, "posts": 0, "meetings": 0, "meetings_of": 0}, []),
    ],
)
def test_limits_are_checked_by_the_language_itself(answers: Answers, wanted: list[str]) -> None:
    assert codes(answers) == wanted


def test_a_limit_is_said_as_people_write_it() -> None:
    (problem,) = check({"start": 2019})
    assert "2019 er større end 2018" in problem.message
    assert "Nul" not in problem.remedy
    (problem,) = check({"placed": -1000})
    assert "−1.000 er mindre end 0" in problem.message
    assert "Nul er et gyldigt svar" in problem.remedy
    (problem,) = check({"meetings": 3, "meetings_of": 2})
    assert "3 ud af 2" in problem.message
    assert "Nul er et gyldigt svar" in problem.remedy


def test_limits_of_a_closed_branch_are_not_checked() -> None:
    assert codes({"stage_m1": "1", "cases_m1": 501}) == []


def test_a_rule_that_is_false_gives_its_message_beside_its_field() -> None:
    (problem,) = check({"placed": 10, "network": 14})
    assert (problem.level, problem.code, problem.field) == ("stop", "network_within_placed", "network")
    assert problem.message == "Der er flere børn i netværket end anbragte børn."
    (english,) = check_answers(Q, {**PLACE, "placed": 10, "network": 14}, "en")
    assert english.message == "More children in the network than placed."


@pytest.mark.parametrize("kind", [Missing.CANNOT_BE_COUNTED, Missing.DONT_KNOW, Missing.NOT_ANSWERED])
def test_a_rule_that_lacks_an_answer_never_blocks(kind: Missing) -> None:
    assert codes({"placed": kind, "network": 14}) == []


def test_a_rule_on_a_field_that_is_not_asked_does_not_fire() -> None:
    regular: Answers = {"stage_m1": "3", "stage_m2": "0", "stage_m3": "0", "cases_m1": 0}
    assert codes(regular) == ["cases_when_regular"]
    assert codes({**regular, "stage_m1": "1", "stage_m2": "3", "cases_m2": 0}) == []


def test_register_figures_and_earlier_answers_take_part_when_they_are_there() -> None:
    assert codes({"placed": 30}) == []
    assert codes({"placed": 30}, references={"placed_register": 20}) == ["like_register"]
    assert codes({"placed": 30}, last={"placed": 12}) == ["like_last"]
    assert codes({"placed": 30}, last={"placed": Missing.DONT_KNOW}) == []


def test_checks_that_lack_a_figure_are_reported_as_not_performed() -> None:
    assert unperformed_checks(Q, {"placed": 30}, last={"placed": 12}) == (
        UnperformedCheck("like_register", ("ref_placed_register",)),
    )
    assert [each.rule for each in unperformed_checks(Q, {"placed": 30})] == ["like_register", "like_last"]
    assert unperformed_checks(Q, {"placed": 30}, references={"placed_register": 20}, last={"placed": 12}) == ()


def test_checks_on_what_was_not_answered_are_not_missed() -> None:
    assert unperformed_checks(Q, {}) == ()
    assert unperformed_checks(Q, {"placed": Missing.CANNOT_BE_COUNTED}) == ()


def test_a_doubt_passes_with_a_written_reason() -> None:
    answers: Answers = {**PLACE, "placed": 30}
    problems = check_answers(Q, answers, "da", references={"placed_register": 20})
    assert [problem.code for problem in unexplained(problems, answers)] == ["like_register"]
    assert unexplained(problems, {**answers, "like_register__reason": "  "}) != ()
    assert unexplained(problems, {**answers, "like_register__reason": "Registret tæller senere"}) == ()


def test_stops_and_notes_need_no_reason() -> None:
    problems = check({"placed": 30, "network": 40}, last={"placed": 1})
    assert {problem.level for problem in problems} == {"stop", "note"}
    assert unexplained(problems, {}) == ()


@pytest.mark.parametrize(
    "words", ["Ring 22 34 56 78", "+45 22345678", "2234 5678", "tlf.22345678", "skriv til mor@mail.dk"]
)
def test_contact_data_in_a_text_ask_for_a_reason(words: str) -> None:
    (problem,) = check({"words": words})
    assert (problem.level, problem.code, problem.field) == ("explain", "contact_in_words", "words")
    assert unexplained((problem,), {"contact_in_words__reason": "Hovednummeret"}) == ()


@pytest.mark.parametrize(
    "words",
    [
        "i 2017-2018",
        "1.234.567 kr.",
        "12,5 pct. af 40",
        "fra 2015 2018",
        "sag 123456789012",
        "31.12.2018",
        "20172018",
        "12345678",
        "22.345.678 kr.",
    ],
)
def test_years_amounts_and_case_numbers_are_no_contact_data(words: str) -> None:
    assert codes({"words": words}) == []


def test_a_cpr_number_stops_wherever_it_came_from() -> None:
    assert codes({"words": "010203-1234"}) == ["CPR_NUMBER"]


def test_problems_come_in_the_order_of_the_form() -> None:
    problems = check({"start": 1900, "placed": 1, "network": 2, "words": "a@b.dk", "meetings": 9, "meetings_of": 9})
    assert [problem.field for problem in problems] == ["start", "words", "network", "meetings", "meetings_of"]


TRUE_ANSWERS: dict[str, Answers] = {
    "nobody is placed": {"placed": 0, "network": 0, "posts": 0, "meetings": 0, "meetings_of": 0},
    "all in the network": {"placed": 1, "network": 1},
    "no cases in the period": {"meetings": Missing.NO_CASES, "meetings_of": Missing.NO_CASES},
    "nothing can be counted": {"placed": Missing.CANNOT_BE_COUNTED, "network": Missing.CANNOT_BE_COUNTED},
    "no method is known": {"stage_m1": "0", "stage_m2": "0", "stage_m3": "0"},
    "two full-time posts": {"placed": 12, "network": 0, "posts": 2.0},
}


@pytest.mark.parametrize("name", TRUE_ANSWERS)
def test_a_small_municipality_is_never_stopped_by_a_true_answer(name: str) -> None:
    assert codes(TRUE_ANSWERS[name]) == []


def test_a_problem_says_what_its_field_is_called() -> None:
    (problem,) = check({"placed": 10, "network": 14})
    assert problem.label
    assert problem.label == next(field.label.da for field in fields(Q) if field.name == problem.field)
    assert check_answers(Q, {**PLACE, "placed": 10, "network": 14}, "en")[0].label != problem.label


def test_only_a_rule_about_counts_speaks_of_zero() -> None:
    (problem,) = check({"placed": 10, "network": 14})
    assert "Nul" not in problem.remedy
