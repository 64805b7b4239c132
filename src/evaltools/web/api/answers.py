"""Answers by the machine interface: draft, submission, records and status of one unit."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from evaltools.store import Conflict, Saved, Submission, receive, records, unit_statuses
from evaltools.web.api.caller import Caller, caller_of
from evaltools.web.api.models import AnswersIn, ConflictOut, DraftOut, FaultOut, RecordsOut, SavedOut, UnitStatusOut
from evaltools.web.api.replies import as_json, draft_out, reply, status_out
from evaltools.web.desks import checked

ROUTER = APIRouter()

Calling = Annotated[Caller, Depends(caller_of)]
UnitCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,40}$", description="The code of the unit, such as 0101")]
Record = Annotated[
    str, Query(pattern=r"^[0-9A-Za-z_.-]{0,80}$", description="The id of the record, for surveys with many records")
]
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ConflictOut, "description": "Others have changed the same fields since"}
}
REFUSED: dict[int | str, dict[str, Any]] = {
    422: {"model": FaultOut, "description": "Nothing was changed; what must be mended stands in `problems`"}
}


@ROUTER.get("/units/{unit}/draft", operation_id="read_draft", response_model=DraftOut)
def read_draft(caller: Calling, unit: UnitCode, record: Record = "") -> JSONResponse:
    """The answers as they stand, and what is still to be mended or explained."""
    caller.must("read", unit)
    caller.note(unit)
    standing, problems = checked(caller.site.store, caller.grant, unit, record)
    return as_json(draft_out(standing, problems))


@ROUTER.put(
    "/units/{unit}/draft", operation_id="save_draft", response_model=SavedOut, responses={**CONFLICT, **REFUSED}
)
def save_draft(caller: Calling, unit: UnitCode, answers: AnswersIn, record: Record = "") -> JSONResponse:
    """Keep answers as a draft: all that can be read is kept, the rest is told of. The same again changes nothing."""
    caller.must("draft", unit)
    return _send(caller, unit, record, answers, submit=False)


@ROUTER.post(
    "/units/{unit}/submission", operation_id="submit", response_model=SavedOut, responses={**CONFLICT, **REFUSED}
)
def submit(caller: Calling, unit: UnitCode, answers: AnswersIn, record: Record = "") -> JSONResponse:
    """Submit: the answers are merged with the draft, checked as a whole, and kept or refused as a whole."""
    caller.must("submit", unit)
    return _send(caller, unit, record, answers, submit=True)


@ROUTER.get("/units/{unit}/records", operation_id="read_records", response_model=RecordsOut)
def read_records(caller: Calling, unit: UnitCode) -> JSONResponse:
    """All records of a unit as they stand."""
    caller.must("read", unit)
    caller.note(unit)
    grant, store = caller.grant, caller.site.store
    ids = [one.record for one in records(store, grant.survey, grant.wave, unit)]
    return as_json(RecordsOut(unit=unit, records=[draft_out(*checked(store, grant, unit, record)) for record in ids]))


@ROUTER.get("/units/{unit}/status", operation_id="read_unit_status", response_model=UnitStatusOut)
def read_unit_status(caller: Calling, unit: UnitCode) -> JSONResponse:
    """How far a unit has come."""
    caller.must("status", unit)
    statuses = unit_statuses(caller.site.store, caller.grant.survey, caller.grant.wave)
    found = next((one for one in statuses if one.unit.code == unit), None)
    if found is None:
        raise HTTPException(404)
    return as_json(status_out(found))


def _send(caller: Caller, unit: str, record: str, given: AnswersIn, *, submit: bool) -> JSONResponse:
    caller.refuse_whole_wave()
    plain = given.model_dump()
    submission = Submission(
        survey=caller.grant.survey,
        wave=caller.grant.wave,
        unit=unit,
        answers=plain["answers"],
        record=record,
        actor=caller.grant.holder,
        channel="api",
        base_version=given.base_version,
        submit=submit,
        schema_sha256=given.schema_sha256,
    )
    outcome = receive(caller.site.store, submission, at=caller.site.clock(), language="en")
    if isinstance(outcome, Conflict) or (isinstance(outcome, Saved) and outcome.others):
        caller.note(unit)
    return reply(outcome)
