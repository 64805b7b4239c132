"""Every page and state of the served form, and the routes that show no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from evaltools.web.api.application import PLACE as INTERFACE
from evaltools.web.making.copies import COPIES
from evaltools.web.static import address, files
from served_scene import State
from states_around import RECORD, states_around
from states_of_response import states_of_response

STATES: Sequence[State] = (*states_around(), *states_of_response())

FILES: Mapping[str, Sequence[tuple[str, str]]] = {
    "GET /skema.{form}": [(f"/skema.{form}", form) for form in ("pdf", "xlsx")],
    "GET /skema/{survey}/{wave}/{form}": [(f"/skema/network_methods/2018/{form}", form) for form in ("pdf", "xlsx")],
    "GET /kvittering.{form}": [(f"/kvittering.{form}", form) for form in COPIES],
    "GET /kvittering/{record}/{form}": [(f"/kvittering/{RECORD}/{form}", form) for form in COPIES],
    "GET /besvar/regneark/hent": [("/besvar/regneark/hent", "xlsx")],
    "GET /static/{name}": [(f"/static/{name}", name.rpartition(".")[2]) for name in files()],
    "GET /static/{content}/{name}": [(address(name), name.rpartition(".")[2]) for name in files()],
}
"""Routes that give files: the address of each, and its kind."""

PROGRAMS = frozenset({"GET /sundhed"})
"""Routes that speak to programs, besides all of the machine interface."""


def routes_of(app: Starlette) -> frozenset[str]:
    """Method and path of everything that the application answers."""
    return frozenset(_routes(app.routes))


def unlisted(routes: frozenset[str]) -> frozenset[str]:
    """The routes that no state passes, and that give no file and speak to no program."""
    listed = {*FILES, *PROGRAMS, *(route for state in STATES for route in state.passes)}
    return frozenset(one for one in routes - listed if not one.partition(" ")[2].startswith(f"{INTERFACE}/"))


def _routes(routes: Sequence[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Route):
            yield from (f"{method} {route.path}" for method in route.methods or () if method != "HEAD")
        else:
            assert isinstance(route, Mount), route
            assert route.path == INTERFACE, route.path
            yield from interface_routes(route)


def interface_routes(mounted: Mount) -> Iterator[str]:
    """Method and path of what the machine interface describes."""
    inner: Any = mounted.app
    for path, methods in inner.app.openapi()["paths"].items():
        yield from (f"{method.upper()} {INTERFACE}{path}" for method in methods)
