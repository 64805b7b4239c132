"""Charts over rates go through what each rate is made of: unlike ones are refused by the name of the part that differs."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import DesignError
from evaltools.estimate import Estimate
from evaltools.estimate.indicators import Base, Indicator, rate, rates, shares
from evaltools.estimate.monitor import counts_of, funnel, p_chart
from evaltools.language import Text

NETWORK = Base("in the network", "all new placements", "placement", "0-17", "flow", "quarter")


def indicator() -> Indicator:
    label, numerator, denominator, unit, flow = (
        Text(word, word) for word in ("Network", "in the network", "all new placements", "placement", "flow")
    )
    return Indicator("network", label, numerator, denominator, unit, period=flow)


def quarter(count: int, when: str, made_of: Base | None = NETWORK) -> Estimate:
    estimate = shares([rate(indicator(), count, 80, when=when)], language="en")
    return replace(estimate, source=replace(estimate.source, made_of=made_of))


def test_rates_of_one_indicator_make_a_chart_that_keeps_what_they_are_made_of() -> None:
    table = pd.DataFrame({"when": ["2018-Q1", "2018-Q2", "2018-Q3"], "r": [9, 11, 8], "n": [80, 92, 85]})
    estimate = shares(rates(table, indicator(), count="r", base="n", when="when"), language="en")
    chart = p_chart(counts_of(estimate))
    assert [point.at for point in chart.points] == ["Q1 2018", "Q2 2018", "Q3 2018"]
    assert chart.source.made_of == estimate.source.made_of
    figure = ev.control_chart(ev.release(chart), "Shares", language="en")
    assert "all new placements" in figure.note


def test_rates_of_places_make_a_funnel() -> None:
    table = pd.DataFrame({"town": ["Aarhus", "Randers", "Vejle"], "r": [30, 29, 2], "n": [310, 98, 12]})
    made = funnel(counts_of(shares(rates(table, indicator(), count="r", base="n", place="town"))))
    assert [point.at for point in made.points] == ["Aarhus", "Randers", "Vejle"]


@pytest.mark.parametrize(
    ("changes", "code", "name"),
    [
        ({"unit": "child"}, "UNLIKE_UNITS", "unit"),
        ({"age_base": "0-22"}, "UNLIKE_AGE_BASES", "age base"),
        ({"period": "stock"}, "UNLIKE_PERIODS", "period"),
        ({"denominator": "family placements"}, "UNLIKE_DENOMINATORS", "denominator"),
    ],
)
def test_periods_whose_rates_differ_in_one_part_are_refused_by_its_name(
    changes: dict[str, str], code: str, name: str
) -> None:
    with pytest.raises(DesignError) as refused:
        counts_of([quarter(9, "2018-Q1"), quarter(11, "2018-Q2", replace(NETWORK, **changes))])
    assert refused.value.code == code
    assert f"the {name} differs" in str(refused.value)


def test_a_rate_that_does_not_say_what_it_is_made_of_never_stands_beside_one_that_does() -> None:
    with pytest.raises(DesignError) as refused:
        counts_of([quarter(9, "2018-Q1"), quarter(11, "2018-Q2", None)])
    assert refused.value.code == "BASE_NOT_SAID"


def test_single_rates_of_one_base_make_a_chart_in_the_order_of_the_calendar() -> None:
    made = counts_of([quarter(9, "2018-Q2"), quarter(11, "2018-Q1")], at="when")
    assert made.frame["count"].tolist() == [11, 9]
