"""What a store takes in and hands on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from evaltools.collect.model import Answers, Difference, Problem
from evaltools.errors import Fault
from evaltools.language import Language, Text
from evaltools.provenance import Origin

Mode = Literal["answers", "statistics"]
"""Whether answers of single cases may leave the store, or only aggregates (databeskyttelsesloven § 10)."""

Disposition = Literal["submitted", "partial", "refused", "no_answer"]
"""Who has answered. Only `submitted` counts as response; `partial` has saved something, `refused` declined."""

Channel = Literal["form", "workbook", "api", "file"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the population (a municipality) with its frame columns, such as region and size class.

    aliases : other spellings of the name that senders use, such as `Århus` for Aarhus.
    """

    code: str
    name: str
    frame: Mapping[str, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """The answers of one unit in one wave (and one record, for registrations), as they stand now."""

    survey: str
    wave: str
    unit: str
    record: str
    disposition: Disposition
    answers: Answers
    version: int
    submitted_at: dt.datetime | None
    channel: Channel


@dataclass(frozen=True, slots=True)
class Submission:
    """Answers on their way in, from whichever channel.

    unit : its code, or a name or spelling that the population knows. base_version : what the sender had seen
    (0: nothing; None: not told, and then nothing is held against what others saved; only a file may do so).
    seen_at : for single fields an older version than `base_version`, where the sender still goes by what stood then.
    submit : False saves a draft.
    schema_sha256 : hash of the questionnaire the sender answered; empty where the sender cannot tell.
    """

    survey: str
    wave: str
    unit: str
    answers: Mapping[str, object]
    record: str = ""
    actor: str = "unknown"
    channel: Channel = "file"
    base_version: int | None = None
    submit: bool = True
    schema_sha256: str = ""
    seen_at: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything that came in was kept. `problems` may hold notes and explained doubts.

    others : what others have changed since the sender saw it, and who did so when. The sender must take it in (a page:
        show it) before `version` may be the base of the next save, or name the older base in `seen_at` until then.
    answers : the response as it stands now. checked : those of `problems` that these answers have; the rest is about
        what came in and could not be read.
    """

    version: int
    content_sha256: str
    at: dt.datetime
    problems: tuple[Problem, ...]
    others: tuple[Difference, ...] = ()
    answers: Answers = field(default_factory=dict)
    checked: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, because of problems of level `stop` or doubts without a reason."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was changed: somebody else saved in between. Both values of each field are here.

    The fields are those that both changed, and those that a sum ties to them (`schema.tied_fields`); each tells who
    wrote theirs and when. `by` and `at` are those of the newest. The sender chooses, and sends what was chosen with
    `version` as the base. There are no differences where a response was opened again after the sender submitted it.

    others : what others have changed besides; as in `Saved`.
    """

    differences: tuple[Difference, ...]
    version: int
    by: str
    at: dt.datetime
    others: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class NotReceived:
    """Nothing was changed: the store does not know the wave or the unit. Only in a batch; alone it is raised."""

    faults: tuple[Fault, ...]


Outcome = Saved | Refused | Conflict | NotReceived


@dataclass(frozen=True, slots=True)
class WaveSnapshot:
    """One wave, frozen: its questionnaire (as canonical JSON), its population and every response."""

    survey: str
    wave: str
    origin: Origin
    schema_sha256: str
    questionnaire: str
    units: tuple[Unit, ...]
    responses: tuple[Response, ...]
    mode: Mode = "answers"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A store at one moment: what everything after the store reads. `heads`: last hash per unit's chain."""

    waves: tuple[WaveSnapshot, ...]
    heads: Mapping[str, str]
    sha256: str


Role = Literal["leader", "colleague", "system"]
"""A leader edits everything and submits, a colleague edits own sections, a system is a program with a token."""

Scope = Literal["read", "draft", "submit", "status"]

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant that is wanted.

    unit : empty for a system that sends for the whole wave. sections : names of those that may be edited; empty: all.
    scopes : empty gives those of the role: a leader reads, drafts and submits, a colleague reads and drafts, a system
    reads. expires_at : None leaves it open until it is revoked.
    """

    survey: str
    wave: str
    unit: str
    role: Role
    holder: str
    sections: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    expires_at: dt.datetime | None = None
    made_by: str = "unknown"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may do what, by a personal link or a token. `holder` and `made_by` are empty once the person is erased."""

    id: str
    survey: str
    wave: str
    unit: str
    role: Role
    holder: str
    sections: tuple[str, ...]
    scopes: tuple[Scope, ...]
    made_at: dt.datetime
    made_by: str
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A person who has come in by a grant."""

    grant: Grant
    person: str
    begun_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to or call."""

    name: str = ""
    email: str = ""
    phone: str = ""


_NO_TEXT = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fieldwork:
    """How a wave is run.

    keep_until : the last day on which answers may be kept. closes_at : from then on only a file is taken in.
    mode : `statistics` lets no answer of a case leave the store (databeskyttelsesloven, section 10). legal_basis :
    needed for registers of children or families. approval : who may submit. privacy : empty for the shipped template.
    base_url : what links begin with. link_days : how long a link lasts. link_uses : `once` lets a link be exchanged
    for a session a single time.
    """

    keep_until: dt.date
    closes_at: dt.datetime | None = None
    mode: Mode = "answers"
    legal_basis: str = ""
    approval: Literal["anyone", "leader"] = "anyone"
    contact: Contact = field(default_factory=Contact)
    was_url: str = ""
    privacy: Text = _NO_TEXT
    base_url: str = ""
    link_days: int = 180
    link_uses: Literal["many", "once"] = "many"
    publisher: Text = _NO_TEXT


@dataclass(frozen=True, slots=True)
class Writing:
    """Who wrote an answer, when, and the version it gave. `by` is empty once the person is erased."""

    by: str
    at: dt.datetime
    version: int


@dataclass(frozen=True, slots=True)
class Current:
    """A response as it stands (version 0, `no_answer` before anything came in), with who wrote each field and when."""

    response: Response
    by_field: Mapping[str, Writing]


@dataclass(frozen=True, slots=True)
class Version:
    """A response as it was submitted. `number` is the version that the submission gave.

    content_sha256 : as the receipt said; empty where a value has been erased since.
    """

    number: int
    at: dt.datetime
    by: str
    channel: Channel
    content_sha256: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """How far a unit has come in a wave.

    opened_at : when the first of its links was used. begun_at, changed_at : its first and last event of the wave.
    colleagues : how many of them have a link that is not revoked. reminded : kind and time of each reminder.
    """

    unit: Unit
    disposition: Disposition
    opened_at: dt.datetime | None
    begun_at: dt.datetime | None
    changed_at: dt.datetime | None
    submitted_at: dt.datetime | None
    colleagues: int
    reminded: tuple[tuple[str, dt.datetime], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page of a unit, made by another process. `basis_sha256` names what it was made from."""

    survey: str
    wave: str
    unit: str
    kind: str
    language: Language
    content_type: str
    content: bytes
    made_at: dt.datetime
    basis_sha256: str
