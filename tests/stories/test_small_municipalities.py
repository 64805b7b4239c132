"""True answers of small municipalities go in: none is stopped, and none needs more than two reasons.

Each case is a municipality that could exist, told as changes to one of the three answers of the review.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest

from evaltools.collect import check_answers, read_answers
from evaltools.collect.model import Problem
from evaltools.schema import Questionnaire, fields, read_survey
from evaltools.store import Refused, Saved, Submission, open_store, open_wave, read_submissions, read_units, receive
from tiny_survey import FIELDWORK

PROJECT: Final = Path(__file__).parents[2]
AT: Final = dt.datetime(2018, 3, 1, tzinfo=dt.UTC)
NO_CASES: Final = {"missing": "no_cases"}
UNCOUNTED: Final = {"missing": "cannot_be_counted"}
Q: Final = read_survey(PROJECT / "surveys/network_methods/2018")
REGISTER: Final = MappingProxyType({"placed_register": 3.0, "children_register": 300.0})


def told(name: str, **changes: Any) -> dict[str, Any]:
    """The answers of the review's case, with these in their place; None leaves a field empty."""
    content = json.loads((PROJECT / f"tests/stories/data/{name}.json").read_text("utf-8"))
    return {field: value for field, value in (content["answers"] | changes).items() if value is not None}


NOTHING, NO_NETWORK, ENDED = "nothing_placed", "no_network_placements", "all_placements_ended"
ISLANDS: Final[Mapping[str, dict[str, Any]]] = {
    "one_child_with_its_grandparents": told(
        NOTHING, f1_placed=1, f2_foster=1, f3_network=1, f4_kin=1, f7_placed_year=1, f8_network_year=1, f8_breaknet=0,
        f8_note=None, f6_newnet=0, g1_support=["0"], g2_weeks=NO_CASES, g3_barrier=NO_CASES,
    ),
    "one_caseworker_with_a_fifth_of_a_post_for_the_network": told(
        NO_NETWORK, a4_caseworkers="1", d2_fte="0,2", d3_trained_m3="ingen"
    ),
    "the_programme_ended_before_any_course": told(NOTHING, a5_project="3", a5b_methods=["m1"]),
    "the_neighbours_do_it_for_us": told(
        NOTHING, b1_stage_m2="4", b1_fixed_m2="2", b1_form_m2="3", b2_start_m2=2013, c1_why_m2=["16"],
        b3_phase_m2=["4"], d4_meetings_m2=1, d7_core_m2_a=1, d7_core_m2_b=0, d7_core_m2_c=0, d7_core_m2_d=1,
        d7_core_m2_e=0, d7_core_m2_f=0, b4_cases_m2=1, d3_trained_m2=0,
    ),
    "in_regular_use_and_no_case_in_the_year": told(
        NO_NETWORK, b1_stage_m3="5", b1_fixed_m3=None, b4_cases_m3=0, b8_considered=0, b8_considered_of=0
    ),
    "both_network_placements_broke_down": told(
        ENDED, f7_placed_year=2, f8_network_year=2, f7_break=2, f8_breaknet=2, f5_new=2, f6_newnet=2
    ),
    "nothing_can_be_counted": told(
        NO_NETWORK, a4_caseworkers=UNCOUNTED, f1_placed=UNCOUNTED, f2_foster=UNCOUNTED, f3_network=UNCOUNTED,
        f7_placed_year=UNCOUNTED, f8_network_year=UNCOUNTED, f8_note=None, f7_break=UNCOUNTED, f5_new=UNCOUNTED,
        b8_considered=UNCOUNTED, b8_considered_of=UNCOUNTED, f9_resp=UNCOUNTED, f10_newresp=UNCOUNTED, f10w=UNCOUNTED,
        d2_fte=UNCOUNTED, d3_trained_m3=UNCOUNTED,
    ),
    "begun_and_stopped_in_the_same_year": told(ENDED, b2_start_m1=2014, b2_stop_m1=2014),
    "a_family_of_seven_moved_here": told(
        NO_NETWORK, f1_placed=9, f2_foster=9, f7_placed_year=9, f5_new=7, f7_break=0
    ),
    "the_only_method_is_one_of_our_own": told(NOTHING, b1_stage_m8="5", b1_other="Storfamiliemøde med nabokommunen"),
    "offered_once_and_declined": told(
        ENDED, b1_stage_m1="3", b2_stop_m1=None, c5_whystop_m1=None, b1_form_m1="1", c1_why_m1=["1", "13"],
        b3_phase_m1=["4"], d4_meetings_m1=0, b4_cases_m1=0, b5_offered_m1=1, b5_accepted_m1=0, b5_held_m1=0,
    ),
    "written_in_words": told(NOTHING, f1_placed="nul", f2_foster="ingen", f10w="0 børn", a4_caseworkers="2,0"),
    "as_many_as_the_register_missed": told(NO_NETWORK, f1_placed=8, f2_foster=8, f7_placed_year=8, f5_new=0),
}  # fmt: skip
LAST: Final[Mapping[str, dict[str, Any]]] = {"a_family_of_seven_moved_here": {"f1_placed": 2}}


