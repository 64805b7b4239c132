"""The machine interface as an application of its own, with its description at `openapi.json`."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from evaltools.errors import EvaltoolsError
from evaltools.web.api import answers, wave
from evaltools.web.api.caller import DESCRIPTION_PATH, TokenFirst
from evaltools.web.api.faults import refused_body, refused_by_house, refused_request
from evaltools.web.api.models import FaultOut
from evaltools.web.security.faults import pass_on
from evaltools.web.site import Site

PLACE: Final = "/api/v1"
_DESCRIPTION: Final = (
    "Drafts, submissions, status and questionnaire of one wave, for programs. The token is made by "
    "`evaltools access`; it names the wave, and the unit or all of them. Everything is checked as in the form. "
    "A request is refused as a whole or done as a whole; the same request again changes nothing."
)
_ALWAYS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": FaultOut, "description": "The request cannot be read"},
    401: {"model": FaultOut, "description": "No token, or one that is no longer good"},
    403: {"model": FaultOut, "description": "The token does not allow this, or the wave is closed"},
    404: {"model": FaultOut, "description": "There is no such thing"},
    405: {"model": FaultOut, "description": "Not with this method"},
    408: {"model": FaultOut, "description": "The request took too long to arrive"},
    413: {"model": FaultOut, "description": "The request is too large"},
    422: {"model": FaultOut, "description": "The request is not as described here"},
    429: {"model": FaultOut, "description": "Too many requests; see Retry-After"},
    431: {"model": FaultOut, "description": "The address or the headers are too long"},
    500: {"model": FaultOut, "description": "A fault of ours; nothing was changed"},
    503: {"model": FaultOut, "description": "The store cannot be written now; nothing was changed"},
    507: {"model": FaultOut, "description": "The disk is full; nothing was changed"},
}


class _Interface(FastAPI):
    """An application whose description, made when it is first asked for, says that every call needs a token."""

    def openapi(self) -> dict[str, Any]:
        """The description."""
        description = super().openapi()
        description.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        description["security"] = [{"token": []}]
        return description


def build_interface(site: Site) -> ASGIApp:
    """The interface of a running server, to be put at `/api/v1`."""
    application = _Interface(
        title="evaltools",
        version="1",
        description=_DESCRIPTION,
        openapi_url=DESCRIPTION_PATH,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": PLACE}],
        root_path_in_servers=False,
        redirect_slashes=False,
        responses=_ALWAYS,
    )
    for router in (wave.ROUTER, answers.ROUTER):
        application.include_router(router)
    application.add_exception_handler(HTTPException, refused_request)
    application.add_exception_handler(RequestValidationError, refused_body)
    application.add_exception_handler(EvaltoolsError, refused_by_house)
    application.add_exception_handler(Exception, pass_on)
    return TokenFirst(application, site=site)
