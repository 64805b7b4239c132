"""What the store says, as the machine interface gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast

from starlette.responses import JSONResponse

from evaltools.collect import Problem, value_to_json
from evaltools.collect.model import Answers, Difference
from evaltools.language import texts
from evaltools.schema import Field, Questionnaire, fields
from evaltools.schema.model import REASON_SUFFIX, Value
from evaltools.store import Conflict, Current, Refused, Saved, UnitStatus
from evaltools.web.api.models import (
    ChoiceOut,
    ConflictOut,
    DifferenceOut,
    DraftOut,
    FaultOut,
    FieldOut,
    Kept,
    ProblemOut,
    QuestionnaireOut,
    SavedOut,
    Strict,
    UnitStatusOut,
)


def reply(outcome: Saved | Refused | Conflict) -> JSONResponse:
    """200 with what was kept, 409 with both values of each field, 422 with what keeps the submission back."""
    if isinstance(outcome, Saved):
        out: Strict = SavedOut(
            version=outcome.version,
            content_sha256=outcome.content_sha256,
            at=outcome.at,
            problems=problems_out(outcome.problems),
            others=[_difference(one, outcome.at) for one in outcome.others],
        )
        return as_json(out)
    if isinstance(outcome, Conflict):
        return as_json(_conflict(outcome), 409)
    say = texts("en").say
    return as_json(
        FaultOut(
            code="REFUSED",
            message=say("site.api.refused.message"),
            remedy=say("site.api.refused.remedy"),
            problems=problems_out(outcome.problems),
        ),
        422,
    )


def as_json(out: Strict, status: int = 200) -> JSONResponse:
    """The object as an answer."""
    return JSONResponse(out.model_dump(mode="json"), status)


def problems_out(problems: Iterable[Problem]) -> list[ProblemOut]:
    """The problems as the form shows them."""
    return [
        ProblemOut(
            level=one.level,
            code=one.code,
            field=one.field,
            label=one.label,
            message=one.message,
            remedy=one.remedy,
        )
        for one in problems
    ]


def _conflict(conflict: Conflict) -> ConflictOut:
    say = texts("en").say
    return ConflictOut(
        code="CONFLICT",
        message=say("site.api.conflict.message"),
        remedy=say("site.api.conflict.remedy"),
        yours={one.field: _kept(one.ours) for one in conflict.differences},
        theirs={one.field: _kept(one.theirs) for one in conflict.differences},
        by=conflict.by,
        at=conflict.at,
        version=conflict.version,
        differences=[_difference(one, conflict.at, conflict.by) for one in conflict.differences],
        others=[_difference(one, conflict.at) for one in conflict.others],
    )


def _difference(one: Difference, at: dt.datetime, by: str = "") -> DifferenceOut:
    return DifferenceOut(
        field=one.field,
        yours=_kept(one.ours),
        theirs=_kept(one.theirs),
        by=one.by or by,
        at=one.at or at,
    )


def _kept(value: Value | None) -> Kept | None:
    return None if value is None else cast(Kept, value_to_json(value))


def answers_out(answers: Answers) -> dict[str, Kept]:
    """Answers by field, as the interface takes them too."""
    return {name: cast(Kept, value_to_json(value)) for name, value in answers.items()}


def draft_out(current: Current, problems: Iterable[Problem]) -> DraftOut:
    """A response as it stands."""
    response = current.response
    return DraftOut.model_validate(
        {
            "unit": response.unit,
            "record": response.record,
            "disposition": response.disposition,
            "version": response.version,
            "answers": answers_out(response.answers),
            "problems": problems_out(problems),
        }
    )


def status_out(status: UnitStatus) -> UnitStatusOut:
    """How far a unit has come, without names of people."""
    return UnitStatusOut(
        unit=status.unit.code,
        name=status.unit.name,
        disposition=status.disposition,
        opened_at=status.opened_at,
        begun_at=status.begun_at,
        changed_at=status.changed_at,
        submitted_at=status.submitted_at,
    )


def questionnaire_out(questionnaire: Questionnaire) -> QuestionnaireOut:
    """What is asked, field by field."""
    return QuestionnaireOut(
        survey=questionnaire.survey,
        wave=questionnaire.wave,
        da=questionnaire.title.da,
        en=questionnaire.title.en,
        schema_sha256=questionnaire.content_sha256,
        many_records=questionnaire.many_records,
        fields=[_field(one) for one in fields(questionnaire)],
        reasons=[rule.name + REASON_SUFFIX for rule in questionnaire.rules if rule.level == "explain"],
    )


def _field(one: Field) -> FieldOut:
    categories = one.item.codelist.categories if one.item.codelist and one.kind in ("single", "multiple") else ()
    return FieldOut(
        name=one.name,
        kind=one.kind,
        section=one.item.section,
        da=one.label.da,
        en=one.label.en,
        choices=[ChoiceOut(code=each.code, da=each.label.da, en=each.label.en) for each in categories],
        missing=[kind.kind for kind in one.item.missing],
        required=one.item.required,
        minimum=one.item.minimum,
        maximum=one.item.maximum,
    )