def problems_of(name: str, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    own = {field.name for field in fields(questionnaire)}
    reading = read_answers(questionnaire, {k: v for k, v in ISLANDS[name].items() if k in own}, "da")
    last = LAST.get(name)
    return reading.problems + check_answers(questionnaire, reading.changes, "da", references=REGISTER, last=last)


@pytest.mark.parametrize("wave", ["2015", "2018"])
@pytest.mark.parametrize("name", ISLANDS)
def test_a_true_answer_is_not_stopped_and_needs_two_reasons_at_most(name: str, wave: str) -> None:
    problems = problems_of(name, read_survey(PROJECT / "surveys/network_methods" / wave))
    assert [problem for problem in problems if problem.level == "stop"] == []
    assert sum(problem.level == "explain" for problem in problems) <= 2


@pytest.mark.parametrize("name", ISLANDS)
def test_a_true_answer_is_received_once_its_reasons_are_written(name: str, tmp_path: Path) -> None:
    units = read_units(PROJECT / "data_dictionary/codelists/municipalities.csv")
    answer = Submission("network_methods", "2018", "0741", answers=ISLANDS[name], submit=True)
    with open_store(tmp_path / "answers.db", create=True) as store:
        open_wave(store, Q, units, origin="collected", at=AT, fieldwork=FIELDWORK)
        outcome = receive(store, answer, at=AT)
        if isinstance(outcome, Refused):
            doubts = [problem for problem in outcome.problems if problem.level == "explain"]
            assert doubts
            reasons = {f"{doubt.code}__reason": "Sådan var det i 2017" for doubt in doubts}
            outcome = receive(store, replace(answer, answers={**ISLANDS[name], **reasons}), at=AT)
        assert isinstance(outcome, Saved), outcome


def test_only_what_is_worth_asking_about_asks_for_a_reason() -> None:
    asked_about = {name: {p.code for p in problems_of(name, Q) if p.level == "explain"} for name in ISLANDS}
    assert {name: codes for name, codes in asked_about.items() if codes - {"placed_as_register"}} == {
        "in_regular_use_and_no_case_in_the_year": {"cases_when_embedded_m3", "placed_as_register"},
        "a_family_of_seven_moved_here": {"placed_as_last", "placed_as_register"},
    }


def test_the_messages_of_a_stop_tell_that_zero_is_valid() -> None:
    for rule in Q.rules:
        if rule.level == "stop":
            assert "Nul er" in rule.message.da, rule.name
            assert "Zero is" in rule.message.en, rule.name


def test_the_three_answers_of_the_review_are_still_among_us() -> None:
    for name in (NOTHING, NO_NETWORK, ENDED):
        (submission,) = read_submissions(PROJECT / f"tests/stories/data/{name}.json")
        assert submission.answers
