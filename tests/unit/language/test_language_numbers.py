"""Numbers, dates and counts as Danish and English readers expect them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaltools.language import (
    EN_DASH,
    MINUS,
    NBSP,
    Language,
    Noun,
    counted,
    date,
    half_up,
    noun,
    number,
    number_range,
    out_of,
    percent,
    percent_sign,
    percentage_points,
    words,
)


@pytest.mark.parametrize(
    ("value", "digits", "danish", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (-0.5, 1, f"{MINUS}0,5", f"{MINUS}0.5"),
        (-0.04, 1, "0,0", "0.0"),
        (0, 0, "0", "0"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, f"{MINUS}3", f"{MINUS}3"),
        (1.005, 2, "1,01", "1.01"),
        (2.675, 2, "2,68", "2.68"),
        (math.nan, 1, "·", "·"),
    ],
)
def test_numbers_round_half_up_on_their_decimals(value: float, digits: int, danish: str, english: str) -> None:
    assert number(value, digits, "da") == danish
    assert number(value, digits, "en") == english


@given(st.decimals(min_value=-10000, max_value=10000, places=3))
def test_half_up_moves_a_number_by_at_most_half_a_step_and_never_towards_zero_at_the_half(value: Decimal) -> None:
    rounded = half_up(float(value), 2)
    assert abs(rounded - value) <= Decimal("0.005")
    if abs(rounded - value) == Decimal("0.005"):
        assert abs(rounded) > abs(value)


def test_per_cent_never_breaks_from_its_number() -> None:
    assert percent(0.0914, 2) == f"9,14{NBSP}pct."
    assert percent(0.0914, 2, "en") == f"9.14{NBSP}per{NBSP}cent"
    assert percent_sign(0.5) == f"50{NBSP}%"
    assert percent_sign(0.5, 0, "en") == "50%"


def test_a_share_is_not_shifted_by_binary_fractions() -> None:
    assert percent(0.285, 0) == f"29{NBSP}pct."  # 100 * 0.285 is 28.499999999999996
    assert percent(0.545, 0) == f"55{NBSP}pct."


def test_a_difference_is_percentage_points_and_never_per_cent() -> None:
    assert percentage_points(0.084, 1) == f"8,4{NBSP}procentpoint"
    assert percentage_points(0.01, 0, "en") == f"1{NBSP}percentage{NBSP}point"
    assert percentage_points(-0.02, 0, "en") == f"{MINUS}2{NBSP}percentage{NBSP}points"


def test_a_range_has_an_en_dash_and_words_where_a_minus_would_meet_it() -> None:
    assert number_range("15", "32") == f"15{EN_DASH}32"
    assert number_range(f"{MINUS}5", "20") == f"{MINUS}5 til 20"
    assert number_range(f"{MINUS}5", "20", "en") == f"{MINUS}5 to 20"
    assert number_range("3", "3") == "3"


@pytest.mark.parametrize(("language", "ten", "eleven"), [("da", "ti", "11"), ("en", "ten", "11")])
def test_counts_up_to_ten_are_words_in_prose(language: Language, ten: str, eleven: str) -> None:
    assert words(10, language) == ten
    assert words(11, language) == eleven
    assert words(-1, language) == f"{MINUS}1"


def test_one_follows_the_gender_of_its_noun() -> None:
    child, family = noun("child"), noun("family")
    assert child
    assert family
    assert [counted(1, child), counted(1, family), counted(2, child)] == ["et barn", "en familie", "to børn"]
    assert counted(1, Noun("case", "cases"), "en") == "one case"


def test_a_noun_is_found_by_its_singular_and_plural_key() -> None:
    assert noun("municipality") == noun("municipalities")
    assert noun("moon") is None


def test_a_numerator_stands_with_its_base() -> None:
    assert out_of(1200, 3400) == f"1.200{NBSP}ud{NBSP}af{NBSP}3.400"
    assert out_of(3, 8, "en") == f"3{NBSP}of{NBSP}8"


@pytest.mark.parametrize(("language", "shown"), [("da", "31. december 2018"), ("en", "31 December 2018")])
def test_a_date_is_written_out(language: Language, shown: str) -> None:
    assert date(dt.date(2018, 12, 31), language) == shown
