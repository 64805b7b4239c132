"""What a local report is about: whose records, for whom, in which language; and how counts become what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from evaltools.estimate.curve import Curve
from evaltools.estimate.indicators import rate, shares
from evaltools.estimate.result import Estimate
from evaltools.language import Language, texts
from evaltools.local.counting import Tally, tally
from evaltools.local.model import LocalFile, LocalRecord
from evaltools.present import Released, release
from evaltools.schema import Indicator
from evaltools.schema.model import Confidentiality

Result = TypeVar("Result", Estimate, Curve)


@dataclass(frozen=True)
class Local:
    """One municipality's records and how they are told.

    internal : for the municipality alone, which may see its own small counts; otherwise the report is fit for
    publication, and counts under the thresholds are hidden.
    """

    file: LocalFile
    place: str
    indicators: Mapping[str, Indicator]
    language: Language
    internal: bool

    @cached_property
    def records(self) -> tuple[LocalRecord, ...]:
        """The records of the municipality."""
        return tuple(self.file.of(self.place))

    def say(self, key: str, **values: object) -> str:
        """A text of this room."""
        return texts(self.language).say(f"local.{key}", **values)

    def tally(self, name: str) -> Tally:
        """The count of one indicator."""
        return tally(self.indicators[name], self.file.questionnaire, self.records)

    def share(self, name: str) -> Released | None:
        """An indicator as a share that may be shown; None where nothing belongs to its base."""
        counted = self.tally(name)
        if not counted.base:
            return None
        made = shares(rate(counted.indicator, counted.count, counted.base), language=self.language)
        return self.released(made, code=f'tally("{name}")')

    def released(self, result: Result, secrets: Confidentiality | None = None, *, code: str = "") -> Released:
        """A result that may be shown to those whom the report is for, with its origin.

        secrets : whose the counts are, where the result does not know it. code : what made it, where it does not say.
        """
        source = replace(
            result.source,
            origin=self.file.origin,
            confidentiality=self.kept_by(secrets or result.source.confidentiality),
            survey=self.file.questionnaire.id,
            title=self.file.questionnaire.titled(self.language),
            code=code or result.source.code,
        )
        return release(replace(result, source=source))

    def kept_by(self, confidentiality: Confidentiality) -> Confidentiality:
        """Whose secrets the counts are: inside the municipality its own practice."""
        return "practice" if self.internal else confidentiality
