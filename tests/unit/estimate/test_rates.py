"""Rates know what they are made of: what may be tested, what only cited, and what never stands side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import beta

from evaltools import estimate as ev
from evaltools.errors import DesignError
from evaltools.estimate import Estimate, indicators
from evaltools.estimate.indicators import Indicator, Rate
from evaltools.language import Text
from every_verb import sample
from refused import code_of
from unlike_rates import CHANGED, SHARE, earlier, indicator, later

PROJECT = Path(__file__).parents[3]
DICTIONARY = PROJECT / "data_dictionary"
COMPARED: dict[str, Callable[[Rate, Rate], object]] = {
    "shares": lambda one, other: indicators.shares([one, other]),
    "two_proportions": indicators.two_proportions,
    "two_proportions of estimates": lambda one, other: indicators.two_proportions(
        indicators.shares(one), indicators.shares(other)
    ),
    "shrunken": lambda one, other: indicators.shrunken([one, one, other]),
    "variation": lambda one, other: indicators.variation([one, one, other]),
}


@pytest.mark.parametrize("verb", COMPARED)
@pytest.mark.parametrize("part", CHANGED)
def test_rates_that_differ_in_one_part_are_refused_by_its_name(part: str, verb: str) -> None:
    changed, code, problem = CHANGED[part]
    with pytest.raises(DesignError) as refused:
        COMPARED[verb](earlier(), later(changed))
    assert refused.value.code == code
    assert refused.value.faults[0].problem == problem
    assert refused.value.faults[0].remedy


@pytest.mark.parametrize("part", CHANGED)
def test_answers_of_unlike_indicators_are_never_put_together(part: str) -> None:
    changed, code, _ = CHANGED[part]
    design = sample()
    parts = {
        "one": indicators.as_indicator(ev.proportion(design, "uses", category="yes"), SHARE),
        "other": indicators.as_indicator(ev.ratio(design, "network", "cases"), changed),
    }
    with pytest.raises(DesignError) as refused:
        ev.together(design, parts)
    assert refused.value.code == code


def test_a_rate_that_says_what_it_is_made_of_never_meets_one_that_does_not() -> None:
    found = indicators.shares(earlier())
    silent = replace(found, source=replace(found.source, made_of=None))
    assert code_of(lambda: indicators.two_proportions(found, silent)) == "BASE_NOT_SAID"
    assert indicators.two_proportions(silent, silent).rows[0].estimate == 0


def test_like_rates_are_compared_in_every_way_that_small_counts_allow() -> None:
    found = indicators.two_proportions(earlier(), later())
    row = found.rows[0]
    assert row.estimate == pytest.approx(33 / 130 - 20 / 120)
    assert (row.low, row.high) == pytest.approx(indicators.miettinen_nurminen((33, 130), (20, 120)))
    assert (found.extra["newcombe_low"], found.extra["newcombe_high"]) == pytest.approx(
        indicators.newcombe((33, 130), (20, 120))
    )
    assert found.extra["risk_ratio"] == pytest.approx((33 / 130) / (20 / 120))
    assert found.extra["probability_larger"] == pytest.approx(indicators.probability_of_increase((33, 130), (20, 120)))
    assert found.source.code == (
        'two_proportions(shares([rate("network_share", 20, 120, place="Aalborg", when="2014")]), '
        'shares([rate("network_share", 33, 130, place="Aalborg", when="2018")]))'
    )


def test_a_percentage_without_counts_is_cited_and_never_tested() -> None:
    before = indicators.cited_rate(SHARE, 6.34, citation="Kommunens side, 2014", place="Aalborg", when="2012")
    after = indicators.cited_rate(SHARE, 9.14, citation="Kommunens side, 2014", place="Aalborg", when="2014")
    shown = indicators.shares([before, after])
    assert shown.source.origin == "published"
    assert [(row.n, row.low, row.count) for row in shown.rows] == [(0, None, None)] * 2
    assert shown.notes == ("Der er kun offentliggjort procenter uden antal; forskellen kan ikke testes.",)
    for tested in (
        lambda: indicators.two_proportions(before, after),
        lambda: indicators.two_proportions(earlier(), after),
        lambda: indicators.status(after),
        lambda: indicators.against_target(after, 0.33),
        lambda: indicators.shrunken([before, after, after]),
        lambda: indicators.shares([earlier(), after]),
    ):
        assert code_of(tested) == "NO_COUNTS"


def test_a_target_is_missed_reached_or_open_with_its_probability() -> None:
    # 22 of 98 against 33 per cent: 1 - pbeta(0.33, 22.5, 76.5) in R 4.2.2 is 0.0112, binom.test gives 0.0310
    found = indicators.status(indicators.rate(indicator(), 22, 98))
    assert found.statistic == pytest.approx(beta.sf(0.33, 22.5, 76.5), rel=1e-10)
    assert round(found.statistic, 4) == 0.0112
    assert round(found.p_value, 4) == 0.0310
    assert found.estimate == pytest.approx(22 / 98 - 0.33)
    assert found.notes[0].replace("\u00a0", " ") == (
        "Målet er ikke nået: 22 ud af 98 (22 pct.) med et 95-procents interval på 15–32 pct. mod målet om 33 pct. "
        "Sandsynligheden for, at den sande andel er mindst 33 pct., er 1 pct."
    )
    assert indicators.status(indicators.rate(SHARE, 60, 98)).notes[0].startswith("Målet er nået:")
    assert indicators.status(indicators.rate(SHARE, 30, 98)).notes[0].startswith("Tallene kan ikke vise")
    assert indicators.status(earlier(), 0.05).statistic > 0.999


def test_where_less_is_better_a_target_is_reached_from_above() -> None:
    breakdown = indicator(direction=Text("down", "down"), target_share=0.1)
    found = indicators.status(indicators.rate(breakdown, 1, 100))
    assert found.statistic == pytest.approx(beta.cdf(0.1, 1.5, 99.5), rel=1e-10)
    assert found.notes[0].startswith("Målet er nået:")
    assert "højst 10" in found.notes[0]
    english = indicators.status(
        indicators.shares(indicators.rate(breakdown, 30, 100), language="en"), 0.1, direction="down"
    )
    assert english.notes[0].replace("\u00a0", " ").startswith("The target is not reached: 30 of 100 (30 per cent)")
    assert "is under 1 per cent." in english.notes[0].replace("\u00a0", " ")
    assert english.source.code.endswith('language="en"), 0.1, direction="down")')


def test_the_dictionary_says_what_each_indicator_is_made_of() -> None:
    known = indicators.read_indicators(DICTIONARY)
    for each in known.values():
        for language in ("da", "en"):
            made = indicators.base_of(each, language)
            assert made.numerator != made.denominator, each.name
            assert made.unit in ("child", "family", "placement", "meeting", "municipality")
            assert not made.denominator.endswith("."), each.name
    placed, foster = known["i11a_network_of_all"], known["i11b_network_of_foster"]
    fault = indicators.unlike(indicators.base_of(placed), indicators.base_of(foster))
    assert fault is not None
    assert fault.code == "UNLIKE_DENOMINATORS"
    families, children = known["i14b_respite_families"], known["i14_respite_children"]
    fault = indicators.unlike(indicators.base_of(families), indicators.base_of(children))
    assert fault is not None
    assert fault.code == "UNLIKE_UNITS"


def test_a_baseline_with_counts_is_a_rate() -> None:
    families = indicators.read_indicators(DICTIONARY)["i14b_respite_families"]
    before = indicators.baseline_rate(families)
    assert (before.count, before.base) == (8, 57)
    assert before.when == "København 8 af 57 familier, medio 2010 til medio 2011"
    found = indicators.two_proportions(before, indicators.rate(families, 22, 98, when="2012"))
    assert round(found.rows[0].estimate, 3) == 0.084


def test_a_table_of_counts_becomes_rates() -> None:
    frame = pd.DataFrame({"who": ["A", "B", "C"], "year": [2017, 2017, 2018], "x": [1.0, 0.0, 3.0], "n": [9, 0, 12]})
    found = indicators.rates(frame, SHARE, count="x", base="n", place="who", when="year")
    assert [(each.place, each.when, each.count, each.base) for each in found] == [
        ("A", "2017", 1, 9),
        ("C", "2018", 3, 12),
    ]
    assert list(frame.columns) == ["who", "year", "x", "n"]


def test_an_estimate_from_answers_says_which_indicator_it_is() -> None:
    share = ev.proportion(sample(), "uses", category="yes")
    found = indicators.as_indicator(share, SHARE)
    assert found.source.made_of == indicators.base_of(SHARE, share.source.language)
    assert found.rows == share.rows
    assert found.source.code == f'as_indicator({share.source.code}, "network_share")'


def fresh(**changes: Text | str | float) -> Indicator:
    return replace(SHARE, **changes)  # type: ignore[arg-type]  # each line names fields of the indicator


MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "more than there are": ("COUNT_ABOVE_BASE", lambda: indicators.rate(SHARE, 9, 8)),
    "half a child": ("COUNT_NOT_WHOLE", lambda: indicators.rate(SHARE, 1.5, 8)),  # type: ignore[arg-type]
    "nobody": ("NO_CASES_COUNTED", lambda: indicators.rate(SHARE, 0, 0)),
    "more than live": ("BASE_TOO_LARGE", lambda: indicators.rate(SHARE, 1, 10**8)),
    "a period of its own": ("NO_SUCH_PERIOD", lambda: indicators.rate(fresh(period=Text("yearly", "yearly")), 1, 8)),
    "a share for a percentage": ("NOT_A_PERCENTAGE", lambda: indicators.cited_rate(SHARE, 914, citation="Kilde")),
    "no source": ("CITED_WITHOUT_SOURCE", lambda: indicators.cited_rate(SHARE, 9.14, citation=" ")),
    "no rate": ("NO_RATES", lambda: indicators.shares([])),
    "no such level": ("LEVEL_NOT_A_SHARE", lambda: indicators.shares(earlier(), level=95)),
    "no such language": ("NO_SUCH_LANGUAGE", lambda: indicators.shares(earlier(), language="de")),  # type: ignore[arg-type]
    "no such column": (
        "NO_SUCH_VARIABLE",
        lambda: indicators.rates(pd.DataFrame({"x": [1]}), SHARE, count="x", base="n"),
    ),
    "no such indicator": ("NO_SUCH_INDICATOR", lambda: indicators.indicator_named("network", {"network_share": SHARE})),
    "no target": ("NO_TARGET", lambda: indicators.status(indicators.shares(earlier()))),
    "a target in per cent": ("TARGET_NOT_A_SHARE", lambda: indicators.status(earlier(), 33)),
    "no baseline": ("NO_BASELINE", lambda: indicators.baseline_rate(SHARE)),
    "a mean": ("NOT_A_SHARE", lambda: indicators.as_indicator(ev.mean(sample(), "score"), SHARE)),
    "a mean against a target": ("NOT_A_SHARE", lambda: indicators.status(ev.mean(sample(), "score"), 0.3)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_nonsense_is_refused_with_a_remedy(mistake: str) -> None:
    code, made = MISTAKES[mistake]
    with pytest.raises(DesignError) as refused:
        made()
    assert refused.value.code == code
    assert refused.value.faults[0].remedy


def test_a_rate_without_place_or_time_is_called_by_its_indicator() -> None:
    found: Estimate = indicators.shares(indicators.rate(SHARE, 3, 40))
    assert found.rows[0].labels == ("Netværksandel",)
    assert found.rows[0].method == "binomial andel, eksakt interval (Clopper-Pearson)"
