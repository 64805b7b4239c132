"""The page of one section: what is asked, how it is drawn, and what is said beside it."""

from __future__ import annotations

import json
from dataclasses import replace

from evaltools.collect import Problem
from evaltools.schema import read_survey
from evaltools.schema.missing import Missing
from evaltools.web.form import section_page
from every_kind import every_kind
from page_values import SURVEYS, a_desk, drawn, drawn_section, municipal, one, posted, section_of, words


def test_a_field_that_is_not_asked_is_in_the_page_but_hidden_and_switched_off() -> None:
    tree = drawn_section(a_desk(), "use")
    wrapper = one(tree, "//*[@data-shows='economy']")
    assert wrapper.get("hidden") is not None
    controls = wrapper.xpath(".//input|.//select|.//textarea")
    assert controls
    assert all(control.get("disabled") is not None for control in controls)


def test_a_field_that_is_asked_is_neither_hidden_nor_switched_off() -> None:
    tree = drawn_section(a_desk({"stage_m1": "3", "why": ["2"]}), "use")
    wrapper = one(tree, "//*[@data-shows='economy']")
    assert wrapper.get("hidden") is None
    assert not wrapper.xpath(".//input[@disabled]")


def test_every_control_has_a_label_of_its_own() -> None:
    for name in ("use", "figures"):
        tree = drawn_section(a_desk({"stage_m1": "3"}), name)
        for control in tree.xpath("//main//input[not(@type='hidden')]|//main//select|//main//textarea"):
            assert tree.xpath(f"//label[@for='{control.get('id')}']"), control.get("id")


def test_ids_are_unique_and_descriptions_lead_somewhere() -> None:
    for name in ("use", "figures"):
        tree = drawn_section(a_desk({"stage_m1": "3", "placed": "4", "network": "9"}), name)
        ids = tree.xpath("//@id")
        assert sorted(ids) == sorted(set(ids))
        named = {one for value in tree.xpath("//@aria-describedby|//@aria-labelledby") for one in value.split()}
        assert named <= set(ids)


def test_a_number_says_its_unit_and_takes_a_keyboard_of_digits() -> None:
    box = one(drawn_section(a_desk(), "figures"), "#placed")
    assert (box.get("type"), box.get("inputmode"), box.get("autocomplete")) == ("text", "numeric", "off")
    assert "børn" in words(box.getparent().getparent())


def test_zero_is_said_to_be_a_valid_answer() -> None:
    assert "Nul er et gyldigt svar" in words(drawn_section(a_desk(), "figures"))


def test_what_was_answered_stands_in_the_page_as_it_would_be_typed() -> None:
    answers = {"posts": "1234,5", "start": "2012", "held_date": "2017-03-31", "asked_month": "2017-03"}
    desk = a_desk(answers)
    use, figures = drawn_section(desk, "use"), drawn_section(desk, "figures")
    assert one(figures, "#posts").get("value") == "1234,5"
    assert [one(use, f"#{name}").get("value") for name in ("start", "held_date", "asked_month")] == [
        "2012", "31.3.2017", "3-2017",
    ]  # fmt: skip


def test_a_kind_of_missing_is_a_radio_of_a_single_choice_and_a_box_beside_the_rest() -> None:
    desk = a_desk({"stage_m1": {"missing": "dont_know"}, "placed": {"missing": "cannot_be_counted"}})
    chosen = drawn_section(desk, "use").xpath("//input[@name='stage_m1' and @checked]/@value")
    assert chosen == ["missing:dont_know"]
    assert drawn_section(desk, "figures").xpath("//input[@name='placed__missing' and @checked]/@value") == [
        "cannot_be_counted"
    ]


def test_a_known_figure_stands_beside_the_field_and_is_never_filled_in() -> None:
    tree = drawn_section(a_desk(references={"placed_register": 104.0}, last={"placed": 90}), "figures")
    assert one(tree, "#placed").get("value") == ""
    assert not tree.xpath("//input[@name='placed__as_shown' and @checked]")
    said = words(one(tree, "//fieldset[@data-shows='placed']"))
    assert "104 børn" in said
    assert "I svarede sidst: 90" in said


def test_a_figure_that_was_confirmed_is_chosen_and_the_box_stays_empty() -> None:
    tree = drawn_section(a_desk({"placed": "104"}, references={"placed_register": 104.0}), "figures")
    assert tree.xpath("//input[@name='placed__as_shown' and @checked]/@value") == ["yes"]
    assert one(tree, "#placed").get("value") == ""


def test_another_number_than_the_known_one_stands_in_the_box() -> None:
    tree = drawn_section(a_desk({"placed": "100"}, references={"placed_register": 104.0}), "figures")
    assert tree.xpath("//input[@name='placed__as_shown' and @checked]/@value") == ["no"]
    assert one(tree, "#placed").get("value") == "100"


