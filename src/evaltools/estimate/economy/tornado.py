"""What a result hangs on: each amount moved from end to end of its range, the others as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call, literal
from evaltools.estimate.economy.amounts import Amount, Given, checked, in_r, said, source_of, value_row
from evaltools.estimate.economy.formula import names_in, value_of
from evaltools.estimate.result import Estimate, Row
from evaltools.language import Language, number, number_range, texts


def tornado(
    formula: str,
    amounts: Mapping[str, Given],
    *,
    label: str = "",
    names: Mapping[str, str] | None = None,
    unit: str = "kroner",
    language: Language = "da",
) -> Estimate:
    """How far a result moves when one amount at a time goes from the least to the greatest it may be.

    formula, amounts : as in `computed`; those with a range become rows. label : what is computed, in words. names :
    what each amount is called, by its name. unit : of the result. language : of the words around it.
    Returns a row per amount with a range, the one that moves the result most first: `estimate` is the result as
    assumed, `low` and `high` its least and greatest value along that range (level 1). `extra` has `result`, and by the
    name of each amount the result at the low end (`low:NAME`) and at the high end (`high:NAME`).
    Raises `DesignError`: NO_RANGES and those of `computed`.
    Source: Briggs, Claxton and Sculpher (2006), Decision Modelling for Health Economic Evaluation, chapter 4.

    >>> found = tornado("cost / days", {"cost": Amount(900, 800, 1200), "days": Amount(30, 28, 31)})
    >>> [(row.key, round(row.low, 1), round(row.high, 1)) for row in found.rows]
    [('cost', 26.7, 40.0), ('days', 29.0, 32.1)]
    """
    known = checked(amounts)
    plain = {name: amount.value for name, amount in known.items()}
    moved = [name for name in names_in(formula) if name in known and known[name].range != (known[name].value,) * 2]
    result = value_of(formula, plain)
    if not moved:
        problem, remedy = "no amount has a range", "Give low and high to what is uncertain: Amount(1250, 1000, 1500)."
        raise DesignError(Fault("NO_RANGES", formula, problem, remedy))
    called = names or {}
    rows = [_row(formula, known, name, called.get(name, name), language) for name in moved]
    ends = {
        f"{end}:{name}": value_of(formula, {**plain, name: known[name].range[place]})
        for name in moved
        for place, end in enumerate(("low", "high"))
    }
    code = call("tornado", literal(formula), {**said(known, label, unit, language), "names": names or None})
    return Estimate(
        measure="ratio",
        rows=tuple(sorted(rows, key=lambda row: (row.low or 0.0) - (row.high or 0.0))),
        source=source_of(known, label or formula, code, language),
        notes=(
            texts(language).say("economy.note.tornado"),
            texts(language).say("economy.note.formula", formula=formula),
        ),
        unit=unit,
        extra={"result": result, **ends},
        r=in_r(formula, known),
    )


def _row(formula: str, known: Mapping[str, Amount], name: str, called: str, language: Language) -> Row:
    """The result while one amount alone has a range; its label tells the range."""
    alone = {each: replace(amount, low=None, high=None) if each != name else amount for each, amount in known.items()}
    low, high = (number(end, 0 if float(end).is_integer() else 2, language) for end in known[name].range)
    label = texts(language).say("economy.label.range", name=called, range=number_range(low, high, language))
    return value_row(formula, alone, (("amount", name),), (label,), language)
