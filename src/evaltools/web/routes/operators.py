"""`/status`: the board for those who run a wave, behind a login."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from evaltools.errors import StoreError
from evaltools.language import texts
from evaltools.store import OpenWave, begin_operator, end_operator, open_waves, unit_statuses
from evaltools.store.progress import fieldwork_report
from evaltools.web.form import Link
from evaltools.web.refusing import refused
from evaltools.web.seats import bare_shell, operator_shell
from evaltools.web.shown import Board, Login, shown
from evaltools.web.site import operator_in_log, session_name
from evaltools.web.visit import Visit

HERE = "/status"


def show_login(visit: Visit) -> Response:
    """The page with name and password."""
    return shown(Login(), bare_shell(visit))


def log_in(visit: Visit) -> Response:
    """Let an operator in, under a new session. Too many tries must wait; a wrong name is told as a wrong password."""
    site, name, password = visit.site, visit.posted("name"), visit.posted("password")
    check = partial(begin_operator, site.store, name, password, at=visit.at, lasts=site.options.lasts)
    try:
        cookie = site.logins.attempt(name, visit.address, check)
    except StoreError as error:
        if error.code not in ["LOGIN_REFUSED"]:
            raise
        return shown(Login(texts(visit.language).say("site.login.refused"), name), bare_shell(visit), status=401)
    if cookie is None:
        return refused(visit, 429)
    if visit.operator_cookie:
        end_operator(site.store, visit.operator_cookie)
    visit.noted["who"] = operator_in_log(cookie)
    response = RedirectResponse(HERE, 303)
    site.last_seen.note(session_name(cookie), visit.at, visit.at)
    site.cookies.give(response, "operator", cookie, seconds=int(site.options.lasts.total_seconds()))
    return response


def log_out(visit: Visit) -> Response:
    """End the session of an operator."""
    end_operator(visit.site.store, visit.operator_cookie)
    response = RedirectResponse(f"{HERE}/log-ind", 303)
    visit.site.cookies.take(response, "operator")
    return response


def show_board(visit: Visit) -> Response:
    """How the field work of a wave goes: rates, stages, how skewed the answers are, whom to call next."""
    waves = open_waves(visit.site.store)
    wave = _chosen(visit, waves)
    survey, name = wave.questionnaire.survey, wave.questionnaire.wave
    report = fieldwork_report(unit_statuses(visit.site.store, survey, name), at=visit.at)
    links = tuple(
        Link(one.questionnaire.titled(visit.language), f"{HERE}/{one.questionnaire.id}", one is wave) for one in waves
    )
    title = wave.questionnaire.titled(visit.language)
    return shown(Board(report, title, links), operator_shell(visit, wave))


def _chosen(visit: Visit, waves: tuple[OpenWave, ...]) -> OpenWave:
    """The wave that the path names; without one the newest that is answered for real."""
    wanted = (visit.parameters.get("survey"), visit.parameters.get("wave"))
    collected = [one for one in waves if one.origin == "collected"] or list(waves)
    named = [one for one in waves if (one.questionnaire.survey, one.questionnaire.wave) == wanted]
    found = named if wanted[0] else sorted(collected, key=lambda one: one.questionnaire.answer_year)
    if not found:
        raise HTTPException(404)
    return found[-1]
