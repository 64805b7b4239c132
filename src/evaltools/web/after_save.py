"""What is shown after a page was posted: the next page, the same with what is wrong, or both values of a conflict."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from evaltools.collect import Problem
from evaltools.schema import Section
from evaltools.store import Conflict, Saved
from evaltools.web.form import (
    Desk,
    Page,
    Post,
    conflict_page,
    on_page,
    render,
    section_page,
    sentence,
    shown_again,
    still_shown,
)
from evaltools.web.local_time import local
from evaltools.web.saving import next_step, not_kept, opened_fields, section_after
from evaltools.web.seats import Seat, shell_of
from evaltools.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that was kept: the response before and after, what was posted, and what the store said."""

    before: Seat
    after: Desk
    section: Section
    post: Post
    saved: Saved


def page_answer(visit: Visit, seat: Seat, page: Page, *, status: int = 200) -> Response:
    """A page of the form as an answer."""
    return HTMLResponse(render(page, shell_of(visit, seat.around, seat.fieldwork)), status)


def answer_of(visit: Visit, kept: Kept) -> Response:
    """Where a person goes after a save; for the script of the page, what was kept and what was not."""
    desk, section = kept.after, kept.section
    lost = not_kept(kept.saved, kept.post)
    if visit.wants_json:
        return _as_json(kept, lost)
    opened = opened_fields(kept.before.desk, desk, section, kept.post)
    step = next_step(kept.post, lost, opened, desk, section)
    if step == "on":
        following = section_after(desk, section)
        last = "/tjek" if kept.before.may_submit else ""
        path = f"/{following.name}" if following is not None else last
        return RedirectResponse(f"{desk.base_path}{path}", 303)
    if step == "stay" and not on_page(desk, section, kept.saved.others):
        return RedirectResponse(f"{desk.base_path}/{section.name}?gemt=1", 303)
    told = replace(desk, problems=tuple(dict.fromkeys((*lost, *desk.problems))))
    again = shown_again(told, section, kept.post, kept.saved, lost)
    page = section_page(told, section, post=again.post, new=opened)
    page = replace(page, basis=again.basis, changed=again.changed)
    return page_answer(visit, kept.before, page, status=422 if step == "mend" else 200)


def conflict_answer(visit: Visit, seat: Seat, post: Post, conflict: Conflict) -> Response:
    """Both values of each field that somebody else has changed too; nothing was kept."""
    if visit.wants_json:
        return JSONResponse({"by": conflict.by, "fields": [one.field for one in conflict.differences]}, 409)
    page = conflict_page(seat.desk, conflict, path=visit.path, post=post)
    return page_answer(visit, seat, page, status=409)


def _as_json(kept: Kept, lost: tuple[Problem, ...]) -> Response:
    desk, section, others = kept.after, kept.section, kept.saved.others
    at = local(kept.saved.at)
    told = {
        "version": str(still_shown(desk, section, kept.post, kept.saved)),
        "at": f"{at.hour}.{at.minute:02}",
        "others": sentence(desk, on_page(desk, section, others)),
    }
    problems = [{"field": one.field, "label": one.label or one.field, "message": one.message} for one in lost]
    return JSONResponse({**told, "problems": problems})
