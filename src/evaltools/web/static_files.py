"""Style, script and icon: under addresses that name their content, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PLACE: Final = "/static"
_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
)
_KEPT: Final = "public, max-age=31536000, immutable"
_ASKED_AGAIN: Final = "no-cache"
_DIGITS: Final = 12


def address(name: str) -> str:
    """Where a static file stands, with a name for its content."""
    return f"{PLACE}/{_named(name)}/{name}"


async def static_file(request: Request) -> Response:
    """A static file; what is asked for by an old content is given as it is now, and not kept."""
    name = request.path_params["name"]
    if name not in _files():
        raise HTTPException(404)
    is_named = request.path_params.get("content") == _named(name)
    headers = {"Cache-Control": _KEPT if is_named else _ASKED_AGAIN}
    media_type = _TYPES[name[name.rindex(".") :]]
    return Response(_files()[name], media_type=media_type, headers=headers)


@cache
def _files() -> Mapping[str, bytes]:
    folder = resources.files("evaltools.web").joinpath("static")
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.name.endswith(tuple(_TYPES))}


@cache
def _named(name: str) -> str:
    return hashlib.sha256(_files()[name]).hexdigest()[:_DIGITS]
