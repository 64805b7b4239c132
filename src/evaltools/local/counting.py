"""Counts the indicators of a register over its records: the rules stand in the data dictionary, nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evaltools.collect import Answers
from evaltools.local.joint import Fact, Kept, Units
from evaltools.local.model import LocalRecord
from evaltools.local.moments import month_number, month_of_week
from evaltools.schema import Indicator, Questionnaire, Scope, ScopeField, compile_rule, evaluate, fields
from evaltools.schema.missing import Missing
from evaltools.schema.tree import Tree

_NOTHING_LACKS: Final = (Missing.NOT_ASKED, Missing.NO_CASES)
"""Where a question does not concern a record, its answer is not missing."""
_THREE_MONTHS: Final = 3
_WORD: Final = re.compile(r"[a-z]\w*")
_YES_OR_NO: Final = ("1", "2")
_LACKING: Final = frozenset(Missing) - frozenset(_NOTHING_LACKS)

Judged = tuple[int | None, int | None]
"""What a record adds to the base, and to what is counted (0 or 1 of most); None where that is not known."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of how many, and which records belong to the base but lack the answer.

    fact : the same as sets; None where numbers are summed, as participants are.
    """

    indicator: Indicator
    count: int
    base: int
    lacking: Units
    fact: Fact | None

    @property
    def missing(self) -> int:
        """How many records lack the answer."""
        return len(self.lacking)


def units(records: Iterable[LocalRecord]) -> Units:
    """Records as what a fact counts."""
    return of_lines(record.line for record in records)


def of_lines(lines: Iterable[int]) -> Units:
    """Records, by their lines, as what a fact counts."""
    return frozenset((line, "") for line in lines)


def tally(indicator: Indicator, questionnaire: Questionnaire, records: Iterable[LocalRecord]) -> Tally:
    """Count an indicator over records.

    Its denominator says which records belong (or is a number that is summed), its numerator which of them count (or
    a number too). A record whose denominator or numerator cannot be known is missing, unless the question does not
    concern it.
    """
    judge = _IN_WORDS.get(indicator.name) or _by_rules(indicator, questionnaire)
    known: list[tuple[LocalRecord, int, int]] = []
    lacking: list[LocalRecord] = []
    for record in records:
        among, part = judge(record.values)
        if among and part is not None:
            known.append((record, among, part))
        elif _lacks(indicator, questionnaire, record.values):
            lacking.append(record)
    count, base = sum(part for _, _, part in known), sum(among for _, among, _ in known)
    return Tally(indicator, count, base, units(lacking), _fact(indicator, known))


def _fact(indicator: Indicator, known: list[tuple[LocalRecord, int, int]]) -> Fact | None:
    if indicator.name in _GRIDS:
        return elements(_GRIDS[indicator.name], [record for record, _, _ in known])
    if any(among > 1 for _, among, _ in known):
        return None
    kept: Kept = "municipalities" if indicator.unit.en == "municipality" else "children"
    return Fact(units(record for record, _, part in known if part), units(record for record, _, _ in known), kept=kept)


def elements(grid: str, records: Iterable[LocalRecord], row: str = "") -> Fact:
    """The core elements that were there, of those that were answered: of all rows of a grid, or of one."""
    answers = {
        (record.line, name): value
        for record in records
        for name, value in record.values.items()
        if value in _YES_OR_NO and (name == f"{grid}_{row}" if row else name.startswith(f"{grid}_"))
    }
    there = frozenset(unit for unit, value in answers.items() if value == _YES_OR_NO[0])
    return Fact(there, frozenset(answers), of=grid)


def quotient(indicator: Indicator, questionnaire: Questionnaire, values: Answers) -> tuple[float, float] | None:
    """Numerator and denominator of an indicator that is no share, of one record; None where it has no value."""
    numerator, denominator = (amount(evaluate(rule, values)) for rule in _both(indicator, questionnaire))
    return None if numerator is None or not denominator else (numerator, denominator)


def amount(value: object) -> float | None:
    """An answer as a number; None for a kind of missing and for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, Missing) else None


