"""A whole wave by the machine interface: what is asked, how far everybody has come, and exports."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from evaltools.store import note_read, open_waves, unit_statuses
from evaltools.web.api.caller import Caller, caller_of
from evaltools.web.api.models import ExportOut, FaultOut, QuestionnaireOut, WaveStatusOut
from evaltools.web.api.replies import as_json, questionnaire_out, status_out
from evaltools.web.making.exports import export_wave

ROUTER = APIRouter()

Calling = Annotated[Caller, Depends(caller_of)]
ExportId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="As `begin_export` gave it")]


@ROUTER.get("/questionnaire", operation_id="read_questionnaire", response_model=QuestionnaireOut)
def read_questionnaire(caller: Calling) -> JSONResponse:
    """The fields to answer, with codes and kinds of missing, and the hash that a submission may name."""
    asked = (caller.grant.survey, caller.grant.wave)
    found = {(one.questionnaire.survey, one.questionnaire.wave): one for one in open_waves(caller.site.store)}
    return as_json(questionnaire_out(found[asked].questionnaire))


@ROUTER.get("/status", operation_id="read_status", response_model=WaveStatusOut)
def read_status(caller: Calling) -> JSONResponse:
    """How far every unit has come; for a token of the whole wave."""
    caller.must("status")
    grant = caller.grant
    statuses = unit_statuses(caller.site.store, grant.survey, grant.wave)
    submitted = sum(one.disposition == "submitted" for one in statuses)
    units = [status_out(one) for one in statuses]
    return as_json(WaveStatusOut(survey=grant.survey, wave=grant.wave, units=units, submitted=submitted))


@ROUTER.post("/exports", operation_id="begin_export", response_model=ExportOut, status_code=202)
def begin_export(caller: Calling) -> JSONResponse:
    """Have all answers of the wave written as a snapshot, by another process, after the exports that came before."""
    caller.must("read")
    grant, site = caller.grant, caller.site
    note_read(site.store, grant.survey, grant.wave, at=site.clock(), actor=grant.holder, what="export")
    export = secrets.token_hex(16)
    site.workshop.ask(_key(caller, export), partial(export_wave, site.store.path, grant.survey, grant.wave))
    return as_json(ExportOut(export=export, state="waiting"), 202)


@ROUTER.get("/exports/{export}", operation_id="read_export", response_model=ExportOut)
def read_export(caller: Calling, export: ExportId) -> JSONResponse:
    """How far an export has come."""
    found = _look(caller, export)
    state = "ready" if isinstance(found, bytes) else found
    return as_json(ExportOut.model_validate({"export": export, "state": state}))


@ROUTER.get(
    "/exports/{export}/file",
    operation_id="fetch_export",
    response_class=Response,
    responses={
        200: {"description": "The snapshot", "content": {"application/json": {"schema": {"type": "object"}}}},
        409: {"model": FaultOut, "description": "It is not ready"},
    },
)
def fetch_export(caller: Calling, export: ExportId) -> Response:
    """The file of an export that is ready."""
    found = _look(caller, export)
    if not isinstance(found, bytes):
        raise HTTPException(409)
    return Response(found, media_type="application/json")


def _look(caller: Caller, export: str) -> bytes | str:
    caller.must("read")
    found = caller.site.workshop.look(_key(caller, export))
    if found is None:
        raise HTTPException(404)
    return found


def _key(caller: Caller, export: str) -> str:
    return f"export {caller.grant.id} {export}"
