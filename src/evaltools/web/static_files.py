"""Style, script and icon are sent here; what is asked for by the name of its content is kept for a year."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from evaltools.web.static import content_name, files

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
)
_KEPT: Final = "public, max-age=31536000, immutable"
_ASKED_AGAIN: Final = "no-cache"


async def static_file(request: Request) -> Response:
    """A static file; what is asked for by an old content is given as it is now, and not kept."""
    name = request.path_params["name"]
    if name not in files():
        raise HTTPException(404)
    is_named = request.path_params.get("content") == content_name(name)
    headers = {"Cache-Control": _KEPT if is_named else _ASKED_AGAIN}
    return Response(files()[name], media_type=_TYPES[name[name.rindex(".") :]], headers=headers)