def whole(values: Answers, name: str) -> int | None:
    """The whole number that answers a question; None where there is none. A kind of missing is no number."""
    value = values.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, Missing) else None


def _by_rules(indicator: Indicator, questionnaire: Questionnaire) -> Callable[[Answers], Judged]:
    numerator, denominator = _both(indicator, questionnaire)

    def judge(values: Answers) -> Judged:
        among = _known(evaluate(denominator, values))
        return among, _known(evaluate(numerator, values)) if among else 0

    return judge


def _both(indicator: Indicator, questionnaire: Questionnaire) -> tuple[Tree, Tree]:
    return _rules(indicator.numerator.da, indicator.denominator.da, questionnaire)


def _known(value: object) -> int | None:
    """A truth value or a number; None for a kind of missing."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, Missing) else None


@lru_cache(maxsize=256)
def _rules(numerator: str, denominator: str, questionnaire: Questionnaire) -> tuple[Tree, Tree]:
    scope = _scope(questionnaire)
    return compile_rule(numerator, scope, "numerator"), compile_rule(denominator, scope, "denominator")


@lru_cache(maxsize=16)
def _scope(questionnaire: Questionnaire) -> Scope:
    """The names that a rule about this questionnaire may use."""
    grids: dict[str, list[str]] = {}
    known: dict[str, ScopeField] = {}
    for field in fields(questionnaire):
        known[field.name] = ScopeField(field.name, field.kind, field.item.codelist, missing=field.item.missing)
        if field.row is not None:
            grids.setdefault(field.item.name, []).append(field.name)
    return Scope(known, {name: tuple(rows) for name, rows in grids.items()}, questionnaire.concepts)


def _lacks(indicator: Indicator, questionnaire: Questionnaire, values: Answers) -> int:
    """1 where a question of the indicator concerns the record and has no answer; of a grid the rows that it names."""
    own = [field.name for field in fields(questionnaire) if {field.name, field.item.name} & set(indicator.items)]
    own = [name for name in own if name in _named(indicator)] or own
    found = [values.get(name, Missing.NOT_ANSWERED) for name in own]
    return int(any(isinstance(value, Missing) and value not in _NOTHING_LACKS for value in found))


def _named(indicator: Indicator) -> frozenset[str]:
    return frozenset(_WORD.findall(f"{indicator.numerator.da} {indicator.denominator.da}"))


def _three_months(values: Answers) -> Judged:
    """Whether a meeting that is three months old at the end of the year was followed up within three months."""
    year, week, last = (whole(values, name) for name in ("held_year", "held_week", "record_year"))
    month = month_of_week(year, week) if year is not None and week is not None else None
    if month is None or last is None:
        return None, None
    if month + _THREE_MONTHS > last * 12 + 11:
        return 0, 0
    if values.get("followup_held") == "2":
        return 1, 0
    followed = month_number(values.get("followup_month"))
    return 1, None if followed is None else followed - month <= _THREE_MONTHS


def _elements(grid: str) -> Callable[[Answers], Judged]:
    """The core elements of a meeting that were answered, and those of them that were there."""

    def judge(values: Answers) -> Judged:
        found = [value for name, value in values.items() if name.startswith(f"{grid}_") and value in _YES_OR_NO]
        lacking = not found and any(name.startswith(f"{grid}_") and value in _LACKING for name, value in values.items())
        return (None, None) if lacking else (len(found), found.count(_YES_OR_NO[0]))

    return judge


_GRIDS: Final[Mapping[str, str]] = {"r1_fidelity_m1": "core_m1", "r1_fidelity_m3": "core_m3"}
"""Indicators that count the rows of a grid, not records."""
_IN_WORDS: Final[Mapping[str, Callable[[Answers], Judged]]] = {
    "r1_three_months": _three_months,
    **{name: _elements(grid) for name, grid in _GRIDS.items()},
}
"""Indicators that no rule of the questionnaire language can say: it counts no months, nor what is partly answered."""
