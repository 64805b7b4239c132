"""`/kvittering`: what was submitted, as a page, PDF, JSON and workbook; opening it again; `/sammenligning`."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from evaltools.collect.copies import Submitted
from evaltools.language import texts
from evaltools.store import Version, fieldwork_of, find_page, reopen, versions
from evaltools.web.after_save import page_answer
from evaltools.web.form import Link, Sent, receipt_page
from evaltools.web.local_time import local
from evaltools.web.making import Job
from evaltools.web.making.copies import COPIES, receipt_copy
from evaltools.web.noting import note_download
from evaltools.web.seats import COMPARISON, Seat, shell_of, take_seat, unit_background
from evaltools.web.shown import Finished, Telling, shown
from evaltools.web.visit import Visit
from evaltools.web.waiting import file_answer


def show_receipt(visit: Visit) -> Response:
    """The receipt of the newest submission, its files, and all earlier ones by their time."""
    seat, found = _submitted(visit)
    closes_at, record = seat.fieldwork.closes_at, seat.desk.record
    is_open = seat.may_submit and (closes_at is None or visit.at < closes_at)
    is_draft = seat.standing.response.disposition != "submitted"
    say, stroke = texts(visit.language).say, "/" if record else "."
    page = receipt_page(
        seat.desk,
        [Sent(one.number, one.at, one.by, one.content_sha256) for one in found],
        files=[Link(say(f"site.files.receipt.{form}"), f"{receipt_path(record)}{stroke}{form}") for form in COPIES],
        reopen_path=f"{receipt_path(record)}/genaabn" if is_open and not is_draft else "",
        closes_at=closes_at,
        is_draft=is_draft,
    )
    return page_answer(visit, seat, page)


def receipt_file(visit: Visit) -> Response:
    """The receipt of the newest submission as `pdf`, `xlsx` or `json`."""
    form = visit.parameters["form"]
    if form not in COPIES:
        raise HTTPException(404)
    seat, found = _submitted(visit)
    newest = found[-1]
    name = f"{seat.around.wave.questionnaire.survey}-{seat.around.unit.code}-{newest.number}.{form}"
    key, job = _job(visit, seat, newest, form)
    answer = file_answer(visit, key, job, (COPIES[form], name))
    if answer.status_code == 200:
        note_download(visit)
    return answer


def open_again(visit: Visit) -> Response:
    """Open a submitted response again, until the wave closes; every version that was submitted is kept."""
    seat = take_seat(visit, visit.parameters.get("record", ""))
    if not seat.may_submit:
        raise HTTPException(403)
    grant = visit.here.grant
    reopen(
        visit.site.store, grant.survey, grant.wave, grant.unit, seat.desk.record,
        at=visit.at, actor=visit.here.person, channel="form",
    )  # fmt: skip
    return RedirectResponse(seat.desk.base_path, 303)


def show_comparison(visit: Visit) -> Response:
    """The finished page that compares the unit's answers with those of others."""
    grant = visit.here.grant
    page = find_page(visit.site.store, grant.survey, grant.wave, grant.unit, COMPARISON, visit.language)
    say = texts(visit.language).say
    heading = say("site.comparison.heading")
    shell = shell_of(visit, unit_background(visit), fieldwork_of(visit.site.store, grant.survey, grant.wave))
    if page is None:
        return shown(Telling(heading, (say("site.comparison.none"),)), shell)
    body = Markup(page.content.decode())  # noqa: S704 made and escaped by `evaltools.sheets`, kept in our own store
    return shown(Finished(heading, body), shell)


def receipt_path(record: str) -> str:
    """Where the receipt of a response, or of one of its records, stands."""
    return f"/kvittering/{record}" if record else "/kvittering"


def prepare_receipt(visit: Visit, seat: Seat) -> None:
    """Have the PDF made, so that it is there when somebody wants it; not when others wait for files already."""
    if not visit.site.workshop.is_idle:
        return
    grant = visit.here.grant
    newest = versions(visit.site.store, grant.survey, grant.wave, grant.unit, seat.desk.record)[-1]
    visit.site.workshop.ask(*_job(visit, seat, newest, "pdf"))


def _job(visit: Visit, seat: Seat, version: Version, form: str) -> tuple[str, Job]:
    """What names the file of a receipt, and what makes it."""
    unit, source = seat.around.unit, seat.around.wave.questionnaire.source
    submitted = Submitted(
        unit=unit.code,
        unit_name=unit.name,
        record=seat.desk.record,
        version=version.number,
        at=local(version.at),
        by=version.by,
        channel=version.channel,
        content_sha256=version.content_sha256,
        answers=version.answers,
    )
    key = f"receipt {form} {visit.language} {unit.code} {version.number} {version.content_sha256}"
    return key, partial(receipt_copy, source, form, visit.language, submitted)


def _submitted(visit: Visit) -> tuple[Seat, tuple[Version, ...]]:
    seat = take_seat(visit, visit.parameters.get("record", ""))
    grant = visit.here.grant
    found = versions(visit.site.store, grant.survey, grant.wave, grant.unit, seat.desk.record)
    if not found:
        raise HTTPException(404)
    return seat, found
