"""The pages around the sections: hub, check, receipt, conflict and privacy, in every state and both languages."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from lxml import html

from evaltools.collect import Problem
from evaltools.language import Language
from evaltools.language.text import LANGUAGES
from evaltools.schema import thresholds
from evaltools.schema.model import REASON_SUFFIX
from evaltools.web.form import Keeping, Part, check_page, hub_page, privacy_text, render, section_page
from evaltools.web.form.saying import label_of
from evaltools.web.form.shell import Contact
from page_gallery import WHEN, gallery
from page_values import a_desk, a_shell, drawn, drawn_section, municipal, one, posted, section_of, words

NAMES = sorted(gallery("da"))


def _page(name: str, language: Language = "da") -> html.HtmlElement:
    return html.document_fromstring(gallery(language)[name])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_built_alike(name: str, language: Language) -> None:
    tree = _page(name, language)
    assert tree.get("lang") == language
    for path in ("//title", "//h1", "//main[@id='main']", "//header", "//footer", "//a[@class='skip']"):
        one(tree, path)
    levels = [int(heading.tag[1]) for heading in tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    ids = tree.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    named = {
        each for value in tree.xpath("//@aria-describedby|//@aria-labelledby|//label/@for") for each in value.split()
    }
    assert named <= set(ids)
    assert {target[1:] for target in tree.xpath("//a[starts-with(@href,'#')]/@href")} <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_carries_code_or_styles_or_anything_from_elsewhere(name: str) -> None:
    tree = _page(name)
    assert not tree.xpath("//@style|//style|//script[not(@src)]")
    assert not [key for element in tree.iter() for key in element.attrib if key.startswith("on")]
    sources = tree.xpath("//@src|//link/@href|//form/@action")
    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_posts_carries_its_token(name: str) -> None:
    for form in _page(name).xpath("//form"):
        assert form.get("method") == "post"
        assert form.xpath(".//input[@name='csrf']/@value") == ["token"]


def test_the_promise_of_confidentiality_names_the_one_setting() -> None:
    said = words(_page("hub-new"))
    assert f"færre end {thresholds()['children']} børn" in said
    assert f"færre end {thresholds()['municipalities']} kommuner" in said


def test_the_hub_tells_how_far_each_section_is_and_who_has_it() -> None:
    lines = {
        words(line.xpath(".//a")[0]): words(line) for line in _page("hub-begun").xpath("//ul[@class='sections']/li")
    }
    assert "Bo Sørensen har haft afsnittet siden 5. november 2018" in lines["Tal"]
    assert "Linket er ikke åbnet endnu" in lines["Tal"]
    assert "Se efter" in lines["Tal"]
    assert "Ikke begyndt" in lines["Overvejelse før en anbringelse"]


def test_a_remark_that_nobody_wrote_is_not_missing() -> None:
    desk = a_desk({"place": "0101", "stage_m1": "0", "stage_m2": "0", "stage_m3": "0", "start": "2012"})
    line = hub_page(desk, may_submit=True).lines[0].progress
    assert (line.answered, line.asked) == (5, 7)


def test_a_colleague_sees_all_sections_and_who_may_change_them() -> None:
    page = _page("hub-colleague")
    own = [words(line) for line in page.xpath("//ul[@class='sections']/li") if "kan læse det" not in words(line)]
    assert len(own) == 1
    assert "lederen" in words(page)


def test_a_section_of_somebody_else_is_shown_to_read() -> None:
    page = _page("figures-locked")
    assert not page.xpath("//main//input|//main//textarea|//main//button")
    assert "12 børn" in words(page)


def test_all_answers_and_all_reasons_stand_on_the_page_before_sending() -> None:
    answers = {"placed": "40", "network": "3", "like_register__reason": "Talt op en anden dag"}
    tree = drawn(check_page(a_desk(answers, references={"placed_register": 100.0}), may_submit=True))
    row = one(tree, "//dl/div[contains(., 'Anbragte børn')]")
    assert "40 børn" in words(row)
    assert "Begrundelse: Talt op en anden dag" in words(row)
    assert row.xpath(".//a/@href") == ["/besvar/figures#placed"]


def test_doubts_can_be_explained_on_the_page_before_sending() -> None:
    desk = a_desk({"placed": "40"}, references={"placed_register": 100.0})
    tree = drawn(check_page(desk, may_submit=True))
    assert one(tree, "//textarea").get("name") == "like_register__reason"
    assert one(tree, "//button[@value='submit']") is not None


def test_only_the_leader_sends_where_the_leader_approves() -> None:
    assert not _page("check-leader").xpath("//button[@value='submit']")
    assert _page("check").xpath("//button[@value='submit']")


def test_a_conflict_shows_both_values_and_posts_what_was_chosen() -> None:
    tree = _page("conflict")
    said = words(one(tree, "//form[@id='answers']"))
    assert "Anbragte børn: 12 børn" in said
    assert "Anbragte børn: 14 børn" in said
    assert "Bo Sørensen, 5. november 2018" in said
    form = {
        name: tree.xpath(f"//input[@type='hidden' and @name='{name}']/@value")
        for name in ("f1_placed", "f2_foster", "tied")
    }
    chosen = posted({**form, "f1_placed__choice": "theirs"}, "figures", q=municipal())
    assert chosen.answers == {}
    assert posted({**form, "f1_placed__choice": "mine"}, "figures", q=municipal()).answers == {
        "f1_placed": "12",
        "f2_foster": "3",
    }


def test_a_problem_in_another_section_is_told_with_who_has_it() -> None:
    desk = a_desk({"b1_stage_m1": "5", "b4_cases_m1": "0"}, q=municipal())
    there = replace(desk, parts=(Part("g", "Bo Sørensen", ("figures",), WHEN),), own=("adoption",))
    told = words(one(drawn_section(there, "adoption"), "//div[@class='info']"))
    assert "»Tal«" in told
    assert "Bo Sørensen har det afsnit" in told
    assert "cases_when_embedded_m1__reason" not in render(
        section_page(there, section_of(there.questionnaire, "adoption")), a_shell()
    )


def test_the_privacy_notice_is_filled_in_for_the_wave_or_is_its_own() -> None:
    keeping = Keeping("Metoder", "Socialstyrelsen", Contact("Ida", "ida@example.org"), WHEN.date(), "Serviceloven")
    notice = privacy_text(keeping, "da")
    for words_ in ("Socialstyrelsen", "ida@example.org", "5. november 2018", "Serviceloven", "Datatilsynet"):
        assert words_ in notice
    assert privacy_text(replace(keeping, own="Vores egen.\n\nTo."), "da") == "Vores egen.\n\nTo."


def test_the_page_before_sending_names_each_of_two_reasons_for_one_number() -> None:
    doubts = tuple(Problem("explain", code, "placed", "Stort tal", "", "Anbragte") for code in "ab")
    tree = drawn(check_page(replace(a_desk({"placed": "40"}), problems=doubts), may_submit=True))
    named = [one(tree, f"//label[@for='{code}__reason']").text for code in "ab"]
    assert named == ["Begrundelse 1 af 2: Anbragte", "Begrundelse 2 af 2: Anbragte"]


def test_a_deadline_that_has_passed_is_told_once() -> None:
    page = hub_page(a_desk(), may_submit=True, closes_at=WHEN)
    over = "Fristen udløb 5. november 2018."
    told = words(html.document_fromstring(render(page, a_shell(over=over))))
    assert told.count("Fristen") == 1
    assert over in told
    assert "Fristen er" in words(html.document_fromstring(render(page, a_shell())))


def test_each_reason_is_told_by_the_field_it_stands_at_and_where_several_do_by_its_doubt() -> None:
    desk = a_desk(q=municipal())
    doubts = [rule for rule in desk.questionnaire.rules if rule.level == "explain"]
    told = [label_of(desk, f"{doubt.name}{REASON_SUFFIX}") for doubt in doubts]
    shared = [text for doubt, text in zip(doubts, told, strict=True) if doubt.at == "f1_placed"]
    assert len(set(shared)) == len(shared) == 3
    assert all(text.startswith("Begrundelse: Anbragte børn (") for text in shared)
    assert "Begrundelse: Antal børnesager: Familierådslagning" in told
    assert label_of(desk, "f1_placed") == "Anbragte børn"
