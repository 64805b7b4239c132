"""What a local report is about: whose records, for whom, in which language; and how counts become what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from evaltools.estimate.curve import Curve
from evaltools.estimate.indicators import rate, shares
from evaltools.estimate.result import Estimate
from evaltools.language import Language, texts
from evaltools.local.assumptions import NOTHING_ASSUMED, Assumptions
from evaltools.local.counting import Tally, tally, units
from evaltools.local.finite import of_some
from evaltools.local.joint import Fact, Ledger
from evaltools.local.model import LocalFile, LocalRecord
from evaltools.present import Released, ReleasePlan, confidential_cells, release
from evaltools.schema import Indicator
from evaltools.schema.model import Confidentiality
from evaltools.schema.thresholds import thresholds

Result = TypeVar("Result", Estimate, Curve)


@dataclass(frozen=True)
class Local:
    """One municipality's records and how they are told.

    internal : for the municipality alone, which may see its own small counts; otherwise the report is fit for
    publication, and counts under the thresholds are hidden. ledger : what the whole report tells; see `joint`.
    counted : indicators that have been counted, by municipality and name, since a report asks several times.
    assumed : what calculations take for granted, where somebody said so. veiled : indicators that stay hidden because
    numbers that are no records would give them away. population : how many could have answered, where those who did
    are some of a known number; otherwise 0. apart : whether counts about different questions are not tied.
    """

    file: LocalFile
    place: str
    indicators: Mapping[str, Indicator]
    language: Language
    internal: bool
    ledger: Ledger = field(default_factory=Ledger)
    counted: dict[tuple[str, str], Tally] = field(default_factory=dict, repr=False, compare=False)
    assumed: Assumptions = NOTHING_ASSUMED
    veiled: frozenset[str] = frozenset()
    population: int = 0
    apart: bool = False

    @cached_property
    def records(self) -> tuple[LocalRecord, ...]:
        """The records of the municipality."""
        return tuple(self.file.of(self.place))

    def say(self, key: str, **values: object) -> str:
        """A text of this room."""
        return texts(self.language).say(f"local.{key}", **values)

    @property
    def settling(self) -> bool:
        """Whether it is still being found out what may be told together."""
        return not self.internal and self.ledger.settling

    def may_tell(self, fact: Fact) -> bool:
        """Whether the readers may know a count, with all else that the report tells."""
        if self._tells_all or self._is_handful:
            return self._tells_all
        if self.apart:
            everybody = units(self.records)
            self.ledger.may_tell(Fact(everybody, everybody, "count", fact.of))
        return self.ledger.may_tell(fact)

    def may_tell_all(self, facts: Iterable[Fact]) -> bool:
        """Whether the readers may know all of some counts; an exhibit that needs them is left out otherwise."""
        return self._tells_all or (not self._is_handful and self.ledger.may_tell_all(facts))

    @property
    def _tells_all(self) -> bool:
        """Whether how many records there are of a kind is no secret: inside, and where a record is a year."""
        questionnaire = self.file.questionnaire
        return self.internal or (questionnaire.unit == "municipality" and questionnaire.many_records)

    @property
    def _is_handful(self) -> bool:
        """Whether the register is so small that how many records it has is a secret, and with it every count."""
        return len(self.records) < thresholds()["children"]

    def tally(self, name: str, place: str = "") -> Tally:
        """The count of one indicator, of the municipality or of another one in the file."""
        key, indicator = (place or self.place, name), self.indicators[name]
        if key not in self.counted:
            self.counted[key] = tally(indicator, self.file.questionnaire, self.file.of(key[0]))
        found = self.counted[key]
        if self.apart and found.fact is not None:
            return replace(found, fact=replace(found.fact, of=" ".join(indicator.items)))
        return found

    def share(self, name: str, place: str = "") -> Released | None:
        """An indicator as a share that may be shown; None where nothing belongs to its base."""
        counted = self.tally(name, place)
        if not counted.base:
            return None
        made = shares(rate(counted.indicator, counted.count, counted.base), language=self.language)
        if self.population:
            made = of_some(made, self.population)
        told = name not in self.veiled and (counted.fact is None or self.may_tell(counted.fact))
        return self.released(made, code=f'tally("{name}")', told=told)

    def released(
        self,
        result: Result,
        secrets: Confidentiality | None = None,
        *,
        code: str = "",
        told: bool | Sequence[bool] = True,
    ) -> Released:
        """A result that may be shown to those whom the report is for, with its origin.

        secrets : whose the counts are, where the result does not know it. code : what made it, where it does not say.
        told : whether the rest of the report lets it be told, or each of its rows or points.
        """
        source = replace(
            result.source,
            origin=self.file.origin,
            confidentiality=self.kept_by(secrets or result.source.confidentiality),
            survey=self.file.questionnaire.id,
            title=self.file.questionnaire.titled(self.language),
            code=code or result.source.code,
        )
        made = replace(result, source=source)
        return release(made, _without(made, told))

    def kept_by(self, confidentiality: Confidentiality) -> Confidentiality:
        """Whose secrets the counts are: inside the municipality its own practice."""
        return "practice" if self.internal else confidentiality


def _without(result: Estimate | Curve, told: bool | Sequence[bool]) -> ReleasePlan | None:
    """A plan that hides the rows that may not be told; None where all may."""
    cells = confidential_cells(result) if isinstance(result, Estimate) else release(result).cells
    each = [told] * len(cells) if isinstance(told, bool) else told
    hidden = frozenset(cell.key for cell, free in zip(cells, each, strict=bool(cells)) if not free)
    return ReleasePlan("joint", hidden, thresholds()) if hidden else None
