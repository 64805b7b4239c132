"""`/besvar` of a registration: the records of one unit, and a new one."""

from __future__ import annotations

import re
import secrets
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from evaltools.collect import check_answers, unexplained
from evaltools.collect.personal import has_cpr_number
from evaltools.language import texts
from evaltools.store import Background, fieldwork_of, records
from evaltools.store import Response as Kept
from evaltools.web.form import Followed, follow_up_page, follows_up, render
from evaltools.web.local_time import local
from evaltools.web.seats import shell_of, unit_background
from evaltools.web.shown import Record, Records, shown
from evaltools.web.visit import Visit

_ID: Final = re.compile(r"[0-9A-Za-z_.-]{1,40}")


def show_records(visit: Visit) -> Response:
    """The list of records with their state, and the field for a new one."""
    return _page(visit)


def show_follow_up(visit: Visit) -> Response:
    """The records whose next follow-up is due or missing; `HTTPException` 404 where records are not followed up."""
    around, grant = unit_background(visit), visit.here.grant
    questionnaire = around.wave.questionnaire
    if not follows_up(questionnaire):
        raise HTTPException(404)
    found = records(visit.site.store, grant.survey, grant.wave, grant.unit)
    kept = [Followed(one.record, _path(one), one.answers, one.submitted_at is not None) for one in found]
    page = follow_up_page(questionnaire, kept, today=local(visit.at).date(), language=visit.language)
    shell = shell_of(visit, around, fieldwork_of(visit.site.store, grant.survey, grant.wave))
    return HTMLResponse(render(page, shell))


def add_record(visit: Visit) -> Response:
    """Go to the first page of a new record, which is there from its first saved answer on."""
    record = visit.posted("record").strip()
    fault = _fault_of_id(record, visit)
    if fault:
        return _page(visit, texts(visit.language).say(f"site.records.{fault}"))
    return RedirectResponse(f"/besvar/post/{record}", 303)


def _page(visit: Visit, fault: str = "") -> Response:
    around, grant = unit_background(visit), visit.here.grant
    found = records(visit.site.store, grant.survey, grant.wave, grant.unit)
    sought = visit.query.get("q", "").strip()
    page = Records(
        title=around.wave.questionnaire.titled(visit.language),
        sought=sought,
        followed_up=follows_up(around.wave.questionnaire),
        records=tuple(_record(one, around, visit) for one in found if sought.casefold() in one.record.casefold()),
        suggestion=visit.posted("record") or f"{len(found) + 1}-{secrets.token_hex(2)}",
        fault=fault,
    )
    shell = shell_of(visit, around, fieldwork_of(visit.site.store, grant.survey, grant.wave))
    return shown(page, shell, status=422 if fault else 200)


def _record(one: Kept, around: Background, visit: Visit) -> Record:
    problems = check_answers(around.wave.questionnaire, one.answers, visit.language, references=around.references)
    open_ones = [each for each in problems if each.level == "stop"] + list(unexplained(problems, one.answers))
    return Record(one.record, _path(one), one.submitted_at, len(open_ones), len(one.answers))


def _path(one: Kept) -> str:
    return f"/besvar/post/{one.record}"


def _fault_of_id(record: str, visit: Visit) -> str:
    """What is wrong with the id of a new record; an id that is not unique would join two cases."""
    if not _ID.fullmatch(record):
        return "id_wrong"
    if has_cpr_number(record):
        return "id_cpr"
    grant = visit.here.grant
    known = records(visit.site.store, grant.survey, grant.wave, grant.unit)
    return "id_taken" if any(one.record == record for one in known) else ""
