"""Rates that differ from one another in one thing only: what no verb may set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from evaltools.estimate.indicators import Indicator, Rate, rate
from evaltools.language import Text


def indicator(**changes: Text | str | float) -> Indicator:
    """The network share of placements, with some of its parts changed."""
    whole = Indicator(
        name="network_share",
        label=Text("Netværksandel", "Network share"),
        numerator=Text("network", "network"),
        denominator=Text("all", "all"),
        unit=Text("placement", "placement"),
        direction=Text("up", "up"),
        age_base=Text("0-17 år", "age 0-17"),
        period=Text("flow", "flow"),
        definition=Text(
            "Anbringelser i netværket, af alle anbringelser.", "Placements in the network, of all placements."
        ),
        target_share=0.33,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # each test names fields of the indicator


SHARE: Final = indicator()
CHANGED: Final[Mapping[str, tuple[Indicator, str, str]]] = {
    "unit": (indicator(unit=Text("child", "child")), "UNLIKE_UNITS", 'the unit differs: "placement" and "child"'),
    "age base": (
        indicator(age_base=Text("0-22 år", "age 0-22")), "UNLIKE_AGE_BASES",
        'the age base differs: "0-17 år" and "0-22 år"',
    ),
    "period": (indicator(period=Text("stock", "stock")), "UNLIKE_PERIODS", 'the period differs: "flow" and "stock"'),
    "span": (
        indicator(span=Text("to år", "two years")), "UNLIKE_PERIODS", 'the period differs: "flow" and "flow, to år"',
    ),
    "denominator": (
        indicator(definition=Text("Anbringelser i netværket, af familieanbringelser.", "A, of family placements.")),
        "UNLIKE_DENOMINATORS", 'the denominator differs: "alle anbringelser" and "familieanbringelser"',
    ),
    "numerator": (
        indicator(definition=Text("Sammenbrud, af alle anbringelser.", "Breakdowns, of all placements.")),
        "UNLIKE_NUMERATORS", 'the numerator differs: "anbringelser i netværket" and "sammenbrud"',
    ),
}  # fmt: skip
"""What is changed -> the indicator that differs in it, the code of the refusal, and its words."""


def earlier() -> Rate:
    """20 of 120 in 2014."""
    return rate(SHARE, 20, 120, place="Aalborg", when="2014")


def later(changed: Indicator = SHARE) -> Rate:
    """33 of 130 in 2018."""
    return rate(changed, 33, 130, place="Aalborg", when="2018")
