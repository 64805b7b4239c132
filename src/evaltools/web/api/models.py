"""What the machine interface takes and gives. Types are strict: false is not 0, and unknown names are refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, StringConstraints

from evaltools.schema.model import Level
from evaltools.store.model import Disposition


class Strict(BaseModel):
    """A value that takes nothing for something else."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Absent(Strict):
    """Why there is no value, such as `dont_know`; which kinds a field offers stands in the questionnaire."""

    missing: StrictStr = Field(max_length=30, examples=["dont_know"])


def _whole(given: object) -> object:
    """A whole number however JSON writes it: 3.0 is an integer there too."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


FieldName = Annotated[StrictStr, StringConstraints(min_length=1, max_length=80)]
GivenWhole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
"""Whole numbers end where two of them would be the same float."""
GivenNumber = GivenWhole | Annotated[float, Field(strict=True, allow_inf_nan=False)]
GivenText = Annotated[StrictStr, StringConstraints(max_length=20_000)]
GivenCodes = Annotated[list[Annotated[StrictStr, StringConstraints(max_length=100)]], Field(max_length=200)]
Given = GivenNumber | GivenText | GivenCodes | Absent | None
"""An answer on its way in: a number, a text (also for numbers), codes, a kind of missing; null clears."""

Kept = StrictInt | StrictFloat | StrictStr | list[StrictStr] | Absent
"""An answer as it stands."""


class AnswersIn(Strict):
    """Answers to keep. Fields that are not named stay as they are."""

    answers: dict[FieldName, Given] = Field(
        max_length=2000,
        examples=[{"f1_placed": 12, "a2_role": "2"}],
        description="By field name; a reason: <rule>__reason",
    )
    base_version: Annotated[StrictInt, BeforeValidator(_whole)] = Field(
        ge=0, le=2**53, description="The version these answers are based on; 0: on nothing seen"
    )
    schema_sha256: StrictStr = Field(default="", max_length=64, description="Of the questionnaire that was answered")


class ProblemOut(Strict):
    """A mistake or doubt beside a field. `stop` and, without a reason, `explain` keep a submission back."""

    level: Level
    code: str
    field: str
    label: str
    message: str
    remedy: str


class DifferenceOut(Strict):
    """One field that somebody else has changed since. null: no answer."""

    field: str
    yours: Kept | None
    theirs: Kept | None
    by: str
    at: dt.datetime


class SavedOut(Strict):
    """What was kept, and what is still to be mended or explained."""

    version: int
    content_sha256: str
    at: dt.datetime
    problems: list[ProblemOut]
    others: list[DifferenceOut] = Field(
        default=[],
        description="What others have changed since base_version. Take in each of `theirs` before you name this "
        "version as a base: it says that you have seen them, and what you send then replaces them",
    )


class FaultOut(Strict):
    """Why nothing was changed."""

    code: str = Field(examples=["NO_SUCH_UNIT"])
    message: str
    remedy: str
    problems: list[ProblemOut] = []


class ConflictOut(Strict):
    """Nothing was changed: others have changed the same fields, or fields of the same sum, since `base_version`.

    `yours` and `theirs` hold both values by field; `by` and `at` tell of the newest change.
    """

    code: Literal["CONFLICT"]
    message: str
    remedy: str
    yours: dict[str, Kept | None]
    theirs: dict[str, Kept | None]
    by: str
    at: dt.datetime
    version: int
    differences: list[DifferenceOut]
    others: list[DifferenceOut] = Field(default=[], description="What others have changed besides; take it in too")


class DraftOut(Strict):
    """The answers as they stand."""

    unit: str
    record: str
    disposition: Disposition
    version: int
    answers: dict[str, Kept]
    problems: list[ProblemOut]


class RecordsOut(Strict):
    """The records of one unit by their ids."""

    unit: str
    records: list[DraftOut]


class UnitStatusOut(Strict):
    """How far one unit has come."""

    unit: str
    name: str
    disposition: Disposition
    opened_at: dt.datetime | None
    begun_at: dt.datetime | None
    changed_at: dt.datetime | None
    submitted_at: dt.datetime | None


class WaveStatusOut(Strict):
    """How far all units have come, and how many count as having answered."""

    survey: str
    wave: str
    units: list[UnitStatusOut]
    submitted: int


class ChoiceOut(Strict):
    """One code of a list."""

    code: str
    da: str
    en: str


class FieldOut(Strict):
    """One field to answer."""

    name: str
    kind: str
    section: str
    da: str
    en: str
    choices: list[ChoiceOut]
    missing: list[str]
    required: bool
    minimum: int | float | None
    maximum: int | float | None


class QuestionnaireOut(Strict):
    """What is asked: the fields, and the reasons that rules may ask for."""

    survey: str
    wave: str
    da: str
    en: str
    schema_sha256: str
    many_records: bool
    fields: list[FieldOut]
    reasons: list[str]


class ExportOut(Strict):
    """An export on its way: `waiting`, `ready` or `failed`."""

    export: str
    state: Literal["waiting", "ready", "failed"]
