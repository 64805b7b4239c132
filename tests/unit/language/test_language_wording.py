"""The word scale, the one full stop and the Danish alphabet."""

from __future__ import annotations

import pytest

from evaltools.language import (
    Language,
    capitalised,
    danish_key,
    full_stop,
    join_sentence,
    listed,
    percent,
    sorted_danish,
    texts,
    without_second_stop,
    word_for_share,
    word_scale,
)


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, "alle"),
        (0.999, "næsten alle"),
        (0.90, "næsten alle"),
        (0.899, "næsten alle"),
        (0.894, "langt de fleste"),
        (0.75, "langt de fleste"),
        (0.74, "et flertal"),
        (0.55, "et flertal"),
        (0.54, "omkring halvdelen"),
        (0.45, "omkring halvdelen"),
        (0.44, "et mindretal"),
        (0.25, "et mindretal"),
        (0.24, "få"),
        (0.10, "få"),
        (0.09, "enkelte"),
        (0.001, "enkelte"),
        (0.0, "ingen"),
    ],
)
def test_the_word_for_a_share_follows_the_whole_per_cent_that_is_shown(share: float, word: str) -> None:
    assert word_scale(share) == word


def test_every_word_of_the_scale_exists_in_both_languages() -> None:
    for share in (0, 0.05, 0.15, 0.3, 0.5, 0.6, 0.8, 0.95, 1):
        assert word_scale(share, "da")
        assert word_scale(share, "en")


def test_nearly_all_is_never_said_under_90_per_cent_shown() -> None:
    assert {word_for_share(percents / 1000) for percents in range(895)}.isdisjoint({"nearly_all", "all"})


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("Andelen er 9,14 pct.", "Andelen er 9,14 pct."),
        ("Andelen er 9", "Andelen er 9."),
        ("Sådan (se bilag m.m.)", "Sådan (se bilag m.m.)."),
        ("»Nej.«", "»Nej.«"),
        ("Hvor mange?", "Hvor mange?"),
        ("Kun 2 kr. ", "Kun 2 kr."),
    ],
)
def test_a_sentence_ends_with_one_full_stop(text: str, stopped: str) -> None:
    assert full_stop(text) == stopped


def test_a_number_that_ends_with_a_stop_swallows_the_one_that_follows() -> None:
    shown = percent(0.0914, 2)
    assert shown + without_second_stop(shown, ". Næste") == f"{shown} Næste"
    assert without_second_stop("9", ". Næste") == ". Næste"
    assert without_second_stop(shown, ", og") == ", og"


def test_parts_make_one_sentence() -> None:
    assert join_sentence("øget brug", "", "ses i 3 pct.") == "Øget brug ses i 3 pct."
    assert capitalised("") == ""


@pytest.mark.parametrize(("language", "last"), [("da", "og"), ("en", "and")])
def test_a_list_ends_with_and(language: Language, last: str) -> None:
    assert listed(["a", "b", "c"], language) == f"a, b {last} c"
    assert listed([], language) == ""


def test_danish_letters_come_last_and_double_a_is_an_a_with_a_ring() -> None:
    towns = ["Aarhus", "Ærø", "Odense", "Aabenraa", "Ølby", "Albertslund", "Zealand", "Årup", "Hørsholm", "Horsens"]
    assert sorted_danish(towns) == [
        "Albertslund", "Horsens", "Hørsholm", "Odense", "Zealand", "Ærø", "Ølby", "Aabenraa", "Aarhus", "Årup",
    ]  # fmt: skip


def test_foreign_letters_stand_beside_their_danish_ones() -> None:
    assert sorted_danish(["Muller", "Müller", "Myller", "Äpfel", "Zoo", "Idé", "Ide"]) == [
        "Ide", "Idé", "Muller", "Myller", "Müller", "Zoo", "Äpfel",
    ]  # fmt: skip
    assert danish_key("ÅR")[0] == danish_key("aar")[0]


def test_both_languages_have_the_same_keys() -> None:
    for room in ("language", "present"):
        keys = [
            {key for key in texts(language).by_key if key.startswith(f"{room}.")} for language in ("da", "en")
        ]  # fmt: skip
        assert keys[0] == keys[1]
