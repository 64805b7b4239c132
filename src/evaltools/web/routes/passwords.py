"""`/status/adgangskode`: an operator changes their password, by telling the current one."""

from __future__ import annotations

from functools import partial

from starlette.responses import RedirectResponse, Response

from evaltools.errors import EvaltoolsError
from evaltools.language import texts
from evaltools.store import begin_operator, change_password
from evaltools.web.form import Shell
from evaltools.web.passwords import refuse_guessable
from evaltools.web.refusing import refused
from evaltools.web.security.csrf import form_token
from evaltools.web.shown import NewPassword, shown
from evaltools.web.site import session_name
from evaltools.web.visit import Visit

HERE = "/status/adgangskode"


def show(visit: Visit) -> Response:
    """The page with the current and the new password."""
    return _page(visit, NewPassword())


def change(visit: Visit) -> Response:
    """Change it: every session under the old one ends, and this browser goes on in a new one."""
    site, new = visit.site, visit.posted("new")
    if new != visit.posted("again"):
        return _page(visit, _fault(visit, "differ"), status=422)
    try:
        refuse_guessable(visit.operator, new)
        cookie = site.logins.attempt(visit.operator, visit.address, partial(_changed, visit))
    except EvaltoolsError as error:
        return _page(visit, _fault(visit, _told(error)), status=422)
    if cookie is None:
        return refused(visit, 429)
    response = RedirectResponse("/status", 303)
    site.last_seen.note(session_name(cookie), visit.at, visit.at)
    site.cookies.give(response, "operator", cookie, seconds=int(site.options.lasts.total_seconds()))
    return response


def _changed(visit: Visit) -> str:
    """The cookie of the session under the new password."""
    store, name, new = visit.site.store, visit.operator, visit.posted("new")
    change_password(store, name, visit.posted("current"), new, at=visit.at)
    return begin_operator(store, name, new, at=visit.at, lasts=visit.site.options.lasts)


def _told(error: EvaltoolsError) -> str:
    """What is wrong with the passwords; another fault is not the operator's, and is raised again."""
    for code, name in ((["LOGIN_REFUSED"], "wrong"), (["PASSWORD_WEAK"], "weak"), (["PASSWORD_SHORT"], "short")):
        if error.faults[0].code in code:
            return name
    raise error


def _fault(visit: Visit, name: str) -> NewPassword:
    told = texts(visit.language).say(f"site.password.{name}")
    return NewPassword(wrong=told) if name == "wrong" else NewPassword(fault=told)


def _page(visit: Visit, page: NewPassword, *, status: int = 200) -> Response:
    title, token = texts(visit.language).say("site.name"), form_token(visit.operator_cookie)
    shell = Shell(visit.language, HERE, title, person=visit.operator, csrf=token, leave_path="/status/log-ud")
    return shown(page, shell, status=status)
