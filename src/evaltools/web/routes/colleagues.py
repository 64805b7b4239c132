"""`/besvar/kolleger`: who has which sections; the leader hands them over by links, and takes them back."""

from __future__ import annotations

import datetime as dt

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from evaltools.language import texts
from evaltools.store import (
    Grant,
    NewGrant,
    end_sessions,
    fieldwork_of,
    grants,
    make_grant,
    replace_grant,
    revoke_grant,
    session_named,
)
from evaltools.web.colleagues import colleagues_page, own_visits
from evaltools.web.names import fault_of_name, plain_name
from evaltools.web.seats import shell_of, unit_background
from evaltools.web.shown import shown
from evaltools.web.visit import Visit

HERE = "/besvar/kolleger"


def show(visit: Visit) -> Response:
    """Who has which part, since when, whether they have come, and what is missing."""
    return _page(visit)


def hand_over(visit: Visit) -> Response:
    """Make a link of their own for a colleague and their sections; the same again gives a new link for the old one."""
    _leads(visit)
    holder, sections = plain_name(visit.posted("holder")), tuple(visit.form.get("sections", ()))
    fault = fault_of_name(holder) or ("" if sections else "sections_missing")
    if fault:
        return _page(visit, fault=texts(visit.language).say(f"site.names.{fault}"), status=422)
    store, grant = visit.site.store, visit.here.grant
    same = [one for one in _theirs(visit) if (one.holder, set(one.sections)) == (holder, set(sections))]
    if same:
        made, token = _replaced(visit, same[0])
    else:
        made, token = make_grant(store, _wanted(visit, grant, holder, sections), at=visit.at)
    return _page(visit, link=_url(visit, token), link_holder=made.holder)


def renew(visit: Visit) -> Response:
    """A new link in place of one that a colleague has lost."""
    _leads(visit)
    made, token = _replaced(visit, _one_of_theirs(visit))
    return _page(visit, link=_url(visit, token), link_holder=made.holder)


def take_back(visit: Visit) -> Response:
    """End a colleague's link and sessions; what they wrote stays."""
    _leads(visit)
    revoke_grant(visit.site.store, _one_of_theirs(visit).id, at=visit.at, by=visit.here.person)
    return RedirectResponse(HERE, 303)


def end_visits(visit: Visit) -> Response:
    """End the session that the form names, or all others of those that this person may end."""
    mine, wanted = session_named(visit.cookie), visit.posted("visit")
    chosen = [name for name in own_visits(visit) if name == wanted or (not wanted and name != mine)]
    end_sessions(visit.site.store, chosen, at=visit.at)
    return RedirectResponse(HERE, 303)


def _page(visit: Visit, *, link: str = "", link_holder: str = "", fault: str = "", status: int = 200) -> Response:
    around = unit_background(visit)
    page = colleagues_page(visit, around, _theirs(visit), link=(link, link_holder), fault=fault)
    grant = visit.here.grant
    shell = shell_of(visit, around, fieldwork_of(visit.site.store, grant.survey, grant.wave))
    return shown(page, shell, status=status)


def _leads(visit: Visit) -> None:
    if visit.here.grant.role != "leader":
        raise HTTPException(403)


def _theirs(visit: Visit) -> tuple[Grant, ...]:
    """The colleagues' links of this unit that are still good."""
    grant = visit.here.grant
    found = grants(visit.site.store, grant.survey, grant.wave, grant.unit)
    return tuple(one for one in found if one.role == "colleague" and one.revoked_at is None)


def _one_of_theirs(visit: Visit) -> Grant:
    """The link that the form names; of another unit it is as if there were none."""
    found = next((one for one in _theirs(visit) if one.id == visit.posted("grant")), None)
    if found is None:
        raise HTTPException(404)
    return found


def _replaced(visit: Visit, old: Grant) -> tuple[Grant, str]:
    """A new link for an old one; as every link that a leader gives, it ends with the leader's own."""
    ends = visit.here.grant.expires_at
    return replace_grant(visit.site.store, old.id, at=visit.at, by=visit.here.person, until=ends)


def _wanted(visit: Visit, leader: Grant, holder: str, sections: tuple[str, ...]) -> NewGrant:
    days = fieldwork_of(visit.site.store, leader.survey, leader.wave).link_days
    ends = visit.at + dt.timedelta(days=days)
    return NewGrant(
        leader.survey,
        leader.wave,
        leader.unit,
        "colleague",
        holder,
        sections=sections,
        expires_at=ends if leader.expires_at is None else min(ends, leader.expires_at),
        made_by=visit.here.person,
    )


def _url(visit: Visit, token: str) -> str:
    """The whole address of a link: by the base that the wave names, or by the address this page was asked at."""
    grant = visit.here.grant
    base = fieldwork_of(visit.site.store, grant.survey, grant.wave).base_url
    scheme = "https" if visit.site.options.behind_tls else "http"
    return f"{base.rstrip('/') or scheme + '://' + visit.headers.get('host', '')}/s/{token}"
