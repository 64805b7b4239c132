"""The five published texts in Danish and English: what their counts carry, and what follows from a text without any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evaltools as ev
from evaltools.errors import DesignError
from evaltools.estimate.indicators import published_case, published_story, read_indicators, read_published_cases
from evaltools.language import Language
from evaltools.notebook.showing import plain_sentence
from evaltools.present.model import Released, SentenceExhibit

DICTIONARY = Path(__file__).parents[3] / "data_dictionary"
STORIES = {
    "aalborg_project": True, "national_project": False, "randers_unit": False, "kobenhavn_respite": True,
    "aalborg_investment": False,
}  # fmt: skip
"""The five sources, and whether they give counts."""
CAUSAL = re.compile(r"\b(effekt|virkning|skyldes|medfør\w*|har øget|effect|caused?|led to an?|due to)\b", re.IGNORECASE)


def shown(case: str, language: Language, period: str = "") -> Released:
    found = published_case(case, DICTIONARY, language=language)
    return ev.release(found.only(period=period) if period else found)


def said(sentence: SentenceExhibit) -> str:
    return plain_sentence(sentence).replace("\u00a0", " ")


def kobenhavn(language: Language) -> tuple[str, str, str]:
    before, after = (shown("kobenhavn_new_families", language, period) for period in ("before", "after"))
    share, names = {
        "da": ("Andelen", ("før", "i 2012")), "en": ("The share", ("before", "in 2012")),
    }[language]  # fmt: skip
    stock = {"da": "var hos nogen i eget netværk", "en": "stayed with somebody in their own network"}[language]
    among = {"da": "hjemmeboende børn med aflastning", "en": "children at home with respite"}[language]
    return (
        said(ev.compare_sentence(before, after, share, names=names, language=language)),
        said(ev.target_sentence(after, share, 0.33, language=language)),
        said(ev.sentence(shown("kobenhavn_children", language), stock, among=among, language=language)),
    )


def test_kobenhavn_in_danish_shows_no_rise_a_missed_target_and_children_for_themselves() -> None:
    assert kobenhavn("da") == (
        "Andelen er 14 pct. (8 ud af 57) før og 22 pct. (22 ud af 98) i 2012. De to andele kan ikke "
        "skelnes statistisk, for forskellen på 8 procentpoint ligger inden for den statistiske usikkerhed (95 pct.-interval "
        "−5 til 20).",
        "Andelen er 22 pct. (22 ud af 98) og ligger under målet på 33 pct. (95 pct.-interval 15–32).",
        "Få af de 291 hjemmeboende børn med aflastning var hos nogen i eget netværk (41 børn, 14 pct.).",
    )


def test_kobenhavn_in_english_says_the_same() -> None:
    change, target, stock = kobenhavn("en")
    assert change.startswith("The share is 14 per cent (8 of 57) before and 22 per cent (22 of 98) in 2012.")
    assert "cannot be told apart statistically" in change
    assert "−5 to 20" in change
    assert "lies below the target of 33 per cent" in target
    assert "41 children, 14 per cent" in stock


@pytest.mark.parametrize(
    ("language", "rare", "cited", "reason"),
    [
        ("da", "1 sammenbrud blandt 38 anbringelser", "6,34 pct. før projektet og 9,14 pct. efter projektet",
         "kan ikke efterprøves statistisk"),
        ("en", "1 breakdown among 38 placements", "6.34 per cent before the project and 9.14 per cent after the project",
         "cannot be tested"),
    ],
)  # fmt: skip
def test_aalborg_has_one_breakdown_with_wide_limits_and_two_percentages_that_are_only_cited(
    language: Language, rare: str, cited: str, reason: str
) -> None:
    event = {"da": "sammenbrud", "en": "breakdown"}[language]
    breakdown = said(ev.rare_sentence(shown("aalborg_breakdown", language), event, language=language))
    assert rare in breakdown
    assert "0,1–13,8" in breakdown or "0.1–13.8" in breakdown
    names = {"da": ("før projektet", "efter projektet"), "en": ("before the project", "after the project")}[language]
    before, after = (shown("aalborg_network_share", language, period) for period in ("before", "after"))
    share = {"da": "andelen", "en": "the share"}[language]
    citation = said(ev.citation_sentence(before, after, share, names=names, language=language))
    assert cited in citation
    assert reason in citation
    with pytest.raises(DesignError) as refused:
        ev.compare_sentence(before, after, share, language=language)
    assert refused.value.code == "NO_COUNTS"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", STORIES)
def test_a_text_tells_its_facts_and_what_cannot_follow_from_them(name: str, language: Language) -> None:
    story = published_story(name, DICTIONARY, language=language)
    made = ev.story_sentence(story)
    text = said(made)
    assert story.counted == STORIES[name]
    for fact in story.facts:
        assert fact in text
    endings = {
        ("da", True): "er regnet efter for sig.", ("da", False): "og ikke, hvad det førte til.",
        ("en", True): "is computed apart.", ("en", False): "and not what it led to.",
    }  # fmt: skip
    assert text.endswith(endings[language, story.counted])
    assert not re.search(r"\d", re.sub(r"\{n\d+\}", "", made.text))
    assert {number.source.citation for number in made.numbers.values()} <= {story.citation}
    assert not CAUSAL.search(text)


def test_published_cases_say_what_they_are_made_of_and_fit_the_indicator_they_are_the_baseline_of() -> None:
    known = read_indicators(DICTIONARY)
    for name in read_published_cases(DICTIONARY):
        if name == "kobenhavn_waiting":
            continue  # a rough figure, which is quoted and never read as a number
        made = published_case(name, DICTIONARY).source.made_of
        assert made is not None, name
    families = published_case("kobenhavn_new_families", DICTIONARY)
    wanted = known["i14b_respite_families"]
    assert families.source.made_of is not None
    assert (families.source.made_of.unit, families.source.made_of.period) == (wanted.unit.en, "flow")
    first = families.row(period="before")
    assert (first.count, first.n) == wanted.baseline_counts
    assert families.extra["target"] == wanted.target_share


def test_an_unknown_or_shapeless_story_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DesignError) as refused:
        published_story("randers", DICTIONARY)
    assert refused.value.code == "NO_SUCH_STORY"
    folder = tmp_path / "data_dictionary"
    folder.mkdir()
    (folder / "published_cases.yaml").write_text("cases: {}\nstories:\n  x: {label: A}\n", "utf-8")
    with pytest.raises(DesignError) as refused:
        published_story("x", folder)
    assert refused.value.code == "STORY_WITHOUT_SHAPE"
