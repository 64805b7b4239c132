"""`/s/<token>`: a link shows whose answers it opens, and is exchanged for a session by a button; leaving ends it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from evaltools.language import texts
from evaltools.store import Grant, background, begin_session, end_session, fieldwork_of, find_grant
from evaltools.web.form import Shell
from evaltools.web.names import fault_of_name, plain_name
from evaltools.web.seats import wave_shell
from evaltools.web.shown import Entering, Telling, shown
from evaltools.web.visit import Visit


def show_link(visit: Visit) -> Response:
    """The page behind a link. Looking changes nothing, so that a program that opens links in mails does no harm."""
    grant = _grant(visit)
    page, shell = _page(visit, grant, "")
    return shown(page, shell)


def enter(visit: Visit) -> Response:
    """Exchange the link for a session in the name of a person."""
    grant = _grant(visit)
    person = plain_name(visit.posted("person"))
    fault = fault_of_name(person)
    if fault:
        page, shell = _page(visit, grant, texts(visit.language).say(f"site.names.{fault}"))
        return shown(page, shell, status=422)
    site = visit.site
    if visit.cookie:
        end_session(site.store, visit.cookie, at=visit.at)
    session, cookie = begin_session(site.store, _token(visit), person, at=visit.at, lasts=site.options.lasts)
    visit.noted["who"] = f"grant={session.grant.id}"
    response = RedirectResponse("/besvar", 303)
    site.cookies.give(response, "answering", cookie, seconds=int((session.ends_at - visit.at).total_seconds()))
    return response


def leave(visit: Visit) -> Response:
    """End the session; everything that was saved stays, and the link opens it again."""
    end_session(visit.site.store, visit.cookie, at=visit.at)
    say = texts(visit.language).say
    response = shown(
        Telling(say("site.left.heading"), (say("site.left.message"),)),
        Shell(visit.language, "/skema", say("site.name")),
    )
    visit.site.cookies.take(response, "answering")
    return response


def _token(visit: Visit) -> str:
    return visit.parameters["token"]


def _grant(visit: Visit) -> Grant:
    """The grant of a link that is good for a person; `HTTPException` 404 otherwise, whatever is wrong with it."""
    grant = find_grant(visit.site.store, _token(visit), at=visit.at)
    if grant is None or grant.role == "system":
        raise HTTPException(404)
    return grant


def _page(visit: Visit, grant: Grant, fault: str) -> tuple[Entering, Shell]:
    around = background(visit.site.store, grant.survey, grant.wave, grant.unit)
    titles = {one.name: one.title.to(visit.language) for one in around.wave.questionnaire.sections}
    shell = wave_shell(visit, around.wave, fieldwork_of(visit.site.store, grant.survey, grant.wave))
    sections = tuple(titles[name] for name in grant.sections if name in titles)
    return Entering(visit.path, around.unit.name, visit.posted("person") or grant.holder, sections, fault), shell
