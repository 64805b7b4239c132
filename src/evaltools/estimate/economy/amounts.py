"""Amounts with their range and source, and what is computed from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import Name, call, literal
from evaltools.estimate.economy.formula import by_zero, divisors, names_in, value_of
from evaltools.estimate.result import NO_R, Estimate, Row, Source
from evaltools.language import Language, texts
from evaltools.provenance import Origin

_MOST: Final = 12
"""More amounts with a range have too many corners to look at."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that a calculation hangs on. low, high : the least and greatest it may be; `value` where not given.

    source : who says so ("Kommunens takstblad 2018"). origin : `rehearsal` for a made-up one.
    """

    value: float
    low: float | None = None
    high: float | None = None
    source: str = ""
    origin: Origin = "collected"

    @property
    def range(self) -> tuple[float, float]:
        """The least and greatest value."""
        return (self.value if self.low is None else self.low), (self.value if self.high is None else self.high)


Given = Amount | float


def computed(
    formula: str, amounts: Mapping[str, Given], *, label: str = "", unit: str = "kroner", language: Language = "da"
) -> Estimate:
    """The value of a formula of amounts, with the least and greatest value that their ranges allow together.

    formula : such as `"project / (days * (before - after))"`. amounts : by name, numbers or `Amount`. label : what
    is computed, in words. unit : of the result. language : of the words around it.
    Returns one row; `low` and `high` are over all ends of all ranges at once (level 1), None without a range.
    Raises `DesignError`: BAD_FORMULA, NO_SUCH_AMOUNT, DIVIDED_BY_ZERO, AMOUNT_NOT_A_NUMBER, RANGE_WRONG,
    TOO_MANY_RANGES.

    >>> found = computed("cost / days", {"cost": Amount(900, 800, 1200), "days": 30}, label="Cost per day")
    >>> found.rows[0].estimate, round(found.rows[0].low, 2), found.rows[0].high
    (30.0, 26.67, 40.0)
    """
    known = checked(amounts)
    code = call("computed", literal(formula), said(known, label, unit, language))
    return estimate_of((formula, known), (label or formula, unit, code), language)


def estimate_of(
    what: tuple[str, Mapping[str, Amount]], words: tuple[str, str, str], language: Language, notes: Sequence[str] = ()
) -> Estimate:
    """What a formula of amounts gives: with label, unit and the code that gives it again."""
    formula, known = what
    label, unit, code = words
    row = value_row(formula, known, (("amount", "result"),), (label,), language)
    return Estimate(
        measure="ratio",
        rows=(row,),
        source=source_of(known, label, code, language),
        notes=(texts(language).say("economy.note.formula", formula=formula), *notes),
        unit=unit,
        r=in_r(formula, known),
    )


def value_row(
    formula: str,
    known: Mapping[str, Amount],
    coordinates: tuple[tuple[str, str], ...],
    labels: tuple[str, ...],
    language: Language,
) -> Row:
    """The row of a formula: its value, and its least and greatest over the ends of all ranges."""
    value = value_of(formula, {name: amount.value for name, amount in known.items()})
    used = [name for name in names_in(formula) if known[name].range != (known[name].value,) * 2]
    if len(used) > _MOST:
        problem, remedy = f"{len(used)} amounts have a range", f"Give ranges to at most {_MOST}."
        raise DesignError(Fault("TOO_MANY_RANGES", formula, problem, remedy))
    plain = {name: amount.value for name, amount in known.items()}
    corners = [plain | dict(zip(used, ends, strict=True)) for ends in product(*(known[name].range for name in used))]
    for divisor in divisors(formula):
        found = [value_of(divisor, corner) for corner in corners]
        if min(found) <= 0 <= max(found):
            raise by_zero(formula, f"{divisor} from {min(found):g} to {max(found):g}")
    ends = [value_of(formula, corner) for corner in corners]
    return Row(
        coordinates=coordinates,
        labels=labels,
        estimate=value,
        n=0,
        base=1.0,
        method=texts(language).say("economy.method.range" if used else "economy.method.plain"),
        low=min(ends) if used else None,
        high=max(ends) if used else None,
        level=1.0,
    )


def checked(amounts: Mapping[str, Given]) -> dict[str, Amount]:
    """The amounts, each with its range in order; `DesignError` AMOUNT_NOT_A_NUMBER or RANGE_WRONG."""
    known = {name: each if isinstance(each, Amount) else Amount(each) for name, each in amounts.items()}
    for name, amount in known.items():
        for value in (amount.value, *amount.range):
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                problem = f'"{name}" is {value!r}'
                raise DesignError(Fault("AMOUNT_NOT_A_NUMBER", "amounts", problem, "Give a number, such as 1250.0."))
        low, high = amount.range
        if not low <= amount.value <= high:
            problem = f'"{name}" is {amount.value:g}, outside its range from {low:g} to {high:g}'
            raise DesignError(Fault("RANGE_WRONG", "amounts", problem, "Let the value lie between low and high."))
    return known


def said(known: Mapping[str, Amount], label: str, unit: str, language: Language) -> dict[str, object]:
    """The arguments of recorded code."""
    written = "{" + ", ".join(f"{literal(name)}: {literal_of(amount)}" for name, amount in known.items()) + "}"
    return {"amounts": Name(written), "label": label or None, "unit": unit, "language": language}


def source_of(known: Mapping[str, Amount], label: str, code: str, language: Language) -> Source:
    """Where the amounts are from; made-up ones make the result a rehearsal."""
    say = texts(language).say
    rehearsal = any(amount.origin == "rehearsal" for amount in known.values())
    cited = dict.fromkeys(amount.source for amount in known.values() if amount.source)
    return Source(
        origin="rehearsal" if rehearsal else "collected",
        survey=say("economy.survey"),
        question=label,
        universe=say("economy.universe"),
        weight=say("estimate.weight.none"),
        confidentiality="practice",
        code=code,
        citation="; ".join(cited),
        language=language,
    )


def in_r(formula: str, known: Mapping[str, Amount]) -> str:
    """The value in base R."""
    values = ", ".join(f"{name} = {amount.value!r}" for name, amount in known.items())
    return f"with(list({values}), {formula})" if values else f"{NO_R}there is no amount"


def literal_of(amount: Amount) -> str:
    """The amount in recorded code."""
    parts = {"low": amount.low, "high": amount.high, "source": amount.source or None}
    origin = {"origin": amount.origin} if amount.origin != "collected" else {}
    return call("Amount", repr(amount.value), {**parts, **origin})
