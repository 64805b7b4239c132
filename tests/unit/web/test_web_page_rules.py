"""What a page carries for its script: the trees of its fields in order, its sums, and the answers they name elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaltools.schema import Missing, Questionnaire, Section, ask, fields, read_survey
from evaltools.web.form import rules_for_page, running_sums
from every_kind import every_kind

SURVEYS = Path(__file__).parents[3] / "surveys"


@pytest.fixture(scope="module")
def investment() -> Questionnaire:
    return read_survey(SURVEYS / "investment" / "1")


def _section(q: Questionnaire, item: str) -> Section:
    return next(section for section in q.sections if item in {each.name for each in section.items})


def _page(q: Questionnaire, section: Section, answers: dict[str, Any]) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(rules_for_page(q, section, ask(q, answers).answers, "da"))
    return page


def test_every_field_stands_on_the_page_of_its_section_in_the_order_of_the_questionnaire() -> None:
    for q in (every_kind(), read_survey(SURVEYS / "network_methods" / "2018")):
        pages = [_page(q, section, {}) for section in q.sections]
        assert [field["name"] for page in pages for field in page["fields"]] == [field.name for field in fields(q)]


def test_the_page_names_the_answers_of_other_pages_that_its_rules_need_and_no_more() -> None:
    q = read_survey(SURVEYS / "network_methods" / "2018")
    answers = {"b1_stage_m1": "4", "b1_stage_m2": Missing.DONT_KNOW, "a4_caseworkers": 12}
    section = _section(q, "b3_phase")
    known = _page(q, section, answers)["known"]
    assert known["b1_stage_m1"] == "4"
    assert known["b1_stage_m2"] == {"missing": "dont_know"}
    assert "a4_caseworkers" not in known


def test_a_sum_that_a_rule_is_about_is_shown_once_and_counts_what_is_typed_so_far(investment: Questionnaire) -> None:
    section = _section(investment, "placed")
    (total,) = running_sums(investment, section)
    assert total.parts == ("placed_network", "placed_foster", "placed_institution", "placed_other")
    assert [each[0] for each in _page(investment, section, {})["outputs"]] == [total.name]


def test_a_sum_over_two_pages_is_not_shown(investment: Questionnaire) -> None:
    other = next(section for section in investment.sections if section != _section(investment, "placed"))
    assert running_sums(investment, other) == ()


def test_a_repeat_says_which_answers_begin_a_turn() -> None:
    q = read_survey(SURVEYS / "placement_followup" / "1")
    (repeat,) = _page(q, _section(q, "fu"), {})["repeats"]
    assert [turn for turn, _ in repeat] == ["fu_5", "fu_4", "fu_3", "fu_2", "fu_1"]
    assert repeat[-1][1] == ["fu_1_at", "fu_1_month", "fu_1_thrive", "fu_1_develop"]


def test_a_computed_value_bears_its_tree_and_decimals(investment: Questionnaire) -> None:
    page = _page(investment, _section(investment, "cases_per_post"), {})
    computed = next(field for field in page["fields"] if field["name"] == "cases_per_post")
    assert page["outputs"] == [["cases_per_post", ["round", computed["value"], ["value", 1]]]]
    assert computed["value"] == ["/", ["answer", "cases"], ["answer", "caseworkers"]]
