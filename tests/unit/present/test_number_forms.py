"""One number in every form, and the digits that its base allows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaltools.errors import DesignError, ReleaseError
from evaltools.estimate import result as results
from evaltools.estimate.result import Estimate, Measured, Row
from evaltools.language import Language
from evaltools.present import Number, fixed, number, release
from made_results import monitored, published, share_row, shares, source, survived


def forms(count: int, n: int, N: int | None = 98, language: Language = "da") -> dict[str, str]:
    made = number(release(shares({"m1": (count, n)}, N=N)), language=language)
    return {form: text.replace("\u00a0", " ") for form, text in made.shown.items()}


def of_measure(measure: Measured, value: float, *, n: int = 60, low: float = 0.0, unit: str = "") -> Number:
    row = Row((("row", "a"),), ("a",), value, n, float(n), "linear", low=low, high=2 * value)
    return number(release(Estimate(measure, (row,), source(), unit=unit)))


def test_a_share_of_69_municipalities_is_told_in_whole_per_cent() -> None:
    assert forms(41, 69) == {
        "": "59 pct.",
        "bare": "59",
        "n": "69",
        "N": "98",
        "count": "41",
        "counts": "41 ud af 69",
        "share": "41 ud af 69 kommuner",
        "interval": "49–69 pct.",
        "limits": "49–69",
        "bounds": "42–71 pct.",
        "outer": "42–71",
        "population": "mellem 49 og 68 af de 98 kommuner",
        "words": "et flertal",
    }


def test_a_base_under_twenty_is_told_in_counts_only() -> None:
    few = forms(3, 8)
    assert few[""] == "3 ud af 8 kommuner"
    assert few["bare"] == "3 ud af 8"
    assert forms(3, 19)[""] == "3 ud af 19 kommuner"
    assert forms(3, 20)[""] == "15 pct."


def test_a_decimal_needs_a_base_over_a_thousand() -> None:
    assert forms(501, 1000, None)[""] == "50 pct."
    assert forms(501, 1001, None)[""] == "50,0 pct."


def test_a_published_percentage_keeps_the_decimals_of_its_source() -> None:
    assert number(release(published(None, 0, share=0.0914))).shown[""] == "9,14\u00a0pct."
    assert number(release(published(22, 98))).shown[""] == "22\u00a0pct."


def test_a_share_that_is_not_nothing_is_never_shown_as_nothing() -> None:
    assert forms(1, 999, None)[""] == "under 1 pct."
    assert forms(998, 999, None)[""] == "over 99 pct."
    assert forms(0, 999, None)[""] == "0 pct."


def test_a_limit_that_is_not_nothing_is_never_shown_as_nothing() -> None:
    row = replace(share_row(1, 38, None, row="a"), low=0.00067, high=0.138)
    assert number(release(Estimate("share", (row,), source()))).shown["limits"] == "0,1–13,8"


def test_english_numbers_have_english_marks_and_words() -> None:
    assert forms(41, 69, language="en")[""] == "59 per cent"
    assert forms(3, 8, language="en")["counts"] == "3 of 8"


def test_a_difference_is_given_in_percentage_points() -> None:
    made = of_measure("difference", 0.084, low=-0.05)
    assert made.unit == "percentage_points"
    assert made.value == pytest.approx(8.4)
    assert made.shown[""] == "8\u00a0procentpoint"
    assert made.shown["limits"] == "−5 til 17"


@pytest.mark.parametrize(
    ("measure", "value", "unit", "shown"),
    [
        ("total", 1234.4, "", "1.234"),
        ("mean", 12.34, "", "12,3"),
        ("mean", 123.4, "", "123"),
        ("ratio", 0.14, "", "0,1"),
        ("coefficient", 0.1234, "", "0,123"),
        ("mean", 45500.0, "kroner", "45.500\u00a0kr."),
    ],
)
def test_other_measures_have_the_digits_that_suit_them(measure: Measured, value: float, unit: str, shown: str) -> None:
    assert of_measure(measure, value, unit=unit).shown[""] == shown


def test_what_cannot_be_told_is_a_dot() -> None:
    row = Row((("row", "a"),), ("a",), float("nan"), 0, 0.0, "exact", count=0)
    made = number(release(Estimate("share", (row,), source())))
    assert made.value is None
    assert made.shown[""] == "·"


def test_a_hidden_number_has_no_value_and_one_text_in_every_form() -> None:
    made = number(release(shares({"m1": (2, 40)}, where=source("children"))))
    assert (made.value, made.n, made.N, made.low, made.high, made.base) == (None,) * 6
    assert set(made.shown.values()) == {"vises ikke"}
    assert made.disclosure == "hidden"


def test_the_code_of_a_number_names_its_row_and_column() -> None:
    released = release(shares({"m1": (41, 69), "m2": (20, 69)}))
    assert number(released, row="m2").source.code == f"{released.result.source.code}.row(row='m2').percent"
    assert number(released, row="m2", column="n").source.code.endswith(".row(row='m2').n")


def test_the_value_is_what_the_code_gives() -> None:
    result = shares({"m1": (41, 69)})
    assert number(release(result)).value == result.row(row="m1").percent


@pytest.mark.parametrize(("column", "shown"), [("n", "69"), ("N", "98"), ("count", "41"), ("se", "0,050")])
def test_a_column_beside_the_estimate_is_a_number_too(column: str, shown: str) -> None:
    made = number(release(shares({"m1": (41, 69)})), column=column)
    assert made.shown[""] == shown
    assert made.low is None


def test_an_unknown_column_is_refused_with_the_near_one() -> None:
    with pytest.raises(ReleaseError) as refused:
        number(release(shares({"m1": (41, 69)})), column="estimat")
    assert refused.value.code == "NO_SUCH_COLUMN"
    assert '"estimate"' in str(refused.value)


def test_a_row_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DesignError) as refused:
        number(release(shares({"m1": (41, 69)})), row="m9")
    assert refused.value.code == "NO_SUCH_ROW"


@pytest.mark.parametrize(("p_value", "shown"), [(0.29, "0,29"), (0.0312, "0,031"), (0.0001, "under 0,001")])
def test_a_test_has_its_p_value(p_value: float, shown: str) -> None:
    made = number(release(results.Test("Fisher", 1.5, p_value, "Fishers eksakte test", source())), column="p_value")
    assert made.shown[""] == shown
    assert made.source.code.endswith(".p_value")


def test_a_curve_has_a_number_at_each_of_its_points() -> None:
    released = release(monitored([(9, 60), (12, 40)]))
    made = number(released, at="2018-K1")
    assert (made.value, made.shown[""], made.shown["counts"]) == (15.0, "15\u00a0pct.", "9\u00a0ud\u00a0af\u00a060")
    assert made.source.code.endswith(".point('2018-K1').percent")
    assert number(released, at="2018-K2", column="n").value == 40
    with pytest.raises(DesignError) as refused:
        number(released, at="2019")
    assert refused.value.code == "NO_SUCH_POINT"
    with pytest.raises(ReleaseError) as unknown:
        number(released, at="2018-K1", column="middle")
    assert unknown.value.code == "NO_SUCH_COLUMN"


def test_a_share_that_is_read_off_a_survival_curve_is_no_count_of_those_still_at_risk() -> None:
    made = number(release(survived([(0, 30, 0), (12, 15, 6)])), at="12")
    assert made.shown[""] == "60\u00a0pct."
    assert "counts" not in made.shown


def test_a_point_that_is_left_out_is_told_in_words() -> None:
    made = number(release(survived([(0, 30, 0), (6, 30, 2), (12, 20, 6)])), at="6")
    assert (made.value, made.shown[""]) == (None, "vises ikke")


def test_a_constant_needs_a_source() -> None:
    assert fixed(98, "Danmarks Statistik").shown[""] == "98"
    assert fixed(2018, "Spørgeskemaet", unit="year").shown[""] == "2018"
    assert fixed(9.14, "Aalborg", unit="percent").shown[""] == "9,14\u00a0pct."
    assert fixed("40-50", "København").shown[""] == "40-50"
    assert fixed(98, "Danmarks Statistik").source.citation == "Danmarks Statistik"
    with pytest.raises(ReleaseError) as refused:
        fixed(98, " ")
    assert refused.value.code == "FIXED_WITHOUT_SOURCE"


def test_the_noun_comes_from_the_unit_or_from_the_universe() -> None:
    where = source(unit="municipality", universe="Alle 98 kommuner, der har svaret på spørgsmålet")
    assert number(release(shares({"m1": (3, 8)}, where=where))).shown[""].endswith(" kommuner")
    where = source(universe="Alle 98 kommuner, der har svaret på spørgsmålet")
    assert number(release(shares({"m1": (3, 8)}, where=where))).shown[""].endswith(" kommuner")


def test_a_ratio_of_a_part_is_read_as_per_cent_of_its_cases() -> None:
    row = Row((("row", "a"),), ("a",), 216 / 2403, 19, 19.0, "ratio", summed=216.0, summed_of=2403.0)
    made = number(release(Estimate("ratio", (row,), source("children"), unit="percent")))
    assert made.unit == "percent"
    assert made.shown[""] == "9,0\u00a0pct."
    assert made.shown["counts"] == "216\u00a0ud\u00a0af\u00a02.403"
    assert made.source.code.endswith(".percent")


def test_a_weighted_ratio_has_no_counts() -> None:
    row = Row((("row", "a"),), ("a",), 0.08, 19, 19.0, "ratio", summed=216.0, summed_of=2403.0)
    made = number(release(Estimate("ratio", (row,), source("children"), unit="percent")))
    assert "counts" not in made.shown
