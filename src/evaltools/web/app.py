"""The application that a server runs: a porch, which reads the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Scope

from evaltools.store import Store
from evaltools.web.api.application import PLACE as INTERFACE
from evaltools.web.api.application import build_interface
from evaltools.web.refusing import refuse_scope
from evaltools.web.routes.table import routes
from evaltools.web.security.access_log import AccessLog
from evaltools.web.security.bodies import (
    LARGEST_FORM,
    LARGEST_REQUEST_OF_PROGRAM,
    LARGEST_WORKBOOK,
    BodyLimit,
)
from evaltools.web.security.faults import Faults, pass_on
from evaltools.web.security.headers import SecurityHeaders
from evaltools.web.security.rates import RateLimit
from evaltools.web.site import Clock, Options, Site, new_site
from evaltools.web.static import PLACE as STATIC
from evaltools.web.static_files import static_file

SMALLEST_COMPRESSED = 1000
"""Bytes. Pages are compressed though they hold a token: it has other characters on each page."""


def the_time() -> dt.datetime:
    """Now, in UTC."""
    return dt.datetime.now(dt.UTC)


def build_app(store: Store, options: Options | None = None, *, clock: Clock = the_time) -> Starlette:
    """The form, the status board and the machine interface over an open store.

    store: as `grouped` gives it, so that saves that come together share one sync to the disk. clock: the present.
    The application is made of pure ASGI layers, the outermost first: the log line, the headers, what catches faults,
    compression, the rate limit, the limit of bodies, and then the routes.
    """
    site = new_site(store, clock, options or Options())
    application = Starlette(
        routes=[
            Mount(INTERFACE, build_interface(site)),
            Route(f"{STATIC}/{{name}}", static_file),
            Route(f"{STATIC}/{{content}}/{{name}}", static_file),
            *routes(),
        ],
        middleware=_layers(site),
        exception_handlers={HTTPException: _refused, Exception: pass_on},
        lifespan=_life,
    )
    application.router.redirect_slashes = False
    application.state.site = site
    return application


def _layers(site: Site) -> list[Middleware]:
    refuse = partial(refuse_scope, cookies=site.cookies)
    names = (site.cookies.name("answering"), site.cookies.name("operator"))
    return [
        Middleware(AccessLog),
        Middleware(SecurityHeaders, behind_tls=site.options.behind_tls),
        Middleware(Faults, refuse=partial(_fault, site=site)),
        Middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=6),
        Middleware(RateLimit, by_address=site.by_address, by_token=site.by_token, cookies=names, refuse=refuse),
        Middleware(BodyLimit, largest=_largest, refuse=refuse),
    ]


def _fault(scope: Scope, number: str, *, site: Site) -> Response:
    return refuse_scope(scope, 500, site.cookies, number)


def _largest(path: str) -> int:
    """Bytes that a request to this path may bring."""
    if path.startswith(INTERFACE):
        return LARGEST_REQUEST_OF_PROGRAM
    if path == "/besvar/regneark/gem":
        return 2 * LARGEST_WORKBOOK  # the file comes back as text, which is a third longer
    return LARGEST_WORKBOOK if path == "/besvar/regneark" else LARGEST_FORM


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = refuse_scope(request.scope, error.status_code, request.app.state.site.cookies)
    response.headers.update(error.headers or {})
    return response


@asynccontextmanager
async def _life(application: Starlette) -> AsyncIterator[None]:
    yield
    application.state.site.workshop.close()