def test_an_answer_that_must_be_mended_is_said_in_title_summary_and_beside_the_field() -> None:
    tree = drawn_section(a_desk({"placed": "4", "network": "9"}), "figures")
    assert words(one(tree, "//title")).startswith("Fejl: ")
    link = one(tree, "//*[@id='summary']//a")
    target = one(tree, link.get("href"))
    assert target.get("aria-invalid") == "true"
    assert any(
        "flere børn i netværket" in words(one(tree, f"#{id_}")) for id_ in target.get("aria-describedby").split()
    )


def test_what_could_not_be_read_is_shown_again_as_it_was_written() -> None:
    page = posted({"placed": "ca. 40", "network": "3"}, "figures")
    box = one(drawn_section(a_desk({"network": "3"}), "figures", post=page), "#placed")
    assert box.get("value") == "ca. 40"


def test_a_doubt_has_a_box_for_the_reason_and_a_button_to_write_it_later() -> None:
    tree = drawn_section(a_desk({"placed": "40"}, references={"placed_register": 100.0}), "figures")
    assert one(tree, "//*[@id='summary']//a").get("href") == "#like_register__reason"
    assert one(tree, "#like_register__reason").get("name") == "like_register__reason"
    assert not words(one(tree, "//title")).startswith("Fejl")
    assert tree.xpath("//button[@name='action']/@value") == ["save", "next", "later", "save"]


def test_a_doubt_with_its_reason_no_longer_stands_in_the_summary() -> None:
    answers = {"placed": "40", "like_register__reason": "Talt op en anden dag"}
    tree = drawn_section(a_desk(answers, references={"placed_register": 100.0}), "figures")
    assert not tree.xpath("//*[@id='summary']")
    assert "Talt op en anden dag" in words(one(tree, "#like_register__reason"))


def test_two_doubts_at_one_number_have_reasons_that_say_which_doubt_they_belong_to() -> None:
    doubts = tuple(
        Problem("explain", code, "placed", message, "", "Anbragte") for code, message in (("a", "Stort"), ("b", "Nyt"))
    )
    tree = drawn_section(replace(a_desk({"placed": "40"}), problems=doubts), "figures")
    named = {one(tree, f"//label[@for='{code}__reason']").text for code in "ab"}
    label = section_of(every_kind(), "figures").items[0].label.da
    assert named == {f"Begrundelse 1 af 2: {label}", f"Begrundelse 2 af 2: {label}"}
    assert "Kræver en begrundelse (2 af 2): Nyt" in words(one(tree, "#placed-notice-1"))
    linked = [words(link) for link in one(tree, "#summary").xpath(".//a")]
    assert [link[-9:] for link in linked] == [" (1 af 2)", " (2 af 2)"]
    alone = drawn_section(replace(a_desk({"placed": "40"}), problems=doubts[:1]), "figures")
    assert one(alone, "//label[@for='a__reason']").text == f"Begrundelse: {label}"


def test_each_button_that_removes_an_answer_says_of_which_question_or_row() -> None:
    tree = drawn_section(a_desk({"stage_m1": "3", "stage_m2": "1"}), "use")
    buttons = tree.xpath("//button[@name='clear']")
    assert [button.get("value") for button in buttons] == ["stage_m1", "stage_m2"]
    named = [words(button) for button in buttons]
    assert len(set(named)) == len(named)
    for button, letter in zip(named, "ab", strict=True):
        assert button.startswith("Fjern svaret på 1."), button
        assert f" {letter}: " in button


def test_a_heading_stands_above_its_questions_and_is_hidden_with_the_last_of_them() -> None:
    q = municipal()
    tree = drawn_section(a_desk(q=q), "figures")
    groups = tree.xpath("//section[@class='group']")
    headings = [words(group.xpath("./h2")[0]) for group in groups]
    assert "Anbragte børn den 31. december 2017" in headings
    assert len(groups) == len(set(headings))
    placed = next(group for group in groups if words(group).startswith("Anbragte børn den"))
    assert [each for each in ("f1_placed", "f2_foster", "f7_placed_year") if placed.xpath(f".//*[@id='{each}']")] == [
        "f1_placed",
        "f2_foster",
    ]
    conferences = next(group for group in groups if words(group).startswith("Familierådslagninger"))
    assert conferences.get("hidden") is not None
    assert "b5_offered_m1" in conferences.get("data-shows").split()
    offered = drawn_section(a_desk({"b1_stage_m1": "5"}, q=q), "figures")
    assert one(offered, "//section[@aria-labelledby='b5_offered_m1-group']").get("hidden") is None


def test_no_more_than_six_questions_stand_under_one_heading_of_a_long_section() -> None:
    desk = a_desk(q=municipal())
    for section in desk.questionnaire.sections:
        page = section_page(desk, section)
        assert len(section.items) <= 10 or all(len(group.questions) <= 6 for group in page.groups), section.name


def test_a_required_answer_is_asked_for_only_after_the_page_was_sent() -> None:
    assert not drawn_section(a_desk(), "use").xpath("//*[@id='summary']")
    assert "Svaret mangler" in words(one(drawn_section(a_desk(), "use", post=posted({"place": ""})), "#summary"))


