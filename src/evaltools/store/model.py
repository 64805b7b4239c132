"""What a store takes in and hands on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaltools.collect.model import Answers, Difference, Problem
from evaltools.errors import Fault
from evaltools.provenance import Origin

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
    (0: nothing; None: not told, and then nothing is held against what others saved). submit : False saves a draft.
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


@dataclass(frozen=True, slots=True)
class Saved:
    """Everything that came in was kept. `problems` may hold notes and explained doubts."""

    version: int
    content_sha256: str
    at: dt.datetime
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, because of problems of level `stop` or doubts without a reason."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was changed: somebody else saved in between. Both values of each field are here."""

    differences: tuple[Difference, ...]
    version: int
    by: str
    at: dt.datetime


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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A store at one moment: what everything after the store reads. `heads`: last hash per unit's chain."""

    waves: tuple[WaveSnapshot, ...]
    heads: Mapping[str, str]
    sha256: str
