"""Every page and state of the served form, and the routes that show no page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from evaltools.web.api.application import PLACE as INTERFACE
from served_scene import State
from states_around import states_around
from states_of_response import states_of_response

STATES: Sequence[State] = (*states_around(), *states_of_response())

FILES = {
    "GET /skema.{form}": ("", "/skema.pdf"),
    "GET /skema/{survey}/{wave}/{form}": ("", "/skema/network_methods/2018/xlsx"),
    "GET /kvittering.{form}": ("network_methods/2018", "/kvittering.json"),
    "GET /kvittering/{record}/{form}": ("placement_followup/1", "/kvittering/17-a/json"),
    "GET /besvar/regneark/hent": ("network_methods/2018", "/besvar/regneark/hent"),
    "GET /static/{name}": ("", "/static/style.css"),
    "GET /static/{content}/{name}": ("", "/static/0/form.js"),
}
"""Routes that give a file: who may fetch it (a survey, or nobody in particular), and an address."""

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