def test_questions_that_an_answer_opened_are_told_with_links() -> None:
    desk = a_desk({"stage_m1": "3", "why": ["2"]})
    tree = drawn_section(desk, "use", post=posted({"why": ["2"]}), new=frozenset({"economy"}))
    told = one(tree, "//div[@class='info']")
    assert "åbnet ét spørgsmål" in words(told)
    assert tree.xpath(f"//*[@id='{told.xpath('.//a/@href')[0][1:]}']")


def test_a_write_in_stands_under_its_choice() -> None:
    tree = drawn_section(a_desk({"stage_m1": "3", "why": ["9"]}), "use")
    text = one(tree, "//*[@data-shows='why_9_text']")
    assert text.get("hidden") is None
    assert text.getprevious().xpath("./input/@value") == ["9"]


def test_a_repeat_shows_the_turns_that_are_begun_and_can_add_one() -> None:
    desk = a_desk({"families_1_children": "2", "families_2_children": "1"})
    tree = drawn_section(desk, "figures")
    shown = [turn for turn in tree.xpath("//section[@class='turn']") if turn.get("hidden") is None]
    assert len(shown) == 2
    assert one(tree, "//button[@name='add']").get("value") == "families"


def test_an_added_turn_is_open_before_anybody_has_written_in_it() -> None:
    tree = drawn_section(a_desk(), "figures", post=posted({"add": "families", "families__turns": "1"}, "figures"))
    assert one(tree, "#families_2_children").get("disabled") is None
    assert one(tree, "#families_3_children").get("disabled") is not None
    assert one(tree, "#answers").get("data-open") == "families_2"


def test_a_computed_value_is_shown_and_never_posted() -> None:
    tree = drawn_section(a_desk({"placed": "10", "network": "3"}), "figures")
    assert words(one(tree, "#share")) == "30"
    assert not tree.xpath("//*[@name='share']")


def test_markup_in_an_answer_is_text() -> None:
    tree = drawn_section(a_desk({"words": "</textarea><script>alert(1)</script>"}), "use")
    assert one(tree, "#words").get("value") == "</textarea><script>alert(1)</script>"
    assert not tree.xpath("//main//script")


def test_the_page_is_said_in_english_when_asked() -> None:
    tree = drawn_section(a_desk(language="en"), "figures")
    assert tree.get("lang") == "en"
    assert "Zero is a valid answer" in words(tree)
    assert one(tree, "//nav[@class='language']/a").get("href") == "/besvar?lang=da"
    assert one(tree, "#answers").get("action") == "/besvar/figures?lang=en"


def test_a_kept_answer_in_a_closed_branch_stays_in_the_page_for_when_it_opens_again() -> None:
    desk = a_desk({"stage_m1": "0", "stage_m2": "0", "stage_m3": "0", "why": ["1"]})
    assert desk.asking.answers["why"] is Missing.NOT_ASKED
    tree = drawn_section(desk, "use")
    assert tree.xpath("//input[@name='why' and @checked]/@value") == ["1"]


def test_a_running_sum_names_its_parts_by_number_and_counts_what_is_there() -> None:
    q = read_survey(SURVEYS / "investment" / "1")
    name = next(item.section for item in q.items if item.name == "placed_network")
    tree = drawn_section(a_desk({"placed_network": "4", "placed_other": "3"}, q=q), name)
    assert words(one(tree, "//p[@class='sum']")) == "Sum af 3.3, 3.4, 3.5 og 3.6: 7"


def test_every_count_that_the_script_renews_stands_in_the_page() -> None:
    for q in (every_kind(), municipal(), read_survey(SURVEYS / "network_meeting" / "1")):
        for section in q.sections:
            page = section_page(a_desk(q=q), section)
            counted = {name for name, *_ in json.loads(page.rules)["outputs"]}
            assert counted <= set(drawn(page).xpath("//output/@data-value"))


def test_the_summary_takes_the_focus_only_after_a_post() -> None:
    answers = {"placed": "4", "network": "9"}
    assert one(drawn_section(a_desk(answers), "figures"), "#summary").get("autofocus") is None
    again = drawn_section(a_desk(answers), "figures", post=posted(answers, "figures"))
    assert one(again, "#summary").get("autofocus") is not None


def test_a_section_that_is_not_asked_says_so_and_is_no_page_of_so_many() -> None:
    tree = drawn_section(a_desk({f"b1_stage_m{n}": "1" for n in range(1, 6)}, q=municipal()), "fidelity")
    assert words(one(tree, "//main//p[@class='info']")).startswith("Afsnittet er ikke aktuelt for jer")
    assert tree.xpath("//p[@class='step']") == []
    asked = drawn_section(a_desk({"b1_stage_m1": "5"}, q=municipal()), "fidelity")
    assert words(one(asked, "//p[@class='step']")).startswith("Side ")
    assert asked.xpath("//main//p[@class='info']") == []
