"""Costs of a placement day, of doing more than before, until it pays, and payments in the money of one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call, literal
from evaltools.estimate.economy.amounts import Amount, Given, checked, estimate_of, literal_of, source_of
from evaltools.estimate.economy.formula import value_of
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, number, texts

_DAYS_PER_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a result: language, own notes, unit."""

    language: Language
    notes: tuple[str, ...] = ()
    unit: str = "kroner"


def cost_per_day(cost: Given, days: Given, *, language: Language = "da") -> Estimate:
    """What one placement day costs: all that was spent, divided by the days that children were placed.

    cost : in kroner, over the time in which `days` were counted. days : placement days, 100 children for a year are
    36,525. language : of the words around it. Returns one row in kroner.
    Raises `DesignError`: NOT_POSITIVE, AMOUNT_NOT_A_NUMBER, RANGE_WRONG.

    >>> round(cost_per_day(54_000_000, 36_525).rows[0].estimate)
    1478
    """
    known = _positive({"days": days}) | checked({"cost": cost})
    return _named("cost_per_day", "cost / days", known, ("cost", "days"), _Said(language))


def incremental_cost(
    cost_before: Given, cost_after: Given, effect_before: Given, effect_after: Given, *, language: Language = "da"
) -> Estimate:
    """What one more of the effect costs: the difference in cost by the difference in effect.

    cost_before, cost_after : in kroner, over the same time and of the same children. effect_before, effect_after : what
    is gained, such as placements that held, where more is better. language : of the words around it.
    Returns one row in kroner for one more; the notes say it in words where the new way is both cheaper and better (or
    dearer and worse), since the figure then says nothing.
    Raises `DesignError`: SAME_EFFECT, DIVIDED_BY_ZERO (ranges in which the effect may be the same),
    AMOUNT_NOT_A_NUMBER, RANGE_WRONG.
    Source: Drummond and others (2015), Methods for the Economic Evaluation of Health Care Programmes, chapter 3.

    >>> incremental_cost(1_000_000, 1_600_000, 40, 52).rows[0].estimate
    50000.0
    """
    known = checked({"cost_before": cost_before, "cost_after": cost_after})
    known |= checked({"effect_before": effect_before, "effect_after": effect_after})
    dearer = known["cost_after"].value - known["cost_before"].value
    better = known["effect_after"].value - known["effect_before"].value
    if better == 0:
        problem, remedy = "the effect is the same before and after", "Compare the costs alone: `computed`."
        raise DesignError(Fault("SAME_EFFECT", "incremental_cost", problem, remedy))
    say = texts(language).say
    notes = [say("economy.note.dominates")] if dearer <= 0 < better else []
    notes += [say("economy.note.dominated")] if better < 0 <= dearer else []
    notes += [say("economy.note.trade")] if better < 0 and dearer < 0 else []
    formula = "(cost_after - cost_before) / (effect_after - effect_before)"
    order = ("cost_before", "cost_after", "effect_before", "effect_after")
    return _named("incremental_cost", formula, known, order, _Said(language, tuple(notes)))


def break_even(investment: Given, price_before: Given, price_after: Given, *, language: Language = "da") -> Estimate:
    """How many placement days must change price before an investment has paid for itself.

    investment : in kroner. price_before, price_after : per placement day, such as of residential and of network care.
    language : of the words around it. Returns one row in days; the notes tell it in years of one child's placement.
    Raises `DesignError`: NEVER_PAYS where the new price is not the lower one, anywhere in the ranges; NOT_POSITIVE,
    AMOUNT_NOT_A_NUMBER, RANGE_WRONG.

    >>> break_even(2_000_000, 3_500, 1_000).rows[0].estimate
    800.0
    """
    known = _positive({"investment": investment}) | checked({"price_before": price_before, "price_after": price_after})
    least, most = known["price_before"].range[0], known["price_after"].range[1]
    if most >= least:
        problem = f"at {least:g} before and {most:g} after, nothing is saved"
        remedy = "It pays only where the new price is the lower one; narrow the ranges, or say that it may never pay."
        raise DesignError(Fault("NEVER_PAYS", "break_even", problem, remedy))
    formula = "investment / (price_before - price_after)"
    days = value_of(formula, {name: amount.value for name, amount in known.items()})
    years = texts(language).say("economy.note.years", years=_one_digit(days / _DAYS_PER_YEAR, language))
    order = ("investment", "price_before", "price_after")
    return _named(
        "break_even", formula, known, order, _Said(language, (years,), texts(language).say("economy.unit.days"))
    )


