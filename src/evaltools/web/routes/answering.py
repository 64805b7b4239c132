"""`/besvar`: the hub, the sections, the page that is checked before it is sent, and declining."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from evaltools.language import texts
from evaltools.schema import Section
from evaltools.store import Conflict, Saved, decline, dispositions, fieldwork_of, reopen
from evaltools.web.after_save import Kept, answer_of, conflict_answer, page_answer
from evaltools.web.form import Link, Post, check_page, hub_page, known_figures, read_posted, section_page
from evaltools.web.routes.receipts import prepare_receipt, receipt_path
from evaltools.web.routes.records import show_records
from evaltools.web.saving import Sender, desk_after, has_unseen, keep_draft, read_check, submit
from evaltools.web.seats import Seat, shell_of, take_seat, unit_background
from evaltools.web.shown import Declining, Telling, shown
from evaltools.web.visit import Visit


def show_hub(visit: Visit) -> Response:
    """How far the response has come, section by section; for a registration, the list of its records."""
    if "record" not in visit.parameters and unit_background(visit).wave.questionnaire.many_records:
        return show_records(visit)
    seat = take_seat(visit, visit.parameters.get("record", ""))
    standing = seat.standing.response
    page = hub_page(
        seat.desk,
        may_submit=seat.may_submit,
        closes_at=seat.fieldwork.closes_at,
        submitted_at=standing.submitted_at,
        declined=standing.disposition == "refused",
    )
    return page_answer(visit, seat, page)


def show_section(visit: Visit) -> Response:
    """One section with its answers as they stand."""
    seat, section = _seat_and_section(visit)
    just_saved = Post() if visit.query.get("gemt") else None
    return page_answer(visit, seat, section_page(seat.desk, section, post=just_saved))


def save_section(visit: Visit) -> Response:
    """Keep what was posted, and go where it leads."""
    seat, section = _seat_and_section(visit)
    if not seat.desk.may_change(section.name):
        raise HTTPException(403)
    figures = known_figures(seat.desk, section.name)
    post = read_posted(seat.desk.questionnaire, section, visit.form, figures=figures, language=visit.language)
    outcome = keep_draft(_sender(visit, seat), seat.desk, post)
    if isinstance(outcome, Conflict):
        return conflict_answer(visit, take_seat(visit, seat.desk.record), post, outcome)
    return answer_of(visit, Kept(seat, desk_after(seat.desk, outcome), section, post, outcome))


def show_check(visit: Visit) -> Response:
    """All answers with what must be mended or explained before they are sent."""
    seat = take_seat(visit, visit.parameters.get("record", ""))
    return _check(visit, seat)


def submit_response(visit: Visit) -> Response:
    """Submit the response as it stands; all of it is checked again on the merged answers."""
    seat = take_seat(visit, visit.parameters.get("record", ""))
    post = read_check(seat.desk, visit.form)
    if visit.posted("action") == "save":
        return _save_reasons(visit, seat, post)
    if not seat.may_submit:
        raise HTTPException(403)
    if has_unseen(post, seat.standing):
        return _changed_meanwhile(visit)
    outcome = submit(_sender(visit, seat), seat.desk, post)
    if not isinstance(outcome, Saved):
        return _check(visit, take_seat(visit, seat.desk.record), refused=True)
    prepare_receipt(visit, seat)
    return RedirectResponse(receipt_path(seat.desk.record), 303)


def show_declining(visit: Visit) -> Response:
    """The page on which a unit may say that it does not take part."""
    around, grant = unit_background(visit), visit.here.grant
    disposition = dispositions(visit.site.store, grant.survey, grant.wave)[around.unit.code]
    page = Declining(declined=disposition == "refused", submitted=disposition == "submitted")
    return shown(page, shell_of(visit, around, fieldwork_of(visit.site.store, grant.survey, grant.wave)))


def decline_answering(visit: Visit) -> Response:
    """Note that the unit does not take part, or that it has changed its mind."""
    grant, store, person = visit.here.grant, visit.site.store, visit.here.person
    if grant.role != "leader":
        raise HTTPException(403)
    if visit.posted("action") == "answer":
        reopen(store, grant.survey, grant.wave, grant.unit, at=visit.at, actor=person, channel="form")
        return RedirectResponse("/besvar", 303)
    decline(store, grant.survey, grant.wave, grant.unit, at=visit.at, actor=person)
    return RedirectResponse(visit.path, 303)


def _seat_and_section(visit: Visit) -> tuple[Seat, Section]:
    seat = take_seat(visit, visit.parameters.get("record", ""))
    wanted = visit.parameters["section"]
    found = next((one for one in seat.desk.questionnaire.sections if one.name == wanted), None)
    if found is None:
        raise HTTPException(404)
    return seat, found


def _sender(visit: Visit, seat: Seat) -> Sender:
    return Sender(visit.site.store, visit.here, seat.around.wave.schema_sha256, visit.at)


def _check(visit: Visit, seat: Seat, *, refused: bool = False) -> Response:
    submitted = seat.standing.response.disposition == "submitted"
    page = check_page(seat.desk, may_submit=seat.may_submit, submitted=submitted, refused=refused)
    return page_answer(visit, seat, page, status=422 if refused else 200)


def _save_reasons(visit: Visit, seat: Seat, post: Post) -> Response:
    """Keep the reasons without submitting; what cannot be kept is told of on the page."""
    outcome = keep_draft(_sender(visit, seat), seat.desk, post)
    if isinstance(outcome, Conflict):
        return conflict_answer(visit, take_seat(visit, seat.desk.record), post, outcome)
    return RedirectResponse(visit.path, 303)


def _changed_meanwhile(visit: Visit) -> Response:
    """Somebody has changed answers that whoever submits has not seen."""
    say, seat = texts(visit.language).say, take_seat(visit, visit.parameters.get("record", ""))
    link = Link(say("site.unseen.link"), f"{seat.desk.base_path}/tjek")
    page = Telling(say("site.unseen.heading"), (say("site.unseen.message"),), (link,))
    return shown(page, shell_of(visit, seat.around, seat.fieldwork), status=409)
