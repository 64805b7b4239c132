"""A posted page made into raw answers, whatever a browser sends."""

from __future__ import annotations

import random

import pytest

from evaltools.collect import read_answers
from evaltools.schema import fields
from evaltools.web.form.basis import Basis
from every_kind import every_kind
from page_values import a_desk, drawn_section, municipal, posted


def test_the_fields_of_the_section_are_passed_on_as_they_were_written() -> None:
    page = posted({"placed": "1.250", "network": "ca. 40", "base_version": "7", "action": "next"}, "figures")
    assert page.answers == {"placed": "1.250", "network": "ca. 40"}
    assert (page.basis, page.action) == (Basis(7), "next")


def test_fields_of_other_sections_and_unknown_names_are_left_alone() -> None:
    page = posted({"placed": "4", "csrf": "x", "__proto__": "1", "": "2", "words": "ja"}, "use")
    assert page.answers == {"words": "ja"}


def test_an_empty_group_clears_its_field_only_if_the_page_showed_it() -> None:
    assert posted({"words": ""}).answers == {"words": ""}
    assert posted({"shown": ["why", "stage_m1", "placed"]}).answers == {"why": [], "stage_m1": ""}


def test_a_computed_value_is_never_taken_from_a_page() -> None:
    assert posted({"share": "100"}, "figures").answers == {}


def test_a_kind_of_missing_comes_as_a_radio_or_as_a_box() -> None:
    page = posted({"stage_m1": "missing:dont_know", "why__missing": "dont_know"})
    reading = read_answers(every_kind(), page.answers, "da")
    assert reading.problems == ()
    assert {name: str(value) for name, value in reading.changes.items()} == {"stage_m1": "-8", "why": "-8"}


def test_the_box_of_a_count_speaks_for_both_of_its_numbers_unless_the_whole_is_known() -> None:
    ticked = {"b8_considered": "", "b8_considered__missing": "cannot_be_counted"}
    for whole, kept in (("", "-7"), ("5", "5")):
        page = posted({**ticked, "b8_considered_of": whole}, "figures", q=municipal())
        reading = read_answers(municipal(), page.answers, "da")
        assert reading.problems == ()
        assert {name: str(value) for name, value in reading.changes.items()} == {
            "b8_considered": "-7", "b8_considered_of": kept,
        }  # fmt: skip


def test_two_kinds_of_missing_at_once_are_refused_with_a_message() -> None:
    page = posted({"placed": "", "placed__missing": ["cannot_be_counted", "dont_know"]}, "figures")
    reading = read_answers(every_kind(), page.answers, "da")
    assert [problem.code for problem in reading.problems] == ["MISSING_NOT_OFFERED"]


def test_two_different_values_for_one_field_are_not_chosen_between() -> None:
    page = posted({"placed": ["4", "5"], "stage_m1": ["0", "3"]}, "figures")
    reading = read_answers(every_kind(), page.answers, "da")
    assert "placed" not in reading.changes
    assert [problem.field for problem in reading.problems] == ["placed"]


def test_the_same_value_twice_is_one_value() -> None:
    assert posted({"placed": ["4", "4"]}, "figures").answers == {"placed": "4"}


def test_a_confirmed_figure_becomes_the_answer() -> None:
    page = posted({"placed": "", "placed__as_shown": "yes"}, "figures", figures={"placed": 104})
    assert page.answers == {"placed": 104}
    assert page.problems == ()


def test_a_confirmed_figure_with_the_same_number_beside_it_is_the_answer() -> None:
    assert posted({"placed": "104 børn", "placed__as_shown": "yes"}, "figures", figures={"placed": 104}).problems == ()


@pytest.mark.parametrize("beside", [{"placed": "90"}, {"placed": "mange"}, {"placed__missing": "dont_know"}])
def test_a_confirmed_figure_with_something_else_beside_it_is_asked_about(beside: dict[str, str]) -> None:
    page = posted({"placed__as_shown": "yes", **beside}, "figures", figures={"placed": 104})
    assert page.answers == {}
    assert [(problem.code, problem.field) for problem in page.problems] == [("TWO_FIGURES", "placed")]


