"""What a report may tell when all of it is read together: every count is a set of records, and all are decided at once.

A table and a figure of one report may each be harmless and together give a hidden count away: a total less its shown
parts, a base that is the count of another line, a month out of its year. Here nothing has to be declared for that.
Whatever a report counts is handed in as the records behind it; what a reader does not know is how many records there
are of each kind, records being of one kind where the same counts hold them. `present.plan`, which decides over a whole
memo, then finds what must be hidden besides the small counts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from evaltools.present import ConfidentialCell, ReleasePlan, check_audit, plan
from evaltools.present.families import key_of
from evaltools.present.model import Part, Told
from evaltools.schema.thresholds import thresholds

Unit = tuple[int, str]
"""One thing that is counted: a record by its line, or a question of it by its name."""
Units = frozenset[Unit]
Guard = Literal["count_and_rest", "count", "nothing"]
"""What of a fact is secret where it is small: what is counted and what is left over; the count alone; neither."""

Kept = Literal["children", "municipalities"]
"""Whose small counts are secrets: those of children and families, or those of municipalities, which may be smaller."""

RECORDS: Final = "records"
_TAKES_ALL: Final = 20.0
"""How much dearer it is to hide a fact without which a whole curve or list falls."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A count that a report tells: so many of those.

    counted, among : what is counted, and of what. guard : which small counts of it are secrets. of : what the units
    are; facts about different ones are not linked. kept : whose small counts they are.
    """

    counted: Units
    among: Units
    guard: Guard = "count_and_rest"
    of: str = RECORDS
    kept: Kept = "children"

    @property
    def secrets(self) -> tuple[Units, ...]:
        """What of it is too small to be told; where there is any, the fact is hidden."""
        if self.guard == "nothing":
            return ()
        rest = (self.among - self.counted,) if self.guard == "count_and_rest" else ()
        parts = (self.counted, self.among, *rest)
        return tuple(dict.fromkeys(part for part in parts if 0 < len(part) < self.least))

    @property
    def least(self) -> int:
        """The smallest count that may be told."""
        return thresholds()[self.kept]

    @property
    def told(self) -> Units:
        """What its cell counts: a fact about none tells its base."""
        return self.counted or self.among


@dataclass(slots=True)
class Ledger:
    """The facts of a report as they are told, and which of them stay hidden for the sake of others.

    settling : whether that is still being found out, so that pictures need not be drawn.
    """

    hidden: frozenset[Fact] = frozenset()
    settling: bool = False
    facts: dict[Fact, float] = field(default_factory=dict)
    """Each with how dear it is to hide it, beside a fact that stands alone."""

    def may_tell(self, fact: Fact) -> bool:
        """Whether the fact may be told, which is written down in any case."""
        self.facts.setdefault(fact, 1.0)
        return self._is_free(fact)

    def may_tell_all(self, facts: Iterable[Fact]) -> bool:
        """Whether an exhibit may be shown that tells all of these or is left out; then nothing is written down."""
        asked = tuple(facts)
        if not all(map(self._is_free, asked)):
            return False
        self.facts |= dict.fromkeys(asked, _TAKES_ALL)
        return True

    def _is_free(self, fact: Fact) -> bool:
        return fact not in self.hidden and not fact.secrets


def settled(tell: Callable[[Ledger], object]) -> Ledger:
    """The ledger with which a report may be written.

    tell : makes the report and asks the ledger about each fact. It is made again until nothing more has to be hidden,
    since a table that may not be shown can make room for a coarser one; each time only adds.
    """
    hidden: frozenset[Fact] = frozenset()
    while True:
        ledger = Ledger(hidden, settling=True)
        tell(ledger)
        more = hidden | _also_hidden(ledger)
        if more == hidden:
            return Ledger(hidden)
        hidden = more


def _also_hidden(ledger: Ledger) -> frozenset[Fact]:
    """The facts that must be hidden so that no secret of any can be worked out from the others."""
    found: set[Fact] = set()
    for of in dict.fromkeys(fact.of for fact in ledger.facts):
        facts = {fact: price for fact, price in ledger.facts.items() if fact.of == of}
        keys, decided = _decide(facts, ledger.hidden)
        check_audit(decided)
        found |= {fact for fact in facts if keys[fact] in decided.hidden}
    return frozenset(found)


def _decide(facts: Mapping[Fact, float], hidden: frozenset[Fact]) -> tuple[dict[Fact, str], ReleasePlan]:
    """Which of some facts about the same units must be hidden: the key of each one's cell, and the plan.

    facts : each with how dear it is. hidden : those that are so already.
    """
    kinds = _Kinds(facts)
    cells = [cell for fact in facts if fact.told for cell in kinds.cells(fact, hidden=fact in hidden)]
    return {fact: kinds.key(fact.told) for fact in facts}, plan(cells)


class _Kinds:
    """Kinds of units: those that the same facts hold are of one kind, and a reader only knows sums of kinds."""

    def __init__(self, facts: Mapping[Fact, float]) -> None:
        self.of = next(iter(facts)).of
        sets = list(dict.fromkeys(each for fact in facts for each in (fact.counted, fact.among)))
        everything = frozenset[Unit]().union(*sets)
        held = {unit: tuple(place for place, each in enumerate(sets) if unit in each) for unit in everything}
        number = {kind: f"{place:04d}" for place, kind in enumerate(sorted(set(held.values())))}
        self.kind = {unit: number[kind] for unit, kind in held.items()}
        self.size = len(everything)
        self.dear: dict[Units, float] = {}
        for fact, price in facts.items():
            self.dear[fact.told] = max(price, self.dear.get(fact.told, 1.0))

    def codes(self, units: Units) -> tuple[str, ...]:
        return tuple(sorted({self.kind[unit] for unit in units}))

    def key(self, units: Units) -> str:
        return key_of(self.of, (), self.codes(units))

    def cells(self, fact: Fact, *, hidden: bool) -> Iterator[ConfidentialCell]:
        """The cell of a fact, which also tells its base; and one, never shown, for each of its secrets."""
        base = Told(float(len(fact.among)), (Part(1.0, self.of, (), self.codes(fact.among), self.size),))
        rule = "small_count" if fact.secrets else ""
        yield replace(self._cell(fact.told, rule, hidden=hidden, width=1), tells=(base,), limit=fact.least)
        for secret in fact.secrets:
            width = min(fact.least, len(fact.among))
            yield replace(self._cell(secret, "small_count", hidden=True, width=width), limit=fact.least)

    def _cell(self, units: Units, rule: str, *, hidden: bool, width: int) -> ConfidentialCell:
        return ConfidentialCell(
            key=self.key(units),
            count=float(len(units)),
            base=self.size,
            rule=rule or "complementary",
            hidden=hidden or bool(rule),
            whole=self.of,
            codes=self.codes(units),
            width=float(width),
            price=(1.0 + len(units)) * self.dear.get(units, 1.0),
        )
