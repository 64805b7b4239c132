"""Sentences say what the numbers allow, and nothing more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest

from evaltools.errors import ReleaseError
from evaltools.estimate.indicators import clopper_pearson, wilson
from evaltools.estimate.result import Estimate, Row
from evaltools.language import NBSP, texts
from evaltools.present import (
    SentenceExhibit,
    citation_sentence,
    compare_sentence,
    number,
    rare_sentence,
    release,
    sentence,
    target_sentence,
)
from made_results import published, share_row, shares, source

NEW_FAMILIES = "andelen af nye aflastningsfamilier, der kom fra barnets eget netværk,"
PERIODS = ("fra medio 2010 til medio 2011", "i 2012")
CAUSAL = (
    "effekt", "medfør", "påvirk", "skyldes", "virker", "øget", "stigning", "steget", "fald", "forbedr", "forværr", "signifikant",
    "effect", "cause", "impact", "led to", "due to", "increase", "decrease", "improve", "significant",
)  # fmt: skip


def shown(exhibit: SentenceExhibit) -> str:
    """The sentence as a reader sees it, with ordinary blanks."""
    text = re.sub(r"\{(\w+)(?::(\w+))?\}", lambda mark: exhibit.numbers[mark[1]].shown[mark[2] or ""], exhibit.text)
    return text.replace(NBSP, " ")


def case(count: int, n: int, exact: Literal["wilson", "exact"] = "wilson") -> Estimate:
    """A published share with its interval."""
    made = published(count, n, universe="nye aflastningsfamilier")
    low, high = (wilson if exact == "wilson" else clopper_pearson)(count, n)
    return replace(made, rows=(replace(made.rows[0], low=low, high=high),))


def compared(earlier: tuple[int, int], later: tuple[int, int]) -> str:
    pair = release(case(*earlier)), release(case(*later))
    return shown(compare_sentence(*pair, NEW_FAMILIES, names=PERIODS))


def test_a_share_is_told_with_its_word_its_counts_and_its_base() -> None:
    released = release(shares({"m1": (41, 69)}))
    assert shown(sentence(released, "bruger Familierådslagning")) == (
        "Et flertal af de 69 kommuner, der har svaret, bruger Familierådslagning (41 kommuner, 59 pct.)."
    )


def test_the_english_sentence_says_the_same() -> None:
    released = release(shares({"m1": (41, 69)}, where=source(unit="municipality")))
    assert shown(sentence(released, "use family group conferences", language="en")) == (
        "A majority of the 69 municipalities that answered use family group conferences "
        "(41 municipalities, 59 per cent)."
    )


def test_a_base_under_twenty_is_told_in_counts_only() -> None:
    text = shown(sentence(release(shares({"m1": (3, 8)})), "bruger metoden"))
    assert text == "Et mindretal af de 8 kommuner, der har svaret, bruger metoden (3 kommuner)."


@pytest.mark.parametrize(
    ("count", "beginning"),
    [(0, "Ingen af de"), (1, "En enkelt af de"), (4, "Enkelte af de"), (10, "Få af de"), (69, "Alle de")],
)
def test_the_extremes_have_words_of_their_own(count: int, beginning: str) -> None:
    assert shown(sentence(release(shares({"m1": (count, 69)})), "bruger metoden")).startswith(beginning)


def test_a_weighted_share_says_that_it_is_weighted() -> None:
    row = replace(share_row(41, 69, 98, row="m1"), estimate=0.57)
    text = shown(sentence(release(Estimate("share", (row,), source())), "bruger metoden"))
    assert text.endswith("(41 kommuner; 57 pct. efter vægtning).")


def test_a_hidden_share_is_not_told() -> None:
    exhibit = sentence(release(shares({"m1": (1, 69)}, where=source("opinion"))), "nævner pladsmangel")
    assert shown(exhibit) == "Hvor mange kommuner der nævner pladsmangel, vises ikke af hensyn til diskretion."
    assert exhibit.numbers["x"].value is None


def test_every_number_of_a_sentence_can_be_traced() -> None:
    exhibit = sentence(release(shares({"m1": (41, 69)})), "bruger metoden", row="m1")
    assert not re.search(r"\d", exhibit.text)
    assert exhibit.numbers["x"].source.code.endswith(".row(row='m1').percent")


def test_the_increase_in_copenhagen_is_not_claimed() -> None:
    text = compared((8, 57), (22, 98))
    assert text == (
        "Andelen af nye aflastningsfamilier, der kom fra barnets eget netværk, er 14 pct. (8 ud af 57) fra medio 2010 "
        "til medio 2011 og 22 pct. (22 ud af 98) i 2012. De to andele kan ikke skelnes statistisk, for forskellen på "
        "8 procentpoint ligger inden for den statistiske usikkerhed (95 pct.-interval −5 til 20)."
    )


@pytest.mark.parametrize(
    ("earlier", "later", "word"),
    [
        ((8, 57), (60, 98), "større"),
        ((8, 57), (22, 98), "ikke skelnes"),
        ((8, 57), (29, 98), "større"),
        ((8, 57), (24, 98), "ikke skelnes"),
        ((60, 98), (8, 57), "mindre"),
        ((0, 57), (10, 98), "større"),
        ((0, 40), (2, 40), "ikke skelnes"),
        ((57, 57), (70, 98), "mindre"),
        ((20, 40), (21, 40), "ikke skelnes"),
        ((5, 30), (25, 30), "større"),
        ((300, 1000), (360, 1000), "større"),
        ((3, 30), (3, 30), "ikke skelnes"),
    ],
)
def test_the_words_follow_from_the_counts(earlier: tuple[int, int], later: tuple[int, int], word: str) -> None:
    said = {name for name in ("er større", "er mindre", "kan ikke skelnes") if name in compared(earlier, later)}
    assert [name for name in said if word in name] == list(said)


def test_one_share_is_called_larger_only_if_interval_and_exact_test_agree() -> None:
    # Miettinen-Nurminen 0.031 to 0.262, Fisher p = 0.0547 (R fisher.test): the two do not agree.
    text = compared((0, 40), (5, 40))
    assert "på grænsen" in text
    assert "er større" not in text


def test_a_clear_difference_is_told_with_both_shares_and_its_interval() -> None:
    assert compared((8, 57), (60, 98)) == (
        "Andelen af nye aflastningsfamilier, der kom fra barnets eget netværk, er større i 2012 (60 ud af 98, 61 pct.) "
        "end fra medio 2010 til medio 2011 (8 ud af 57, 14 pct.). Forskellen på 47 procentpoint ligger ud over den "
        "statistiske usikkerhed (95 pct.-interval 33–59)."
    )


def test_children_and_families_are_never_compared() -> None:
    families = release(published(22, 98))
    children = release(
        replace(published(41, 291), source=replace(published(41, 291).source, confidentiality="children"))
    )
    with pytest.raises(ReleaseError) as refused:
        compare_sentence(families, children, NEW_FAMILIES)
    assert refused.value.code == "UNLIKE_UNITS"


def test_shares_on_different_bases_are_never_compared() -> None:
    with pytest.raises(ReleaseError) as refused:
        compare_sentence(release(published(22, 98)), release(published(8, 57, universe="anbringelser")), NEW_FAMILIES)
    assert refused.value.code == "UNLIKE_UNITS"


def test_the_share_in_copenhagen_lies_under_the_target() -> None:
    assert shown(target_sentence(release(case(22, 98)), NEW_FAMILIES, 0.33)) == (
        "Andelen af nye aflastningsfamilier, der kom fra barnets eget netværk, er 22 pct. (22 ud af 98) og ligger under "
        "målet på 33 pct. (95 pct.-interval 15–32)."
    )


@pytest.mark.parametrize(("count", "word"), [(60, "over målet"), (30, "ikke skelnes"), (10, "under målet")])
def test_the_words_about_a_target_follow_from_the_counts(count: int, word: str) -> None:
    assert word in shown(target_sentence(release(case(count, 98)), NEW_FAMILIES, 0.33))


def test_one_of_38_is_told_with_its_exact_interval() -> None:
    made = case(1, 38, "exact")
    made = replace(made, source=replace(made.source, universe="netværksanbringelser"))
    assert shown(rare_sentence(release(made), "sammenbrud")) == (
        "Der er registreret 1 sammenbrud blandt 38 netværksanbringelser. Det er 3 pct., men tallet bygger på så få "
        "tilfælde, at usikkerheden er stor (95 pct.-interval 0,1–13,8 pct.)."
    )


def test_percentages_without_counts_are_cited_and_said_to_be_untestable() -> None:
    pair = [release(published(None, 0, share=share, universe="anbringelser")) for share in (0.0634, 0.0914)]
    text = shown(
        citation_sentence(pair[0], pair[1], "andelen af netværksanbringelser", names=("før projektet", "efter det"))
    )
    assert text == (
        "Kilden oplyser, at andelen af netværksanbringelser var 6,34 pct. før projektet og 9,14 pct. efter det. "
        "Antallene bag de to procenter er ikke offentliggjort, så forskellen kan ikke efterprøves statistisk."
    )


def test_shares_with_counts_are_tested_and_not_merely_cited() -> None:
    with pytest.raises(ReleaseError) as refused:
        citation_sentence(release(published(8, 57)), release(published(22, 98)), NEW_FAMILIES)
    assert refused.value.code == "COUNTS_ARE_KNOWN"


def test_a_hidden_number_has_no_sentence_about_a_target() -> None:
    few = release(shares({"m1": (2, 69)}, where=source("children")))
    with pytest.raises(ReleaseError) as refused:
        target_sentence(few, "andelen", 0.3)
    assert refused.value.code == "HIDDEN_NUMBER"


def test_only_a_share_has_such_sentences() -> None:
    row = Row((("row", "a"),), ("a",), 300.0, 60, 60.0, "total")
    with pytest.raises(ReleaseError) as refused:
        sentence(release(Estimate("total", (row,), source())), "har svaret")
    assert refused.value.code == "NOT_A_SHARE"


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_sentence_speaks_of_causes(language: Literal["da", "en"]) -> None:
    spoken = {key: text for key, text in texts(language).by_key.items() if key.startswith("present.sentence.")}
    assert spoken
    for key, text in spoken.items():
        assert not [word for word in CAUSAL if word in text.casefold()], key


def settled(earlier: Row, later: Row, difference: float) -> str:
    """The sentence about two waves in which everybody answered."""
    origin = case(8, 57).source
    first = release(Estimate("share", (replace(earlier, low=earlier.estimate, high=earlier.estimate),), origin))
    last = release(Estimate("share", (replace(later, low=later.estimate, high=later.estimate),), origin))
    change = replace(earlier, estimate=difference, low=difference, high=difference, count=None)
    gap = release(Estimate("difference", (change,), origin))
    return shown(compare_sentence(first, last, "Andelen", names=("i 2015", "i 2018"), difference=gap))


def test_where_everybody_answered_no_interval_is_told() -> None:
    rows = [case(count, 98).row() for count in (30, 40)]
    text = settled(rows[0], rows[1], 10 / 98)
    assert "er større i 2018" in text
    assert "interval" not in text
    assert "lige store" in settled(rows[0], rows[0], 0.0)
    everyone = replace(rows[1], low=rows[1].estimate, high=rows[1].estimate)
    told = release(replace(case(40, 98), rows=(everyone,)))
    assert number(told).low is None
    assert "limits" not in number(told).shown
    assert number(told).shown["interval"] == "ingen statistisk usikkerhed"
    assert "over målet" in shown(target_sentence(told, "Andelen", 0.33))
    assert "interval" not in shown(target_sentence(told, "Andelen", 0.33))
