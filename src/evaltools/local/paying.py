"""What an investment costs and when it would pay: from the register's own prices, or from what somebody assumed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from evaltools.errors import DesignError
from evaltools.estimate.economy import Amount, break_even, cost_per_day, incremental_cost, tornado
from evaltools.estimate.result import Estimate
from evaltools.language import Language, texts
from evaltools.local.counting import amount
from evaltools.local.setting import Local
from evaltools.local.years import Year, may_tell_days

PRICES: Final[Mapping[str, str]] = MappingProxyType({"price_institution": "institution", "price_foster": "foster"})
PAYS: Final = ("investment", "price_institution", "price_foster")
MORE: Final = ("cost_before", "cost_after", "effect_before", "effect_after")
ASSUMED: Final = (*PAYS, *MORE)
"""Amounts that a file of assumptions may say."""
_SPENT_MORE: Final = ("cost_casework", "cost_preventive", "cost_school")
SPENT: Final = ("cost_foster", "cost_institution", *_SPENT_MORE)
"""What the register tells of spending, in thousands of kroner."""
_EFFECT: Final = "days_foster"
_THOUSAND: Final = 1000.0
_NEVER: Final = ("NEVER_PAYS", "NOT_POSITIVE")
_NO_RATIO: Final = ("SAME_EFFECT", "DIVIDED_BY_ZERO")
_FORMULA: Final = "investment / (price_institution - price_foster)"


def day_price(local: Local, year: Year, kind: str) -> Estimate | None:
    """What a day in a kind of care cost in a year; None where that is not known or may not be told."""
    cost, days = amount(year.values.get(f"cost_{kind}")), amount(year.values.get(f"days_{kind}"))
    if cost is None or not days or not may_tell_days(local, year, kind):
        return None
    return cost_per_day(_THOUSAND * cost, days, language=local.language)


def amounts_of(local: Local, over: Sequence[Year]) -> dict[str, Amount]:
    """What is calculated with: what the file of assumptions says, and what the register tells of the rest."""
    found = {**_prices(local, over), **_investment(local, over), **_before_and_after(local, over)}
    return found | dict(local.assumed.amounts)


def pays_after(local: Local, known: Mapping[str, Amount]) -> Estimate | None:
    """How many days must be in foster care in place of residential care until a year's investment is covered.

    None where an amount is not known, or where nothing is saved somewhere in the ranges.
    """
    return _unless(_NEVER, break_even, [known.get(name) for name in PAYS], local.language)


def hangs_on(local: Local, known: Mapping[str, Amount]) -> Estimate:
    """How far the days until it pays move with each amount; only where `pays_after` has a value."""
    return tornado(
        _FORMULA,
        {name: known[name] for name in PAYS},
        label=local.say("investment.days"),
        names={name: local.say(f"investment.amount.{name}") for name in PAYS},
        unit=texts(local.language).say("economy.unit.days"),
        language=local.language,
    )


def more_for_more(local: Local, known: Mapping[str, Amount]) -> Estimate | None:
    """What one more of the effect cost; None where an amount is not known or the effect did not change."""
    return _unless(_NO_RATIO, incremental_cost, [known.get(name) for name in MORE], local.language)


def _unless(
    refused: Collection[str], verb: Callable[..., Estimate], amounts: Sequence[Amount | None], language: Language
) -> Estimate | None:
    """What the verb makes of the amounts; None where one is not known, or where it refuses them by one of the codes."""
    if any(each is None for each in amounts):
        return None
    try:
        return verb(*amounts, language=language)
    except DesignError as error:
        if error.code not in refused:
            raise
        return None


def _prices(local: Local, over: Sequence[Year]) -> dict[str, Amount]:
    """The price of a day of each kind, of the latest year that has one."""
    found = {}
    for name, kind in PRICES.items():
        told = [(year, price) for year in over if (price := day_price(local, year, kind)) is not None]
        if told:
            year, price = told[-1]
            source = local.say("investment.register", year=year.year)
            found[name] = _let_vary(local, price.rows[0].estimate, source)
    return found


def _investment(local: Local, over: Sequence[Year]) -> dict[str, Amount]:
    """What more was spent on staff, prevention and schools in the last year than in the first; nothing if not more."""
    spent = [(year, total) for year in over if (total := _sum(year, _SPENT_MORE)) is not None]
    if len(spent) < 2 or spent[-1][1] <= spent[0][1]:
        return {}
    more = spent[-1][1] - spent[0][1]
    source = local.say("investment.register_change", last=spent[-1][0].year, first=spent[0][0].year)
    return {"investment": _let_vary(local, more, source)}


def _before_and_after(local: Local, over: Sequence[Year]) -> dict[str, Amount]:
    """All that was spent and the days in foster care, in the first and the last year with both."""
    both = [
        (year, cost, effect)
        for year in over
        if (cost := _sum(year, SPENT)) is not None
        and (effect := amount(year.values.get(_EFFECT))) is not None
        and all(may_tell_days(local, year, kind) for kind in PRICES.values())
    ]
    if len(both) < 2:
        return {}
    found: dict[str, Amount] = {}
    for name, (year, cost, effect) in (("before", both[0]), ("after", both[-1])):
        source = local.say("investment.register", year=year.year)
        found |= {f"cost_{name}": Amount(cost, source=source), f"effect_{name}": Amount(effect, source=source)}
    return {name: _made_up(local, each) for name, each in found.items()}


def _sum(year: Year, names: Sequence[str]) -> float | None:
    found = [amount(year.values.get(name)) for name in names]
    known = [each for each in found if each is not None]
    return _THOUSAND * sum(known) if len(known) == len(found) else None


def _let_vary(local: Local, value: float, source: str) -> Amount:
    """An amount of the register with the spread that is assumed around it, in whole kroner."""
    part = local.assumed.spread / 100
    return _made_up(local, Amount(value, float(round(value * (1 - part))), float(round(value * (1 + part))), source))


def _made_up(local: Local, found: Amount) -> Amount:
    """The amount with the origin of the file."""
    return Amount(found.value, found.low, found.high, found.source, local.file.origin)
