"""The doors: which pages anybody may see, which need a session, and which need the login of an operator.

What is behind a door works in a thread of its own, so that others go on meanwhile; only what `is_quick` and writes
nothing is made at once: handing it to a thread would take as long as making it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from evaltools.errors import EvaltoolsError, StoreError
from evaltools.store import at_once, end_operator, end_session, find_operator, find_session
from evaltools.web.refusing import ended, refused, refused_by_house
from evaltools.web.security.access_log import NOBODY, WHO
from evaltools.web.security.csrf import is_form_token
from evaltools.web.security.origin import is_from_here
from evaltools.web.site import operator_in_log, session_name
from evaltools.web.visit import Visit, read_visit

Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

_YEAR = dt.timedelta(days=365)


def anybody(handler: Handler, *, is_quick: bool = False) -> Endpoint:
    """A page without a key. A post must come from our own site; whoever has a session is known."""
    return _door(handler, lambda visit: visit, is_quick=is_quick)


def needs_session(handler: Handler, *, is_quick: bool = False) -> Endpoint:
    """A page of a response, for whoever has come in by a link. A post needs the token of our page too."""
    return _door(handler, _with_session, is_quick=is_quick)


def needs_operator(handler: Handler, *, is_quick: bool = False) -> Endpoint:
    """A page for those who run a wave, after their login."""
    return _door(handler, _with_operator, is_quick=is_quick)


def _door(handler: Handler, let_in: Callable[[Visit], Visit | Response], *, is_quick: bool) -> Endpoint:
    def answer(visit: Visit) -> Response:
        known = visit
        try:
            known = _known(visit)
            if visit.method == "POST" and not is_from_here(visit.headers):
                return refused(known, 403)
            allowed = let_in(known)
            return allowed if isinstance(allowed, Response) else handler(allowed)
        except EvaltoolsError as error:
            return refused_by_house(known, error)
        except HTTPException as error:
            return refused(known, error.status_code)

    async def endpoint(request: Request) -> Response:
        visit = await read_visit(request)
        if is_quick and _only_reads(visit):
            response = _of_one_moment(answer, visit)
        else:
            response = await run_in_threadpool(_of_one_moment, answer, visit)
        request.scope[WHO] = visit.noted.get("who", NOBODY)
        if visit.chosen_language:
            seconds = int(_YEAR.total_seconds())
            visit.site.cookies.give(response, "language", visit.language, seconds=seconds)
        return response

    return endpoint


def _only_reads(visit: Visit) -> bool:
    """Whether nothing is written meanwhile: by a post, or because a session has slept too long and is ended."""
    asleep = visit.cookie and not visit.site.last_seen.is_awake(session_name(visit.cookie), visit.at)
    return visit.method != "POST" and not asleep


def _of_one_moment(answer: Handler, visit: Visit) -> Response:
    """The answer; a page that is only shown is made of one moment of the store, and of one transaction."""
    if visit.method == "POST":
        return answer(visit)
    with at_once(visit.site.store) as store:
        return answer(replace(visit, site=replace(visit.site, store=store)))


def _known(visit: Visit) -> Visit:
    """The visit with who it is, where the cookies tell."""
    site = visit.site
    session = find_session(site.store, visit.cookie, at=visit.at) if visit.cookie else None
    if session is not None and not site.last_seen.note(session_name(visit.cookie), session.begun_at, visit.at):
        with suppress(StoreError):  # where nothing can be written, it stays asleep as long as this server runs
            end_session(site.store, visit.cookie, at=visit.at)
        session = None
    if session is not None:
        visit.noted["who"] = f"grant={session.grant.id}"
    return replace(visit, session=session)


def _with_session(visit: Visit) -> Visit | Response:
    if visit.session is None:
        return ended(visit)
    if visit.method == "POST" and not is_form_token(visit.posted("csrf"), visit.cookie):
        return ended(visit)
    return visit


def _with_operator(visit: Visit) -> Visit | Response:
    site, cookie = visit.site, visit.operator_cookie
    found = find_operator(site.store, cookie, at=visit.at) if cookie else None
    if found is not None and not site.last_seen.note(session_name(cookie), site.last_seen.begun, visit.at):
        with suppress(StoreError):
            end_operator(site.store, cookie)
        found = None
    if found is None:
        return Response(status_code=303, headers={"Location": "/status/log-ind"})
    if visit.method == "POST" and not is_form_token(visit.posted("csrf"), visit.operator_cookie):
        return refused(visit, 403)
    visit.noted["who"] = operator_in_log(cookie)
    return replace(visit, operator=found)
