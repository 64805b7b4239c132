"""The indicators of a yearly register as data: of the latest year that tells them, with what was calculated."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from evaltools.estimate.economy import Amount
from evaltools.estimate.result import Estimate
from evaltools.local.blocks import indicator_values
from evaltools.local.counting import quotient
from evaltools.local.paying import MORE, PAYS, amounts_of, more_for_more, pays_after
from evaltools.local.setting import Local
from evaltools.local.years import Year, may_tell_days, mix, of_year, per_post, told_year, years
from evaltools.schema import Indicator

SHARES: Final = ("r5_network", "r5_foster", "r5_institution", "r5_dropouts")
"""Indicators that are a share of the children of a year."""
QUOTIENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"r5_cases_per_post": "", "r5_day_foster": "foster", "r5_day_institution": "institution"}
)
"""Indicators that are no share, and the kind of care whose days they tell."""


def yearly_values(local: Local) -> list[dict[str, object]]:
    """The indicators of the latest year that tells them as data, then what was calculated with what it assumes.

    A cost of one more of the effect is left out where the one grew and the other fell: it says nothing then.
    """
    over = years(local)
    if not over:
        return []
    year = told_year(over)
    last = of_year(local, year, mix(local, over))
    said: list[dict[str, object]] = [indicator_values(last, name) | {"year": year.year} for name in SHARES]
    said += [_quotient(local, year, name, kind) for name, kind in QUOTIENTS.items()]
    known = amounts_of(local, over)
    results = {"break_even": (pays_after(local, known), PAYS), "incremental_cost": (more_for_more(local, known), MORE)}
    for name, (found, used) in results.items():
        if found is not None and found.rows[0].estimate > 0:
            said.append(_result(name, found) | {"assumed": {each: _as_data(known[each]) for each in used}})
    return said


def _quotient(local: Local, year: Year, name: str, kind: str) -> dict[str, object]:
    indicator: Indicator = local.indicators[name]
    definition = indicator.definition.to(local.language) if indicator.definition else ""
    said = {"indicator": name, "label": indicator.label.to(local.language), "definition": definition, "year": year.year}
    found = quotient(indicator, local.file.questionnaire, year.values)
    if found is None:
        return said | {"missing": 1}
    may_be_told = may_tell_days(local, year, kind) if kind else per_post(local, year) is not None
    return said | ({"shown": True, "value": found[0] / found[1]} if may_be_told else {"shown": False})


def _result(name: str, found: Estimate) -> dict[str, object]:
    row = found.rows[0]
    return {
        "indicator": name,
        "label": row.labels[0],
        "definition": found.notes[0],
        "shown": True,
        "value": row.estimate,
        "low": row.low,
        "high": row.high,
        "method": row.method,
    }


def _as_data(found: Amount) -> dict[str, object]:
    low, high = found.range
    return {"value": found.value, "low": low, "high": high, "source": found.source}
