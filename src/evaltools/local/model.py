"""A local register as it was read from a file: its records, and everything that could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from evaltools.collect import Answers
from evaltools.provenance import Origin
from evaltools.schema.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Told:
    """One thing about the file that its owner must know: the line (0: the whole file), the column, what, what to do.

    kind : `unread` a value that was not understood and counts as missing; `broken` values that break a rule and count
    as missing; `doubt` values that are used but look wrong; `left_out` a record that is not counted; `column` one that
    is not used.
    """

    kind: str
    line: int
    column: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class LocalRecord:
    """One record: the line it stands on, whose it is, its own number, and its answers with routing and sums."""

    line: int
    place: str
    number: str
    values: Answers


@dataclass(frozen=True, slots=True)
class LocalFile:
    """What a file holds. `told` has values that are used after all others.

    drafts : records of each place that were never finished and are not counted. absent : questions that no column
    answers. sha256 : of the file, so that a report can be matched with it. twice : municipality and number of records
    that stand in the file more than once.
    """

    questionnaire: Questionnaire
    records: tuple[LocalRecord, ...]
    told: tuple[Told, ...]
    drafts: Mapping[str, int]
    absent: tuple[str, ...]
    origin: Origin
    name: str
    sha256: str
    twice: frozenset[tuple[str, str]] = frozenset()

    @property
    def places(self) -> tuple[str, ...]:
        """The municipalities in the file, in the order they come."""
        return tuple(dict.fromkeys(record.place for record in self.records))

    def together(self) -> LocalFile:
        """The same records, of all municipalities at once."""
        drafts = {"": sum(self.drafts.values())}
        return replace(self, records=tuple(replace(one, place="") for one in self.records), drafts=drafts)

    def of(self, place: str) -> Iterator[LocalRecord]:
        """The records of one municipality."""
        return (record for record in self.records if record.place == place)
