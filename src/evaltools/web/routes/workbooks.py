"""`/besvar/regneark`: a workbook is fetched, handed in, looked at, and only then kept."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from evaltools.collect import Problem
from evaltools.collect.workbook import Preview, settle
from evaltools.language import texts
from evaltools.store import Conflict, fieldwork_of, keep_workbook, make_workbook, preview_workbook
from evaltools.web.desks import own_sections
from evaltools.web.form import Link
from evaltools.web.making.copies import COPIES
from evaltools.web.noting import note_download
from evaltools.web.previews import chosen, is_as_shown, outside, previewing
from evaltools.web.seats import shell_of, unit_background
from evaltools.web.shown import SitePage, Telling, Uploading, shown
from evaltools.web.visit import Visit
from evaltools.web.waiting import attachment

FILE: Final = "workbook"
_PATIENCE: Final = 10
"""Seconds to wait for one's turn."""


def show_upload(visit: Visit) -> Response:
    """Where a workbook is fetched and handed in."""
    return _page(visit, Uploading())


def fetch(visit: Visit) -> Response:
    """The workbook of the unit with its answers as they stand."""
    grant, store = visit.here.grant, visit.site.store
    note_download(visit)
    content = make_workbook(store, grant.survey, grant.wave, grant.unit, language=visit.language)
    return attachment(content, (COPIES["xlsx"], f"{grant.survey}-{grant.wave}-{grant.unit}.xlsx"))


def preview(visit: Visit) -> Response:
    """What the workbook that was posted would change. Nothing is kept."""
    upload = visit.files.get(FILE)
    if upload is None or not upload.content:
        return _page(visit, Uploading(texts(visit.language).say("site.workbook.no_file")), status=422)
    return _preview(visit, upload.content)


def save(visit: Visit) -> Response:
    """Keep what the preview showed, with the choices made on it; it is shown anew if answers have changed since."""
    try:
        content = base64.b64decode(visit.posted("content"), validate=True)
    except binascii.Error:
        return _page(visit, Uploading(texts(visit.language).say("site.workbook.no_file")), status=422)
    found = _own(visit, content)
    if isinstance(found, Response):
        return found
    if not is_as_shown(found, visit.form):
        return _preview(visit, content, status=409)
    settled = settle(found, chosen(found, visit.form))
    outcomes = keep_workbook(visit.site.store, settled, at=visit.at, actor=visit.here.person)
    if any(isinstance(one, Conflict) for one in outcomes):
        return _preview(visit, content, status=409)
    say = texts(visit.language).say
    link = Link(say("site.ways.hub"), "/besvar")
    return _page(visit, Telling(say("site.workbook.heading"), (say("site.workbook.preview.saved"),), (link,)))


def _preview(visit: Visit, content: bytes, *, status: int = 200) -> Response:
    found = _own(visit, content)
    if isinstance(found, Response):
        return found
    questionnaire = unit_background(visit).wave.questionnaire
    page = previewing(found, questionnaire, visit.language, base64.b64encode(content).decode())
    return _page(visit, page, status=status)


def _own(visit: Visit, content: bytes) -> Preview | Response:
    """What the workbook would change, or the page that says why it may not: looked at anew before it is kept."""
    found = _read(visit, content)
    if isinstance(found, Problem):
        return _page(visit, Uploading(found.message, found.remedy), status=422)
    if outside(found, unit_background(visit).wave.questionnaire, own_sections(visit.here.grant)):
        say = texts(visit.language).say
        return _page(visit, Uploading(say("site.workbook.outside"), say("site.workbook.outside_remedy")), status=403)
    return found


def _read(visit: Visit, content: bytes) -> Preview | Problem:
    """Read a workbook, few at a time: each takes a process of its own with up to 200 MB. `HTTPException` 503."""
    grant, turn = visit.here.grant, visit.site.reading_workbooks
    wave = f"{grant.survey}/{grant.wave}"
    if not turn.acquire(timeout=_PATIENCE):
        raise HTTPException(503)
    try:
        return preview_workbook(visit.site.store, content, language=visit.language, wave_id=wave, unit=grant.unit)
    finally:
        turn.release()


def _page(visit: Visit, page: SitePage, *, status: int = 200) -> Response:
    grant = visit.here.grant
    fieldwork = fieldwork_of(visit.site.store, grant.survey, grant.wave)
    return shown(page, shell_of(visit, unit_background(visit), fieldwork), status=status)