def test_a_figure_cannot_be_confirmed_where_none_was_shown() -> None:
    assert posted({"placed": "", "placed__as_shown": "yes"}, "figures").answers == {"placed": ""}


def test_the_reason_for_a_doubt_belongs_to_the_section_of_its_field() -> None:
    form = {"like_register__reason": "Talt op", "contact_in_words__reason": "Hovednummer"}
    assert posted(form, "figures").answers == {"like_register__reason": "Talt op"}
    assert posted(form, "use").answers == {"contact_in_words__reason": "Hovednummer"}


def test_the_button_that_removes_an_answer_clears_its_row_and_no_other() -> None:
    page = posted({"stage_m1": "3", "stage_m2": "1", "clear": "stage_m1", "action": "next"})
    assert (page.answers, page.action) == ({"stage_m1": "", "stage_m2": "1"}, "save")


def test_a_turn_is_added_up_to_the_last_one() -> None:
    assert posted({"families__turns": "1", "add": "families"}, "figures").turns == {"families": 2}
    assert posted({"families__turns": "99", "add": "families"}, "figures").turns == {"families": 3}
    assert posted({"families__turns": "-1"}, "figures").turns == {}


@pytest.mark.parametrize("written", ["", "x", "-1", "7.5", "٣", "9" * 400, "1e3"])
def test_a_version_that_cannot_be_read_counts_as_having_seen_nothing(written: str) -> None:
    assert posted({"base_version": written}).basis == Basis(0)
    assert posted({"base_version": f"7 placed:{written}"}).basis.of("placed") in (0, 7)


def test_where_theirs_was_chosen_ours_is_not_sent_again() -> None:
    form = {"placed": "4", "network": "3", "posts": "2", "tied": ["placed network", "posts"]}
    page = posted({**form, "placed__choice": "theirs", "posts__choice": "mine"}, "figures")
    assert page.answers == {"posts": "2"}


HOSTILE = [
    "\x00", "4\x00", "\ud800", "\udfff7", "9" * 5000, "-" * 5000, "1" * 4301, "٣", "1e999", "nan", "inf", "0x10", "１２",
    "<script>", "{{ 7 * 7 }}", "%s%s%n", "'; drop table events; --", "\u202e12", "\ufeff12", "a\r\nb", "missing:", "missing:x",
    "missing:not_asked", "yes", " " * 1000, "\n" * 1000, "😀" * 500, "2018-02-30", "31.31.9999", "0000-00-00", "𝟜",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_is_sent_can_be_read_refused_and_shown_again(value: str) -> None:
    names = [field.name for field in fields(every_kind())]
    extra = ["base_version", "action", "add", "clear", "shown", "tied", "families__turns", value]
    marks = [f"{name}{suffix}" for name in names for suffix in ("__missing", "__as_shown", "__reason", "__choice")]
    form = {key: [value, value + "1"] for key in (*names, *extra, *marks)}
    for section in ("use", "figures"):
        page = posted(form, section, figures=dict.fromkeys(names, 104))
        reading = read_answers(every_kind(), page.answers, "da")
        assert all(type(problem.message) is str for problem in reading.problems)
        tree = drawn_section(a_desk(), section, post=page)
        assert tree.xpath("//form[@id='answers']")


def test_ten_thousand_random_posts_are_read_without_an_accident() -> None:
    chance = random.Random(20181231)
    names = [field.name for field in fields(every_kind())]
    suffixes = ("", "", "", "__missing", "__as_shown", "__choice", "__reason", "__turns")
    values = [*HOSTILE, "3", "0", "m1", "2018", "dont_know", "yes", "no", ""]
    for _ in range(10_000):
        keys = {chance.choice(names) + chance.choice(suffixes) for _ in range(chance.randint(0, 6))}
        form = {key: chance.choices(values, k=chance.randint(0, 3)) for key in keys}
        section = chance.choice(("use", "figures"))
        page = posted(form, section, figures={"placed": 104})
        read_answers(every_kind(), page.answers, "da")
        assert not any(
            "\ud800" <= mark <= "\udfff" or mark == "\x00" for one in page.raw.values() for mark in "".join(one)
        )
