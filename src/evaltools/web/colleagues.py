"""The page of colleagues: who has which part, since when, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaltools.schema.scope import named_around
from evaltools.store import Background, Grant, Session, open_sessions, records, session_named
from evaltools.store.progress import section_progress
from evaltools.web.shown import Colleague, Colleagues, OpenVisit
from evaltools.web.visit import Visit


def colleagues_page(
    visit: Visit, around: Background, theirs: Iterable[Grant], *, link: tuple[str, str] = ("", ""), fault: str = ""
) -> Colleagues:
    """The page for this visit. theirs: the colleagues' links. link: a new link and its holder, shown this once."""
    grant, questionnaire = visit.here.grant, around.wave.questionnaire
    begun = records(visit.site.store, grant.survey, grant.wave, grant.unit)
    outside = named_around(around.references, around.last)
    progress = section_progress(questionnaire, [{**one.answers, **outside} for one in begun] or [outside])
    missing = {one.section: one.asked - one.answered for one in progress}
    titles = {one.name: one.title.to(visit.language) for one in questionnaire.sections}
    chosen = set(visit.form.get("sections", ())) if fault else set()
    return Colleagues(
        colleagues=tuple(_colleague(one, titles, missing) for one in theirs),
        choices=tuple((name, title, name in chosen) for name, title in titles.items()),
        may_hand_over=grant.role == "leader",
        holder=visit.posted("holder") if fault else "",
        link=link[0],
        link_holder=link[1],
        fault=fault,
        visits=tuple(
            OpenVisit(name, one.person, one.begun_at, name == session_named(visit.cookie))
            for name, one in own_visits(visit).items()
        ),
    )


def own_visits(visit: Visit) -> Mapping[str, Session]:
    """The open sessions that this person may see and end: a leader those of the unit, others those of their link."""
    grant = visit.here.grant
    found = open_sessions(visit.site.store, grant.survey, grant.wave, grant.unit, at=visit.at)
    return {name: one for name, one in found.items() if grant.role == "leader" or one.grant.id == grant.id}


def _colleague(one: Grant, titles: Mapping[str, str], missing: Mapping[str, int]) -> Colleague:
    sections = one.sections or tuple(titles)
    return Colleague(
        grant=one.id,
        holder=one.holder,
        sections=tuple(titles[name] for name in sections if name in titles),
        since=one.made_at,
        opened_at=one.opened_at,
        missing=sum(missing.get(name, 0) for name in sections),
    )
