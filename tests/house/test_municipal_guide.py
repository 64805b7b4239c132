"""The guide for municipalities says what the questionnaire and the settings say."""

from __future__ import annotations

import re
from pathlib import Path

from evaltools.collect import asked
from evaltools.language import texts
from evaltools.schema import fields, read_survey, thresholds
from guide_pictures import PICTURES

PROJECT = Path(__file__).parents[2]
GUIDE = " ".join((PROJECT / "docs/municipalities.md").read_text("utf-8").replace("\n> ", " ").split())
WAVE = read_survey(PROJECT / "surveys/network_methods/2018")


def test_the_thresholds_are_those_of_the_setting_in_the_rule_and_in_the_invitation() -> None:
    limits = thresholds()
    assert limits["children"] == limits["families"]
    assert GUIDE.count(f"færre end {limits['children']} børn eller familier") == 2
    assert GUIDE.count(f"grupper på færre end {limits['municipalities']} kommuner") == 2
    assert f"færre end {limits['staff']} medarbejdere" in GUIDE


def test_the_number_of_fields_is_counted_and_not_guessed() -> None:
    counts = {}
    for path in WAVE.paths:
        met = asked(WAVE, path.answers)
        counts[path.name] = sum(field.name in met and field.kind != "computed" for field in fields(WAVE))
    assert f"mellem {counts['non_user']} og {counts['former_user']} felter" in GUIDE
    assert f"alle tre, møder {counts['user_of_three']}." in GUIDE


def test_sections_and_answers_are_called_what_the_form_calls_them() -> None:
    table = re.findall(r"\| ([A-ZÆØÅ][^|]+) \| (?:leder|den, der|familieplejekonsulent)", GUIDE)
    titles = {section.title.da for section in WAVE.sections}
    named = {name.strip() for row in table for name in re.split(r", (?=[A-ZÆØÅ])", row)}
    assert named <= titles, named - titles
    for kind in ("cannot_be_counted", "dont_know", "no_cases", "refused"):
        assert f"| {texts('da').say(f'schema.missing.{kind}')} |" in GUIDE
    for level in ("stop", "explain", "note"):
        assert f"| {texts('da').say(f'schema.level.{level}')} |" in GUIDE


def test_the_first_page_tells_with_pictures_how_to_answer_in_the_words_of_the_form() -> None:
    text = (PROJECT / "docs/municipalities.md").read_text("utf-8")
    page = text.partition("## På én side")[2].partition("\n## ")[0]
    assert 200 <= len(re.sub(r"!\[[^]]*]\([^)]*\)", "", page).split()) <= 400
    say = texts("da").say
    for key in (
        "site.entering.go", "site.ways.hub", "site.ways.colleagues", "site.colleagues.make", "site.workbook.heading",
        "web.hub.go_on", "web.hub.check", "web.hub.decline", "web.next", "web.later", "web.check.send",
        "web.conflict.save", "web.receipt.reopen",
    ):  # fmt: skip
        assert f"»{say(key)}«" in " ".join(page.split()), key


def test_the_pictures_are_those_that_the_command_draws_and_together_they_are_small() -> None:
    text = (PROJECT / "docs/municipalities.md").read_text("utf-8")
    shown = dict(re.findall(r"!\[([^]]+)]\(pictures/([^)]+)\)", text))
    files = {file.name: file.stat().st_size for file in (PROJECT / "docs/pictures").glob("*.png")}
    assert sorted(shown.values()) == sorted(files) == sorted(f"{name}.png" for name in PICTURES)
    assert all(len(words) > 20 for words in shown)
    assert 0 < sum(files.values()) < 400_000
