"""Counted and published shares: what may be compared, what may only be cited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evaltools.errors import DesignError, SchemaError
from evaltools.estimate import Estimate, indicators
from refused import code_of

CASES: dict[str, object] = {
    "families": {
        "label": {"da": "Nye familier", "en": "New families"},
        "unit": "families",
        "measure": {"da": "nye familier fra eget netværk", "en": "new families from the own network"},
        "citation": {"da": "Kilden, 2014", "en": "The source, 2014"},
        "target": {"share": "0.33"},
        "counts": [
            {"id": "before", "count": "8", "base": "57", "period": {"da": "før", "en": "before"}},
            {"id": "after", "count": "22", "base": "98", "period": {"da": "efter", "en": "after"}},
        ],
    },
    "children": {
        "label": {"da": "Børn", "en": "Children"},
        "unit": "children",
        "measure": {"da": "børn", "en": "children"},
        "citation": {"da": "Kilden, 2014", "en": "The source, 2014"},
        "counts": [{"id": "stock", "count": "41", "base": "291", "period": {"da": "2013", "en": "2013"}}],
    },
    "breakdown": {
        "label": {"da": "Sammenbrud", "en": "Breakdowns"},
        "unit": "placements",
        "measure": {"da": "anbringelser", "en": "placements"},
        "citation": {"da": "Kilden", "en": "The source"},
        "counts": [{"id": "project", "count": "1", "base": "38", "period": {"da": "to år", "en": "two years"}}],
    },
    "cited": {
        "label": {"da": "Andel", "en": "Share"},
        "unit": "placements",
        "measure": {"da": "anbringelser", "en": "placements"},
        "citation": {"da": "Kilden", "en": "The source"},
        "cited": [
            {"id": "before", "percent": "6.34", "kind": "percent", "period": {"da": "før", "en": "before"}},
            {"id": "after", "percent": "9.14", "kind": "percent", "period": {"da": "efter", "en": "after"}},
        ],
    },
}


def case(name: str, period: str = "") -> Estimate:
    """A published case, or one period of it."""
    found = indicators.published_case(name, cases=CASES)
    return found.only(period=period) if period else found


def test_the_increase_in_kobenhavn_is_not_shown_by_its_counts() -> None:
    # evaluation-methods: +8.4 pp, -5.0 to +20.2 (Miettinen-Nurminen), Fisher p 0.29
    found = indicators.two_proportions(case("families", "before"), case("families", "after"))
    row = found.rows[0]
    assert row.low is not None
    assert row.high is not None
    assert (round(row.estimate, 3), round(row.low, 3), round(row.high, 3)) == (0.084, -0.050, 0.202)
    assert round(found.extra["fisher_p"], 2) == 0.29
    assert row.low < 0 < row.high
    assert found.source.origin == "published"
    assert found.source.code == (
        'two_proportions(published_case("families").only(period="before"), '
        'published_case("families").only(period="after"))'
    )


def test_the_share_in_kobenhavn_lies_under_its_target() -> None:
    later = case("families", "after")
    assert later.rows[0].low == pytest.approx(0.153, abs=5e-4)
    assert later.rows[0].high == pytest.approx(0.317, abs=5e-4)
    found = indicators.against_target(later, later.extra["target"])
    assert found.rows[0].high is not None
    assert found.rows[0].high < 0
    assert found.extra["p_value"] == pytest.approx(0.031, abs=5e-4)


def test_a_rare_event_gets_the_exact_interval_and_others_wilsons() -> None:
    rare, stock = case("breakdown").rows[0], case("children").rows[0]
    assert (rare.low, rare.high) == pytest.approx((0.0007, 0.1381), abs=5e-5)
    assert (stock.low, stock.high) == pytest.approx((0.106, 0.186), abs=5e-4)
    assert "Clopper-Pearson" in rare.method
    assert "Wilson" in stock.method


def test_a_percentage_without_counts_is_cited_and_never_tested() -> None:
    cited = case("cited", "after")
    row = cited.rows[0]
    assert row.estimate == pytest.approx(0.0914)
    assert (row.n, row.count, row.low) == (0, None, None)
    assert cited.notes
    with pytest.raises(DesignError, match="only the percentage") as caught:
        indicators.two_proportions(case("cited", "before"), cited)
    assert caught.value.code == "NO_COUNTS"
    assert code_of(lambda: indicators.against_target(cited, 0.1)) == "NO_COUNTS"


def test_children_and_families_are_never_compared() -> None:
    with pytest.raises(DesignError, match=r'the unit differs: "child" and "family"') as caught:
        indicators.two_proportions(case("children"), case("families", "after"))
    assert caught.value.code == "UNLIKE_UNITS"


def test_one_row_is_compared_with_one_row() -> None:
    assert code_of(lambda: indicators.two_proportions(case("families"), case("families"))) == "NOT_ONE_ROW"
    difference = indicators.two_proportions(case("families", "before"), case("families", "after"))
    assert code_of(lambda: indicators.against_target(difference, 0.3)) == "NOT_A_SHARE"


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ((22, 98), (8, 57)),
        ((0, 10), (0, 10)),
        ((10, 10), (0, 10)),
        ((1, 38), (5, 9)),
        ((7, 7), (6, 8)),
        ((1, 1), (0, 1)),
    ],
)
def test_swapping_the_groups_mirrors_the_interval(later: tuple[int, int], earlier: tuple[int, int]) -> None:
    low, high = indicators.miettinen_nurminen(later, earlier)
    swapped = indicators.miettinen_nurminen(earlier, later)
    assert (low, high) == pytest.approx((-swapped[1], -swapped[0]), abs=1e-10)
    assert -1 <= low <= later[0] / later[1] - earlier[0] / earlier[1] <= high <= 1


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: indicators.wilson(9, 8), "COUNT_ABOVE_BASE"),
        (lambda: indicators.wilson(-1, 8), "COUNT_ABOVE_BASE"),
        (lambda: indicators.wilson(0, 0), "NO_CASES_COUNTED"),
        (lambda: indicators.clopper_pearson(0.14, 57), "COUNT_NOT_WHOLE"),  # type: ignore[arg-type]
        (lambda: indicators.wilson(8, 57, 95), "LEVEL_NOT_A_SHARE"),
        (lambda: indicators.binomial_test(8, 57, 33), "TARGET_NOT_A_SHARE"),
        (lambda: indicators.fisher((9, 8), (1, 2)), "COUNT_ABOVE_BASE"),
    ],
)
def test_counts_that_cannot_be_are_refused(call: Callable[[], object], code: str) -> None:
    assert code_of(call) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "kommuner"}, "CASE_WITHOUT_SHAPE"),
        ({"citation": None}, "CASE_WITHOUT_SHAPE"),
        ({"counts": []}, "CASE_WITHOUT_SHAPE"),
        ({"counts": "8 of 57"}, "CASE_WITHOUT_SHAPE"),
        ({"counts": [{"id": "a", "period": "2012", "of": "3"}]}, "CASE_WITHOUT_SHAPE"),
        ({"counts": [{"id": "a", "period": "2012", "count": "3"}]}, "COUNTS_INCOMPLETE"),
        ({"counts": [{"id": "a", "period": "2012", "count": "9,14", "base": "98"}]}, "COUNT_NOT_WHOLE"),
        ({"counts": [{"id": "a", "period": "2012", "count": "99", "base": "98"}]}, "COUNT_ABOVE_BASE"),
        ({"cited": [{"id": "a", "period": "2012", "low": "40", "high": "50"}]}, "CITED_RANGE"),
        ({"cited": [{"id": "a", "period": "2012", "percent": "ni"}]}, "CASE_WITHOUT_SHAPE"),
    ],
)
def test_a_case_that_lacks_something_is_refused(changes: dict[str, object], code: str) -> None:
    entry = {**CASES["families"], **changes}  # type: ignore[dict-item]
    entry = {key: value for key, value in entry.items() if value is not None}
    assert code_of(lambda: indicators.published_case("families", cases={"families": entry})) == code


def test_an_unknown_case_is_named_with_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match='Did you mean "families"') as caught:
        indicators.published_case("famlies", cases=CASES)
    assert caught.value.code == "NO_SUCH_CASE"
    assert code_of(lambda: indicators.published_case("families")) == "NO_CASES_GIVEN"
    with pytest.raises(SchemaError):
        indicators.published_case("families", tmp_path)
    (tmp_path / "published_cases.yaml").write_text("stories: {}\n", encoding="utf-8")
    assert code_of(lambda: indicators.published_case("families", tmp_path)) == "CASE_WITHOUT_SHAPE"


def test_every_shipped_case_can_be_read_or_says_why_not() -> None:
    folder = Path(__file__).parents[3] / "data_dictionary"
    known = indicators.read_published_cases(folder)
    readable = {name for name in known if name != "kobenhavn_waiting"}
    for name in readable:
        assert indicators.published_case(name, folder).rows
    assert code_of(lambda: indicators.published_case("kobenhavn_waiting", folder)) == "CITED_RANGE"
