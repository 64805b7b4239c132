"""Answers that say no: what was not done, why, and what to do. As a page, or as JSON for the script of a page."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Final, cast
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from evaltools.errors import EvaltoolsError
from evaltools.language import Language, texts
from evaltools.language.text import LANGUAGES
from evaltools.schema.model import Questionnaire
from evaltools.store import background, fieldwork_of, open_waves
from evaltools.web.api.application import PLACE as INTERFACE
from evaltools.web.api.faults import fault
from evaltools.web.form import Shell
from evaltools.web.seats import bare_shell, wave_shell
from evaltools.web.security.cookies import Cookies
from evaltools.web.security.csrf import form_token
from evaltools.web.shown import NotSaved, Telling, shown
from evaltools.web.statuses import status_of_fault
from evaltools.web.typed import typed
from evaltools.web.visit import Visit

_NO_SUCH_THING: Final = 404
_FOR_GOOD: Final = ["WAVE_CLOSED", "ALREADY_SUBMITTED"]
"""What trying again does not help against."""


def refused(visit: Visit, status: int) -> Response:
    """A page for a status that needs no more words, such as 404. Whatever was posted is not saved."""
    if visit.wants_json:
        return JSONResponse({"status": status}, status)
    return shown(_telling(visit.language, status), bare_shell(visit), status=status)


def refused_by_house(visit: Visit, error: EvaltoolsError) -> Response:
    """A page for what the store refuses: a full disk, a wave that has closed. It says that nothing was saved."""
    code = error.faults[0].code
    status = status_of_fault(code)
    if visit.wants_json:
        return JSONResponse({"status": status, "code": code}, status)
    if visit.method == "POST" and status != _NO_SUCH_THING:
        return shown(_kept(visit, code), _shell(visit), status=status)
    return shown(_told(visit.language, code), _shell(visit), status=status)


def ended(visit: Visit) -> Response:
    """Nobody is known to be here, or a post lacks the token of our page: nothing is saved, and nothing typed is lost.

    What was posted stands in the page, readable and as hidden fields. Without a session the person opens their link in
    another tab and presses the button; with one, the button names the municipality and posts the same again with the
    token of that session. So a session that times out costs a click, and no other site can make anybody save.
    """
    status = 401 if visit.session is None else 403
    if visit.wants_json:
        return JSONResponse({"status": status}, status)
    if visit.method != "POST" or visit.files:
        return shown(_telling(visit.language, status), bare_shell(visit), status=status)
    return shown(_kept(visit, "session_ended"), bare_shell(visit), status=status)


def refuse_scope(scope: Scope, status: int, cookies: Cookies, number: str = "") -> Response:
    """A refusal before anything of the request is read: an object for programs, a page for people."""
    headers = Headers(scope=scope)
    if scope["path"].startswith(INTERFACE):
        return fault(status)
    if headers.get("x-autosave") == "1":
        return JSONResponse({"status": status}, status)
    language = _language(scope, headers, cookies)
    telling = _telling(language, status, number=number)
    return shown(telling, Shell(language, scope["path"], texts(language).say("site.name")), status=status)


def _kept(visit: Visit, code: str) -> NotSaved:
    """The page that holds what was posted, so that pressing its button posts it again."""
    store, session = visit.site.store, visit.session
    questionnaires: tuple[Questionnaire, ...] = ()
    unit = ""
    try:
        questionnaires = tuple(one.questionnaire for one in open_waves(store))
        if session is not None:
            grant = session.grant
            unit = background(store, grant.survey, grant.wave, grant.unit).unit.name
    except EvaltoolsError:
        pass  # the store cannot even be read now: the page does without labels
    telling = _told(visit.language, code)
    return NotSaved(
        heading=telling.heading,
        paragraphs=telling.paragraphs,
        path=visit.path,
        kept=tuple((name, value) for name, values in visit.form.items() if name != "csrf" for value in values),
        typed=typed(questionnaires, visit.form, visit.language),
        unit=unit,
        person="" if session is None else session.person,
        csrf="" if session is None else form_token(visit.cookie),
        again=code not in _FOR_GOOD,
    )


def _shell(visit: Visit) -> Shell:
    """The surroundings with the contact of the wave, where the store can be asked for it."""
    if visit.session is None:
        return bare_shell(visit)
    grant, store = visit.session.grant, visit.site.store
    try:
        wave = background(store, grant.survey, grant.wave, grant.unit).wave
        return wave_shell(visit, wave, fieldwork_of(store, grant.survey, grant.wave))
    except EvaltoolsError:
        return bare_shell(visit)


def _told(language: Language, code: str) -> Telling:
    """What a person is told about a fault of the store or an ended session; what has no words of its own is general."""
    words = texts(language)
    key = f"site.refused.{code.lower()}"
    key = key if f"{key}.heading" in words.by_key else "site.refused.other"
    return Telling(words.say(f"{key}.heading"), (words.say(f"{key}.message"), words.say(f"{key}.remedy")))


def _telling(language: Language, status: int, *, number: str = "") -> Telling:
    words = texts(language)
    key = f"site.page.{status}"
    key = key if f"{key}.heading" in words.by_key else "site.page.other"
    told = (words.say(f"{key}.message"), words.say(f"{key}.remedy"))
    numbered = (words.say("site.page.number", number=number),) if number else ()
    return Telling(words.say(f"{key}.heading"), (*told, *numbered))


def _language(scope: Scope, headers: Headers, cookies: Cookies) -> Language:
    """The language of somebody whose request is not read further: as their page, or as their cookie has it."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    kept: SimpleCookie = SimpleCookie()
    try:
        kept.load(headers.get("cookie", ""))
    except CookieError:
        return "da"
    named = kept.get(cookies.name("language"))
    found = next((one for one in (asked, named.value if named else "") if one in LANGUAGES), "da")
    return cast(Language, found)
