"""Refusals of the machine interface: always the same object, with a code, a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from evaltools.errors import EvaltoolsError
from evaltools.language import texts
from evaltools.web.api.models import FaultOut, ProblemOut
from evaltools.web.statuses import status_of_fault

CHALLENGE: Final = "Bearer"
_LONGEST_PLACE: Final = 100


def fault(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The object for a status that needs no more words, such as 404 or 429."""
    say = texts("en").say
    code = say(f"site.status.{status}.code")
    out = FaultOut(
        code=code, message=say(f"site.status.{status}.message"), remedy=say(f"site.status.{status}.remedy"), problems=[]
    )
    return _answer(status, out, headers)


def refused_request(_: Request, error: Exception) -> JSONResponse:
    """What the framework refuses: no such path, a wrong method, no right to do it."""
    assert isinstance(error, HTTPException)
    return fault(error.status_code, error.headers)


def refused_body(_: Request, error: Exception) -> JSONResponse:
    """A body or parameter that is not as the description says: one problem per place, without repeating the value."""
    assert isinstance(error, RequestValidationError)
    say = texts("en").say
    problems = [
        ProblemOut(
            level="stop",
            code=str(one["type"]).upper(),
            field=_place(one["loc"]),
            label="",
            message=str(one["msg"]),
            remedy=say("site.status.422.remedy"),
        )
        for one in error.errors()[:100]
    ]
    out = FaultOut(
        code=say("site.status.422.code"),
        message=say("site.status.422.message"),
        remedy=say("site.status.422.remedy"),
        problems=problems,
    )
    return _answer(422, out)


def refused_by_house(_: Request, error: Exception) -> JSONResponse:
    """What the store refuses, such as a wave that is closed or a full disk."""
    assert isinstance(error, EvaltoolsError)
    first = error.faults[0]
    out = FaultOut(code=first.code, message=first.problem, remedy=first.remedy, problems=[])
    return _answer(status_of_fault(first.code), out)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if part != "body").encode("utf-8", "replace").decode()[:_LONGEST_PLACE]


def _answer(status: int, out: FaultOut, headers: Mapping[str, str] | None = None) -> JSONResponse:
    response = JSONResponse(out.model_dump(mode="json"), status, headers=dict(headers or {}))
    if status in (401, 403):
        scope = "" if status == 401 else ' error="insufficient_scope"'
        response.headers["WWW-Authenticate"] = f"{CHALLENGE}{scope}"
    return response
