"""What a workbook is made of, what was read in one, and what saving it would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evaltools.collect.model import Answers, Problem
from evaltools.language import Language
from evaltools.schema.model import Value

ChangeKind = Literal["new", "changed", "cleared", "conflict", "kept", "not_understood"]
"""What saving does with one field. `conflict`: somebody else has changed it too since the workbook was fetched, and
the sender must choose. `kept`: only somebody else has changed it, and theirs stays."""


@dataclass(frozen=True, slots=True)
class FilledIn:
    """One response as it stands in the store when a workbook is made of it; `record` is empty for a whole unit."""

    answers: Answers = field(default_factory=dict)
    version: int = 0
    record: str = ""
    last: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in a workbook besides the questions. Without a unit it is the copy that anybody may read.

    responses : one for a unit that answers once; for registrations one per record that is there already.
    references : register figures of the unit by name. free_records : ids of the empty rows for new records.
    key : signs the workbook; None leaves it unsigned. stamp : a word such as the rehearsal mark, on every sheet.
    """

    unit: str = ""
    unit_name: str = ""
    responses: tuple[FilledIn, ...] = (FilledIn(),)
    references: Mapping[str, float] = field(default_factory=dict)
    free_records: tuple[str, ...] = ()
    key: bytes | None = None
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook says it is. `versions`: by record, the version that the answers in it were taken from."""

    survey: str
    wave: str
    schema_sha256: str
    unit: str
    language: Language
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a workbook and the text that stood there, as a message repeats it."""

    sheet: str
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a workbook that was not taken as it stood: where, and what is said about it.

    Level `note`. What stands outside the cells to answer in, a second copy of an answer, the result of a formula.
    """

    cell: Cell
    problem: Problem


@dataclass(frozen=True, slots=True)
class ReadResponse:
    """The raw answers of one response, by field name, and the cell of each; not yet read as values.

    problems : of cells that hold nothing an answer could be read from, such as `#N/A`; their fields are not in `raw`.
    """

    record: str
    base_version: int
    raw: Mapping[str, object]
    cells: Mapping[str, Cell]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """Everything that stood in a workbook. `sha256`: of the file, as the log names it."""

    identity: Identity
    sha256: str
    responses: tuple[ReadResponse, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A response as it stands in the store, beside what was read for it in a workbook.

    clashing : fields that both have changed since the workbook was fetched, with those that a sum ties to them.
    kept : fields that only others have changed. since : who wrote a field after that, and when.
    """

    answers: Answers = field(default_factory=dict)
    version: int = 0
    clashing: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    since: Mapping[str, tuple[str, dt.datetime]] = field(default_factory=dict)
    references: Mapping[str, float] = field(default_factory=dict)
    last: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a preview: what the workbook says (`ours`), what stands in the store (`theirs`), who wrote that.

    number, label : what the question is called. cell : None for a field that was read in no cell.
    problem : for `not_understood`: what was read and what is expected.
    """

    kind: ChangeKind
    field: str
    number: str
    label: str
    cell: Cell | None
    ours: Value | None
    theirs: Value | None
    by: str = ""
    at: dt.datetime | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ResponsePreview:
    """What saving the workbook would do to one response.

    version : of the store, which this was compared with. answers : what would be sent, raw, by field name; fields
    that nobody changed are not among them. problems : of the answers as they would stand, `stop`, `explain`, `note`.
    """

    record: str
    base_version: int
    version: int
    answers: Mapping[str, object]
    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """The fields that the sender must choose about."""
        return tuple(change for change in self.changes if change.kind == "conflict")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page shows before anything of a workbook is stored; nothing that stood in it is left out."""

    identity: Identity
    sha256: str
    responses: tuple[ResponsePreview, ...]
    unread: tuple[Unread, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether saving would change no answer, as when the same file is sent twice."""
        return not any(response.answers for response in self.responses)