def present_value(payments: Sequence[float], *, rate: float, language: Language = "da") -> Estimate:
    """Payments of several years in the money of the first: each discounted by `rate` for every year it comes later.

    payments : kroner by year, the first year's first, costs as positive numbers. rate : a year (0.035 for 3.5 per
    cent); it has no default, since the Ministry of Finance sets it for public projects and changes it. language : of
    the words around it. Returns a row per year and the sum as the last; `extra` has the sum `undiscounted`.
    Raises `DesignError`: NO_PAYMENTS, RATE_NOT_A_SHARE, AMOUNT_NOT_A_NUMBER.

    >>> [round(row.estimate, 2) for row in present_value([100, 103.5, 107.12], rate=0.035).rows]
    [100.0, 100.0, 100.0, 300.0]
    """
    if not payments:
        raise DesignError(Fault("NO_PAYMENTS", "payments", "there is no payment", "Give one per year."))
    known = checked({f"year_{year}": payment for year, payment in enumerate(payments)})
    if not 0 <= rate < 1:
        remedy = f"Write {rate / 100:g}." if 1 <= rate < 100 else "Write a share, such as 0.035."
        raise DesignError(Fault("RATE_NOT_A_SHARE", "rate", f"the rate {rate:g} is not between 0 and 1", remedy))
    say = texts(language).say
    values = [float(payment) / (1 + rate) ** year for year, payment in enumerate(payments)]
    rows = tuple(
        _money(f"{year}", say("economy.label.year", year=year), value, language) for year, value in enumerate(values)
    )
    code = call("present_value", literal([float(each) for each in payments]), {"rate": rate, "language": language})
    series = ", ".join(f"{float(each)!r}" for each in payments)
    return Estimate(
        measure="ratio",
        rows=(*rows, _money("all", say("economy.label.all"), sum(values), language)),
        source=source_of(known, say("economy.label.present_value"), code, language),
        notes=(say("economy.note.rate", rate=_one_digit(100 * rate, language)),),
        unit="kroner",
        extra={"undiscounted": float(sum(payments)), "rate": rate},
        r=f"sum(c({series}) / (1 + {rate!r})^({len(payments)} - {len(payments)}:1))",
    )


def _money(year: str, label: str, value: float, language: Language) -> Row:
    method = texts(language).say("economy.method.discounted")
    return Row((("year", year),), (label,), value, 0, 1.0, method, level=1.0)


def _named(
    verb: str,
    formula: str,
    known: Mapping[str, Amount],
    order: Sequence[str],
    say: _Said,
) -> Estimate:
    """The result of a named formula, with code that calls its verb."""
    inner = ", ".join(literal_of(known[name]) for name in order)
    label = texts(say.language).say(f"economy.label.{verb}")
    words = (label, say.unit, call(verb, inner, {"language": say.language}))
    return estimate_of((formula, known), words, say.language, say.notes)


def _positive(amounts: Mapping[str, Given]) -> dict[str, Amount]:
    known = checked(amounts)
    for name, amount in known.items():
        if amount.range[0] <= 0:
            problem = f'"{name}" is {amount.range[0]:g}'
            raise DesignError(Fault("NOT_POSITIVE", name, problem, "Give a number above 0."))
    return known


def _one_digit(value: float, language: Language) -> str:
    return number(value, 1, language)
