from evaltools.collect import Answers, asked, complete
from evaltools.schema import Missing, fields
from every_kind import every_kind

Q = every_kind()


def test_every_field_gets_a_value_or_a_kind_of_missing_in_the_order_of_the_form() -> None:
    answers = complete(Q, {})
    assert list(answers) == [field.name for field in fields(Q)]
    assert answers["placed"] is Missing.NOT_ANSWERED
    assert answers["cases_m1"] is Missing.NOT_ASKED


def test_a_field_is_asked_when_its_condition_is_true() -> None:
    assert {"cases_m1", "why"} <= asked(Q, {"stage_m1": "2"})
    assert not {"cases_m1", "cases_m2", "why"} & asked(Q, {"stage_m1": "1"})


def test_a_condition_that_cannot_be_told_means_not_asked() -> None:
    assert "cases_m1" not in asked(Q, {})
    assert "cases_m1" not in asked(Q, {"stage_m1": Missing.DONT_KNOW})


def test_an_answer_that_closes_a_branch_closes_the_branches_that_hang_on_it() -> None:
    answers: Answers = {"stage_m1": "1", "why": ("2",), "economy": "3", "cases_m1": 4}
    assert complete(Q, {**answers, "stage_m1": "2"})["economy"] == "3"
    closed = complete(Q, answers)
    assert [closed[name] for name in ("why", "economy", "cases_m1")] == [Missing.NOT_ASKED] * 3


def test_blank_answers_are_not_answered() -> None:
    answers = complete(Q, {"words": "", "stage_m1": "2", "why": (), "placed": Missing.NOT_ASKED})
    assert [answers[name] for name in ("words", "why", "placed")] == [Missing.NOT_ANSWERED] * 3


def test_kinds_of_missing_that_were_chosen_are_kept() -> None:
    assert complete(Q, {"placed": Missing.DONT_KNOW})["placed"] is Missing.DONT_KNOW


def test_a_computed_value_is_computed_whatever_came_in() -> None:
    assert complete(Q, {"placed": 3, "network": 1, "share": 99})["share"] == 33.3


def test_a_computed_value_without_value_says_why() -> None:
    assert complete(Q, {"network": 1})["share"] is Missing.NOT_ANSWERED
    assert complete(Q, {"placed": Missing.CANNOT_BE_COUNTED, "network": 1})["share"] is Missing.CANNOT_BE_COUNTED
    assert complete(Q, {"placed": 0, "network": 0})["share"] is Missing.NO_CASES


def test_a_write_in_is_asked_when_its_code_is_chosen() -> None:
    assert "why_9_text" in asked(Q, {"stage_m1": "2", "why": ("9",)})
    assert "why_9_text" not in asked(Q, {"stage_m1": "2", "why": ("1",)})


def test_later_turns_of_a_repeat_are_asked_when_they_are_begun() -> None:
    assert {name for name in asked(Q, {}) if name.startswith("families")} == {"families_1_children"}
    begun = asked(Q, {"families_2_children": 2})
    assert {name for name in begun if name.startswith("families")} == {
        "families_1_children", "families_2_children", "families_2_moved",
    }  # fmt: skip


def test_reasons_are_kept_and_unknown_names_are_not() -> None:
    answers = complete(Q, {"like_register__reason": "Ny opgørelse", "nobody": 3})
    assert answers["like_register__reason"] == "Ny opgørelse"
    assert "nobody" not in answers


def test_completing_twice_changes_nothing() -> None:
    once = complete(Q, {"stage_m1": "2", "why": ("2",), "placed": 3, "network": 1})
    assert complete(Q, once) == once
